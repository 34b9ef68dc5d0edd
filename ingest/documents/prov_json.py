"""PROV-JSON (W3C member submission of 24 April 2013, https://www.w3.org/submissions/prov-json/) as records."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from begat.graph_schema.documents.literals import reader
from begat.graph_schema.documents.names import Found, Names
from begat.graph_schema.documents.records import (
    FIELDS,
    FORMS,
    QUALIFIED_NAME,
    QUALIFIED_NAMES,
    THINGS,
    TIMES,
    Heading,
    Record,
    Related,
    Thing,
    says_nothing,
)
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.graph_schema.xsd_time import is_datetime
from begat.ingest.documents.checked_json import Parts, a_name, a_time, an_object, decode, decoded, only, parts, shown

#: Members of a time, and of a value.
_TYPED: Final = frozenset(("$", "type"))
_VALUE: Final = frozenset(("$", "type", "lang"))


class Slot(NamedTuple):
    """Where a member of a record goes: into a field of it, or else among its attributes."""

    field: str | None
    iri: str


def read(data: bytes) -> Iterator[Heading | Record]:
    """The records of a document, each decoded in its turn. Raises FormatError, which says where and what, before the
    record that is wrong."""
    try:
        for records in _sections(data):
            yield from records
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        decoded(data, "PROV-JSON")  # tells the place in the whole
        raise


def _sections(data: bytes) -> Iterator[Iterable[Heading | Record]]:
    document = parts(data)
    names = _names(document, None, "the document")
    yield (Heading("", dict(names.prefixes)),)
    yield from _Container(names, "").sections(document)
    bundles = document.get("bundle")
    for key, held in (parts(bundles, '"bundle"') if bundles else {}).items():
        where = f'bundle "{key}"'
        container = parts(held, where)
        inner = _names(container, names, where)
        iri = a_name(inner, key, where)
        if "bundle" in container:
            raise FormatError(f"{where}: a bundle has no bundles in it")
        yield (Heading(iri, dict(inner.prefixes)),)
        yield from _Container(inner, iri, where + ", ").sections(container)


def _names(container: Parts, within: Names | None, where: str) -> Names:
    raw = container.get("prefix")
    given = an_object(decode(raw), f'"prefix" of {where}') if raw else {}
    for prefix, iri in given.items():
        if not isinstance(iri, str) or not iri:
            raise FormatError(f'"prefix" of {where}: {prefix!r} is {shown(iri)}: an IRI is expected')
    return Names({"" if p == "default" else p: iri for p, iri in given.items()}, within)


class _Container:
    """What is in a document or bundle. Where something stands is put into words only when it is wrong."""

    def __init__(self, names: Names, bundle: str, where: str = "") -> None:
        self._iris, self._bundle, self._where = names.iris, bundle, where
        #: By the datatype as it is written, what makes values of texts.
        self._readers: Found[Callable[[str], Value]] = Found(self._reader)

    def sections(self, container: Parts) -> Iterator[Iterable[Record]]:
        """The records of one kind after the other."""
        for kind, held in container.items():
            if kind in ("prefix", "bundle"):
                continue
            if kind not in THINGS and kind not in FORMS:
                raise FormatError(f'{self._where}"{kind}" is no kind of record')
            objects = parts(held, f'{self._where}"{kind}"')
            yield self._things(kind, objects) if kind in THINGS else self._relations(kind, objects)

    def _slots(self, fields: Mapping[str, str]) -> Found[Slot]:
        """Where members of one kind of record go, by their names as they are written."""
        iris = self._iris
        return Found(lambda name: Slot(fields.get(iris[name]), iris[name]))

    def _things(self, name: str, objects: Parts) -> Iterator[Thing]:
        kind, iris, bundle, key, attribute = THINGS[name], self._iris, self._bundle, "", ""
        slots = self._slots(TIMES if kind == "Activity" else {})
        try:
            for key, raw in objects.items():
                content = decode(raw)
                for given in content if type(content) is list else (content,):
                    attribute = ""
                    attributes: list[tuple[str, Value]] = []
                    found = Thing(kind, iris[key], attributes, None, None, bundle)
                    if type(given) is not dict:
                        raise FormatError(f" is {shown(given)}: an object is expected, {{...}}")
                    for attribute, held in given.items():
                        field, iri = slots[attribute]
                        if field is not None:
                            setattr(found, field, held if type(held) is str and is_datetime(held) else self._time(held))
                        elif type(held) is str:
                            attributes.append((iri, held))
                        else:
                            attributes += self._said(iri, held)
                    yield found
        except FormatError as e:
            raise self._placed(name, key, attribute, e) from None

    def _relations(self, relation: str, objects: Parts) -> Iterator[Related]:
        iris, bundle, key, attribute = self._iris, self._bundle, "", ""
        slots = self._slots(FIELDS[relation])
        try:
            for key, raw in objects.items():
                id_ = None if key[:2] == "_:" else iris[key]
                content = decode(raw)
                for given in content if type(content) is list else (content,):
                    attribute = ""
                    arguments: dict[str, str] = {}
                    attributes: list[tuple[str, Value]] = []
                    time: str | None = None
                    members: list[Any] | None = None
                    if type(given) is not dict:
                        raise FormatError(f" is {shown(given)}: an object is expected, {{...}}")
                    for attribute, held in given.items():
                        field, iri = slots[attribute]
                        if field is None:
                            if type(held) is str:
                                attributes.append((iri, held))
                            else:
                                attributes += self._said(iri, held)
                        elif field == "time":
                            time = held if type(held) is str and is_datetime(held) else self._time(held)
                        elif type(held) is str:
                            arguments[field] = iris[held]
                        elif relation == "hadMember" and field == "target" and isinstance(held, list):
                            members = held
                        else:
                            arguments[field] = self._iri(only(held))
                    found = Related(relation, arguments, id_, time, attributes, bundle)
                    if members is not None:
                        for member in members:
                            ends = {**arguments, "target": self._iri(member)}
                            yield msgspec.structs.replace(found, arguments=ends)
                        continue
                    attribute = ""
                    if not arguments:
                        raise FormatError(f"prov:{says_nothing(found)} is missing")
                    yield found
        except FormatError as e:
            raise self._placed(relation, key, attribute, e) from None

    def _said(self, iri: str, held: Any) -> list[tuple[str, Value]]:
        """An attribute, once for each of its values."""
        return [(iri, self._value(one)) for one in (held if type(held) is list else (held,))]

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

    def _value(self, held: Any) -> Value:
        if type(held) is dict:
            text, type_ = held.get("$"), held.get("type")
            if type(text) is str and type(type_) is str and len(held) == 2:
                return self._readers[type_](text)
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
        if not isinstance(held["type"], str):
            raise FormatError(f"{shown(held['type'])} is no qualified name")
        return self._readers[held["type"]](text)

    def _reader(self, datatype: str) -> Callable[[str], Value]:
        iri, iris = self._iris[datatype], self._iris
        if iri in QUALIFIED_NAMES:
            return lambda text: {"$": iris[text], "type": QUALIFIED_NAME}
        return reader(iri)
