"""A watcher keeps the snapshot of a store current, once somebody had one taken: when, by whom, and what if not."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.sqlite.snapshot import beside, loaded, standing
from begat.graph_schema.sqlite.snapshot.build import build
from begat.graph_schema.sqlite.store import SqliteStore
from begat.ingest.rebuild import rebuild
from begat.ingest.watch import snapshots
from begat.queries import ancestors
from begat.queries.accelerated import VARIABLE
from tests.unit.ingest.test_watch import NewWatching, Watching, file, until, watching

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import Journal, NewJournal

__all__ = ["file", "watching"]
LOST = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It looks often, and few changes are many."""
    for name, value in {"EVERY": 0.02, "PAUSE": 0, "FIRST": 0.05, "LONGEST": 0.05}.items():
        monkeypatch.setattr(snapshots, name, value)
    monkeypatch.setattr(standing, "FEW", 30)
    yield
    loaded.forget()


class Work:
    """Runs that each use what the two before made."""

    def __init__(self, journal: "Journal") -> None:
        self.journal, self.done = journal, 2

    def more(self, runs: int) -> str:
        """Write so many; returns what the last made."""
        for n in range(self.done, self.done + runs):
            self.journal.write(
                ev.Start(0, 0, f"run{n}", "step", types=["Preparation"]),
                *(ev.Used(0, 0, f"run{n}", f"made{n - back}") for back in (1, 2)),
                ev.Generated(0, 0, f"run{n}", f"made{n}"),
                ev.End(0, 0, f"run{n}"),
            )
        self.done += runs
        return f"made{self.done - 1}"


@pytest.fixture
def work(journal: "NewJournal") -> Work:
    return Work(journal())


def ask(file: Path, end: str, way: str) -> list[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch, closing(SqliteStore(str(file), create=False)) as store:
        patch.setenv(VARIABLE, way)
        return ancestors(store, end, limit=10_000).rows


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(sql).fetchall()


def child(w: Watching, number: int) -> int:
    """The process that takes the snapshot, the so-manyth that was begun."""
    until(lambda: len(w.lines("snapshot_due")) >= number)
    found = re.search(r"pid=(\d+)", w.lines("snapshot_due")[number - 1])
    assert found
    return int(found[1])


def test_where_nobody_had_one_taken_none_is(watching: NewWatching, work: Work, file: Path) -> None:
    w = watching()
    work.more(100)
    w.took(work.journal.seq)
    w.rounds(5)
    assert w.said.getvalue() == ""
    assert w.meter.snapshot is None
    assert [f.name for f in file.parent.glob("graph.db.flow*")] == []


def test_answers_stay_the_same_while_one_follows_the_other(watching: NewWatching, work: Work, file: Path) -> None:
    """Also when who takes it is killed: the next does."""
    w = watching()
    end = work.more(20)
    w.took(work.journal.seq)
    build(str(file))
    first = rows(file, "SELECT token FROM flow_snapshot")
    for n in range(8):
        end = work.more(40)
        w.took(work.journal.seq)
        until(lambda: not w.meter.unsettled)
        if n % 3 == 0:
            until(lambda: w.lines("snapshot_due"))
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(child(w, len(w.lines("snapshot_due"))), signal.SIGKILL)
        by_sql = ask(file, end, "off")
        assert len(by_sql) == 2 * (work.done - 2) + 1
        assert ask(file, end, "on") == by_sql
    taken = w.meter.snapshots
    work.more(40)
    until(lambda: w.meter.snapshots > taken and w.meter.snapshot and not w.meter.snapshot.due)
    w.end()
    assert rows(file, "SELECT token FROM flow_snapshot") != first
    assert rows(file, "SELECT count(*) FROM flow_log")[0][0] <= 200
    assert len(list(file.parent.glob("graph.db.flow-*"))) == 1
    assert ask(file, end, "on") == ask(file, end, "off")


def test_killed_is_told_and_tried_again(watching: NewWatching, work: Work, file: Path) -> None:
    w = watching()
    work.more(20)
    w.took(work.journal.seq)
    build(str(file))
    work.more(40)
    os.kill(child(w, 1), signal.SIGKILL)
    until(lambda: w.meter.snapshots)
    (line,) = w.lines("snapshot_failed")
    assert line.endswith('msg="exit code -9"')
    until(lambda: w.meter.snapshot and not w.meter.snapshot.due)
    assert " edges=180 " in w.lines("snapshot_taken")[0]


def failed(w: Watching, times: int) -> bool:
    return w.meter.snapshot_failures == times


def test_what_goes_wrong_again_is_told_once(watching: NewWatching, work: Work, file: Path) -> None:
    w = watching()
    work.more(20)
    w.took(work.journal.seq)
    build(str(file))
    with beside.building(str(file)):  # while somebody else takes one, it waits
        work.more(40)
        w.took(work.journal.seq)
        w.rounds(5)
        assert w.said.getvalue() == ""
    for n in (1, 2, 3):
        os.kill(child(w, n), signal.SIGKILL)
        until(partial(failed, w, n))
    until(lambda: w.meter.snapshots)
    assert len(w.lines("snapshot_failed")) == 1


def test_without_numpy_it_says_so_once(
    watching: NewWatching, work: Work, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = watching()
    work.more(20)
    w.took(work.journal.seq)
    build(str(file))
    monkeypatch.setitem(sys.modules, "numpy", None)
    work.more(40)
    until(lambda: w.lines("snapshot_failed"))
    w.rounds(5)
    (line,) = w.lines("snapshot_failed")
    assert line.endswith("""msg="it needs an extra: pip install 'begat[fast]'\"""")
    assert w.lines("snapshot_due") == []


def test_who_takes_it_ends_with_the_watcher(watching: NewWatching, work: Work, file: Path) -> None:
    w = watching()
    work.more(20)
    w.took(work.journal.seq)
    build(str(file))
    work.more(40)
    w.took(work.journal.seq)
    until(lambda: not w.meter.unsettled)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # what it waits for
        pid = child(w, 1)
        w.end()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_and_when_the_watcher_is_killed(work: Work, file: Path) -> None:
    SqliteStore(str(file)).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        command = [*snapshots.CHILD, str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as builder:
            with pytest.raises(subprocess.TimeoutExpired):
                builder.wait(1)
            assert builder.stdin
            builder.stdin.close()  # as the system does it for who dies
            assert builder.wait(20) == 1


def test_files_that_nobody_uses_are_removed(watching: NewWatching, work: Work, file: Path, spool: Path) -> None:
    """Of a builder that was killed, and of another store that was here; never what others have named alike."""
    w = watching()
    end = work.more(20)
    w.took(work.journal.seq)
    build(str(file))
    used = next(file.parent.glob("graph.db.flow-*"))
    named = ("flow-notes", f"flow-{LOST}.txt", f"flow-{LOST[1:]}", "flow.db")
    others = [file.with_name(f"graph.db.{n}") for n in named]
    lost = [file.with_name(f"graph.db.flow-{LOST}{n}") for n in ("", ".half")]
    for f in (*others, *lost):
        f.write_text("a file")
    until(lambda: not any(f.exists() for f in lost))
    assert all(f.read_text() == "a file" for f in others)
    assert ask(file, end, "on") == ask(file, end, "off")
    assert used.exists()
    w.end()
    (line,) = w.lines("snapshot_removed")
    assert " files=2 " in line
    rebuild(f"sqlite:///{file}", spool)
    assert not used.exists()
    assert all(f.exists() for f in others)
    assert len(ask(file, end, "on")) == 41


def test_a_reader_keeps_what_it_has_mapped(file: Path) -> None:
    SqliteStore(str(file)).close()
    build(str(file))
    ((token,),) = rows(file, "SELECT token FROM flow_snapshot")
    held = loaded.load(str(file), token)
    assert held
    before = held.up.at.tolist()
    build(str(file))
    assert not file.with_name(f"graph.db.flow-{token}").exists()
    assert held.up.at.tolist() == before
