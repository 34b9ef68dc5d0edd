"""The forms in which documents come, by name; which one a file is of."""

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from begat.graph_schema.documents.records import Heading, Record
from begat.graph_schema.errors import FormatError
from begat.ingest.documents import prov_json, prov_jsonld, prov_n, prov_xml


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
FORMS: Final = {
    # Members of PROV-JSON have names of records; those of JSON-LD begin with @.
    "prov-json": Form(prov_json.read, (".json", ".provjson"), re.compile(rb'\{\s*(?!\s|"@)')),
    "prov-n": Form(_prov_n, (".provn", ".prov-n", ".pn"), re.compile(rb"document\b|//|/\*")),
    "prov-xml": Form(prov_xml.read, (".provx", ".prov-xml", ".xml"), _XML),
    "prov-jsonld": Form(prov_jsonld.read, (".provjsonld", ".jsonld", ".json"), _JSONLD),
}
#: Bytes by which a form is told.
_HEAD: Final = 64 << 10


def form_of(name: str, data: bytes) -> str:
    """The form of a file, by how its name ends, else by how it begins. Raises FormatError when neither tells."""
    named = [form for form, how in FORMS.items() if name.lower().endswith(how.suffixes)]
    if len(named) == 1:
        return named[0]
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    for form in named or FORMS:
        if FORMS[form].begins.match(head):
            return form
    if named:
        return named[0]
    raise FormatError(f"{name}: of none of the forms {', '.join(FORMS)}, as it seems: --format says which one it is")
