"""What analysts say over GraphQL: tagged, annotated, linked, each by somebody; kept like all else that is recorded."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.dumped import dumped
from tests.service.conftest import LONG, NewService
from tests.service.test_access import token

SCRIPT: Final = """
import begat, sys
from pathlib import Path
Path("rain.csv").write_text("1,2")
with begat.run("train", type="Training") as run:
    run.domain("gauge:ketzin", "Ketzin")
    run.used("rain.csv", role="train", type="Dataset")
    Path("model.pt").write_text("weights")
    run.generated("model.pt", type="Model")
"""
TAG: Final = """mutation ($thing: String!, $tags: [String!]!) { tag(thing: $thing, tags: $tags) {
    changed thing { name attributes } activity { name type status associatedWith { nodes { name type } } } } }"""
NOTE: Final = "mutation ($thing: String!, $note: String!) { annotate(thing: $thing, note: $note) { changed } }"
LINK: Final = """mutation ($thing: String!, $concept: String!, $since: DateTime, $until: DateTime) {
    linkConcept(thing: $thing, concept: $concept, since: $since, until: $until) {
        changed thing { about { nodes { name } } } } }"""


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A folder where something was trained."""
    (tmp_path / "train.py").write_text(SCRIPT)
    subprocess.run([sys.executable, "train.py"], cwd=tmp_path, check=True)
    return tmp_path


def say(client: httpx.Client, document: str, **given: Any) -> Any:
    """The value of the one field of a mutation that is done."""
    reply = client.post("/graphql", json={"query": document, "variables": given}).json()
    assert "errors" not in reply, reply
    (value,) = reply["data"].values()
    return value


def wrong(client: httpx.Client, document: str, **given: Any) -> tuple[str, str]:
    """The code and line of the error of one that is not."""
    (error,) = client.post("/graphql", json={"query": document, "variables": given}).json()["errors"]
    return error["extensions"]["code"], error["message"]


def caught_up(client: httpx.Client) -> None:
    """The watcher has taken in what was trained."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        if client.get("/api/v1/find/Model").json()["rows"] and not client.get("/api/v1/runs").json()["pending"]:
            return
        time.sleep(0.05)
    raise AssertionError("nothing was taken in")


def test_what_is_said_shows_in_the_questions(trained: Path, service: NewService) -> None:
    with service(trained).client() as client:
        caught_up(client)
        said = say(client, TAG, thing="model.pt", tags=["baseline", "good", "baseline"])
        assert said["changed"]
        assert said["thing"]["attributes"]["tag"] == ["baseline", "good"]
        activity = said["activity"]
        assert (activity["name"], activity["type"], activity["status"]) == ("tag", "Curation", "FINISHED")
        (who,) = activity["associatedWith"]["nodes"]
        (author,) = client.get("/api/v1/find/Person").json()["rows"]
        assert (who["name"], who["type"]) == (author["name"], "Person")  # as hooks know the same account

        assert say(client, NOTE, thing="train", note="the first that works; password=verysecret1")["changed"]
        linked = say(client, LINK, thing="rain.csv", concept="Ketzin", since="2024-01-01", until="2025-01-01")
        assert [n["name"] for n in linked["thing"]["about"]["nodes"]] == ["Ketzin"]

        (found,) = client.get("/api/v1/find/Model", params={"where": 'tag = "baseline"'}).json()["rows"]
        assert found["name"] == "model.pt"
        shown = client.get("/api/v1/show", params={"id": "train"}).text
        assert "the first that works; password=***" in shown
        (about,) = client.get("/api/v1/ask/datasets_about", params={"thing": "gauge:ketzin"}).json()["rows"]
        assert (about["name"], about["since"]) == ("rain.csv", "2024-01-01T00:00:00Z")
        behind = client.get("/api/v1/lineage", params={"of": "model.pt"}).json()["rows"]
        assert not {"tag", "annotate", "link concept"} & {r["name"] for r in behind}


def test_what_was_said_already_changes_nothing(trained: Path, service: NewService) -> None:
    with service(trained).client() as client:
        caught_up(client)
        for document, given in (
            (TAG, {"tags": ["baseline"]}),
            (NOTE, {"note": " fine "}),
            (LINK, {"concept": "gauge:ketzin", "until": "2025-01-01"}),
        ):
            assert say(client, document, thing="model.pt", **given)["changed"]
            assert not say(client, document, thing="model.pt", **given)["changed"]
        again = say(client, TAG, thing="model.pt", tags=["baseline", "new"])
        assert again["thing"]["attributes"]["tag"] == ["baseline", "new"]
        assert say(client, TAG, thing="model.pt", tags=["new"])["activity"] is None
        assert say(client, LINK, thing="model.pt", concept="Ketzin")["changed"]  # for all time: another statement
        said = client.get("/api/v1/find/Curation").json()["rows"]
        assert sorted(r["name"] for r in said) == ["annotate", "link concept", "link concept", "tag", "tag"]


WRONG: Final[dict[str, tuple[str, dict[str, Any], str]]] = {
    "a thing that is not there": (TAG, {"thing": "modle.pt", "tags": ["a"]}, "NOT_FOUND"),
    "no tag": (TAG, {"thing": "model.pt", "tags": []}, "BAD_INPUT"),
    "an empty tag": (TAG, {"thing": "model.pt", "tags": ["a", " "]}, "BAD_INPUT"),
    "two lines": (TAG, {"thing": "model.pt", "tags": ["a\nb"]}, "BAD_INPUT"),
    "many tags": (TAG, {"thing": "model.pt", "tags": [str(n) for n in range(101)]}, "BAD_INPUT"),
    "a long tag": (TAG, {"thing": "model.pt", "tags": ["x" * 201]}, "BAD_INPUT"),
    "a long note": (NOTE, {"thing": "model.pt", "note": "x" * 20_001}, "BAD_INPUT"),
    "no note": (NOTE, {"thing": "model.pt", "note": ""}, "BAD_INPUT"),
    "an unknown concept": (LINK, {"thing": "model.pt", "concept": "Ketzn"}, "NOT_FOUND"),
    "a run as a concept": (LINK, {"thing": "model.pt", "concept": "train"}, "BAD_INPUT"),
    "a time that ends first": (
        LINK, {"thing": "model.pt", "concept": "Ketzin", "since": "2025-01-01", "until": "2024-01-01"}, "BAD_INPUT",
    ),
    "no time": (LINK, {"thing": "model.pt", "concept": "Ketzin", "since": "yesterday"}, "INVALID_VARIABLES"),
}  # fmt: skip


def test_what_cannot_be_said(trained: Path, service: NewService) -> None:
    with service(trained).client() as client:
        caught_up(client)
        for what, (document, given, code) in WRONG.items():
            told = wrong(client, document, **given)
            assert told[0] == code, (what, told)
        assert "did you mean Ketzin?" in wrong(client, LINK, thing="model.pt", concept="Ketzn")[1]
        assert client.get("/api/v1/find/Curation").json()["rows"] == []
        by_get = client.get("/graphql", params={"query": 'mutation { tag(thing: "model.pt", tags: "a") { changed } }'})
        assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")
        assert by_get.json()["errors"][0]["extensions"]["code"] == "BY_POST"
        other = client.post("/graphql", json={"query": TAG}, headers={"Origin": "https://evil.example"})
        assert other.status_code == 403


def test_who_may_say_something_of_what(trained: Path, service: NewService) -> None:
    writes, reads = token(trained, "ada@lab", "--scope", "write"), token(trained, "bob")
    elsewhere = token(trained, "carl", "--scope", "write", "--project", "elsewhere")
    running = service(trained, "--require-token")
    given = {"thing": "model.pt", "tags": ["baseline"]}
    with running.client(writes) as client:
        caught_up(client)
        (who,) = say(client, TAG, **given)["activity"]["associatedWith"]["nodes"]
        assert who == {"name": "ada@lab", "type": "Person"}
    with running.client(reads) as client:
        refused = client.post("/graphql", json={"query": TAG, "variables": given})
        assert refused.status_code == 403
        assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert client.get("/api/v1/find/Model", params={"where": 'tag = "baseline"'}).json()["rows"]
    with running.client(elsewhere) as client:
        assert wrong(client, TAG, **given)[0] == "NOT_FOUND"
        assert client.post("/graphql?project=default", json={"query": TAG, "variables": given}).status_code == 403


def test_what_was_answered_survives_kill_9_and_a_rebuild(trained: Path, service: NewService) -> None:
    running = service(trained)
    with running.client() as client:
        caught_up(client)
        for n in range(5):
            assert say(client, TAG, thing="model.pt", tags=[f"tag {n}"])["changed"]
        assert running.end(signal.SIGKILL) == -signal.SIGKILL
    subprocess.run([sys.executable, "-m", "begat", "ingest"], cwd=trained, check=True, capture_output=True)
    before = dumped(trained)
    assert sum(b'"tag 4"' in line for line in before) == 2  # of the model, and in what its activity has told
    subprocess.run([sys.executable, "-m", "begat", "rebuild"], cwd=trained, check=True, capture_output=True)
    assert dumped(trained) == before


def test_what_cannot_be_written_down_is_not_said(trained: Path, service: NewService) -> None:
    running = service(trained)
    with running.client() as client:
        caught_up(client)
        spool = trained / ".begat/spool"
        spool.rename(trained / "spool")
        spool.write_text("no folder")
        code, line = wrong(client, TAG, thing="model.pt", tags=["baseline"])
        assert (code, "nothing was recorded" in line) == ("STORE_AWAY", True)
        spool.unlink()
        (trained / "spool").rename(spool)
        assert say(client, TAG, thing="model.pt", tags=["baseline"])["changed"]
