"""The forms in which documents come, by name; which one a file is of."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, NamedTuple

from begat.graph_schema.documents.records import Heading, Record
from begat.graph_schema.errors import FormatError
from begat.ingest.documents import prov_json, prov_jsonld, prov_n, prov_o, prov_xml


class Form(NamedTuple):
    """How documents of a form are read. `begins`: what the first kilobytes of each of them match, apart from space."""

    read: Callable[[bytes], Iterable[Heading | Record]]
    suffixes: tuple[str, ...]
    begins: re.Pattern[bytes]


def _prov_n(data: bytes) -> Iterable[Heading | Record]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise FormatError(f"no PROV-N: line {line}: byte {e.start} is no UTF-8") from None
    return prov_n.read(text)


#: An XML declaration, comments, and then the root, whatever the prefix.
_XML: Final = re.compile(rb"(?:<\?.*?\?>|<!--.*?-->|\s++)*+<(?:[^\s<>:]+:)?document\b", re.DOTALL)
#: JSON-LD by the submission's context, or by records as it has them.
_JSONLD: Final = re.compile(
    rb'\{(?=.*?"@context").*?(?:openprovenance\.org/|SUBM-prov-jsonld|"@type"\s*:\s*"(?:Entity|Activity|Agent)")',
    re.DOTALL,
)
_RDF_XML: Final = re.compile(
    rb"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>|\s++)*+<(?:[^\s<>:]+:)?RDF\b", re.DOTALL
)
#: Comments of Turtle and what is akin to it.
_COMMENTS: Final = rb"(?:#[^\n]*\n|\s++)*+"
#: Whole IRIs and blank nodes as N-Quads has them, and three of them at least.
_LINE: Final = re.compile(_COMMENTS + rb"(?:<[^<>\s]*>|_:\S+)[ \t]*<[^<>\s]*>[ \t]*[<_\"][^\n]*\.[ \t\r]*(?:\n|\Z)")
_DIRECTIVE: Final = re.compile(_COMMENTS + rb"(?:@prefix\b|@base\b|(?i:prefix|base)\s[^(]*?<|<[^<>\s]*>\s)")
#: A form that is part of another is not told from it: N-Triples of N-Quads, Turtle of TriG.
_NOTHING: Final = re.compile(rb"(?!)")
FORMS: Final = {
    # What two forms could be is the one that stands first.
    "prov-jsonld": Form(prov_jsonld.read, (".provjsonld", ".jsonld", ".json"), _JSONLD),
    "json-ld": Form(
        partial(prov_o.read, form="json-ld"), (".jsonld", ".json"),
        re.compile(rb"\[\s*[\]{]|\{.*?\"@(?:context|graph|id|type)\"\s*:", re.DOTALL),
    ),
    # Members of PROV-JSON have names of records; those of JSON-LD begin with @.
    "prov-json": Form(prov_json.read, (".json", ".provjson"), re.compile(rb'\{\s*(?!\s|"@)')),
    "prov-n": Form(_prov_n, (".provn", ".prov-n", ".pn"), re.compile(rb"document\b|//|/\*")),
    "prov-xml": Form(prov_xml.read, (".provx", ".prov-xml", ".xml"), _XML),
    "rdf-xml": Form(partial(prov_o.read, form="rdf-xml"), (".rdf", ".owl", ".xml"), _RDF_XML),
    "n-triples": Form(partial(prov_o.read, form="n-triples"), (".nt",), _NOTHING),
    "n-quads": Form(partial(prov_o.read, form="n-quads"), (".nq",), _LINE),
    "turtle": Form(partial(prov_o.read, form="turtle"), (".ttl",), _NOTHING),
    "trig": Form(partial(prov_o.read, form="trig"), (".trig",), _DIRECTIVE),
}  # fmt: skip
#: Of the forms that a name lets a file be, where it begins as none of them: what is meant, so that it tells the fault.
_LIKELY: Final = ("prov-json", "prov-xml")
#: Bytes by which a form is told.
_HEAD: Final = 64 << 10


def form_of(name: str, data: bytes) -> str:
    """The form of a file, by how its name ends, else by how it begins. Raises FormatError when neither tells."""
    named = [form for form, how in FORMS.items() if name.lower().endswith(how.suffixes)]
    if len(named) == 1:
        return named[0]
    if not data.strip():
        raise FormatError(f"{name}: there is nothing in it")
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    for form in named or FORMS:
        if FORMS[form].begins.match(head):
            return form
    if named:
        return max(named, key=lambda form: form in _LIKELY)
    raise FormatError(f"{name}: of none of the forms {', '.join(FORMS)}, as it seems: give its format")
