"""Linked data: a thing has an address, its document comes in every form, and says where its provenance is."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
import rdflib
from pyoxigraph import RdfFormat, parse, serialize
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, VOID

from begat.api.cli import main
from begat.graph_schema.terms import MLS, PROV
from begat.queries.documents.export import FORMS
from begat.queries.documents.media import MEDIA
from tests.service.conftest import NewService, Service

BASE: Final = "https://prov.example.org/lab/"
MODEL: Final = rdflib.URIRef("https://w3id.org/begat/id/a.pt")
P: Final = rdflib.Namespace(PROV)
READ: Final = {
    "turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "n-triples": RdfFormat.N_TRIPLES, "n-quads": RdfFormat.N_QUADS,
    "json-ld": RdfFormat.JSON_LD, "rdf-xml": RdfFormat.RDF_XML,
}  # fmt: skip
Linked = Callable[..., httpx.Response]


@pytest.fixture
def linked(asked: httpx.Client) -> Linked:
    """Asks a service that goes by no name but that of its own address."""
    return lambda path, **how: asked.get(path, **how)


def graph(answer: httpx.Response, form: str = "turtle") -> rdflib.Graph:
    """As rdflib has it, read by pyoxigraph."""
    assert answer.status_code == 200, answer.text
    triples = [quad.triple for quad in parse(answer.content, format=READ[form])]
    return rdflib.Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def links(answer: httpx.Response) -> dict[str, str]:
    """What the header Link points to, by relation."""
    return {x["rel"].removeprefix(PROV): x["url"] for x in answer.links.values()}


def test_a_thing_is_elsewhere_described(linked: Linked) -> None:
    answer = linked("/id/a.pt", headers={"Accept": "text/turtle"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/data/a.pt")
    told = graph(linked("/id/a.pt", follow_redirects=True))
    assert (MODEL, RDF.type, rdflib.URIRef(MLS + "Model")) in told
    assert (MODEL, RDFS.label, rdflib.Literal("models/a.pt")) in told
    assert (MODEL, P.wasGeneratedBy, rdflib.URIRef("https://w3id.org/begat/id/train-a")) in told
    assert (None, P.used, MODEL) in told


@pytest.mark.parametrize("form", [f for f in MEDIA if f != "prov-jsonld"])
def test_every_form_by_its_media_type_and_by_name(linked: Linked, form: str) -> None:
    media = MEDIA[form].partition(";")[0]
    answer = linked("/data/a.pt", headers={"Accept": f"text/html;q=0.9, {media}, */*;q=0.1"})
    assert answer.headers["content-type"] == MEDIA[form]
    assert answer.content == linked("/data/a.pt", params={"format": form}).content
    assert b"models/a.pt" in answer.content
    if form in READ:
        assert set(graph(answer, form)) == set(graph(linked("/data/a.pt")))


def test_what_shares_a_media_type_is_asked_for_by_name(linked: Linked) -> None:
    assert set(MEDIA) == set(FORMS)
    answer = linked("/data/a.pt", params={"format": "prov-jsonld"})
    assert (answer.headers["content-type"], answer.json()["@graph"][0]["@type"]) == ("application/ld+json", "Entity")


def test_a_form_that_there_is_not(linked: Linked) -> None:
    answer = linked("/data/a.pt", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert "text/turtle" in answer.json()["detail"]
    assert linked("/data/a.pt", params={"format": "png"}).status_code == 400


def test_what_is_not_there(linked: Linked) -> None:
    for path in ("/data/nobody", "/provenance?target=nobody", "/provenance?target=https://elsewhere.example/x"):
        answer = linked(path)
        assert (answer.status_code, answer.json()["title"]) == (404, "not found")


def test_it_is_not_sent_again(linked: Linked) -> None:
    tag = linked("/data/a.pt").headers["etag"]
    answer = linked("/data/a.pt", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert linked("/data/a.pt?format=n-triples", headers={"If-None-Match": tag}).status_code == 200


def test_who_has_a_thing_finds_its_provenance(linked: Linked) -> None:
    """PROV-AQ, section 3.1, and the same in the document itself."""
    answer = linked("/id/a.pt", follow_redirects=False)
    assert 'anchor="https://w3id.org/begat/id/a.pt"' in answer.headers["link"]
    told = graph(linked("/data/a.pt"))
    here = links(answer)
    for relation in ("has_provenance", "has_query_service", "pingback"):
        assert (MODEL, P[relation], rdflib.URIRef(here[relation])) in told
    lineage = graph(linked(here["has_provenance"]))
    assert {MODEL, rdflib.URIRef("https://w3id.org/begat/id/rain.csv@1")} <= set(lineage.subjects(RDF.type, P.Entity))


def test_the_service_says_how_it_is_asked(linked: Linked) -> None:
    """PROV-AQ, section 4.1: the template, filled with the IRI of a thing, is its provenance."""
    told = graph(linked("/provenance"))
    (service,) = told.subjects(RDF.type, P.ServiceDescription)
    (direct,) = told.subjects(RDF.type, P.DirectQueryService)
    (sparql,) = told.subjects(RDF.type, rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#Service"))
    assert set(told.objects(service, P.describesService)) == {direct, sparql}
    assert linked(str(sparql), params={"query": "ASK {}"}).json() == {"head": {}, "boolean": True}
    template = str(told.value(direct, P.provenanceUriTemplate))
    asked = template.replace("{uri}", quote(str(MODEL), safe=""))
    assert linked(asked).content == linked("/provenance", params={"target": "a.pt"}).content


def test_the_catalogue_has_every_dataset_and_model(linked: Linked, asked: httpx.Client) -> None:
    told = graph(linked("/catalog"))
    (catalogue,) = told.subjects(RDF.type, DCAT.Catalog)
    expected = {row["id"] for t in ("Dataset", "Model") for row in asked.get(f"/api/v1/find/{t}").json()["rows"]}
    datasets = set(told.objects(catalogue, DCAT.dataset))
    assert {str(told.value(d, DCTERMS.identifier)) for d in datasets} == expected
    for d in datasets:
        assert (d, RDF.type, DCAT.Dataset) in told
        assert told.value(d, DCTERMS.title)
        assert linked(str(told.value(d, DCTERMS.provenance))).status_code == 200
    few = linked("/catalog?limit=1")
    assert few.headers["begat-truncated"] == "true"
    assert len(set(graph(few).objects(catalogue, DCAT.dataset))) == 2


def test_void_says_what_the_data_are(linked: Linked) -> None:
    told = graph(linked("/.well-known/void"))
    (description,) = told.subjects(RDF.type, VOID.DatasetDescription)
    dataset = told.value(description, FOAF.primaryTopic)
    assert (dataset, RDF.type, VOID.Dataset) in told
    assert (dataset, VOID.vocabulary, rdflib.URIRef(PROV)) in told
    assert int(str(told.value(dataset, VOID.entities))) > 50
    assert linked(str(told.value(dataset, VOID.rootResource))).status_code == 200
    assert str(told.value(dataset, VOID.sparqlEndpoint)).endswith("/sparql")
    dumps = [linked(str(d)) for d in told.objects(dataset, VOID.dataDump)]
    media = sorted(d.headers["content-type"].partition(";")[0] for d in dumps)
    assert media == ["application/n-quads", "application/trig"]
    assert all(d.headers["etag"] and b"models/a.pt" in d.content for d in dumps)


def test_the_words_and_the_shapes_are_told(linked: Linked) -> None:
    words, wanted = graph(linked("/ns")), graph(linked("/shapes"))
    assert (rdflib.URIRef("https://w3id.org/begat/ns#"), RDF.type, OWL.Ontology) in words
    targets = set(wanted.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#targetClass")))
    assert {rdflib.URIRef(MLS + "Model"), P.Usage} <= targets


# -- under another name, and with what others say


@pytest.fixture
def lab(service: NewService, tmp_path: Path) -> Service:
    """A service of the study that goes by a name of its own."""
    assert main(["demo", "--study", "--dir", str(tmp_path)]) == 0
    return service(tmp_path, "--base-iri", BASE.rstrip("/"))


def test_a_thing_has_an_address_under_the_name_of_the_service(lab: Service) -> None:
    with lab.client() as client:
        assert client.get("/id/rain.csv@1").headers["location"] == f"{BASE}data/rain.csv@1"
        told = graph(client.get("/data/rain.csv@1"))
        (own,) = set(told.subjects(OWL.sameAs, None))
        assert told.value(own, OWL.sameAs) == rdflib.URIRef(f"{BASE}id/rain.csv@1")
        by_own, by_here = (
            client.get("/provenance", params={"target": t}) for t in (str(own), f"{BASE}id/rain.csv@1")
        )
        assert by_own.status_code == 200
        assert by_own.content == by_here.content


def test_somebody_tells_where_more_is(lab: Service) -> None:
    """PROV-AQ, section 5: what is sent to a pingback is told of the thing from then on, once."""
    further = "https://other.example/provenance/42"
    with lab.client() as client:
        assert links(client.get("/data/a.pt"))["pingback"] == f"{BASE}pingback/a.pt"
        before = graph(client.get("/data/a.pt"))
        for _ in range(2):
            answer = client.post(
                "/pingback/a.pt", content=f"# more\r\n{further}\r\n", headers={"Content-Type": "text/uri-list"}
            )
            assert (answer.status_code, answer.content) == (204, b"")
        told = graph(client.get("/data/a.pt"))
    assert (MODEL, P.has_provenance, rdflib.URIRef(further)) in told
    assert len(set(told.objects(MODEL, P.wasInfluencedBy)) - set(before.objects(MODEL, P.wasInfluencedBy))) == 1


def wrong_pings() -> Iterator[tuple[str, dict[str, Any], int]]:
    uris = {"Content-Type": "text/uri-list"}
    yield "a.pt", {"content": b"https://x.example/", "headers": {"Content-Type": "text/plain"}}, 415
    yield "a.pt", {"content": b"", "headers": uris}, 400
    yield "a.pt", {"content": b"not an address", "headers": uris}, 400
    yield "a.pt", {"content": "https://x.example/\u00fc".encode(), "headers": uris}, 400
    yield "a.pt", {"content": b"https://x.example/\n" * 101, "headers": uris}, 400
    yield "a.pt", {"content": b"https://x.example/" + b"a" * 70_000, "headers": uris}, 413
    yield "nobody", {"content": b"https://x.example/", "headers": uris}, 404


def test_what_is_no_pingback(lab: Service) -> None:
    with lab.client() as client:
        for thing, how, status in wrong_pings():
            answer = client.post(f"/pingback/{thing}", **how)
            assert (answer.status_code, answer.json()["status"]) == (status, status), answer.text
        assert client.get("/pingback/a.pt").status_code == 405


@pytest.mark.parametrize(
    "iri", ["prov.example.org", "ftp://prov.example.org/", "https://", "https://x/?a=b", "https://x/ y"]
)
def test_no_name_for_a_service(iri: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--base-iri", iri, "--port", "0"]) == 2
    assert "give the address of the service" in capsys.readouterr().err
