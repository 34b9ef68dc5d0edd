"""Ingesters that are killed, that work at the same time, and the store made again from the journals: one graph."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema import dump
from begat.graph_schema import events as ev
from begat.graph_schema.errors import StoreBusy, StoreError, UsageError
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest
from begat.ingest.rebuild import rebuild

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal

INGEST = """
import os, sys
from pathlib import Path
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest

batches = int(sys.argv[3])
def until(done, total):
    global batches
    batches -= 1
    if batches == 0:
        os.kill(os.getpid(), 9)
ingest(open_store(sys.argv[1]), Path(sys.argv[2]), batch_events=20, progress=until)
"""


def ingester(url: str, spool: Path, batches: int = -1) -> "subprocess.Popen[bytes]":
    """A process that ingests in small batches, and is killed after some of them."""
    return subprocess.Popen([sys.executable, "-c", INGEST, url, str(spool), str(batches)])


@pytest.fixture
def expected(spool: Path, journal: "NewJournal") -> list[bytes]:
    """Three writers' journals in the spool; what their graph is, by the memory store."""
    for n in range(3):
        w = journal(f"w{n}")
        w.train(f"run-{n}", 10)
        w.seal()
        w.next()
        w.write(ev.Alias(0, 0, f"run-{n}-data", "version"), ev.Used(0, 0, "report", f"run-{n}-epoch-9-model"))
    store = open_store("memory:")
    ingest(store, spool)
    return dump.lines(store)


def held(url: str) -> list[bytes]:
    store = open_store(url)
    try:
        return dump.lines(store)
    finally:
        store.close()


def test_killed_again_and_again(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    for batches in (1, 1, 2, 1, 2):
        assert ingester(url, spool, batches).wait() == -9
    assert ingester(url, spool).wait() == 0
    assert held(url) == expected


def test_three_at_the_same_time(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    at_work = [ingester(url, spool) for _ in range(3)]
    assert [p.wait() for p in at_work] == [0, 0, 0]
    assert held(url) == expected


def test_rebuilt(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    file = tmp_path / "graph.db"
    url = f"sqlite:///{file}"
    ingester(url, spool, 4).wait()
    first = file.stat().st_ino
    assert rebuild(url, spool).events > 0
    assert file.stat().st_ino != first
    assert held(url) == expected
    file.unlink()
    rebuild(url, spool)
    assert held(url) == expected
    assert [p.name for p in tmp_path.iterdir() if "rebuild" in p.name] == []


def test_rebuilding_waits_for_no_reader_and_changes_nothing_then(
    expected: list[bytes], spool: Path, tmp_path: Path
) -> None:
    file = tmp_path / "graph.db"
    url = f"sqlite:///{file}"
    ingester(url, spool).wait()
    reader = sqlite3.connect(file)
    reader.execute("SELECT count(*) FROM node").fetchall()
    with pytest.raises(StoreBusy, match="open in another process"):
        rebuild(url, spool)
    reader.close()
    assert held(url) == expected


def test_what_the_spool_lacks_is_not_thrown_away(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    ingester(url, spool).wait()
    next(spool.glob("*/w1.0001.seg")).unlink()
    with pytest.raises(StoreError, match="lacks events 1 to 58 of writer w1"):
        rebuild(url, spool)
    assert held(url) == expected


def test_a_damaged_store_is_put_aside(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    file = tmp_path / "graph.db"
    file.write_bytes(b"?" * 50_000)
    report = rebuild(f"sqlite:///{file}", spool)
    assert Path(report.aside).read_bytes() == b"?" * 50_000
    assert held(f"sqlite:///{file}") == expected


def test_a_store_with_a_torn_middle_is_made_again(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    rebuild(url, spool)
    with (tmp_path / "graph.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"?" * 100_000)
    rebuild(url, spool)
    assert held(url) == expected


def test_only_what_is_begats_is_replaced(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(StoreError, match="not a begat store"):
        rebuild(f"sqlite:///{other}", spool)
    with pytest.raises(StoreError, match="is a directory"):
        rebuild(f"sqlite:///{tmp_path}", spool)
    with pytest.raises(UsageError, match="only an embedded store"):
        rebuild("memory:", spool)
    shutil.rmtree(spool)
    with pytest.raises(StoreError, match="nothing to rebuild"):
        rebuild(f"sqlite:///{tmp_path / 'graph.db'}", spool)
    assert os.listdir(tmp_path) == ["other.db"]


def test_what_a_killed_rebuild_left_is_removed_in_time(expected: list[bytes], spool: Path, tmp_path: Path) -> None:
    old, recent = tmp_path / "graph.db.rebuild-1", tmp_path / "graph.db.rebuild-2-wal"
    old.touch()
    recent.touch()
    os.utime(old, (0, 0))
    rebuild(f"sqlite:///{tmp_path / 'graph.db'}", spool)
    assert not old.exists()
    assert recent.exists()
