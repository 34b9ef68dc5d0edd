"""The forms of an answer: what each is called, and the media types that ask for it, the first being its own.

SPARQL 1.1 Query Results (JSON, XML, CSV and TSV), and those of RDF graphs.
"""

from typing import Final

ROWS: Final = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
GRAPHS: Final = {
    "turtle": ("text/turtle", "application/x-turtle"),
    "n-triples": ("application/n-triples", "text/plain"),
    "rdf-xml": ("application/rdf+xml", "application/xml", "text/xml"),
    "json-ld": ("application/ld+json", "application/json"),
    "trig": ("application/trig",),
    "n-quads": ("application/n-quads",),
}
#: Those that say nothing of their signs themselves.
WITH_CHARSET: Final = frozenset(("text/csv", "text/tab-separated-values", "text/turtle", "text/plain", "text/xml"))
