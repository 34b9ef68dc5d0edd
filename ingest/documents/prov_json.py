"""PROV-JSON (W3C member submission of 24 April 2013, https://www.w3.org/submissions/prov-json/) as records."""

from collections.abc import ItemsView, Iterator
from typing import Any, Final

import msgspec

from begat.graph_schema.documents.literals import plain
from begat.graph_schema.documents.names import Names
from begat.graph_schema.documents.records import (
    FIELDS,
    FORMS,
    QUALIFIED_NAME,
    QUALIFIED_NAMES,
    REQUIRED,
    THINGS,
    TIMES,
    Heading,
    Record,
    Related,
    Thing,
    missing,
)
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.ingest.documents.checked_json import Objects, a_name, a_time, an_object, decoded, only, shown

#: Members of a time, and of a value.
_TYPED: Final = frozenset(("$", "type"))
_VALUE: Final = frozenset(("$", "type", "lang"))


def read(data: bytes) -> Iterator[Heading | Record]:
    """The records of a document. Raises FormatError, which says where and what, before the record that is wrong."""
    document = decoded(data, "PROV-JSON")
    names = _names(document, None, "the document")
    yield Heading("", dict(names.prefixes))
    yield from _Container(names, "").records(document)
    for key, held in an_object(document.get("bundle", {}), '"bundle"').items():
        where = f'bundle "{key}"'
        inner = _names(an_object(held, where), names, where)
        iri = a_name(inner, key, where)
        if "bundle" in held:
            raise FormatError(f"{where}: a bundle has no bundles in it")
        yield Heading(iri, dict(inner.prefixes))
        yield from _Container(inner, iri, where + ", ").records(held)


def _names(container: Objects, within: Names | None, where: str) -> Names:
    given = an_object(container.get("prefix", {}), f'"prefix" of {where}')
    for prefix, iri in given.items():
        if not isinstance(iri, str) or not iri:
            raise FormatError(f'"prefix" of {where}: {prefix!r} is {shown(iri)}: an IRI is expected')
    return Names({"" if p == "default" else p: iri for p, iri in given.items()}, within)


class _Container:
    """What is in a document or bundle. Where something stands is put into words only when it is wrong."""

    def __init__(self, names: Names, bundle: str, where: str = "") -> None:
        self._iris, self._bundle, self._where = names.iris, bundle, where

    def records(self, container: Objects) -> Iterator[Record]:
        for kind, held in container.items():
            if kind in ("prefix", "bundle"):
                continue
            if kind not in THINGS and kind not in FORMS:
                raise FormatError(f'{self._where}"{kind}" is no kind of record')
            objects = an_object(held, f'{self._where}"{kind}"').items()
            yield from self._things(kind, objects) if kind in THINGS else self._relations(kind, objects)

    def _things(self, name: str, objects: ItemsView[str, Any]) -> Iterator[Thing]:
        kind, iris, value, key, attribute = THINGS[name], self._iris, self._value, "", ""
        times = TIMES if kind == "Activity" else {}
        try:
            for key, content in objects:
                for given in content if type(content) is list else (content,):
                    attribute = ""
                    found = Thing(kind, iris[key], [], None, None, self._bundle)
                    attributes = found.attributes
                    if type(given) is not dict:
                        raise FormatError(f" is {shown(given)}: an object is expected, {{...}}")
                    for attribute, held in given.items():
                        iri = iris[attribute]
                        if iri in times:
                            setattr(found, times[iri], self._time(held))
                        elif type(held) is str:
                            attributes.append((iri, held))
                        elif type(held) is dict:
                            attributes.append((iri, value(held)))
                        else:
                            self._attribute(attributes, iri, held)
                    yield found
        except FormatError as e:
            raise self._placed(name, key, attribute, e) from None

    def _relations(self, relation: str, objects: ItemsView[str, Any]) -> Iterator[Related]:
        iris, value, key, attribute = self._iris, self._value, "", ""
        fields, needed = FIELDS[relation], REQUIRED[relation]
        try:
            for key, content in objects:
                id_ = None if key.startswith("_:") else iris[key]
                for given in content if type(content) is list else (content,):
                    attribute = ""
                    arguments: dict[str, str] = {}
                    attributes: list[tuple[str, Value]] = []
                    found = Related(relation, arguments, id_, None, attributes, self._bundle)
                    members: list[Any] | None = None
                    if type(given) is not dict:
                        raise FormatError(f" is {shown(given)}: an object is expected, {{...}}")
                    for attribute, held in given.items():
                        field = fields.get(iris[attribute])
                        if field is None:
                            if type(held) is dict:
                                attributes.append((iris[attribute], value(held)))
                            else:
                                self._attribute(attributes, iris[attribute], held)
                        elif field == "time":
                            found.time = self._time(held)
                        elif type(held) is str:
                            arguments[field] = iris[held]
                        elif relation == "hadMember" and field == "target" and isinstance(held, list):
                            members = held
                        else:
                            arguments[field] = self._iri(only(held))
                    if members is not None:
                        for member in members:
                            ends = {**arguments, "target": self._iri(member)}
                            yield msgspec.structs.replace(found, arguments=ends)
                        continue
                    attribute = ""
                    if not needed <= arguments.keys():
                        raise FormatError(f"prov:{missing(found)} is missing")
                    yield found
        except FormatError as e:
            raise self._placed(relation, key, attribute, e) from None

    def _placed(self, kind: str, key: str, attribute: str, wrong: FormatError) -> FormatError:
        """What is wrong, with its place."""
        place = f'{self._where}{kind} "{key}"' + (attribute and f", {attribute}")
        return FormatError(f"{place}{'' if str(wrong).startswith(' is') else ': '}{wrong}")

    def _iri(self, name: Any) -> str:
        if not isinstance(name, str):
            raise FormatError(f"{shown(name)} is no qualified name")
        return self._iris[name]

    def _time(self, held: Any) -> str:
        held = only(held)
        if isinstance(held, dict) and held.keys() <= _TYPED:
            held = held.get("$")
        return a_time(held)

    def _attribute(self, attributes: list[tuple[str, Value]], iri: str, held: Any) -> None:
        for one in held if type(held) is list else (held,):
            attributes.append((iri, self._value(one)))

    def _value(self, held: Any) -> Value:
        if type(held) is dict and len(held) == 2 and type(held.get("type")) is str and type(held.get("$")) is str:
            return self._typed(held["$"], self._iris[held["type"]])
        if isinstance(held, (str, bool, int, float)):
            return held
        if not isinstance(held, dict):
            raise FormatError(f"{shown(held)} is no value")
        if not held.keys() <= _VALUE:
            raise FormatError(f'a value has no "{min(held.keys() - _VALUE)}"')
        if "$" not in held:
            raise FormatError('a value has its text as "$"')
        text = held["$"] if isinstance(held["$"], str) else msgspec.json.encode(held["$"]).decode()
        if "lang" in held:
            return {"$": text, "lang": str(held["lang"])}
        if "type" not in held:
            return text
        return self._typed(text, self._iri(held["type"]))

    def _typed(self, text: str, type_: str) -> Value:
        return {"$": self._iris[text], "type": QUALIFIED_NAME} if type_ in QUALIFIED_NAMES else plain(text, type_)
