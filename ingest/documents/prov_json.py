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
from begat.graph_schema.xsd_time import is_datetime

Objects = dict[str, Any]


def read(data: bytes) -> Iterator[Heading | Record]:
    """The records of a document. Raises FormatError, which says where and what, before the record that is wrong."""
    try:
        document = msgspec.json.decode(data, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError) as e:
        raise FormatError(f"no PROV-JSON: {_placed(data, str(e))}") from None
    except RecursionError:
        raise FormatError("no PROV-JSON: it is nested too deeply") from None
    if not isinstance(document, dict):
        raise FormatError("no PROV-JSON: the document is no object, {...}")
    names = _names(document, None, "the document")
    yield Heading("", dict(names.prefixes))
    yield from _Container(names, "").records(document)
    for key, held in _object(document.get("bundle", {}), '"bundle"').items():
        where = f'bundle "{key}"'
        inner = _names(_object(held, where), names, where)
        iri = _iri(inner, key, where)
        if "bundle" in held:
            raise FormatError(f"{where}: a bundle has no bundles in it")
        yield Heading(iri, dict(inner.prefixes))
        yield from _Container(inner, iri, where + ", ").records(held)


def _placed(data: bytes, said: str) -> str:
    """Line and column instead of the number of a byte."""
    said, _, place = said.removesuffix(")").partition(" (byte ")
    if not place.isdecimal():
        return said
    before = data[: int(place)]
    return f"line {before.count(10) + 1}, column {len(before) - before.rfind(10)}: {said}"


def _names(container: Objects, within: Names | None, where: str) -> Names:
    given = _object(container.get("prefix", {}), f'"prefix" of {where}')
    for prefix, iri in given.items():
        if not isinstance(iri, str) or not iri:
            raise FormatError(f'"prefix" of {where}: {prefix!r} is {_shown(iri)}: an IRI is expected')
    return Names({"" if p == "default" else p: iri for p, iri in given.items()}, within)


def _object(held: Any, where: str) -> Objects:
    if not isinstance(held, dict):
        raise FormatError(f"{where} is {_shown(held)}: an object is expected, {{...}}")
    return held


def _iri(names: Names, name: Any, where: str) -> str:
    if not isinstance(name, str):
        raise FormatError(f"{where}: {_shown(name)} is no qualified name")
    try:
        return names.iri(name)
    except FormatError as e:
        raise FormatError(f"{where}: {e}") from None


def _shown(held: Any) -> str:
    text = msgspec.json.encode(held).decode()
    return text if len(text) <= 40 else text[:37] + "..."


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
            for key, content in _object(held, f'{self._where}"{kind}"').items():
                where = f'{self._where}{kind} "{key}"'
                for one in content if isinstance(content, list) else (content,):
                    if kind in THINGS:
                        yield self._thing(THINGS[kind], key, _object(one, where), where)
                    else:
                        yield from self._related(kind, key, _object(one, where), where)

    def _thing(self, kind: str, key: str, given: Objects, where: str) -> Thing:
        found = Thing(kind, _iri(self._names, key, where), bundle=self._bundle)
        for name, held in given.items():
            iri = _iri(self._names, name, where)
            if kind == "Activity" and iri in TIMES:
                setattr(found, TIMES[iri], self._time(held, f"{where}, {name}"))
            else:
                self._attribute(found.attributes, iri, held, f"{where}, {name}")
        return found

    def _related(self, relation: str, key: str, given: Objects, where: str) -> Iterator[Related]:
        fields = FIELDS[relation]
        id_ = None if key.startswith("_:") else _iri(self._names, key, where)
        found = Related(relation, {}, id_, bundle=self._bundle)
        members: list[Any] | None = None
        for name, held in given.items():
            iri = _iri(self._names, name, where)
            field = fields.get(iri)
            if field is None:
                self._attribute(found.attributes, iri, held, f"{where}, {name}")
            elif field == "time":
                found.time = self._time(held, f"{where}, {name}")
            elif relation == "hadMember" and field == "target" and isinstance(held, list):
                members = held
            else:
                found.arguments[field] = _iri(self._names, _only(held, f"{where}, {name}"), f"{where}, {name}")
        if members is not None:
            for member in members:
                ends = {**found.arguments, "target": _iri(self._names, member, f"{where}, prov:entity")}
                yield msgspec.structs.replace(found, arguments=ends)
            return
        if needed := missing(found):
            raise FormatError(f"{where}: prov:{needed} is missing")
        yield found

    def _time(self, held: Any, where: str) -> str:
        held = _only(held, where)
        if isinstance(held, dict) and held.keys() <= {"$", "type"}:
            held = held.get("$")
        if not isinstance(held, str):
            raise FormatError(f"{where}: {_shown(held)} is no time: an xsd:dateTime is expected")
        if not is_datetime(held):
            raise FormatError(f"{where}: {held!r} is no xsd:dateTime, as 2024-01-31T12:00:00Z")
        return held

    def _attribute(self, attributes: list[tuple[str, Value]], iri: str, held: Any, where: str) -> None:
        for one in held if isinstance(held, list) else (held,):
            attributes.append((iri, self._value(one, where)))

    def _value(self, held: Any, where: str) -> Value:
        if isinstance(held, (str, bool, int, float)):
            return held
        if not isinstance(held, dict):
            raise FormatError(f"{where}: {_shown(held)} is no value")
        if unknown := held.keys() - {"$", "type", "lang"}:
            raise FormatError(f'{where}: a value has no "{min(unknown)}"')
        if "$" not in held:
            raise FormatError(f'{where}: a value has its text as "$"')
        text = held["$"] if isinstance(held["$"], str) else msgspec.json.encode(held["$"]).decode()
        if "lang" in held:
            return {"$": text, "lang": str(held["lang"])}
        if "type" not in held:
            return text
        type_ = _iri(self._names, held["type"], where)
        if type_ in QUALIFIED_NAMES:
            return {"$": _iri(self._names, text, where), "type": QUALIFIED_NAME}
        return plain(text, type_)


def _only(held: Any, where: str) -> Any:
    if isinstance(held, list):
        if len(held) != 1:
            raise FormatError(f"{where}: there are {len(held)} values, and one is expected")
        return held[0]
    return held
