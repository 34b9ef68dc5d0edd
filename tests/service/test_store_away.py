"""A Neo4j server that goes away under a running service, and comes back: 503 meanwhile, well after, nothing lost."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.exactly_once.conftest import MortalNeo4j, mortal_neo4j
from tests.service.conftest import LONG, NewService
from tests.service.test_journal import JOURNAL, body

__all__ = ["mortal_neo4j"]
SCRIPT: Final = "import begat, sys\nwith begat.run(sys.argv[1]) as r:\n    r.metric('loss', 1.0, step=0)\n"


@pytest.fixture
def folder(tmp_path: Path, mortal_neo4j: MortalNeo4j, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where trainings run, with the server's password in a file."""
    scheme, _, rest = mortal_neo4j.address.partition("://")
    who, _, where = rest.rpartition("@")
    (tmp_path / "auth").write_text(who.replace(":", "/", 1))
    monkeypatch.setenv("BEGAT_STORE", f"{scheme}://{where}")
    monkeypatch.setenv("BEGAT_STORE_AUTH_FILE", str(tmp_path / "auth"))
    (tmp_path / "t.py").write_text(SCRIPT)
    return tmp_path


def train(folder: Path, name: str) -> None:
    subprocess.run([sys.executable, "t.py", name], cwd=folder, check=True)


def until(client: httpx.Client, says: Any, path: str, **params: Any) -> httpx.Response:
    """An answer of which that holds, awaited."""
    end = time.monotonic() + LONG
    while not says(answer := client.get(path, params=params)):
        assert time.monotonic() < end, (answer.status_code, answer.text)
        time.sleep(0.3)
    return answer


def names(answer: httpx.Response) -> set[str]:
    return {r["name"] for r in answer.json()["rows"]} if answer.status_code == 200 else set()


def test_a_server_that_goes_and_comes_back(folder: Path, mortal_neo4j: MortalNeo4j, service: NewService) -> None:
    running = service(folder)
    with running.client() as client:
        train(folder, "before")
        until(client, lambda a: "before" in names(a), "/api/v1/find/Activity")
        assert client.post(JOURNAL, content=body("w1")).json()["committed"] == 51
        until(client, lambda a: a.status_code == 200, "/healthz")

        mortal_neo4j.kill()
        until(client, lambda a: a.status_code == 503, "/api/v1/find/Activity")
        for path in ("/api/v1/find/Activity", "/api/v1/ask/running_now", "/api/v1/export", "/api/v1/runs"):
            away = client.get(path)
            assert (away.status_code, away.headers["content-type"]) == (503, "application/problem+json")
            assert int(away.headers["retry-after"]) > 0
            assert away.json()["title"] == "store away"
            assert "begat-in-tests" not in away.text  # its password
        refused = client.post(JOURNAL, content=body("w2"))
        assert (refused.status_code, refused.json()["title"]) == (503, "store away")
        asked = client.post("/graphql", json={"query": "{ runs { nodes { name } } }"})
        assert asked.status_code == 503
        assert int(asked.headers["retry-after"]) > 0
        assert asked.json()["errors"][0]["extensions"] == {"code": "STORE_AWAY", "retryable": True}
        assert client.get("/openapi.json").status_code == 200
        ill = until(client, lambda a: a.status_code == 503, "/healthz")
        assert ill.json()["status"] == "store away"
        train(folder, "meanwhile")

        mortal_neo4j.start()
        found = until(client, lambda a: {"before", "meanwhile"} <= names(a), "/api/v1/find/Activity")
        assert len(found.json()["rows"]) == 3
        until(client, lambda a: a.json()["status"] == "ok", "/healthz")
        assert client.post(JOURNAL, content=body("w2")).json()["committed"] == 51
        train(folder, "after")
        until(client, lambda a: {"before", "meanwhile", "after"} <= names(a), "/api/v1/find/Activity")
        assert client.post("/graphql", json={"query": "{ runs { nodes { name } } }"}).status_code == 200
    assert running.process.poll() is None
