"""The vocabularies that the pages of linked data are written in, and how a record says something in them."""

from typing import Final

from begat.graph_schema.documents.records import QUALIFIED_NAME, TYPE
from begat.graph_schema.events import Value

DCAT: Final = "http://www.w3.org/ns/dcat#"
DCT: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
PREFIXES: Final = {"dcat": DCAT, "dct": DCT, "foaf": FOAF, "owl": OWL, "sd": SD, "void": VOID}

Said = tuple[str, Value]


def link(predicate: str, iri: str) -> Said:
    """An attribute that names something."""
    return predicate, {"$": iri, "type": QUALIFIED_NAME}


def is_a(iri: str) -> Said:
    """A type."""
    return link(TYPE, iri)
