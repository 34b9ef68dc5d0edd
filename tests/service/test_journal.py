"""POST /api/v1/journal: pieces of journals, packed or not, of one's own project; and whatever else may be posted."""

import gzip
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard

from begat.api.cli import main
from begat.graph_schema import events as ev
from begat.graph_schema.dump import lines
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest
from tests.service.conftest import NewService, Service
from tests.service.test_access import token

JOURNAL = "/api/v1/journal"
MOMENT = 1_750_000_000_000_000


def header(writer: str = "w", project: str = "default", **fields: Any) -> bytes:
    head = ev.Header(1, writer, 1, project, "elsewhere", "a boot", 1, 1, "", MOMENT, 0)
    for name, value in fields.items():
        setattr(head, name, value)
    return ev.line(head)


def body(writer: str = "w", project: str = "default", points: int = 50) -> bytes:
    start = ev.line(ev.Start(1, MOMENT, f"run-{writer}", "train", types=["Training"]))
    metrics = (ev.line(ev.Metric(n, MOMENT + n, f"run-{writer}", "loss", 1 / n, step=n)) for n in range(2, points + 2))
    return header(writer, project) + start + b"".join(metrics)


@pytest.fixture
def running(tmp_path: Path, service: NewService) -> Service:
    return service(tmp_path, "--no-watch", "--max-body", "1")


@pytest.fixture
def client(running: Service) -> Iterator[httpx.Client]:
    with running.client() as one:
        yield one


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        (None, bytes),
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("GZIP", lambda b: gzip.compress(b[:100]) + gzip.compress(b[100:])),
    ],
)
def test_a_segment_is_committed_and_can_be_asked_about(encoding: str | None, pack: Any, client: httpx.Client) -> None:
    headers = {} if encoding is None else {"Content-Encoding": encoding}
    whole = body()
    for _ in range(2):
        answer = client.post(JOURNAL, content=pack(whole), headers=headers)
        assert (answer.status_code, answer.json()) == (
            200, {"writer": "w", "segment": 1, "committed": 51, "through": len(whole), "quarantined": 0}
        )  # fmt: skip
    rows = client.get("/api/v1/metrics", params={"of": "run-w"}).json()["rows"]
    assert len(rows) == 50


def test_curl_sends_a_file(tmp_path: Path, running: Service) -> None:
    (tmp_path / "w.seg").write_bytes(body())
    done = subprocess.run(
        ["curl", "-s", "--data-binary", f"@{tmp_path}/w.seg", running.url + JOURNAL], capture_output=True, check=True
    )
    assert b'"committed":51' in done.stdout


def test_the_sink_and_spool_send_reach_it(
    tmp_path: Path, service: NewService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there").mkdir()
    secret = token(tmp_path / "there", "ada", "--project", "wells", "--scope", "write")
    url = service(tmp_path / "there", "--require-token", "--no-watch").url
    script = "import begat\nwith begat.run('train') as run:\n    run.metric('loss', 0.5)\n"
    monkeypatch.chdir(tmp_path)
    tried = (("wells", url, ""), ("wells", "", ""), ("wells", url + "/no", "404"), ("x", url, "409"))
    for project, sink, says in tried:
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True,
            env={**os.environ, "BEGAT_PROJECT": project, "BEGAT_SINK": sink, "BEGAT_TOKEN": secret},
        )  # fmt: skip
        assert says in done.stderr
        assert bool(done.stderr) == bool(says)
    monkeypatch.setenv("BEGAT_TOKEN", secret)
    assert main(["spool", "send", "--to", url]) == 4  # the other project's
    assert "is of the project 'x', and only 'wells' is taken here" in capsys.readouterr().out
    assert main(["spool", "send", "--to", url + "/no"]) == 4
    assert "answers 404" in capsys.readouterr().err
    monkeypatch.delenv("BEGAT_TOKEN")
    assert main(["spool", "send", "--to", url]) == 4
    assert "BEGAT_TOKEN has to be a token that it knows" in capsys.readouterr().err
    clean, store = open_store("memory:"), open_store(f"sqlite:///{tmp_path}/there/.begat/graph.db")
    ingest(clean, tmp_path / ".begat/spool")
    mine = [line for line in lines(clean) if b'"wells"' in line]
    assert mine
    assert [line for line in lines(store) if b'"wells"' in line] == mine
    assert not [line for line in lines(store) if b'"x"' in line]
    store.close()


@pytest.mark.parametrize(
    ("content", "query", "headers", "status", "says"),
    [
        (b"", "", {}, 409, "no journal"),
        (b"hello\n", "", {}, 409, "crc"),
        (b"\0" * 1000, "", {}, 409, "no journal"),
        (header(format=2), "", {}, 409, "journal format 2, this begat reads up to 1"),
        (body(), "?offset=3", {}, 409, "lies in the header"),
        (body(), "?offset=-1", {}, 400, "offset"),
        (body(), f"?offset={2**63}", {}, 400, "offset"),
        (body(), "?offset=x", {}, 400, "offset"),
        (body(), "?ofset=3", {}, 400, "did you mean offset"),
        (body(), "?ended=maybe", {}, 400, "ended"),
        (b"x" * (1 << 20) + b"x", "", {}, 413, "the limit"),
        (gzip.compress(b"0" * (1 << 28)), "", {"Content-Encoding": "gzip"}, 413, "unpacked it has more than"),
        (
            zstandard.ZstdCompressor().compress(b"0" * (1 << 28)), "", {"Content-Encoding": "zstd"}, 413,
            "unpacked it has more than",
        ),
        (body(), "", {"Content-Encoding": "br"}, 415, "identity, gzip, x-gzip, zstd are"),
        (body(), "", {"Content-Encoding": "gzip, gzip"}, 415, "is not read here"),
        (body(), "", {"Content-Encoding": "gzip"}, 400, "no gzip, or damaged"),
        (gzip.compress(body())[:-20], "", {"Content-Encoding": "gzip"}, 400, "no gzip, or damaged"),
        (body(), "", {"Content-Encoding": "zstd"}, 400, "no zstd, or damaged"),
    ],
)  # fmt: skip
def test_what_is_refused_and_nothing_of_it_stored(
    content: bytes, query: str, headers: dict[str, str], status: int, says: str, client: httpx.Client, tmp_path: Path
) -> None:
    answer = client.post(JOURNAL + query, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    store = open_store(f"sqlite:///{tmp_path}/.begat/graph.db")
    assert (list(lines(store)), list(store.quarantine()), list(store.writers())) == ([], [], [])
    store.close()


def test_a_body_that_is_sent_in_chunks_is_bounded_too(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield header()
        for _ in range(40):
            yield b"x" * (1 << 16)

    try:
        assert client.post(JOURNAL, content=chunks()).status_code == 413
    except httpx.WriteError:  # it hung up on us
        pass
    assert client.post(JOURNAL, content=iter([body()])).json()["committed"] == 51


def test_other_methods(client: httpx.Client) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert client.request(method, JOURNAL).status_code == 405


def test_who_may_only_read_hands_in_nothing(tmp_path: Path, service: NewService) -> None:
    reader = token(tmp_path, "ada", "--project", "wells", "--scope", "read")
    writer = token(tmp_path, "bob", "--project", "wells", "--scope", "write")
    running = service(tmp_path, "--require-token", "--no-watch")
    with running.client(reader) as client:
        assert client.post(JOURNAL, content=body(project="wells")).status_code == 403
    with running.client(writer) as client:
        told = client.post(JOURNAL, content=body(project="rivers"))
        assert (told.status_code, told.json()["detail"]) == (
            409, "this journal is of the project 'rivers', and only 'wells' is taken here"
        )  # fmt: skip
        assert client.post(JOURNAL, content=body(project="wells")).json()["committed"] == 51


def test_many_at_once_are_all_committed(tmp_path: Path, running: Service) -> None:
    told: dict[str, list[int]] = {}

    def send(writer: str) -> None:
        whole = body(writer, points=30)
        with running.client() as client:
            told[writer] = []
            for _ in range(3):
                answer = client.post(
                    JOURNAL, content=zlib.compress(whole, 1, 31), headers={"Content-Encoding": "gzip"}
                )
                told[writer].append(answer.json()["committed"])

    threads = [threading.Thread(target=send, args=(f"w{n}",)) for n in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert told == {f"w{n}": [31] * 3 for n in range(20)}
    store = open_store(f"sqlite:///{tmp_path}/.begat/graph.db")
    assert store.stats().metric_points == 600
    store.close()


def test_a_store_that_was_taken_away_gets_nothing_acknowledged_but_what_it_has(
    tmp_path: Path, client: httpx.Client
) -> None:
    assert client.post(JOURNAL, content=body()).json()["committed"] == 51
    for file in (tmp_path / ".begat").glob("graph.db*"):
        file.unlink()
    assert client.post(JOURNAL, content=body("x")).json()["committed"] == 51
    store = open_store(f"sqlite:///{tmp_path}/.begat/graph.db", create=False)
    assert [w.header.writer for w in store.writers()] == ["x"]
    store.close()
