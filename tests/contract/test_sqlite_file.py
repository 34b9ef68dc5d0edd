"""The embedded store as a file: what is refused in one line, and who may use it at the same time."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.errors import BegatError, StoreBusy, StoreError, StoreNewer, UsageError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.sqlite import connection
from begat.graph_schema.sqlite.store import SqliteStore
from begat.graph_schema.statements import NOWHERE, AnyStatement, Context, Description, Position, Relation
from begat.graph_schema.store import Batch, Bookmark, Store, open_store

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE = Context()
ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def refused(path: Path, error: type[BegatError] = StoreError, *, create: bool = True) -> str:
    """The message with which a store at a path is refused: one line, that names the path."""
    with pytest.raises(error) as told:
        open_store(f"sqlite:///{path}", create=create)
    message = str(told.value)
    assert "\n" not in message
    assert str(path) in message
    assert told.value.exit_code == 4
    return message


def statements(n: int = 20, writer: str = "w") -> list[AnyStatement]:
    """A chain of generations, each an event of the writer."""
    return [
        Relation(HERE, Position(i, writer, i), "used", f"a{i}", f"e{i}", time=i)
        if i % 2
        else Relation(HERE, Position(i, writer, i), "wasGeneratedBy", f"e{i + 1}", f"a{i - 1}", time=i)
        for i in range(1, n + 1)
    ]


# -- what is refused


def test_a_directory(tmp_path: Path) -> None:
    assert "is a directory: a store is a file" in refused(tmp_path)
    assert "is a directory" in refused(tmp_path, create=False)


def test_a_store_of_a_newer_begat(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    SqliteStore(str(path)).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    before = path.read_bytes()
    for create in (True, False):
        message = refused(path, StoreNewer, create=create)
        assert "has schema 999" in message
        assert "upgrade begat" in message
    assert path.read_bytes() == before


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, " * 100)
    for create in (True, False):
        assert "is not a begat store" in refused(path, create=create)
    assert path.read_text().startswith("not a database")


def test_a_database_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipe (name TEXT)")
    db.close()
    before = path.read_bytes()
    for create in (True, False):
        assert "is an SQLite file, but not a begat store" in refused(path, create=create)
    assert path.read_bytes() == before


def test_a_damaged_store(tmp_path: Path, load: "Load") -> None:
    path = tmp_path / "graph.db"
    store = SqliteStore(str(path))
    load(store, statements(200))
    store.close()
    damaged = bytearray(path.read_bytes())
    damaged[4096:] = os.urandom(len(damaged) - 4096)
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"is not a begat store, or is damaged.*`begat rebuild` makes it anew"):
        list(open_store(f"sqlite:///{path}").scan())


def test_a_missing_store_is_only_made_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "graph.db"
    assert "there is no store at" in refused(path, create=False)
    assert not path.parent.exists()
    open_store(f"sqlite:///{path}").close()
    open_store(f"sqlite:///{path}", create=False).close()


def test_an_empty_file_is_a_store_to_be_made(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    path.touch()
    assert "is empty" in refused(path, create=False)
    open_store(f"sqlite:///{path}").close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"folder .*file cannot be made: "):
        open_store(f"sqlite:///{tmp_path}/file/graph.db")


def test_a_folder_that_takes_no_file(tmp_path: Path) -> None:
    """A read-only one; root may write anywhere but there where the kernel makes the files."""
    folder = Path("/proc") if os.geteuid() == 0 else tmp_path
    tmp_path.chmod(0o500)
    try:
        refused(folder / "graph.db")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("url", ["sqlite:graph.db", "sqlite://graph.db", "sqlite:///", "postgres://x", "graph.db", ""])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(UsageError, match="sqlite:///PATH") as told:
        open_store(url)
    assert told.value.exit_code == 2


def test_a_path_of_any_kind(tmp_path: Path, load: "Load", dump: Callable[[Store], list[str]]) -> None:
    """Signs that mean something in a URI are a path's own here."""
    path = tmp_path / "a b" / "50%#1?mode=memory&x.db"
    store = open_store(f"sqlite:///{path}")
    assert dump(load(store, statements())) == dump(load(MemoryStore(), statements()))
    assert path.is_file()
    store.close()


# -- questions


def test_a_question_without_end_is_ended(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "graph.db"))
    with pytest.raises(StoreError, match="took longer than it may"):
        store.read(ENDLESS, {}, limit_s=0.05)
    assert store.read("SELECT count(*) FROM edge", {}, limit_s=5) == [(0,)]
    assert store.read("SELECT :x", {"x": 1}) == [(1,)]
    store.close()


def test_a_question_cannot_write(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "graph.db"))
    with pytest.raises(StoreError, match="readonly"):
        store.read("DELETE FROM edge", {})
    store.close()


def test_threads_ask_at_the_same_time(tmp_path: Path, load: "Load") -> None:
    store = SqliteStore(str(tmp_path / "graph.db"))
    load(store, statements())
    found: list[int] = []
    ask = lambda: found.append(store.read("SELECT count(*) FROM edge", {})[0][0])  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert found == [20] * 8
    store.close()


# -- several at once


def test_a_reader_sees_what_is_committed_while_another_writes(tmp_path: Path, load: "Load") -> None:
    writer = SqliteStore(str(tmp_path / "graph.db"))
    reader = SqliteStore(str(tmp_path / "graph.db"), create=False)
    assert reader.stats().relations == 0
    load(writer, statements(10))
    assert reader.stats().relations == 10
    blocker = sqlite3.connect(tmp_path / "graph.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    blocker.execute("DELETE FROM edge")
    assert reader.stats().relations == 10
    blocker.execute("ROLLBACK")
    blocker.close()
    for store in (reader, writer):
        store.close()


def test_a_store_that_another_process_keeps_writing_to_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: "Load"
) -> None:
    monkeypatch.setattr(connection, "BUSY_S", 0.05)
    store = SqliteStore(str(tmp_path / "graph.db"))
    blocker = sqlite3.connect(tmp_path / "graph.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match=r"another process is writing to .*graph\.db: try again") as told:
        store.write(Batch(bookmarks=[Bookmark("a", 1)]))
    assert told.value.retryable
    blocker.execute("ROLLBACK")
    blocker.close()
    store.write(Batch(bookmarks=[Bookmark("a", 1)]))
    assert store.bookmarks() == {"a": 1}
    store.close()


WRITE = """
import sys
from begat.graph_schema.statements import Context, Position, Relation
from begat.graph_schema.store import Batch, Range, open_store

store = open_store(sys.argv[1])
first, last, by = map(int, sys.argv[2:])
print("ready", flush=True)
sys.stdin.readline()
for i in range(first, last, by):
    what = ("used", f"a{i}", f"e{i}") if i % 2 else ("wasGeneratedBy", f"e{i + 1}", f"a{i - 1}")
    store.write(Batch([Relation(Context(), Position(i, "w", i), *what, time=i)], ranges=[Range("w", i, i)]))
    if i % 7 == 0:
        store.settle()
store.settle()
store.close()
"""


def start(*args: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITE, *map(str, args)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_processes_write_at_once(tmp_path: Path, load: "Load", dump: Callable[[Store], list[str]]) -> None:
    url = f"sqlite:///{tmp_path}/graph.db"
    writers = [start(url, 1, 101, 2), start(url, 2, 101, 2), start(url, 1, 101, 1)]
    for w in writers:
        assert w.stdin is not None
        w.stdin.write("go\n")
        w.stdin.flush()
    for w in writers:
        w.communicate(timeout=60)
    assert [w.returncode for w in writers] == [0, 0, 0]
    store = open_store(url)
    store.settle()
    assert dump(store) == dump(load(MemoryStore(), statements(100)))
    assert [c.commit for c in store.changes()] == list(range(1, 101))
    store.close()


def test_a_writer_that_is_killed_leaves_whole_batches(
    tmp_path: Path, load: "Load", dump: Callable[[Store], list[str]]
) -> None:
    url = f"sqlite:///{tmp_path}/graph.db"
    writer = start(url, 1, 1_000_000, 1)
    store = open_store(url)
    assert writer.stdin is not None
    writer.stdin.write("go\n")
    writer.stdin.flush()
    while store.stats().relations < 20:
        assert writer.poll() is None
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    store.settle()
    ((_, first, last),) = store.ranges("w")
    assert first == 1
    assert dump(store) == dump(load(MemoryStore(), statements(last)))
    load(store, statements(last + 10))
    assert dump(store) == dump(load(MemoryStore(), statements(last + 10)))
    store.close()


def test_a_name_with_a_zero_in_it_is_found_again(
    tmp_path: Path, load: "Load", dump: Callable[[Store], list[str]]
) -> None:
    """SQL texts often end at a NUL; an id does not."""
    said = [Description(HERE, NOWHERE, e, name=n) for n in ("one", "two") for e in ("e", "e\0", "e\0f")]
    for s in said:
        store = open_store(f"sqlite:///{tmp_path}/graph.db")
        load(store, [s, Relation(HERE, NOWHERE, "wasDerivedFrom", s.node, "e\0f")])
        store.close()
    store = open_store(f"sqlite:///{tmp_path}/graph.db")
    related = [Relation(HERE, NOWHERE, "wasDerivedFrom", s.node, "e\0f") for s in said]
    assert dump(store) == dump(load(MemoryStore(), [*said, *related]))
    store.close()
