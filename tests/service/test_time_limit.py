"""A question that would take long is stopped in the store when its time is over, and who asked is told how much that
was."""

from pathlib import Path
from typing import Final

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.store import Batch, open_store
from begat.ingest.resolve import resolve
from tests.service.conftest import NewService

DATASETS, GAUGES = 100, 5_000
#: Each part has all gauges of all datasets looked through: a hundred million.
SLOW: Final = " or ".join(f'gauge = "nobody {n}"' for n in range(240))
FIND: Final = 'query ($where: String!) { find(type: "Dataset", where: $where) { nodes { id } } }'
STOPPED: Final = "the question took longer than it may (the time limit is 0.5 s)"


@pytest.fixture
def gauges(tmp_path: Path) -> Path:
    """A folder with datasets of very many gauges each."""
    (tmp_path / ".begat").mkdir()
    store = open_store(f"sqlite:///{tmp_path}/.begat/graph.db")
    said: ev.Attributes = {"gauge": [f"gauge {n}" for n in range(GAUGES)]}
    for n in range(DATASETS):
        node = ev.Node(seq=n + 1, at=n + 1, id=f"data {n}", kind="Entity", types=["Dataset"], name="x", attributes=said)
        store.write(Batch(resolve(node, "writer", "default")))
    store.close()
    return tmp_path


def test_a_slow_question_is_stopped_and_told(gauges: Path, service: NewService) -> None:
    with service(gauges, "--time-limit", "0.5", "--threads", "2", "--no-watch").client() as client:
        answer = client.post("/graphql", json={"query": FIND, "variables": {"where": SLOW}})
        assert answer.status_code == 200, answer.text
        (error,) = answer.json()["errors"]
        assert (error["extensions"]["code"], error["message"]) == ("TOOK_TOO_LONG", STOPPED)
        assert answer.json()["data"] == {"find": None}
        for where, status in ((SLOW, 503), ('name = "nobody"', 200)):
            told = client.get("/api/v1/find/Dataset", params={"where": where})
            assert told.status_code == status, told.text
            assert told.json().get("detail") == (STOPPED if status == 503 else None)
        for _ in range(3):  # the threads are free again: there are two
            assert client.get("/api/v1/find/Dataset", params={"where": SLOW}).status_code == 503
        assert client.get("/healthz").json()["status"] == "ok"
