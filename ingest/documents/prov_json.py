"""PROV-JSON (W3C member submission of 24 April 2013, https://www.w3.org/submissions/prov-json/) as records."""

from collections.abc import Iterator
from typing import Any

import msgspec

from begat.graph_schema.documents.literals import plain
from begat.graph_schema.documents.names import Names
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
    missing,
)
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.ingest.documents.checked_json import Objects, a_name, a_time, an_object, decoded, only, shown


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
    """What is in a document or bundle."""

    def __init__(self, names: Names, bundle: str, where: str = "") -> None:
        self._names, self._bundle, self._where = names, bundle, where

    def records(self, container: Objects) -> Iterator[Record]:
        for kind, held in container.items():
            if kind in ("prefix", "bundle"):
                continue
            if kind not in THINGS and kind not in FORMS:
                raise FormatError(f'{self._where}"{kind}" is no kind of record')
            for key, content in an_object(held, f'{self._where}"{kind}"').items():
                where = f'{self._where}{kind} "{key}"'
                for one in content if isinstance(content, list) else (content,):
                    if kind in THINGS:
                        yield self._thing(THINGS[kind], key, an_object(one, where), where)
                    else:
                        yield from self._related(kind, key, an_object(one, where), where)

    def _thing(self, kind: str, key: str, given: Objects, where: str) -> Thing:
        found = Thing(kind, a_name(self._names, key, where), bundle=self._bundle)
        for name, held in given.items():
            iri = a_name(self._names, name, where)
            if kind == "Activity" and iri in TIMES:
                setattr(found, TIMES[iri], self._time(held, f"{where}, {name}"))
            else:
                self._attribute(found.attributes, iri, held, f"{where}, {name}")
        return found

    def _related(self, relation: str, key: str, given: Objects, where: str) -> Iterator[Related]:
        fields = FIELDS[relation]
        id_ = None if key.startswith("_:") else a_name(self._names, key, where)
        found = Related(relation, {}, id_, bundle=self._bundle)
        members: list[Any] | None = None
        for name, held in given.items():
            iri = a_name(self._names, name, where)
            field = fields.get(iri)
            if field is None:
                self._attribute(found.attributes, iri, held, f"{where}, {name}")
            elif field == "time":
                found.time = self._time(held, f"{where}, {name}")
            elif relation == "hadMember" and field == "target" and isinstance(held, list):
                members = held
            else:
                found.arguments[field] = a_name(self._names, only(held, f"{where}, {name}"), f"{where}, {name}")
        if members is not None:
            for member in members:
                ends = {**found.arguments, "target": a_name(self._names, member, f"{where}, prov:entity")}
                yield msgspec.structs.replace(found, arguments=ends)
            return
        if needed := missing(found):
            raise FormatError(f"{where}: prov:{needed} is missing")
        yield found

    def _time(self, held: Any, where: str) -> str:
        held = only(held, where)
        if isinstance(held, dict) and held.keys() <= {"$", "type"}:
            held = held.get("$")
        return a_time(held, where)

    def _attribute(self, attributes: list[tuple[str, Value]], iri: str, held: Any, where: str) -> None:
        for one in held if isinstance(held, list) else (held,):
            attributes.append((iri, self._value(one, where)))

    def _value(self, held: Any, where: str) -> Value:
        if isinstance(held, (str, bool, int, float)):
            return held
        if not isinstance(held, dict):
            raise FormatError(f"{where}: {shown(held)} is no value")
        if unknown := held.keys() - {"$", "type", "lang"}:
            raise FormatError(f'{where}: a value has no "{min(unknown)}"')
        if "$" not in held:
            raise FormatError(f'{where}: a value has its text as "$"')
        text = held["$"] if isinstance(held["$"], str) else msgspec.json.encode(held["$"]).decode()
        if "lang" in held:
            return {"$": text, "lang": str(held["lang"])}
        if "type" not in held:
            return text
        type_ = a_name(self._names, held["type"], where)
        if type_ in QUALIFIED_NAMES:
            return {"$": a_name(self._names, text, where), "type": QUALIFIED_NAME}
        return plain(text, type_)
