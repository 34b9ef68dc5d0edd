"""/graphql as the GraphQL Foundation's specification of GraphQL over HTTP has it."""

import json
from typing import Any, Final

import httpx
import pytest

from tests.service.npm import node

ASKED: Final = "{ models(first: 2) { nodes { id name } } }"
RESPONSE: Final = "application/graphql-response+json"


def test_all_audits_of_graphql_http(asked: httpx.Client) -> None:
    done = node("audit.mjs", f"{asked.base_url}/graphql")
    assert done.returncode == 0, done.stderr
    audits = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a for a in audits if a["status"] != "ok"] == []
    assert len(audits) == 61


def test_by_get_and_by_post(asked: httpx.Client) -> None:
    posted = asked.post("/graphql", json={"query": ASKED}).json()
    assert len(posted["data"]["models"]["nodes"]) == 2
    assert asked.get("/graphql", params={"query": ASKED}).json() == posted
    again = asked.post("/graphql", json={"query": ASKED}, headers={"Accept": RESPONSE})
    assert (again.json(), again.headers["content-type"]) == (posted, f"{RESPONSE}; charset=utf-8")


MALFORMED: Final[dict[str, tuple[dict[str, Any], int]]] = {
    "no json": ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
    "a batch": ({"json": [{"query": ASKED}]}, 400),
    "a text": ({"json": "query"}, 400),
    "no query": ({"json": {}}, 400),
    "a number": ({"json": {"query": 1}}, 400),
    "variables": ({"json": {"query": ASKED, "variables": [1]}}, 400),
    "a form": ({"data": {"query": ASKED}}, 415),
    "plain text": ({"content": json.dumps({"query": ASKED}), "headers": {"Content-Type": "text/plain"}}, 415),
    "latin-1": ({"content": b"{}", "headers": {"Content-Type": "application/json; charset=latin-1"}}, 415),
    "no such form": ({"json": {"query": ASKED}, "headers": {"Accept": "text/html"}}, 406),
    "too long": ({"json": {"query": "#" * (3 << 20)}}, 413),
    "deep": ({"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 400),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_no_request(asked: httpx.Client, what: str) -> None:
    how, status = MALFORMED[what]
    wrong = asked.post("/graphql", **how)
    assert wrong.status_code == status
    (error,) = wrong.json()["errors"]
    assert error["message"]


def test_a_document_that_is_none(asked: httpx.Client) -> None:
    for query in ("{", "{ nothing }", "query A { __typename } query B { __typename }", "mutation { x }"):
        old = asked.post("/graphql", json={"query": query})
        new = asked.post("/graphql", json={"query": query}, headers={"Accept": RESPONSE})
        assert (old.status_code, new.status_code) == (200, 400), query
        assert "data" not in new.json()
        assert new.json() == old.json()
