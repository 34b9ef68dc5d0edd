"""Media types of the forms that documents are written in, the usual one first."""

from typing import Final

#: By the form's name, see `FORMS` of export.py. PROV-N: https://www.w3.org/TR/prov-n/, section 7; PROV-XML:
#: https://www.w3.org/TR/prov-xml/, section 4; PROV-JSON has none of its own.
MEDIA: Final = {
    "turtle": "text/turtle; charset=utf-8",
    "trig": "application/trig; charset=utf-8",
    "n-triples": "application/n-triples",
    "n-quads": "application/n-quads",
    "json-ld": "application/ld+json",
    "rdf-xml": "application/rdf+xml",
    "prov-json": "application/json",
    "prov-n": "text/provenance-notation; charset=utf-8",
    "prov-xml": "application/provenance+xml",
    "prov-jsonld": "application/ld+json",
}
