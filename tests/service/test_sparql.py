"""/sparql as the SPARQL 1.1 Protocol has it (https://www.w3.org/TR/sparql11-protocol/), section by section."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
import rdflib

from begat.api.cli import main
from tests.service.conftest import NewService
from tests.service.test_access import token
from tests.service.test_access import two as two

MODELS: Final = """
PREFIX mls: <http://www.w3.org/ns/mls#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name WHERE { ?m a mls:Model ; rdfs:label ?name } ORDER BY ?name
"""
GRAPH: Final = "CONSTRUCT WHERE { ?s <http://www.w3.org/ns/prov#used> ?o }"
JSON: Final = "application/sparql-results+json"
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(client: httpx.Client, query: str, accept: str = JSON, **more: Any) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"]["value"] for row in answer.json()["results"]["bindings"]]


def test_the_three_ways_to_ask(asked: httpx.Client) -> None:
    """Section 2.1: GET, POST with a form, POST as it is."""
    told = names(ask(asked, MODELS))
    assert told == [f"models/{m}.pt" for m in ("a", "b", "base", "ens", "oder", "pair")]
    assert names(asked.post("/sparql", data={"query": MODELS}, headers={"Accept": JSON})) == told
    plain = {"Content-Type": "application/sparql-query", "Accept": JSON}
    assert names(asked.post("/sparql", content=MODELS.encode(), headers=plain)) == told


ROWS: Final = {
    JSON: JSON, "application/json": "application/json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "text/csv": "text/csv; charset=utf-8", "text/tab-separated-values": "text/tab-separated-values; charset=utf-8",
    "text/xml": "text/xml; charset=utf-8", "*/*": JSON, "application/*": JSON,
    "text/html, text/csv;q=0.5, */*;q=0.1": "text/csv; charset=utf-8",
    "application/sparql-results+xml;q=0.9, text/csv": "text/csv; charset=utf-8",
}  # fmt: skip


@pytest.mark.parametrize("accept", ROWS)
def test_rows_in_the_form_that_is_wanted(accept: str, asked: httpx.Client) -> None:
    answer = ask(asked, MODELS, accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, ROWS[accept])
    assert answer.headers["vary"] == "Accept, Authorization"
    if "json" in ROWS[accept]:
        assert len(answer.json()["results"]["bindings"]) == 6
    elif "xml" in ROWS[accept]:
        assert len(ElementTree.fromstring(answer.text).findall(".//{*}result")) == 6
    else:
        assert len(answer.text.splitlines()) == 7


GRAPHS: Final = {
    "text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml",
    "application/ld+json": "json-ld", "application/trig": "trig", "application/n-quads": "nquads",
    "text/plain": "nt", "*/*": "turtle",
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("accept", GRAPHS)
def test_graphs_in_the_form_that_is_wanted(accept: str, asked: httpx.Client) -> None:
    answer = ask(asked, GRAPH, accept)
    assert answer.status_code == 200
    if accept != "*/*":
        assert answer.headers["content-type"].partition(";")[0] == accept
    read = rdflib.Dataset()
    read.parse(data=answer.content, format=GRAPHS[accept])
    with_rdflib = {(str(s), str(o)) for s, _, o, _ in read.quads()}
    rows = ask(asked, "SELECT ?s ?o { ?s <http://www.w3.org/ns/prov#used> ?o }").json()["results"]["bindings"]
    assert with_rdflib == {(r["s"]["value"], r["o"]["value"]) for r in rows}


def test_whether_something_is_so(asked: httpx.Client) -> None:
    assert ask(asked, "ASK { ?m a <http://www.w3.org/ns/mls#Model> }").json() == {"head": {}, "boolean": True}
    no = ask(asked, "ASK { ?m a <urn:nothing> }", "application/sparql-results+xml")
    assert "<boolean>false</boolean>" in no.text


def test_answers_are_those_of_the_engine_alone(asked: httpx.Client, study: Path, tmp_path: Path) -> None:
    """What begat exports, read by an engine that knows nothing of it, answers the same."""
    file = tmp_path / "all.nq"
    store = f"sqlite:///{study}/.begat/graph.db"
    assert main(["export", "--store", store, "--format", "n-quads", "--output", str(file)]) == 0
    engine = ox.Store()
    engine.load(path=str(file), format=ox.RdfFormat.N_QUADS)
    for text in (
        "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
        "SELECT ?p (count(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
        "SELECT DISTINCT ?a ?b { ?a (prov:wasGeneratedBy|prov:used|prov:wasDerivedFrom)+ ?b } ORDER BY ?a ?b",
        "SELECT ?a { ?a a prov:Activity FILTER NOT EXISTS { ?a prov:startedAtTime ?t } } ORDER BY ?a",
    ):
        query = f"PREFIX prov: <http://www.w3.org/ns/prov#> {text}"
        expected = engine.query(query, use_default_graph_as_union=True)
        assert isinstance(expected, ox.QuerySolutions)
        assert ask(asked, query).content == expected.serialize(format=ox.QueryResultsFormat.JSON)


WRONG: Final[dict[str, tuple[str, dict[str, Any], int]]] = {
    "malformed": ("GET", {"params": {"query": "SELECT * {\n ?s ?p"}}, 400),
    "two queries": ("GET", {"params": {"query": ["ASK {}", "ASK {}"]}}, 400),
    "an empty query": ("GET", {"params": {"query": ""}}, 400),
    "no query": ("POST", {"data": {"other": "x"}}, 400),
    "no graph": ("GET", {"params": {"query": "ASK {}", "default-graph-uri": "no iri"}}, 400),
    "no text": ("POST", {"content": b"query=\xff", "headers": FORM}, 400),
    "no UTF-8": ("POST", {"content": b"ASK {\xff}", "headers": {"Content-Type": "application/sparql-query"}}, 400),
    "too many fields": ("POST", {"content": b"a=b&" * 300 + b"query=ASK{}", "headers": FORM}, 400),
    "an update in a form": ("POST", {"data": {"update": "CLEAR ALL"}}, 403),
    "an update": ("POST", {"content": b"CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}}, 403),
    "an update as a query": ("GET", {"params": {"query": "DELETE WHERE { ?s ?p ?o }"}}, 403),
    "loading": ("GET", {"params": {"query": "LOAD <http://127.0.0.1:1/>"}}, 403),
    "a call": ("GET", {"params": {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}}, 403),
    "putting": ("PUT", {"content": b"x"}, 405),
    "deleting": ("DELETE", {}, 405),
    "rows as pictures": ("GET", {"params": {"query": "ASK {}"}, "headers": {"Accept": "image/png"}}, 406),
    "rows as Turtle": ("GET", {"params": {"query": "ASK {}"}, "headers": {"Accept": "text/turtle"}}, 406),
    "a graph as CSV": ("GET", {"params": {"query": GRAPH}, "headers": {"Accept": "text/csv"}}, 406),
    "a description as CSV": ("GET", {"headers": {"Accept": "text/csv"}}, 406),
    "a large query": ("POST", {"data": {"query": "ASK {} #" + "x" * (1 << 20)}}, 413),
    "ten megabytes": ("POST", {"data": {"query": "ASK {} #" + "x" * (10 << 20)}}, 413),
    "a long address": ("GET", {"params": {"query": "ASK {} #" + "x" * 20_000}}, 414),
    "json": ("POST", {"json": {"query": "ASK {}"}}, 415),
    "latin-1": (
        "POST", {"content": b"ASK {}", "headers": {"Content-Type": "application/sparql-query; charset=latin-1"}}, 415,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told(what: str, asked: httpx.Client) -> None:
    method, how, status = WRONG[what]
    answer = asked.request(method, "/sparql", **how)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["status"] == status
    assert "\n" not in told["detail"]
    if what == "malformed":
        assert "2:7" in told["detail"]


def test_it_describes_itself(asked: httpx.Client) -> None:
    """SPARQL 1.1 Service Description, section 2: what is at the address of the service."""
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    forms = {"*/*": "turtle", "text/turtle": "turtle", "application/rdf+xml": "xml", "text/html": "turtle"}
    for accept, form in forms.items():
        answer = asked.get("/sparql", headers={"Accept": accept})
        graph = rdflib.Graph().parse(data=answer.content, format=form)
        (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
        assert str(graph.value(service, sd.endpoint)) == f"{asked.base_url}/sparql"
        assert graph.value(service, sd.supportedLanguage) == sd.SPARQL11Query
        assert graph.value(service, sd.feature) == sd.UnionDefaultGraph


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with things in two bundles and in none, each with its own name."""
    folder = tmp_path_factory.mktemp("bundles")
    (folder / "doc.provn").write_text(
        "document\n prefix ex <urn:ex:>\n entity(ex:a)\n bundle ex:one\n entity(ex:b)\n endBundle\n"
        " bundle ex:two\n entity(ex:c)\n endBundle\nendDocument\n"
    )
    done = subprocess.run([sys.executable, "-m", "begat", "import", "doc.provn"], cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_bundles_are_named_graphs(bundles: Path, service: NewService) -> None:
    """Section 2.1.4: the dataset of the protocol comes before the one of the query, that before the union of all."""
    every = "SELECT ?name { ?name a <http://www.w3.org/ns/prov#Entity> } ORDER BY ?name"
    graphs = "SELECT DISTINCT ?name { GRAPH ?name { ?s ?p ?o } } ORDER BY ?name"
    one = every.replace("{", "FROM <urn:ex:one> {", 1)
    with service(bundles).client() as client:
        assert names(ask(client, every)) == ["urn:ex:a", "urn:ex:b", "urn:ex:c"]
        assert names(ask(client, graphs)) == ["urn:ex:one", "urn:ex:two"]
        assert names(ask(client, one)) == ["urn:ex:b"]
        assert names(ask(client, graphs.replace("{", "FROM NAMED <urn:ex:two> {", 1))) == ["urn:ex:two"]
        told: dict[str, Any] = {"default-graph-uri": "urn:ex:two"}
        assert names(ask(client, every, **told)) == ["urn:ex:c"]
        assert names(ask(client, one, **told)) == ["urn:ex:c"]
        assert names(ask(client, graphs, **told)) == []
        told = {"default-graph-uri": ["urn:ex:one", "urn:ex:two"]}
        assert names(ask(client, every, **told)) == ["urn:ex:b", "urn:ex:c"]
        told = {"named-graph-uri": "urn:ex:one"}
        assert names(ask(client, graphs, **told)) == ["urn:ex:one"]
        assert names(ask(client, every, **told)) == []
        form = {"query": every, "default-graph-uri": "urn:ex:one"}
        assert names(client.post("/sparql", data=form, headers={"Accept": JSON})) == ["urn:ex:b"]


def test_conclusions_are_there_for_who_asks_for_them(asked: httpx.Client) -> None:
    query = "SELECT (count(*) AS ?name) { ?run <http://www.w3.org/ns/prov#generated> ?made }"
    made = "SELECT (count(*) AS ?name) { ?made <http://www.w3.org/ns/prov#wasGeneratedBy> ?run }"
    assert names(ask(asked, query)) == names(ask(asked, query, inference="no")) == ["0"]
    assert names(ask(asked, query, inference="prov-o")) == names(ask(asked, made)) != ["0"]
    assert ask(asked, query, inference="owl").status_code == 400


def test_what_another_process_takes_in_is_there_within_a_second(tmp_path: Path, service: NewService) -> None:
    take_in = [sys.executable, "-m", "begat", "import", "doc.provn"]
    (tmp_path / "doc.provn").write_text("document\n prefix ex <urn:ex:>\n activity(ex:early)\nendDocument\n")
    subprocess.run(take_in, cwd=tmp_path, check=True)
    late = " entity(ex:late)\n wasGeneratedBy(ex:late, ex:early)\n"
    (tmp_path / "doc.provn").write_text(f"document\n prefix ex <urn:ex:>\n{late}endDocument\n")
    every = "SELECT ?name { ?name a <http://www.w3.org/ns/prov#Entity> }"
    with service(tmp_path, "--no-watch").client() as client:
        before = ask(client, every)
        assert names(before) == []
        lineage = "SELECT ?name { <urn:ex:late> <https://w3id.org/begat/ns#dependsOn> ?name }"
        assert names(ask(client, lineage, inference="depends-on")) == []
        subprocess.run(take_in, cwd=tmp_path, check=True)
        time.sleep(1)
        assert names(ask(client, lineage, inference="depends-on")) == ["urn:ex:early"]
        after = ask(client, every)
        assert names(after) == ["urn:ex:late"]
        assert int(after.headers["begat-commit"]) > int(before.headers["begat-commit"])


def test_after_a_restart_nothing_is_made_anew(bundles: Path, service: NewService) -> None:
    told: list[str] = []
    for _ in range(2):
        running = service(bundles)
        with running.client() as client:
            assert ask(client, "ASK { <urn:ex:a> ?p ?o }").json()["boolean"]
        running.end()
        told.append("".join(running.lines))
    assert "are made" not in told[1]


def test_a_project_is_invisible_to_another_ones_token(two: Path, service: NewService) -> None:
    mine = token(two, "ada", "--project", "mine")
    running = service(two, "--require-token")
    with running.client(mine) as client:
        everything = ask(client, "SELECT * { ?s ?p ?o }")
        assert everything.status_code == 200
        assert "mine-model.pt" in everything.text
        told = [
            everything,
            ask(client, "SELECT * { GRAPH ?g { ?s ?p ?o } }"),
            ask(client, "SELECT (count(*) AS ?n) { ?s ?p ?o FILTER CONTAINS(STR(?o), 'theirs') }"),
            ask(client, "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),
            ask(client, "DESCRIBE ?s { ?s ?p ?o }", "application/n-quads"),
            ask(client, "SELECT * { ?s ?p ?o }", **{"default-graph-uri": "urn:theirs"}),
            client.get("/sparql"),
        ]
        for answer in told:
            assert "theirs" not in answer.text
        assert json.loads(told[2].content)["results"]["bindings"][0]["n"]["value"] == "0"
        refused = ask(client, "ASK {}", project="theirs")
        assert refused.status_code == 403
        assert "theirs" not in refused.text
    with running.client(token(two, "root", "--all-projects")) as client:
        for project in ("mine", "theirs"):
            assert f"{project}-model.pt" in ask(client, "SELECT * { ?s ?p ?o }", project=project).text


def test_many_at_once_are_answered_or_turned_away(bundles: Path, service: NewService) -> None:
    """A thousand questions that never end: each gets its status, others are answered meanwhile."""
    running = service(bundles, "--time-limit", "1")
    product = "SELECT (count(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(40)) + " }"
    others: list[int] = []
    over = threading.Event()

    def other() -> None:
        with running.client() as client:
            while not over.wait(0.1):
                others.append(client.get("/api/v1/find/Entity").status_code)

    def attack(_: int) -> tuple[int, str | None]:
        connection = HTTPConnection(running.url.removeprefix("http://"), timeout=60)
        connection.request("GET", f"/sparql?{urlencode({'query': product})}")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers["Retry-After"]

    watching = threading.Thread(target=other)
    watching.start()
    with ThreadPoolExecutor(200) as threads:
        answers = [*threads.map(attack, range(1000))]
    over.set()
    watching.join()
    assert {status for status, _ in answers} == {503, 504}
    assert all(again for status, again in answers if status == 503)
    assert others
    assert set(others) == {200}
    with running.client() as client:
        assert ask(client, "ASK {}").json()["boolean"]
