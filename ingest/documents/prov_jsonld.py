"""PROV-JSONLD (W3C member submission of 25 August 2024,
https://www.w3.org/submissions/2024/SUBM-prov-jsonld-20240825/) as records. Contexts that are named are never fetched.

The shape is the submission's: an object for each record. JSON-LD of another shape is RDF, and read as that.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from begat.graph_schema.documents.jsonld_terms import AS_IN_BUNDLE, ATTRIBUTES, CLASSES, OF_NAMES, TERMS
from begat.graph_schema.documents.literals import plain
from begat.graph_schema.documents.names import Names
from begat.graph_schema.documents.records import (
    FIELDS,
    QUALIFIED_NAME,
    QUALIFIED_NAMES,
    TIMES,
    Heading,
    Record,
    Related,
    Thing,
    says_nothing,
)
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.graph_schema.terms import PROV
from begat.ingest.documents.checked_json import Objects, a_name, a_time, an_object, decoded, only, shown

#: Whose contexts define these terms and no others.
_HOSTS: Final = ("openprovenance.org", "www.w3.org")
_RECORDS: Final = {class_: what for what, class_ in CLASSES.items() if what != "mentionOf"}
_ATTRIBUTES: Final = {term: iri for iri, term in ATTRIBUTES.items()}


def read(data: bytes) -> Iterator[Heading | Record]:
    """The records of a document. Raises FormatError, which says where and what, before the record that is wrong."""
    document = decoded(data, "PROV-JSONLD")
    for needed in ("@context", "@graph"):
        if needed not in document:
            raise FormatError(f'no PROV-JSONLD: the document has no "{needed}"')
    names = _names(document["@context"], None, '"@context"')
    yield _heading("", names)
    for where, held in _graph(document, ""):
        if _type(held, where) == "Bundle":
            yield from _bundle(held, names, where)
        else:
            yield from _Object(names, "", where).records(held)


def _bundle(held: Objects, outer: Names, where: str) -> Iterator[Heading | Record]:
    names = _names(held.get("@context", []), outer, f'{where}, "@context"')
    if "@id" not in held:
        raise FormatError(f'{where}: a bundle has its name as "@id"')
    iri = a_name(names, held["@id"], where)
    yield _heading(iri, names)
    for inner, one in _graph(held, f"{where}, "):
        if _type(one, inner) == "Bundle":
            raise FormatError(f"{inner}: a bundle has no bundles in it")
        yield from _Object(names, iri, inner).records(one)


def _heading(bundle: str, names: Names) -> Heading:
    return Heading(bundle, {p: n for p, n in names.prefixes.items() if p not in TERMS})


def _graph(container: Objects, where: str) -> Iterator[tuple[str, Objects]]:
    graph = container.get("@graph", [])
    if not isinstance(graph, list):
        raise FormatError(f'{where}"@graph" is {shown(graph)}: a list is expected')
    for n, held in enumerate(graph):
        place = f'{where}"@graph" {n + 1}'
        yield place, an_object(held, place)


def _type(held: Objects, where: str) -> str:
    """The type of an object, without the prefix that earlier drafts had."""
    type_ = held.get("@type")
    type_ = type_[0] if isinstance(type_, list) and len(type_) == 1 else type_
    if not isinstance(type_, str):
        raise FormatError(f'{where}: "@type" is {shown(type_)}: the type of a record is expected, as "Entity"')
    plain_type = type_.rpartition(":")[2].removeprefix("Qualified") if type_.startswith("prov") else type_
    if plain_type not in _RECORDS and plain_type != "Bundle":
        raise FormatError(f"{where}: {shown(type_)} is no type of a record")
    return plain_type


def _names(context: Any, within: Names | None, where: str) -> Names:
    """Prefixes of a context. What defines terms is the submission's own context, which is known."""
    prefixes: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, str):
            if urlsplit(part).hostname not in _HOSTS:
                raise FormatError(f"{where}: {shown(part)} is not known, and nothing is fetched")
            continue
        for name, iri in an_object(part, where).items():
            if isinstance(iri, str) and (name == "@vocab" or not name.startswith("@")):
                prefixes["" if name == "@vocab" else name] = iri
    return Names(prefixes, within)


class _Object:
    """An object of a graph."""

    def __init__(self, names: Names, bundle: str, where: str) -> None:
        self._names, self._bundle, self._where = names, bundle, where

    def records(self, held: Objects) -> Iterator[Record]:
        what = _RECORDS[_type(held, self._where)]
        id_ = held.get("@id")
        self._where += f" ({held['@type'] if id_ is None else id_})"
        iri = None if id_ is None else a_name(self._names, id_, self._where)
        if what in FIELDS:
            yield from self._related(what, iri, held)
        elif iri is None:
            raise FormatError(f'{self._where}: an {what} has its name as "@id"')
        else:
            thing = Thing(what, iri, bundle=self._bundle)
            self._read(thing, TIMES if what == "Activity" else {}, held)
            yield thing

    def _related(self, relation: str, iri: str | None, held: Objects) -> Iterator[Related]:
        found = Related(relation, {}, iri, bundle=self._bundle)
        members = self._read(found, FIELDS[relation], held)
        if relation == "specializationOf":
            _mention(found)
        if members:
            found.arguments["target"] = members[0]
        if needed := says_nothing(found):
            raise FormatError(f"{self._where}: {needed} is missing")
        yield found
        for member in members[1:]:
            ends = {**found.arguments, "target": member}
            yield Related(relation, ends, iri, None, found.attributes, self._bundle)

    def _read(self, record: Record, fields: dict[str, str], held: Objects) -> list[str]:
        """What an object says of a record, into it; the members that stand together are answered."""
        members: list[str] = []
        for key, one in held.items():
            where = f"{self._where}, {key}"
            term = key.removeprefix("prov:")
            field = fields.get(PROV + term)
            if key in ("@type", "@id"):
                continue
            if field is None:
                iri = _ATTRIBUTES.get(term) or self._key(key, where)
                values = one if isinstance(one, list) else [one]
                record.attributes.extend((iri, self._value(term, v, where)) for v in values)
            elif field in ("time", "start", "end"):
                setattr(record, field, _time(one, where))
            elif isinstance(record, Related):
                if record.relation == "hadMember" and field == "target" and isinstance(one, list):
                    members = [self._name(v, where) for v in one]
                else:
                    record.arguments[field] = self._name(_alone(one, where), where)
        return members

    def _key(self, key: str, where: str) -> str:
        if ":" not in key and "" not in self._names.prefixes:
            raise FormatError(f"{where}: {shown(key)} is no property of this")
        return a_name(self._names, key, where)

    def _name(self, held: Any, where: str) -> str:
        if isinstance(held, dict) and held.keys() == {"@id"}:
            held = held["@id"]
        return a_name(self._names, held, where)

    def _value(self, term: str, held: Any, where: str) -> Value:
        if isinstance(held, str):
            return {"$": a_name(self._names, held, where), "type": QUALIFIED_NAME} if term in OF_NAMES else held
        if isinstance(held, (bool, int, float)):
            return held
        if not isinstance(held, dict):
            raise FormatError(f"{where}: {shown(held)} is no value")
        if held.keys() == {"@id"}:
            return {"$": self._name(held, where), "type": QUALIFIED_NAME}
        if unknown := held.keys() - {"@value", "@type", "@language"}:
            raise FormatError(f'{where}: a value has no "{min(unknown)}"')
        value = held.get("@value")
        if not isinstance(value, (str, bool, int, float)):
            raise FormatError(f'{where}: a value has its text as "@value"')
        if "@language" in held:
            return {"$": str(value), "lang": str(held["@language"])}
        if "@type" not in held:
            return value
        type_ = a_name(self._names, held["@type"], where)
        text = value if isinstance(value, str) else str(value).lower()
        if type_ in QUALIFIED_NAMES:
            return {"$": a_name(self._names, text, where), "type": QUALIFIED_NAME}
        return plain(text, type_)


def _alone(held: Any, where: str) -> Any:
    try:
        return only(held)
    except FormatError as e:
        raise FormatError(f"{where}: {e}") from None


def _time(held: Any, where: str) -> str:
    one = _alone(held, where)
    try:
        return a_time(one.get("@value") if isinstance(one, dict) else one)
    except FormatError as e:
        raise FormatError(f"{where}: {e}") from None


def _mention(found: Related) -> None:
    """A specialization that says in which bundle is a mention."""
    for attribute in found.attributes:
        iri, value = attribute
        if iri == AS_IN_BUNDLE and isinstance(value, dict) and value.get("type") == QUALIFIED_NAME:
            found.relation, found.arguments["bundle"] = "mentionOf", value["$"]
            found.attributes.remove(attribute)
            return
