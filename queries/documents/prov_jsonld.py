"""PROV-JSONLD (W3C member submission of 25 August 2024,
https://www.w3.org/submissions/2024/SUBM-prov-jsonld-20240825/) of records, an object each: JSON-LD 1.1, too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from begat.graph_schema.documents.jsonld_terms import (
    AS_IN_BUNDLE,
    ATTRIBUTES,
    CLASSES,
    CONTEXT,
    OF_NAMES,
    PROVEXT,
    TERMS,
    WITH_LOCATION,
    WITH_ROLE,
)
from begat.graph_schema.documents.literals import STRING, literal
from begat.graph_schema.documents.prefixes import ALWAYS, Prefixes
from begat.graph_schema.documents.records import FORMS, QUALIFIED_NAME, Record, Related, Thing
from begat.graph_schema.events import Value
from begat.graph_schema.terms import PROV, RDF, RDFS
from begat.queries.documents.waiting import Waiting

#: Prefixes of the context, which are there without being declared.
_ALWAYS: Final = {**ALWAYS, "provext": PROVEXT}
#: Others of it, which readers that do not fetch it know not of.
_DECLARED: Final = {"rdf": RDF, "rdfs": RDFS}
#: Prefixes that the submission's schema lets names have, and where JSON-LD lets a namespace end (1.1, section 4.1.5).
_PREFIX: Final = re.compile("[A-Za-z][A-Za-z0-9_]*")
_ENDS: Final = tuple(":/?#[]@")
_CUT: Final = re.compile(r"(.*[:/?#\[\]@])(.*)", re.DOTALL)
_NAMES: Final = {name: {a.field: a.name for a in form.arguments} for name, form in FORMS.items()}
#: A term that the context of 2024 forgot.
_BUNDLE: Final = {"Bundle": PROV + "Bundle"}


def write(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """A document of records, in pieces. The records are read to the end before the first: prefixes come first, and what
    is written waits on disk."""
    usable = {p: n for p, n in (known or {}).items() if _PREFIX.fullmatch(p) and p not in TERMS and n.endswith(_ENDS)}
    prefixes = Prefixes(_DECLARED | usable, _ALWAYS, _cut)
    encode = msgspec.json.Encoder().encode
    with Waiting() as waiting:
        for record in records:
            between = b",\n" if record.bundle in waiting else b"\n"
            waiting.add(record.bundle, between + encode(_object(record, prefixes)))
        named = {bundle: encode(prefixes.name(bundle)) for bundle in waiting.bundles()}
        context = [prefixes.declared | (_BUNDLE if named else {}), CONTEXT]
        yield b'{"@context":%b,"@graph":[' % encode(context)
        yield from waiting.of("")
        between = b"," if "" in waiting else b""
        for bundle, name in named.items():
            yield between + b'\n{"@type":"Bundle","@id":%b,"@context":[{}],"@graph":[' % name
            yield from waiting.of(bundle)
            yield b"]}"
            between = b","
        yield b"\n]}\n"


def _cut(iri: str) -> tuple[str, str]:
    found = _CUT.fullmatch(iri)
    return (found[1], found[2]) if found else (iri, "")


def _object(record: Record, prefixes: Prefixes) -> dict[str, Any]:
    what = record.kind if isinstance(record, Thing) else record.relation
    told: dict[str, Any] = {"@type": CLASSES[what]}
    if record.id is not None:
        told["@id"] = prefixes.name(record.id)
    if isinstance(record, Thing):
        times = {"startTime": record.start, "endTime": record.end}
    else:
        told |= _arguments(record, prefixes)
        times = {"time": record.time}
    told |= {name: text for name, text in times.items() if text is not None}
    for iri, value in record.attributes:
        key = _key(what, iri, value, prefixes)
        told.setdefault(key, []).append(_value(key, value, prefixes))
    return told


def _arguments(related: Related, prefixes: Prefixes) -> dict[str, Any]:
    names, given = _NAMES[related.relation], dict(related.arguments)
    bundle = given.pop("bundle", None)
    told: dict[str, Any] = {names[field]: prefixes.name(iri) for field, iri in given.items()}
    if bundle is not None:
        told[prefixes.name(AS_IN_BUNDLE)] = [_value("", {"$": bundle, "type": QUALIFIED_NAME}, prefixes)]
    return told


def _key(what: str, iri: str, value: Value, prefixes: Prefixes) -> str:
    """An attribute's term where it may have one, else its name."""
    match ATTRIBUTES.get(iri):
        case "role" if what in WITH_ROLE:
            return "role"
        case "location" if what in WITH_LOCATION:
            return "location"
        case "value" if what == "Entity":
            return "value"
        case "label" if isinstance(value, str) or (isinstance(value, dict) and "lang" in value):
            return "label"
        case "type":
            return "type"
    return prefixes.name(iri)


def _value(key: str, value: Value, prefixes: Prefixes) -> Any:
    text, type_, lang = literal(value)
    if lang:
        return {"@value": text, "@language": lang}
    if type_ == QUALIFIED_NAME:
        name = prefixes.name(text)
        return name if key in OF_NAMES else {"@value": name, "@type": "prov:QUALIFIED_NAME"}
    return {"@value": text} if type_ == STRING else {"@value": text, "@type": prefixes.name(type_)}
