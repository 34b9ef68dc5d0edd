"""How far a store is behind its spool."""

from pathlib import Path
from typing import TYPE_CHECKING

from begat.graph_schema import events as ev
from begat.graph_schema.store import open_store
from begat.ingest import spool as spools
from begat.ingest.ingest import ingest
from begat.ingest.lag import Lag, measured

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal


def test_it_is_what_was_written_and_not_taken_in(spool: Path, journal: "NewJournal") -> None:
    w = journal()
    store = open_store("memory:")
    size = w.path.stat().st_size
    assert spools.lag(spool, {}) == Lag(size, 0)
    w.train("a")
    first = spools.lag(spool, {})
    assert (first.bytes, first.events, first.exact) == (w.path.stat().st_size, w.seq, True)
    assert first.oldest is not None
    ingest(store, spool)
    assert spools.lag(spool, store.bookmarks()) == Lag()
    before = w.path.stat().st_size
    w.write(ev.Beat(0, 0), ev.Beat(0, 0))
    late = spools.lag(spool, store.bookmarks())
    assert (late.bytes, late.events) == (w.path.stat().st_size - before, 2)
    assert late.oldest is not None
    assert late.oldest > first.oldest
    w.seal()
    assert spools.lag(spool, store.bookmarks()).events == 2
    assert late.seconds(late.oldest / 1e6 + 3) == 3
    assert late.seconds(0) == 0  # a clock that was put back


def test_the_oldest_event_of_all_segments_counts(spool: Path, journal: "NewJournal") -> None:
    w, x = journal("w"), journal("x")
    x.write(ev.Beat(0, 0))
    w.seq = 100
    w.write(ev.Beat(0, 0))
    one = measured([(x.path, 0, x.path.stat().st_size)])
    assert spools.lag(spool, {}).oldest == one.oldest


def test_a_torn_line_is_bytes_and_no_event(spool: Path, journal: "NewJournal") -> None:
    w = journal()
    store = open_store("memory:")
    ingest(store, spool)
    w.write(w.line(ev.Beat(0, 0))[:10])
    assert spools.lag(spool, store.bookmarks()) == Lag(10, 0)


def test_of_very_much_a_part_is_counted(spool: Path, journal: "NewJournal") -> None:
    for n in range(10):
        journal(f"w{n}").train("a", 10)
    places = [(p.path, 0, p.size) for p in spools.find(spool)]
    whole, part = measured(places), measured(places, most=1)
    assert (whole.exact, part.exact) == (True, False)
    assert part.bytes == whole.bytes
    assert abs(part.events - whole.events) < whole.events / 10


def test_a_segment_that_has_gone_is_passed_over(spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    size = w.path.stat().st_size
    sealed = w.seal()
    assert measured([(sealed.with_suffix(".open"), 0, size)]).events == w.seq  # renamed since it was listed
    sealed.unlink()
    assert measured([(sealed, 0, size)]) == Lag(size, 0)
