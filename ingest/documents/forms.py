"""The forms in which documents come, by name; which one a file is of."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from begat.graph_schema.documents.records import Heading, Record
from begat.graph_schema.errors import FormatError
from begat.ingest.documents import prov_json, prov_n


class Form(NamedTuple):
    """How documents of a form are read. `begins`: what comes first in each of them, apart from space."""

    read: Callable[[bytes], Iterable[Heading | Record]]
    suffixes: tuple[str, ...]
    begins: tuple[bytes, ...]


def _prov_n(data: bytes) -> Iterable[Heading | Record]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise FormatError(f"no PROV-N: line {line}: byte {e.start} is no UTF-8") from None
    return prov_n.read(text)


FORMS: Final = {
    "prov-json": Form(prov_json.read, (".json", ".provjson"), (b"{",)),
    "prov-n": Form(_prov_n, (".provn", ".prov-n", ".pn"), (b"document", b"//", b"/*")),
}


def form_of(name: str, data: bytes) -> str:
    """The form of a file, by how its name ends, else by how it begins. Raises FormatError when neither tells."""
    for form, how in FORMS.items():
        if name.lower().endswith(how.suffixes):
            return form
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    for form, how in FORMS.items():
        if head.startswith(how.begins):
            return form
    raise FormatError(f"{name}: of none of the forms {', '.join(FORMS)}, as it seems: --format says which one it is")
