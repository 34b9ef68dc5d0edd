"""A snapshot that is damaged, half made, too old or another store's: the answers are those of SQL, and none is lost."""

import shutil
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from begat.graph_schema.errors import StoreAway, StoreBusy, StoreError
from begat.graph_schema.sqlite.snapshot import beside, build, loaded, log
from begat.graph_schema.sqlite.store import SqliteStore
from begat.graph_schema.store import Batch
from begat.queries import accelerated, ancestors, ask, descendants
from begat.queries.accelerated import VARIABLE, closed
from begat.queries.engine import look, run
from begat.queries.expr import Par, Var
from begat.queries.plan import FLOW, C, N, Query
from begat.queries.sql import frontier
from tests.contract.test_closures import Line, chain, lattice

if TYPE_CHECKING:
    from tests.contract.conftest import Load

END = "d9"


@pytest.fixture(autouse=True)
def used(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Snapshots are used from the first closure on, and this process has none yet."""
    monkeypatch.setenv(VARIABLE, "on")
    loaded.forget()
    yield
    loaded.forget()


@pytest.fixture
def path(tmp_path: Path, load: "Load") -> str:
    """A store of nine diamonds, with a snapshot."""
    path = str(tmp_path / "graph.db")
    store = load(SqliteStore(path), lattice(9).said)
    store.close()
    build.build(path)
    return path


@pytest.fixture
def store(path: str) -> Iterator[SqliteStore]:
    store = SqliteStore(path, create=False)
    yield store
    store.close()


def file(path: str) -> Path:
    (found,) = Path(path).parent.glob("graph.db.flow-*")
    return found


def in_use(store: SqliteStore, node: str = END) -> bool:
    return closed(store, look(store), node, "up") is not None


def more(store: SqliteStore, load: "Load", *ids: str) -> None:
    """Say that the end is derived from something else too, later than all that was said."""
    line = Line()
    line.now += 1_000_000
    line.derived(END, *ids)
    store.write(Batch(line.said))
    store.settle()


def found(store: SqliteStore) -> dict[str, int]:
    return {r["id"]: r["depth"] for r in ancestors(store, END).rows}


def test_what_came_in_since_is_in_the_answer(store: SqliteStore, load: "Load") -> None:
    assert in_use(store)
    assert len(found(store)) == 27
    more(store, load, "late")
    assert in_use(store)
    assert found(store)["late"] == 1
    assert len(found(store)) == 28
    assert {r["id"] for r in descendants(store, "late").rows} == {END}
    assert {r["id"]: r["via"] for r in ask(store, "how_created", {"thing": END}).rows}["late"] == END


def test_a_damaged_file_is_not_used(path: str) -> None:
    """Wherever a bit has turned, but in what only fills up the place of an array."""
    content = file(path).read_bytes()
    places = range(0, len(content), 61)
    store = SqliteStore(path, create=False)
    refused = 0
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        file(path).write_bytes(damaged)
        loaded.forget()
        refused += not in_use(store)
        assert len(found(store)) == 27
    assert refused > 0.7 * len(places)
    store.close()


@pytest.mark.parametrize("length", [0, 7, 100, 3000])
def test_nor_one_that_is_cut_off(path: str, length: int) -> None:
    file(path).write_bytes(file(path).read_bytes()[:length])
    store = SqliteStore(path, create=False)
    assert not in_use(store)
    assert len(found(store)) == 27
    store.close()


def test_nor_that_of_another_store(path: str, tmp_path: Path, load: "Load") -> None:
    other = str(tmp_path / "other.db")
    load(SqliteStore(other), chain(4).said).close()
    build.build(other)
    (foreign,) = tmp_path.glob("other.db.flow-*")
    foreign.replace(file(path))
    store = SqliteStore(path, create=False)
    assert not in_use(store)
    assert len(found(store)) == 27
    store.close()


def test_one_that_is_gone_is_made_again(path: str) -> None:
    file(path).unlink()
    store = SqliteStore(path, create=False)
    assert not in_use(store)
    assert len(found(store)) == 27
    build.build(path)
    assert in_use(store)
    store.close()


def test_a_copy_from_before_that_takes_the_stores_place(path: str, tmp_path: Path, load: "Load") -> None:
    """The process has read the log of the one; the other goes on from an earlier row, and soon has as many."""
    kept = tmp_path / "kept.db"
    shutil.copy(path, kept)
    store = SqliteStore(path, create=False)
    more(store, load, "one", "two")
    assert in_use(store)
    assert {"one", "two"} <= found(store).keys()
    store.close()
    for name in tmp_path.glob("graph.db-*"):
        name.unlink()
    shutil.copy(kept, path)
    again = SqliteStore(path, create=False)
    assert not found(again).keys() & {"one", "two"}
    more(again, load, "three", "four", "five")
    assert {"three", "four", "five"} <= found(again).keys()
    assert not found(again).keys() & {"one", "two"}
    assert in_use(again)
    again.close()


def test_the_store_made_anew_has_none(path: str, load: "Load") -> None:
    store = SqliteStore(path, create=False)
    assert in_use(store)
    store.close()
    for name in (path, f"{path}-wal", f"{path}-shm"):
        Path(name).unlink(missing_ok=True)
    anew = load(SqliteStore(path), lattice(9).said[:20])
    assert not in_use(anew, "d2")
    assert {r["id"] for r in ancestors(anew, "d2").rows} == {"d0", "d1", "l0", "l1", "r0", "r1"}
    build.build(path)
    assert in_use(anew, "d2")
    assert len(list(Path(path).parent.glob("graph.db.flow-*"))) == 1
    anew.close()


def test_more_than_the_log_takes(path: str, load: "Load", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LEAST_ROOM", 3)
    build.build(path)
    store = SqliteStore(path, create=False)
    more(store, load, "one")
    assert in_use(store)
    more(store, load, *(f"more{n}" for n in range(40)))
    assert not in_use(store)
    assert len(found(store)) == 27 + 1 + 40
    build.build(path)
    assert in_use(store)
    assert len(found(store)) == 27 + 1 + 40
    store.close()


def test_without_its_triggers_it_does_not_count(path: str) -> None:
    """So a migration that makes the table of flow edges anew."""
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER flow_put")
    db.close()
    store = SqliteStore(path, create=False)
    assert not in_use(store)
    build.build(path)
    assert in_use(store)
    store.close()


def schema(path: str) -> list[Any]:
    db = sqlite3.connect(path)
    try:
        return db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    finally:
        db.close()


def test_removed_it_leaves_nothing(path: str, tmp_path: Path) -> None:
    SqliteStore(str(tmp_path / "plain.db")).close()
    assert schema(path) != schema(str(tmp_path / "plain.db"))
    beside.remove(path)
    assert schema(path) == schema(str(tmp_path / "plain.db"))
    assert not list(tmp_path.glob("graph.db.flow-*"))


def test_one_process_builds_at_a_time(path: str) -> None:
    before = file(path)
    with beside.building(path), pytest.raises(StoreBusy, match="another process is taking a snapshot"):
        build.build(path)
    assert file(path) == before


BUILD = "import sys; from begat.graph_schema.sqlite.snapshot.build import build; print(flush=True); build(sys.argv[1])"


def test_killed_at_any_moment(path: str, store: SqliteStore, load: "Load") -> None:
    """What counted before counts on, or the new one does; what was left is removed by the next."""
    for n in range(8):
        more(store, load, f"more{n}")
        with subprocess.Popen([sys.executable, "-c", BUILD, path], stdout=subprocess.PIPE) as builder:
            assert builder.stdout is not None
            builder.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                builder.wait(0.002 * n)
            builder.kill()
        assert in_use(store)
        assert len(found(store)) == 27 + n + 1
    build.build(path)
    assert len(list(Path(path).parent.glob("graph.db.flow-*"))) == 1
    assert in_use(store)


BEHIND = Query((N("x", id=Par("thing")), C("x", FLOW, "y", "up")), {"id": Var("y")}, ("id",))


def test_a_closure_in_the_midst_of_a_statement_that_meets_much_that_is_new(
    store: SqliteStore, load: "Load", monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQL answers all of it, then and the next times; later it is tried again."""
    assert len(run(store, BEHIND, {"thing": END}, look(store)).rows) == 27
    more(store, load, "late")
    monkeypatch.setattr(frontier, "MOST_READ", 0)
    monkeypatch.setattr(accelerated, "PASSED", 2)
    accelerated._slower.clear()
    for left in (2, 1, 0, 2):
        assert len(run(store, BEHIND, {"thing": END}, look(store)).rows) == 28
        assert list(accelerated._slower.values()) == [left]
    monkeypatch.undo()
    monkeypatch.setenv(VARIABLE, "on")
    accelerated._slower.clear()
    assert len(run(store, BEHIND, {"thing": END}, look(store)).rows) == 28
    assert not accelerated._slower


def pages(path: str, sql: str = "PRAGMA page_count") -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(sql).fetchone()[0])


def test_the_log_is_bounded_however_often_a_build_comes_to_nothing(
    path: str, store: SqliteStore, load: "Load", monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is the file: what one snapshot no longer needs is used again."""
    monkeypatch.setattr(build, "LEAST_ROOM", 20)
    build.build(path)
    with monkeypatch.context() as patch:
        patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7))
        Path(f"{path}.flow-{uuid.UUID(int=7).hex}").mkdir()  # where the file is to be
        for n in range(30):
            more(store, load, *(f"more{n}-{m}" for m in range(5)))
            with pytest.raises(StoreError, match=r"the snapshot of .* cannot be written: Is a directory"):
                build.build(path)
            assert pages(path, "SELECT count(*) FROM flow_log") <= 2 * max(20, 250 // 4) + 2
            assert len(found(store)) == 27 + 5 * (n + 1)
    build.build(path)
    assert in_use(store)
    assert pages(path, "SELECT count(*) FROM flow_log") == 1
    before = pages(path)
    for _ in range(20):
        with sqlite3.connect(path) as db:
            db.execute("UPDATE flow SET t = t + 1")
        db.close()
        build.build(path)
    assert pages(path) <= before + 4
    assert len(found(store)) == 27 + 150


def test_the_store_is_known_again_at_the_end_of_a_build(path: str, tmp_path: Path) -> None:
    """A copy from before that took its place meanwhile does not get what was taken of the other."""
    kept = str(tmp_path / "kept.db")
    shutil.copy(path, kept)
    build.build(path)
    with closing(sqlite3.connect(path)) as new, closing(sqlite3.connect(kept)) as old:
        row = log.last(beside.reading(new))
        assert row
        assert log.holds(beside.reading(new), row)
        assert not log.holds(beside.reading(old), row)


def test_none_is_taken_where_the_disk_is_nearly_full(
    path: str, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=3000))
        with pytest.raises(StoreAway, match="is taken only where as much stays free: make room"):
            build.build(path)
    assert in_use(store)


def test_many_threads_while_things_come_in(path: str, store: SqliteStore, load: "Load") -> None:
    """A thread may be a moment behind another: it never sees less than was there when it asked."""
    wrong: list[str] = []
    said = [0]

    def look_on() -> None:
        mine = SqliteStore(path, create=False)
        for _ in range(60):
            before = said[0]
            there = found(mine).keys()
            if not {f"more{n}" for n in range(before)} <= there:
                wrong.append(f"{before} were said, {sorted(there)} found")
        mine.close()

    threads = [threading.Thread(target=look_on) for _ in range(3)]
    for t in threads:
        t.start()
    for n in range(30):
        more(store, load, f"more{n}")
        said[0] = n + 1
        if n % 10 == 5:
            build.build(path)
    for t in threads:
        t.join()
    assert wrong == []
    assert len(found(store)) == 27 + 30
