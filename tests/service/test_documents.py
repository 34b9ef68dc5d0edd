"""PROV documents over HTTP: POST /api/v1/documents and GET /api/v1/export, in every form."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import prov.model as pm
import pyoxigraph as ox
import pytest

from begat.api.cli import main
from begat.ingest.documents.archive import FOLDER
from begat.queries.documents.export import FORMS
from begat.queries.documents.media import MEDIA
from tests.service.conftest import NewService, Service
from tests.service.test_access import token

DOCUMENTS, EXPORT = "/api/v1/documents", "/api/v1/export"
E = "http://example.org/"
TEXT = f"""document
  prefix ex <{E}>
  entity(ex:data, [prov:label="the data"])
  entity(ex:model, [prov:type='prov:Plan', ex:size=12])
  activity(ex:train, 2024-01-31T12:00:00Z, 2024-01-31T13:00:00Z)
  used(ex:train, ex:data, -, [prov:role="input"])
  wasGeneratedBy(ex:model, ex:train, 2024-01-31T12:59:00Z)
  entity(ex:other)
endDocument
"""
#: Forms that the library `prov` reads, by its names.
BY_PROV = {"prov-json": "json", "prov-n": "provn", "prov-xml": "xml", "prov-jsonld": "jsonld"}
RDF = {
    "turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "n-triples": ox.RdfFormat.N_TRIPLES,
    "n-quads": ox.RdfFormat.N_QUADS, "rdf-xml": ox.RdfFormat.RDF_XML, "json-ld": ox.RdfFormat.JSON_LD,
}  # fmt: skip


@pytest.fixture
def running(tmp_path: Path, service: NewService) -> Service:
    return service(tmp_path, "--no-watch", "--max-body", "1")


@pytest.fixture
def client(running: Service) -> Iterator[httpx.Client]:
    with running.client() as one:
        yield one


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service that has taken in TEXT."""
    folder = tmp_path_factory.mktemp("there")
    one = Service(folder, "--no-watch").begun()
    with one.client() as client:
        assert client.post(DOCUMENTS, content=TEXT).status_code == 200
        yield client
    assert one.end() == 0


def test_a_document_is_taken_in_and_can_be_asked_about(client: httpx.Client, tmp_path: Path) -> None:
    for _ in range(2):
        taken = client.post(DOCUMENTS, content=TEXT)
        assert taken.status_code == 200
        assert taken.json() == {
            "project": "default", "format": "prov-n", "things": 4, "relations": 2, "bundles": 0, "remarks": []
        }  # fmt: skip
    rows = client.get("/api/v1/lineage", params={"of": E + "model"}).json()["rows"]
    assert {r["id"] for r in rows} == {E + "train", E + "data"}
    assert len(list((tmp_path / ".begat/spool" / FOLDER).iterdir())) == 1


def test_the_graph_can_be_made_of_it_again(
    client: httpx.Client, running: Service, service: NewService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(DOCUMENTS, content=TEXT)
    before = sorted(client.get(EXPORT).content.splitlines())
    assert running.end() == 0
    monkeypatch.chdir(tmp_path)
    assert main(["rebuild"]) == 0
    with service(tmp_path, "--no-watch").client() as again:
        assert sorted(again.get(EXPORT).content.splitlines()) == before


@pytest.mark.parametrize("form", BY_PROV)
def test_every_form_of_prov_comes_out_as_it_went_in(there: httpx.Client, form: str) -> None:
    answer = there.get(EXPORT, params={"format": form})
    assert answer.headers["content-type"] == MEDIA[form]
    known = pm.ProvDocument.deserialize(content=TEXT, format="provn")
    assert pm.ProvDocument.deserialize(content=answer.text, format=BY_PROV[form]) == known
    again = there.post(DOCUMENTS, content=answer.content, headers={"Content-Type": answer.headers["content-type"]})
    assert (again.json()["format"], again.json()["things"]) == (form, 4)


def test_every_form_of_rdf_says_the_same(there: httpx.Client) -> None:
    said = {form: set(ox.parse(there.get(EXPORT, params={"format": form}).content, of)) for form, of in RDF.items()}
    assert len(said["n-quads"]) > 10
    assert all(quads == said["n-quads"] for quads in said.values())
    assert BY_PROV.keys() | RDF.keys() == FORMS.keys()


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/x-ndjson"),
        ("*/*", "application/x-ndjson"),
        ("application/json", "application/json"),
        ("text/turtle", MEDIA["turtle"]),
        ("application/ld+json", "application/ld+json"),
        ("application/provenance+xml;q=0.5, text/provenance-notation", MEDIA["prov-n"]),
        ("text/html, application/n-quads;q=0.1", "application/n-quads"),
        ("image/png", "application/problem+json"),
    ],
)
def test_the_form_is_what_the_asker_accepts(there: httpx.Client, accept: str | None, media: str) -> None:
    answer = there.get(EXPORT, headers={} if accept is None else {"Accept": accept})
    assert answer.headers["content-type"] == media
    assert answer.status_code == (406 if "problem" in media else 200)


def test_what_has_not_changed_is_not_sent_again(client: httpx.Client) -> None:
    client.post(DOCUMENTS, content=TEXT)
    first = client.get(EXPORT, params={"format": "prov-n"})
    asked: dict[str, Any] = {"headers": {"If-None-Match": first.headers["etag"]}}
    same = client.get(EXPORT, params={"format": "prov-n"}, **asked)
    assert (same.status_code, same.content) == (304, b"")
    assert client.get(EXPORT, params={"format": "prov-xml"}, **asked).status_code == 200
    client.post(DOCUMENTS, content=TEXT.replace("ex:other", "ex:another"))
    assert "ex:another" in client.get(EXPORT, params={"format": "prov-n"}, **asked).text


def test_what_lies_around_a_thing(there: httpx.Client) -> None:
    around: dict[str, str | int] = {"format": "prov-json", "of": E + "model", "depth": 1}
    assert there.get(EXPORT, params=around).json().keys() == {"prefix", "entity", "activity", "wasGeneratedBy"}
    everything = there.get(EXPORT, params={"format": "prov-json", "of": E + "model"}).json()
    assert everything["entity"].keys() == {"ex:model", "ex:data"}
    assert there.get(EXPORT, params=around | {"of": "nothing"}).status_code == 404


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"format": "prov-q"}, 400),
        ({"points": "no", "format": "turtle"}, 400),
        ({"depth": 1, "format": "prov-n"}, 404),
        ({"of": E + "model"}, 404),
    ],
)
def test_what_cannot_be_asked_of_an_export(there: httpx.Client, params: dict[str, Any], status: int) -> None:
    wrong = there.get(EXPORT, params=params)
    assert (wrong.status_code, wrong.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("content", "how", "status", "says"),
    [
        (b"document\n entty(ex:a)\nendDocument", {}, 409, "no PROV-N: line 2, column 2: 'entty' is no kind of"),
        (b'{"entity": 5}', {}, 409, '"entity" is 5: an object is expected'),
        (b"hello", {}, 409, "the body: of none of the forms"),
        (b"", {}, 409, "the body: there is nothing in it"),
        (b"<!DOCTYPE a><a/>", {"params": {"format": "prov-xml"}}, 409, "line 1, column 1: a document type is declared"),
        (b"<a/>", {"headers": {"Content-Type": "application/provenance+xml"}}, 409, "<a> is not of PROV's namespace"),
        (TEXT, {"params": {"format": "prov-q"}}, 400, "format is 'prov-q'"),
        (TEXT, {"params": {"offset": 1}}, 400, "there is no parameter 'offset' here"),
        (TEXT, {"headers": {"Content-Encoding": "x"}}, 415, "Content-Encoding 'x' is not read here"),
        (TEXT, {"headers": {"Content-Encoding": "gzip"}}, 400, "the body is no gzip"),
        (TEXT + " " * (1 << 20), {}, 413, "the limit is 1048576"),
        (gzip.compress(bytes(2 << 20)), {"headers": {"Content-Encoding": "gzip"}}, 413, "unpacked it has"),
    ],
)
def test_what_is_not_taken_leaves_nothing(
    content: bytes, how: dict[str, Any], status: int, says: str, client: httpx.Client, tmp_path: Path
) -> None:
    wrong = client.post(DOCUMENTS, content=content, **how)
    assert (wrong.status_code, wrong.headers["content-type"]) == (status, "application/problem+json")
    assert says in wrong.json()["detail"]
    assert "\n" not in wrong.json()["detail"]
    assert not (tmp_path / ".begat/spool" / FOLDER).exists()
    packed = gzip.compress(TEXT.encode())
    taken = client.post(DOCUMENTS, content=packed, headers={"Content-Encoding": "gzip"})
    assert taken.json()["things"] == 4


def test_a_token_has_one_project_and_may_no_more_than_it_says(tmp_path: Path, service: NewService) -> None:
    ada = token(tmp_path, "ada", "--project", "wells", "--scope", "write")
    bob = token(tmp_path, "bob", "--project", "mines", "--scope", "write")
    eve = token(tmp_path, "eve", "--project", "wells", "--scope", "read")
    running = service(tmp_path, "--require-token", "--no-watch")
    with running.client(ada) as one, running.client(bob) as two, running.client(eve) as three:
        assert one.post(DOCUMENTS, content=TEXT).json()["project"] == "wells"
        assert three.post(DOCUMENTS, content=TEXT).status_code == 403
        assert one.post(DOCUMENTS, content=TEXT, params={"project": "mines"}).status_code == 403
        assert httpx.post(running.url + DOCUMENTS, content=TEXT).status_code == 401
        for form in FORMS:
            of_all = two.get(EXPORT, params={"format": form})
            assert of_all.status_code == 200
            assert "example.org" not in of_all.text
            assert three.get(EXPORT, params={"format": form, "project": "mines"}).status_code == 403
            assert "example.org" in three.get(EXPORT, params={"format": form}).text
        # A tag would tell them when another project gets something.
        assert "etag" not in three.get(EXPORT).headers
        assert two.get(EXPORT, params={"format": "prov-n", "of": E + "model"}).status_code == 404


def test_what_a_form_cannot_hold_is_told(client: httpx.Client) -> None:
    held = {"prefix": {"ex": E}, "entity": {"ex:a": {"ex:k": "red \x1b"}}, "bundle": {"ex:b": {"entity": {"ex:c": {}}}}}
    assert client.post(DOCUMENTS, content=json.dumps(held)).status_code == 200
    for form, says in (("prov-xml", "U+001B"), ("turtle", "is a bundle")):
        wrong = client.get(EXPORT, params={"format": form})
        assert (wrong.status_code, says in wrong.json()["detail"]) == (404, True)
