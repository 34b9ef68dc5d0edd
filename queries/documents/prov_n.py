"""PROV-N (https://www.w3.org/TR/prov-n/) of records, a line each."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from begat.graph_schema.documents.literals import STRING, literal
from begat.graph_schema.documents.prefixes import Prefixes
from begat.graph_schema.documents.records import FORMS, QUALIFIED_NAME, Record, Thing
from begat.graph_schema.events import Value
from begat.graph_schema.terms import XSD
from begat.queries.documents.waiting import Waiting

_INT: Final = XSD + "int"
#: What is an extension of PROV-N is spelt with a prefix (PROV-LINKS, section 5).
_SPELT: Final = {"mentionOf": "prov:mentionOf"}
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def write(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[str]:
    """A document of records, in pieces. The records are read to the end before the first: prefixes come first, and what
    is written waits on disk."""
    prefixes = Prefixes(known)
    with Waiting() as lines:
        for record in records:
            lines.add(record.bundle, f"{'    ' if record.bundle else '  '}{_line(record, prefixes)}\n".encode())
        named = {bundle: prefixes.name(bundle) for bundle in lines.bundles()}
        yield "document\n"
        for prefix, namespace in prefixes.declared.items():
            yield f"  prefix {prefix} <{namespace}>\n"
        yield from lines.text_of("")
        for bundle, name in named.items():
            yield f"  bundle {name}\n"
            yield from lines.text_of(bundle)
            yield "  endBundle\n"
    yield "endDocument\n"


def _line(record: Record, prefixes: Prefixes) -> str:
    if isinstance(record, Thing):
        arguments = [prefixes.name(record.id)]
        if record.start is not None or record.end is not None:
            arguments += [record.start or "-", record.end or "-"]
        return _expression(record.kind.lower(), "", arguments, record.attributes, prefixes)
    given = {field: prefixes.name(iri) for field, iri in record.arguments.items()}
    if record.time is not None:
        given["time"] = record.time
    form = FORMS[record.relation]
    arguments = [given.get(a.field, "-") for a in form.arguments]
    # What is left out at the end need not be written: all of it, or nothing of it.
    needed = sum(not a.optional for a in form.arguments)
    if set(arguments[needed:]) == {"-"}:
        arguments = arguments[:needed]
    id_ = "" if record.id is None else prefixes.name(record.id) + "; "
    name = _SPELT.get(record.relation, record.relation)
    return _expression(name, id_, arguments, record.attributes, prefixes)


def _expression(
    name: str, id_: str, arguments: list[str], attributes: list[tuple[str, Value]], prefixes: Prefixes
) -> str:
    told = ", ".join(f"{prefixes.name(iri)}={_value(value, prefixes)}" for iri, value in attributes)
    return f"{name}({id_}{', '.join([*arguments, f'[{told}]'] if told else arguments)})"


def _value(value: Value, prefixes: Prefixes) -> str:
    text, type_, lang = literal(value)
    if type_ == QUALIFIED_NAME:
        return f"'{prefixes.name(text)}'"
    if type_ == _INT and not isinstance(value, dict):
        return text
    quoted = '"' + _ESCAPED.sub(_escape, text) + '"'
    if lang:
        return f"{quoted}@{lang}"
    return quoted if type_ == STRING else f"{quoted} %% {prefixes.name(type_)}"


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], found[0])
