"""What a service tells of itself in RDF: how to ask for provenance, what its data are, which datasets and models are
there.

PROV-AQ: https://www.w3.org/TR/prov-aq/, section 4; VoID: https://www.w3.org/TR/void/; DCAT 3:
https://www.w3.org/TR/vocab-dcat-3/.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

from begat.api.service.linked.place import Place
from begat.api.service.linked.words import DCAT, DCT, FOAF, SD, VOID, Said, is_a, link
from begat.graph_schema.documents.iris import BASE, iri_of_id, iri_of_type
from begat.graph_schema.documents.records import Record, Thing
from begat.graph_schema.store import Stats
from begat.graph_schema.terms import BEGAT, MLS, PROV

#: What is catalogued.
CATALOGUED: Final = ("Dataset", "Model")
_FEATURES: Final = "http://www.w3.org/ns/formats/"
#: The forms of RDF that things come in (https://www.w3.org/ns/formats/).
_FORMATS: Final = ("Turtle", "TriG", "N-Triples", "N-Quads", "JSON-LD", "RDF_XML")
#: The forms that all that is recorded is fetched in at once.
_DUMPS: Final = ("n-quads", "trig")
_PLACES: Final = ("http://", "https://", "s3://", "gs://", "ftp://")


def service(place: Place, *, sparql: bool) -> Iterator[Record]:
    """How to ask for the provenance of a thing. `sparql`: whether there is /sparql."""
    here, asked = place.at("provenance"), place.at("sparql")
    services = [f"{here}#direct", *([asked] if sparql else [])]
    yield _page(here, is_a(f"{PROV}ServiceDescription"), *(link(f"{PROV}describesService", s) for s in services))
    if sparql:
        yield _page(asked, is_a(f"{SD}Service"), link(f"{SD}endpoint", asked))
    yield _page(
        f"{here}#direct",
        is_a(f"{PROV}DirectQueryService"),
        (f"{PROV}provenanceUriTemplate", f"{here}?target={{uri}}"),
    )


def void(place: Place, project: str, stats: Stats | None, *, sparql: bool) -> Iterator[Record]:
    """What the data are. `stats`: where the counts of all projects may be told; `sparql`: whether there is /sparql."""
    here = place.at(".well-known/void")
    graph, dump = f"{here}#graph", place.at("api/v1/export")
    counted: list[Said] = []
    if stats is not None:
        counted = [(f"{VOID}entities", stats.entities + stats.activities + stats.agents)]
    if sparql:
        counted.append(link(f"{VOID}sparqlEndpoint", place.at("sparql")))
    yield _page(here, is_a(f"{VOID}DatasetDescription"), link(f"{FOAF}primaryTopic", graph))
    yield _page(
        graph,
        is_a(f"{VOID}Dataset"),
        (f"{DCT}title", f"Provenance of the project {_printed(project)}"),
        *(link(f"{VOID}vocabulary", iri) for iri in (PROV, MLS, BEGAT)),
        *(link(f"{VOID}feature", _FEATURES + form) for form in _FORMATS),
        (f"{VOID}uriSpace", BASE),
        (f"{VOID}uriSpace", place.at("id/")),
        (f"{VOID}uriLookupEndpoint", place.at("provenance?target=")),
        link(f"{VOID}rootResource", place.at("catalog")),
        *(link(f"{VOID}dataDump", f"{dump}?format={form}&project={quote(project)}") for form in _DUMPS),
        *counted,
    )


def catalogue(place: Place, project: str, rows: Iterable[dict[str, Any]], *, sparql: bool) -> Iterator[Record]:
    """The catalogue of these datasets and models: rows as `begat find` has them. `sparql`: whether there is /sparql."""
    rows = list(rows)
    here, asked, direct = place.at("catalog"), place.at("sparql"), f"{place.at('provenance')}#direct"
    services = [(direct, "Provenance by the IRI of a thing", place.at("provenance"))]
    if sparql:
        services.append((asked, "SPARQL 1.1", asked))
    yield _page(
        here,
        is_a(f"{DCAT}Catalog"),
        (f"{DCT}title", f"Datasets and models of the project {_printed(project)}"),
        (f"{DCT}description", "What trainings of this project have read and made, each with its provenance."),
        *(link(f"{DCAT}dataset", iri_of_id(row["id"])) for row in rows),
        *(link(f"{DCAT}service", iri) for iri, _, _ in services),
    )
    for iri, title, endpoint in services:
        yield _page(
            iri,
            is_a(f"{DCAT}DataService"),
            (f"{DCT}title", title),
            link(f"{DCAT}endpointURL", endpoint),
            link(f"{DCAT}endpointDescription", endpoint),
        )
    for row in rows:
        yield from _catalogued(place, row)


def _catalogued(place: Place, row: dict[str, Any]) -> Iterator[Record]:
    id_, name, type_ = row["id"], row["name"] or row["id"], row["type"]
    own = iri_of_id(id_)
    said = [
        is_a(f"{DCAT}Dataset"),
        *([is_a(iri_of_type(type_))] if type_ else []),
        (f"{DCT}identifier", id_),
        (f"{DCT}title", name),
        (f"{DCT}description", f"{type_ or 'Entity'} {name}"),
        link(f"{DCT}provenance", place.provenance(id_)),
    ]
    if id_.startswith(_PLACES):
        said.append(link(f"{DCAT}distribution", f"{place.thing(id_)}#distribution"))
        yield _page(
            f"{place.thing(id_)}#distribution", is_a(f"{DCAT}Distribution"), link(f"{DCAT}accessURL", id_)
        )
    yield Thing("Entity", own, said)


def _printed(project: str) -> str:
    """Without signs that a form may have no way to write."""
    return "".join(c if c.isprintable() else " " for c in project)


def _page(iri: str, *said: Said) -> Thing:
    return Thing("Entity", iri, [*said])
