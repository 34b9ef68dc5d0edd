"""PROV-XML (https://www.w3.org/TR/prov-xml/) of records, a line each."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from begat.graph_schema.documents.literals import STRING, literal
from begat.graph_schema.documents.prefixes import ALWAYS, Prefixes
from begat.graph_schema.documents.records import (
    FORMS,
    LABEL,
    LOCATION,
    QUALIFIED_NAME,
    ROLE,
    THINGS,
    TYPE,
    VALUE,
    Argument,
    Record,
    Related,
    Thing,
)
from begat.graph_schema.documents.xml_names import XML, XSI, cut_element, cut_name
from begat.graph_schema.errors import UsageError
from begat.graph_schema.events import Value
from begat.graph_schema.terms import XSD
from begat.queries.documents.waiting import Waiting

#: Prefixes that mean something to XML itself, and PROV's.
_ALWAYS: Final = {**ALWAYS, "xsi": XSI, "xml": XML, "xmlns": "http://www.w3.org/2000/xmlns/"}
_HEAD: Final = "".join(
    f' xmlns:{prefix}="{namespace.removesuffix("#") if namespace == XSD else namespace}"'
    for prefix, namespace in _ALWAYS.items()
    if prefix not in ("xml", "xmlns")
)
_ELEMENTS: Final = {kind: name for name, kind in THINGS.items()}
#: In which order PROV's own attributes stand (its schema, appendix A); all others follow.
_ORDER: Final = {iri: n for n, iri in enumerate((LABEL, LOCATION, ROLE, TYPE, VALUE))}
#: Whose text says that it is text.
_TYPED: Final = frozenset((LOCATION, TYPE, VALUE))
_MARKUP: Final = re.compile(r'[&<>"\r\n\t]')
_MEANT: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
#: What XML 1.0 has no way to tell (section 2.2).
_NO_SIGN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[str]:
    """A document of records, in pieces. The records are read to the end before the first: namespaces come first,
    and what is written waits on disk.

    Raises UsageError for what XML cannot hold.
    """
    prefixes = Prefixes({p: n for p, n in (known or {}).items() if p[:3].lower() != "xml"}, _ALWAYS, cut_name)
    with Waiting() as lines:
        for record in records:
            lines.add(record.bundle, f"{'    ' if record.bundle else '  '}{_element(record, prefixes)}\n".encode())
        named = {bundle: _text(prefixes.name(bundle), "a bundle") for bundle in lines.bundles()}
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<prov:document{_HEAD}'
        for prefix, namespace in prefixes.declared.items():
            yield f'\n    xmlns:{prefix}="{_text(namespace, "a namespace")}"'
        yield ">\n"
        yield from lines.text_of("")
        for bundle, name in named.items():
            yield f'  <prov:bundleContent prov:id="{name}">\n'
            yield from lines.text_of(bundle)
            yield "  </prov:bundleContent>\n"
    yield "</prov:document>\n"


def _element(record: Record, prefixes: Prefixes) -> str:
    if isinstance(record, Thing):
        name = _ELEMENTS[record.kind]
        inner = _time("startTime", record.start) + _time("endTime", record.end)
    else:
        name = record.relation
        inner = "".join(_argument(a, record, prefixes) for a in FORMS[name].arguments)
    id_ = "" if record.id is None else f' prov:id="{_text(prefixes.name(record.id), name)}"'
    attributes = sorted(record.attributes, key=lambda a: _ORDER.get(a[0], len(_ORDER)))
    inner += "".join(_attribute(iri, value, prefixes) for iri, value in attributes)
    return f"<prov:{name}{id_}>{inner}</prov:{name}>" if inner else f"<prov:{name}{id_}/>"


def _argument(argument: Argument, related: Related, prefixes: Prefixes) -> str:
    if argument.field == "time":
        return _time(argument.name, related.time)
    iri = related.arguments.get(argument.field)
    return "" if iri is None else f'<prov:{argument.name} prov:ref="{_text(prefixes.name(iri), argument.name)}"/>'


def _time(name: str, text: str | None) -> str:
    return "" if text is None else f"<prov:{name}>{_text(text, name)}</prov:{name}>"


def _attribute(iri: str, value: Value, prefixes: Prefixes) -> str:
    namespace, local = cut_element(iri)
    if not namespace:
        raise UsageError(f"the attribute {iri!r} has no namespace, which PROV-XML needs: export in another form")
    name = f"{prefixes.prefix(namespace)}:{local}"
    text, type_, lang = literal(value)
    told = ""
    if lang:
        told = f' xml:lang="{_text(lang, iri)}"'
    elif type_ == QUALIFIED_NAME:
        told, text = ' xsi:type="xsd:QName"', prefixes.name(text)
    elif type_ != STRING or iri in _TYPED:
        told = f' xsi:type="{_text(prefixes.name(type_), iri)}"'
    return f"<{name}{told}>{_text(text, iri)}</{name}>"


def _text(text: str, of: str) -> str:
    if wrong := _NO_SIGN.search(text):
        sign = f"U+{ord(wrong[0]):04X}"
        raise UsageError(f"{of}: there is the sign {sign} in {text[:40]!r}, which XML has not: export in another form")
    return _MARKUP.sub(lambda m: _MEANT[m[0]], text) if _MARKUP.search(text) else text
