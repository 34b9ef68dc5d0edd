"""What a watcher takes in and when, what it waits for, and what it says."""

import io
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from begat.graph_schema import dump
from begat.graph_schema import events as ev
from begat.graph_schema.errors import StoreError, StoreNewer
from begat.graph_schema.sqlite import connection
from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from begat.ingest.lock import try_lock
from begat.ingest.pack import pack
from begat.ingest.watch import follow
from begat.ingest.watch.log import Log
from begat.ingest.watch.stop import Stop
from begat.ingest.watch.watcher import Options, Watcher
from tests.unit.ingest.calls import Calls

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal

LONG = 20.0


def until(true: Callable[[], Any]) -> None:
    """Wait for it; a test that waits LONG seconds in vain fails."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


class Watching:
    """A watcher at work in a thread, and what it says."""

    def __init__(self, file: Path, *roots: Path, interval: float = 0.05, batch: int = 20_000) -> None:
        self.file, self.said, self.stop = file, io.StringIO(), Stop()
        self.watcher = Watcher(
            f"sqlite:///{file}", roots, self.stop, Options(interval, batch), file=file, log=Log(self.said)
        )
        self.meter = self.watcher.meter
        self.thread = threading.Thread(target=self.watcher.run)
        self.thread.start()

    def rounds(self, n: int = 3) -> None:
        """Let it look so many times."""
        wanted = self.meter.rounds + n
        until(lambda: self.meter.rounds >= wanted)

    def took(self, events: int) -> None:
        """Wait until it has taken in so many events in all."""
        until(lambda: self.meter.events >= events)
        assert self.meter.events == events

    def lines(self, event: str) -> list[str]:
        return [line for line in self.said.getvalue().splitlines() if f" event={event} " in line]

    def end(self) -> None:
        self.stop.request()
        self.thread.join(LONG)
        assert not self.thread.is_alive()


NewWatching = Callable[..., Watching]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


@pytest.fixture
def watching(file: Path, spool: Path) -> Iterator[NewWatching]:
    """Starts watchers of the spool, which end with the test."""
    started: list[Watching] = []

    def start(**options: Any) -> Watching:
        started.append(Watching(file, spool, **options))
        return started[-1]

    yield start
    for w in started:
        w.end()


@contextmanager
def seen(file: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{file}", create=False)
    yield store
    store.close()


def dumped(file: Path) -> list[bytes]:
    with seen(file) as store:
        return list(dump.lines(store))


def clean(spool: Path, tmp_path: Path) -> list[bytes]:
    """The dump of a store that took the spool in at once."""
    store = open_store(f"sqlite:///{tmp_path / 'clean.db'}")
    ingest(store, spool)
    lines = list(dump.lines(store))
    store.close()
    return lines


# -- taking in


def test_it_takes_in_what_comes(
    watching: NewWatching, journal: "NewJournal", spool: Path, file: Path, tmp_path: Path
) -> None:
    w = watching()  # before there is a spool
    j = journal()
    j.train("a")
    w.took(j.seq)
    j.write(ev.Metric(0, 0, "a", "late", 1.0))
    w.took(j.seq)
    j.seal()
    j.next()
    other = journal("x")
    other.train("b")
    w.took(j.seq + other.seq)
    w.end()
    assert dumped(file) == clean(spool, tmp_path)
    assert w.said.getvalue() == ""


def test_a_new_event_is_taken_in_with_the_next_look(watching: NewWatching, journal: "NewJournal") -> None:
    j = journal()
    j.train("a")
    w = watching(interval=0.3)
    w.took(j.seq)
    for _ in range(3):
        w.rounds(1)
        before = w.meter.rounds
        j.write(ev.Metric(0, 0, "a", "loss", 1.0))
        w.took(j.seq)
        assert w.meter.rounds <= before + 1


def test_a_line_that_grows_by_halves_is_taken_in_once_it_is_whole(
    watching: NewWatching, journal: "NewJournal", file: Path, spool: Path, tmp_path: Path
) -> None:
    j = journal(pid=os.getpid())
    w = watching()
    for _ in range(5):
        line = j.line(ev.Metric(0, 0, "a", "loss", 1.0))
        j.write(line[:30])
        w.rounds()
        assert w.meter.events == j.seq - 1
        j.write(line[30:])
        w.took(j.seq)
    w.end()
    assert w.meter.quarantined == 0
    assert dumped(file) == clean(spool, tmp_path)


def test_a_segment_sealed_while_it_is_followed_is_not_read_again(watching: NewWatching, journal: "NewJournal") -> None:
    j = journal()
    w = watching()
    for n in range(4):
        j.train(f"r{n}")
        w.took(j.seq)
        j.seal()
        j.next()
    w.rounds()
    assert w.meter.events == j.seq
    assert w.meter.sealed_files == 4
    assert w.meter.open_files == 1


def test_a_segment_packed_while_it_is_followed_is_not_read_again(
    watching: NewWatching, journal: "NewJournal", spool: Path, file: Path, tmp_path: Path
) -> None:
    w = watching()
    j = journal()
    j.train("a")
    j.seal()
    w.took(j.seq)
    until(lambda: not w.watcher.following.pending())
    read = w.watcher.meter.bytes
    assert [p.problem for p in pack(spool)] == [""]
    other = journal("x")
    other.train("b")
    w.took(j.seq + other.seq)
    until(lambda: w.watcher.following.counts() == (1, 1))
    assert w.watcher.meter.bytes - read <= other.path.stat().st_size
    w.end()
    assert dumped(file) == clean(spool, tmp_path)
    assert w.said.getvalue() == ""


def test_packed_segments_are_taken_in(watching: NewWatching, journal: "NewJournal", spool: Path) -> None:
    j = journal()
    j.train("a")
    j.seal()
    assert [p.problem for p in pack(spool)] == [""]
    w = watching()
    w.took(j.seq)
    w.end()
    assert w.said.getvalue() == ""


def test_started_again_it_goes_on_where_it_was(watching: NewWatching, journal: "NewJournal") -> None:
    j = journal()
    j.train("a")
    first = watching()
    first.took(j.seq)
    first.end()
    before = j.seq
    j.train("b")
    second = watching()
    second.took(j.seq - before)


def test_several_watchers_of_one_spool_are_harmless(
    watching: NewWatching, journal: "NewJournal", spool: Path, file: Path, tmp_path: Path
) -> None:
    watchers = [watching(batch=20) for _ in range(3)]
    journals = [journal(f"w{n}") for n in range(4)]
    for n in range(10):
        for j in journals:
            j.train(f"{j.writer}-{n}")
            if n % 3 == 2:
                j.seal()
                j.next()
    expected = sum(j.seq for j in journals)

    def held() -> int:
        with seen(file) as store:
            return sum(r.last - r.first + 1 for j in journals for r in store.ranges(j.writer))

    until(lambda: all(w.meter.up for w in watchers) and held() == expected)
    for w in watchers:
        w.end()
    assert dumped(file) == clean(spool, tmp_path)


def test_small_batches_are_bounded(watching: NewWatching, journal: "NewJournal") -> None:
    j = journal()
    j.train("a", 100)
    w = watching(batch=50)
    w.took(j.seq)
    assert w.meter.batches > 5


def test_it_follows_the_files_it_is_given(file: Path, journal: "NewJournal", tmp_path: Path) -> None:
    one, other = journal("one"), journal("other")
    w = Watching(file, one.path)
    one.train("a")
    other.train("b")
    w.took(one.seq)
    one.seal()
    w.rounds()
    w.end()
    assert w.meter.events == one.seq


# -- what it costs


class Asked:
    """A store that notes what it is asked, and does it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._store, name)


def test_a_watcher_with_nothing_to_do_leaves_the_store_alone(
    watching: NewWatching, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    stores: list[Asked] = []

    def opened(url: str, **how: Any) -> Any:
        stores.append(Asked(open_store(url, **how)))
        return stores[-1]

    monkeypatch.setattr("begat.ingest.watch.watcher.open_store", opened)
    j = journal()
    j.train("a")
    w = watching()
    w.took(j.seq)
    w.rounds()
    [store] = stores
    store.asked.clear()
    w.rounds(5)
    assert store.asked == []
    for expected in (["ranges", "write", "settle"], ["write", "settle"]):  # what it holds of a writer, asked once
        j.write(ev.Metric(0, 0, "a", "late", 1.0))
        w.took(j.seq)
        w.rounds()
        assert store.asked == expected
        store.asked.clear()


# -- the store is away


def test_a_store_that_waiting_does_not_mend_ends_it_at_the_start(file: Path, spool: Path) -> None:
    file.mkdir()
    with pytest.raises(StoreError, match="is a directory"):
        Watcher(f"sqlite:///{file}", (spool,), Stop(), file=file).run()
    file.rmdir()
    open_store(f"sqlite:///{file}").close()
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreNewer):
        Watcher(f"sqlite:///{file}", (spool,), Stop(), file=file).run()


def test_it_waits_for_a_locked_store_and_says_so_once(
    watching: NewWatching, journal: "NewJournal", file: Path, spool: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(connection, "BUSY_S", 0.05)
    monkeypatch.setattr("begat.graph_schema.backoff.FIRST", 0.05)
    open_store(f"sqlite:///{file}").close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    j = journal()
    j.train("a")
    w = watching()
    until(lambda: w.meter.failures >= 3)
    assert not w.meter.up
    [line] = w.lines("store_away")
    assert "level=warning" in line
    assert "another process is writing to" in line
    other.execute("ROLLBACK")
    other.close()
    w.took(j.seq)
    until(lambda: w.meter.up)
    w.rounds()
    w.end()
    assert len(w.lines("store_back")) == 1
    assert len(w.said.getvalue().splitlines()) == 2
    assert dumped(file) == clean(spool, tmp_path)


def test_while_another_takes_in_it_waits(
    watching: NewWatching, journal: "NewJournal", file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("begat.ingest.watch.watcher.PATIENCE", 0.2)
    j = journal()
    j.train("a")
    with try_lock(file.with_name("graph.db.lock")) as mine:
        assert mine
        w = watching()
        until(lambda: w.lines("store_busy"))
        w.rounds(10)
        assert w.meter.events == 0
        assert len(w.lines("store_busy")) == 1
    w.took(j.seq)


def test_a_store_that_was_replaced_is_filled_again(
    watching: NewWatching, journal: "NewJournal", file: Path, spool: Path, tmp_path: Path
) -> None:
    j = journal()
    j.train("a")
    w = watching()
    w.took(j.seq)
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    until(lambda: w.lines("store_replaced"))
    j.train("b")
    until(lambda: w.meter.events >= j.seq)
    w.rounds()
    w.end()
    assert dumped(file) == clean(spool, tmp_path)


# -- a spool on which things go wrong


def test_files_that_vanish_are_told_and_the_rest_is_taken_in(
    spool: Path, journal: "NewJournal", file: Path
) -> None:
    gone, there = journal("gone"), journal("there")
    gone.train("a")
    there.train("b")
    said = io.StringIO()
    stop = Stop()
    w = Watcher(f"sqlite:///{file}", (spool,), stop, file=file, log=Log(said))
    w.begin()
    gone.path.unlink()
    w.round()
    w.round()
    assert w.meter.events == there.seq
    assert said.getvalue().count("gone") >= 1
    w.close()


@pytest.mark.parametrize("mount_point", [False, True])
def test_a_spool_that_vanishes_is_told_and_followed_when_it_is_back(
    mount_point: bool, spool: Path, journal: "NewJournal", file: Path
) -> None:
    """What it took in before is not read again."""
    one = journal("one")
    one.train("a")
    said = io.StringIO()
    w = Watcher(f"sqlite:///{file}", (spool,), Stop(), file=file, log=Log(said))
    w.begin()
    w.round()
    away = spool.rename(spool.with_name("unmounted"))
    if mount_point:
        spool.mkdir()
    w.round()
    w.round()
    news = "another folder is in its place" if mount_point else "the folder has gone: waiting for it to come back"
    assert said.getvalue().count(f"{spool}: {news}") == 1
    seen = one.seq
    one.path = away / one.path.relative_to(spool)
    one.train("b")
    if mount_point:
        spool.rmdir()
    away.rename(spool)
    w.round()
    assert w.meter.events == one.seq > seen
    w.close()


def test_a_segment_sealed_between_listing_and_opening_is_read(
    spool: Path, journal: "NewJournal", file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    j = journal()
    j.train("a")
    w = Watcher(f"sqlite:///{file}", (spool,), Stop(), file=file, log=Log(io.StringIO()))
    w.begin()
    j.seal()  # after it was listed as open
    with monkeypatch.context() as then:
        then.setattr(w.following, "look", lambda: None)
        w.round()
    assert w.meter.events == j.seq
    for _ in range(3):
        w.round()
    assert w.meter.events == j.seq
    assert w.following.pending() == []
    assert w.following.counts() == (0, 1)
    w.close()


# -- clocks


def test_a_clock_that_jumps_ahead_gives_no_living_writer_up(
    watching: NewWatching, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer elsewhere is believed dead after a silence, which the clock that does not jump has to have seen."""
    monkeypatch.setattr(follow, "TORN", 0.0)
    j = journal()
    w = watching()
    line = j.line(ev.Metric(0, 0, "a", "loss", 1.0))
    j.write(line[:30])
    until(lambda: w.watcher.following.left)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 7200)
    w.rounds(5)
    monkeypatch.setattr(time, "time", lambda: now() - 7200)
    w.rounds(5)
    assert (w.meter.events, w.meter.quarantined) == (0, 0)
    j.write(line[30:])
    w.took(1)


def test_a_writer_elsewhere_that_stays_silent_is_given_up(
    watching: NewWatching, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    j = journal()
    j.train("a")
    w = watching()
    w.took(j.seq)
    j.write(j.line(ev.Beat(0, 0))[:20])
    until(lambda: w.watcher.following.left)
    monkeypatch.setattr("begat.ingest.batches.SILENCE", 0.1)
    monkeypatch.setattr(follow, "TORN", 0.0)
    until(lambda: w.meter.quarantined == 1)
    assert len(w.lines("quarantined")) == 1
    w.rounds()
    assert w.meter.quarantined == 1
    assert w.watcher.following.pending() == []


def test_a_torn_line_is_not_opened_while_its_writer_lives(
    spool: Path, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    j = journal(pid=os.getpid())
    j.train("a")
    j.write(j.line(ev.Beat(0, 0))[:20])
    monkeypatch.setattr(follow, "TORN", 0.0)
    w = Watcher("memory:", (spool,), Stop(), log=Log(io.StringIO()))
    w.begin()
    w.round()
    assert w.meter.events == j.seq - 1
    assert Calls(monkeypatch).of(w.round)[2] == 0
    w.close()
    w.following.close()


def test_a_newer_format_is_told_once_and_left(watching: NewWatching, journal: "NewJournal") -> None:
    j, old = journal("new"), journal("old")
    text = b'{"type":"journal","format":2}'
    j.path.write_bytes(b"%08x %b\n" % (crc32(text), text))
    old.train("a")
    w = watching()
    w.took(old.seq)
    w.rounds(5)
    [line] = w.lines("finding")
    assert "upgrade begat, nothing is lost" in line
