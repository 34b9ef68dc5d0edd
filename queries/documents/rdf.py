"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/) and JSON-LD (https://www.w3.org/TR/json-ld11/) of records, as
PROV-O, by pyoxigraph.

The library writes into a file and is not asked for pieces, so a document lies in a temporary file before its first
piece; memory stays flat.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from begat.graph_schema.documents.n_triples import is_strict
from begat.graph_schema.documents.prefixes import PREFIX, WELL_KNOWN
from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.documents.records import Record
from begat.graph_schema.errors import UsageError
from begat.graph_schema.terms import PROV, RDFS
from begat.queries.documents.n_quads import without_bundles

if TYPE_CHECKING:
    from pyoxigraph import Quad, RdfFormat

_PREFIXES: Final = {"prov": PROV, "rdfs": RDFS, **WELL_KNOWN}
_PIECE: Final = 1 << 16
#: What XML 1.0 has no way to write (section 2.2).
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: What an IRI must end with to be the name of an element.
_LOCAL: Final = re.compile(r"[^\W\d][\w.\-]*\Z")


def rdf_xml(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """Pieces. Raises UsageError for what RDF/XML cannot hold: a bundle, control characters, an attribute whose IRI ends
    in no XML name; and where pyoxigraph is not installed."""
    formats = _formats()
    quads = map(_holdable, _quads(without_bundles(records, "rdf-xml"), formats))
    # An XML parser takes a carriage return that is written as such for a line's end (XML 1.0, section 2.11).
    return (p.replace(b"\r", b"&#13;") for p in _written(quads, formats.RDF_XML, known or {}))


def json_ld(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """Pieces, in expanded form, a graph for each bundle. Raises UsageError where pyoxigraph is not installed."""
    formats = _formats()
    return _written(_quads(records, formats), formats.JSON_LD, known or {})


def _formats() -> "type[RdfFormat]":
    try:
        from pyoxigraph import RdfFormat
    except ImportError:
        raise UsageError("RDF/XML and JSON-LD need the package pyoxigraph: pip install 'begat[rdf]'") from None
    return RdfFormat


def _quads(records: Iterable[Record], formats: "type[RdfFormat]") -> "Iterator[Quad]":
    from pyoxigraph import parse

    for record in records:
        yield from parse(lines(record), format=formats.N_QUADS, lenient=True)


def _written(quads: "Iterable[Quad]", form: "RdfFormat", known: Mapping[str, str]) -> Iterator[bytes]:
    from pyoxigraph import serialize

    own = {prefix: iri for prefix, iri in known.items() if PREFIX.fullmatch(prefix) and is_strict(iri)}
    with TemporaryFile() as file:
        serialize(quads, file, form, prefixes=own | _PREFIXES)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _holdable(quad: "Quad") -> "Quad":
    from pyoxigraph import Literal

    if not _LOCAL.search(quad.predicate.value):
        raise UsageError(f"rdf-xml has no name for the attribute <{quad.predicate.value}>: write turtle")
    text = quad.object.value if isinstance(quad.object, Literal) else ""
    if found := _NOT_IN_XML.search(text):
        raise UsageError(f"rdf-xml cannot hold U+{ord(found[0]):04X}, in {text[:40]!r}: write turtle")
    return quad
