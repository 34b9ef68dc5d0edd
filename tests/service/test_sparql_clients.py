"""Clients that others wrote, as their users have them."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError

import httpx
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from begat.api.cli import main
from tests.service.npm import node

PREFIXES: Final = (
    "PREFIX mls: <http://www.w3.org/ns/mls#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX prov: <http://www.w3.org/ns/prov#> "
)
MODELS: Final = PREFIXES + "SELECT ?name { ?m a mls:Model ; rdfs:label ?name } ORDER BY ?name"
NAMES: Final = [f"models/{m}.pt" for m in ("a", "b", "base", "ens", "oder", "pair")]
PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/howto/ask-with-sparql.md").read_text()


def converted(service: SPARQLWrapper) -> Any:
    return service.queryAndConvert()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper(method: str, asked: httpx.Client) -> None:
    service = SPARQLWrapper(f"{asked.base_url}/sparql")
    service.setMethod(method)
    service.setQuery(MODELS)
    service.setReturnFormat(JSON)
    assert [row["name"]["value"] for row in converted(service)["results"]["bindings"]] == NAMES
    service.setReturnFormat(CSV)
    assert converted(service).decode().split() == ["name", *NAMES]
    service.setReturnFormat(XML)
    assert len(converted(service).getElementsByTagName("result")) == 6
    service.setQuery(PREFIXES + "CONSTRUCT { ?m a prov:Entity } WHERE { ?m a mls:Model }")
    service.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=converted(service), format="turtle")) == 6
    service.setReturnFormat(JSON)
    service.setQuery("SELECT * {")
    with pytest.raises(QueryBadFormed):
        service.query()


def test_sparqlwrapper_is_told_of_an_update(asked: httpx.Client) -> None:
    service = SPARQLWrapper(f"{asked.base_url}/sparql")
    service.setMethod("POST")
    service.setQuery("CLEAR ALL")
    with pytest.raises(HTTPError, match="403"):
        service.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_asks_as_if_the_graph_were_here(method: str, asked: httpx.Client) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{asked.base_url}/sparql", method=method))
    rows: Any = graph.query(MODELS)
    assert [str(row[0]) for row in rows] == NAMES
    mls = rdflib.Namespace("http://www.w3.org/ns/mls#")
    models = {*graph.subjects(rdflib.RDF.type, mls.Model)}
    assert len(models) == 6
    assert {str(graph.value(m, rdflib.RDFS.label)) for m in models} == {*NAMES}


def test_comunica_joins_on_its_own_side(asked: httpx.Client) -> None:
    done = node("comunica.mjs", f"{asked.base_url}/sparql", MODELS)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == NAMES


def test_the_command_line_answers_the_same(study: Path, asked: httpx.Client) -> None:
    def begat(text: str, *more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "begat", "sparql", "-", *more]
        done = subprocess.run(command, cwd=study, input=text, capture_output=True, text=True)
        print(done.stderr)  # shown where a test fails
        return done

    assert begat(MODELS).stdout.split() == ["name", *NAMES]
    for form, media in (("json", "application/sparql-results+json"), ("csv", "text/csv")):
        told = asked.get("/sparql", params={"query": MODELS}, headers={"Accept": media}).text
        assert begat(MODELS, "--format", form).stdout.split() == told.split()
    assert begat("ASK {}").stdout == "true\n"
    assert len(rdflib.Graph().parse(data=begat("DESCRIBE ?s { ?s ?p ?o }").stdout, format="turtle")) > 100
    for text, code, told in (
        ("SELECT * {", 2, "error at 1:"), ("CLEAR ALL", 2, "changes something"),
        ("CONSTRUCT WHERE {?s ?p ?o}", 2, "none"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 1, "limit"),
    ):  # fmt: skip
        done = begat(text, "--format", "csv")
        assert done.returncode == code
        assert done.stderr.startswith("begat: ")
        assert told in done.stderr
    command = [sys.executable, "-m", "begat", "sparql", "none.rq"]
    missing = subprocess.run(command, cwd=study, capture_output=True, text=True)
    assert (missing.returncode, missing.stderr) == (2, "begat: none.rq cannot be read: No such file or directory\n")


def test_the_page_is_right(study: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(study)
    (block,) = [b for b in PAGE.split("```console\n")[1:] if b.startswith("$ cat models.rq")]
    text, _, commands = block.removeprefix("$ cat models.rq\n").partition("$ ")
    Path("models.rq").write_text(text)
    for line in commands.split("```")[0].splitlines():
        words = shlex.split(line.removeprefix("$ "))
        if words[0] == "begat":
            assert main(words[1:]) == 0
            assert "models/a.pt" in capfd.readouterr().out


def test_what_the_page_finds_behind_a_model_is_its_lineage(
    study: Path, asked: httpx.Client, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(study)
    (block,) = [b for b in PAGE.split("```console\n")[1:] if b.startswith("$ cat behind.rq")]
    text, _, command = block.removeprefix("$ cat behind.rq\n").partition("$ begat ")
    Path("behind.rq").write_text(text)
    assert main(["ancestors", "models/a.pt", "--format", "json"]) == 0
    names = sorted({row["name"] for row in json.loads(capfd.readouterr().out)["rows"]})
    assert main([*shlex.split(command.splitlines()[0]), "--format", "csv"]) == 0
    assert capfd.readouterr().out.splitlines() == ["name", *names]
    told = asked.get("/sparql", params={"query": text, "inference": "depends-on"}, headers={"Accept": "text/csv"})
    assert told.text.splitlines() == ["name", *names]
    without = asked.get("/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    assert without.text.splitlines() == ["name"]
