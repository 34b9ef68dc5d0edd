"""PROV-JSON (W3C member submission of 24 April 2013, https://www.w3.org/submissions/prov-json/) of records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from begat.graph_schema.documents.literals import STRING, literal
from begat.graph_schema.documents.prefixes import Prefixes
from begat.graph_schema.documents.records import FORMS, QUALIFIED_NAME, Record, Thing
from begat.graph_schema.events import Value

_KINDS: Final = {"Entity": "entity", "Activity": "activity", "Agent": "agent"}
_NAMES: Final = {name: {a.field: f"prov:{a.name}" for a in form.arguments} for name, form in FORMS.items()}

Container = dict[str, dict[str, Any]]


def write(records: Iterable[Record], known: Mapping[str, str] | None = None) -> bytes:
    """A document of records: all of it is in memory until it is written."""
    prefixes = Prefixes(known)
    containers: dict[str, Container] = defaultdict(lambda: defaultdict(dict))
    nameless = 0
    for record in records:
        if isinstance(record, Thing):
            kind, key = _KINDS[record.kind], prefixes.name(record.id)
            told: dict[str, Any] = {}
            if record.start is not None:
                told["prov:startTime"] = record.start
            if record.end is not None:
                told["prov:endTime"] = record.end
        else:
            kind = record.relation
            nameless += record.id is None
            key = f"_:r{nameless}" if record.id is None else prefixes.name(record.id)
            told = {_NAMES[kind][field]: prefixes.name(iri) for field, iri in record.arguments.items()}
            if record.time is not None:
                told["prov:time"] = record.time
        _attributes(told, record.attributes, prefixes)
        _put(containers[record.bundle][kind], key, told)
    document: dict[str, Any] = containers.pop("", {})
    inner = {prefixes.name(bundle): container for bundle, container in containers.items()}
    if inner:
        document["bundle"] = inner
    return msgspec.json.encode({"prefix": prefixes.declared, **document})


def _put(records: dict[str, Any], key: str, told: dict[str, Any]) -> None:
    """Several of one id stand in a list."""
    held = records.get(key)
    if held is None:
        records[key] = told
    elif isinstance(held, list):
        held.append(told)
    else:
        records[key] = [held, told]


def _attributes(told: dict[str, Any], attributes: Iterable[tuple[str, Value]], prefixes: Prefixes) -> None:
    for iri, value in attributes:
        _put(told, prefixes.name(iri), _value(value, prefixes))


def _value(value: Value, prefixes: Prefixes) -> Any:
    if isinstance(value, (str, bool)):
        return value
    text, type_, lang = literal(value)
    if lang:
        return {"$": text, "lang": lang}
    if type_ == QUALIFIED_NAME:
        return {"$": prefixes.name(text), "type": "xsd:QName"}
    return text if type_ == STRING else {"$": text, "type": prefixes.name(type_)}
