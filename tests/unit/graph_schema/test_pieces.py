"""A batch in pieces: nothing is lost or twice, an event stays whole, and any piece may be the last that was written."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from begat.graph_schema.dump import lines
from begat.graph_schema.events import Header
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.pieces import MOST, pieces
from begat.graph_schema.statements import AnyStatement, Context, Description, Point, Points, Position
from begat.graph_schema.store import Batch, Bookmark, Quarantined, Range, SeriesKey, Writer

HERE: Final = Context()
WRITERS: Final = ("v", "w")
#: About three statements.
SMALL: Final = 1500


def header(writer: str) -> Header:
    return Header(
        format=1, writer=writer, segment=1, project="default", host="h", boot="", pid=1, pid_start=1, pid_ns="",
        wall=0, monotonic=0,
    )  # fmt: skip


def description(writer: str, seq: int, name: str) -> Description:
    return Description(HERE, Position(seq, writer, seq), f"{writer}{seq}{name}", ("Entity",), name=name)


def series(points: Iterable[tuple[str, int, str]]) -> dict[SeriesKey, Points]:
    held: dict[SeriesKey, Points] = {}
    for writer, seq, name in points:
        found = held.setdefault((HERE, writer, "run", name, ""), Points(HERE, writer, "run", name, ""))
        found.rows.append((seq, seq, seq, float(seq), None))
    return held


def said(batch: Batch) -> list[AnyStatement]:
    return [*batch.statements, *(p for s in batch.points.values() for p in s.points())]


def numbers(ranges: Iterable[Range]) -> list[tuple[str, int]]:
    return [(r.writer, n) for r in ranges for n in range(r.first, r.last + 1)]


seqs = st.integers(1, 40)
named = st.tuples(st.sampled_from(WRITERS), seqs, st.sampled_from(["one", "two"]))
spans = st.builds(lambda w, a, n: Range(w, a, a + n), st.sampled_from(WRITERS), seqs, st.integers(0, 12))
batches = st.builds(
    lambda described, documents, points, ranges, headers, raw: Batch(
        [*(description(*d) for d in described), *(description("", n, "document") for n in range(documents))],
        series(points),
        ranges,
        [Writer(header(w), 9) for w in headers],
        [Bookmark("a.open", 7)],
        [Quarantined("a.open", n, "crc", "x" * size) for n, size in enumerate(raw)],
    ),
    st.lists(named, max_size=40),
    st.integers(0, 12),
    st.lists(named, max_size=30, unique=True),
    st.lists(spans, max_size=6),
    st.sets(st.sampled_from([*WRITERS, "silent"])),
    st.lists(st.integers(0, 2000), max_size=4),
)


@given(batches)
def test_the_pieces_are_the_batch(batch: Batch) -> None:
    parts = list(pieces(batch, SMALL))
    assert sorted(map(repr, (s for p in parts for s in said(p)))) == sorted(map(repr, said(batch)))
    assert sorted(n for p in parts for n in numbers(p.ranges)) == sorted(numbers(batch.ranges))
    assert [q for p in parts for q in p.quarantined] == batch.quarantined
    assert sorted(w.header.writer for p in parts for w in p.writers) == sorted(w.header.writer for w in batch.writers)
    assert [p.bookmarks for p in parts if p.bookmarks] == [parts[-1].bookmarks] == [batch.bookmarks]


@given(batches)
def test_an_event_is_in_one_piece_with_its_number(batch: Batch) -> None:
    within = set(numbers(batch.ranges))
    where: dict[tuple[str, int], set[int]] = {}
    for i, part in enumerate(pieces(batch, SMALL)):
        for n in numbers(part.ranges):
            where.setdefault(n, set()).add(i)
        for s in said(part):
            if (at := (s.position.writer, s.position.seq)) in within:
                where[at].add(i)
    assert all(len(found) == 1 for found in where.values())


@given(batches)
def test_a_writers_events_and_the_documents_keep_their_order(batch: Batch) -> None:
    parts = list(pieces(batch, SMALL))
    within = set(numbers(batch.ranges))
    at = {id(s): i for i, s in enumerate(batch.statements)}
    for part in parts:
        told = [(s.position.writer, s.position.seq) in within for s in part.statements]
        for kind in (True, False):
            order = [at[id(s)] for s, is_told in zip(part.statements, told, strict=True) if is_told is kind]
            assert order == sorted(order)
    for writer in WRITERS:
        lasts = [[n for w, n in numbers(p.ranges) if w == writer] for p in parts]
        held = [(min(ns), max(ns)) for ns in lasts if ns]
        assert all(a[1] < b[0] for a, b in pairwise(held))


@given(batches, st.data())
def test_killed_after_any_piece_and_written_again_it_is_the_same_graph(batch: Batch, data: st.DataObject) -> None:
    whole, store = MemoryStore(), MemoryStore()
    whole.write(batch)
    parts = list(pieces(batch, SMALL))
    for part in parts[: data.draw(st.integers(0, len(parts) - 1))]:
        store.write(part)
    assert store.bookmarks() == {}
    for part in parts:
        store.write(part)
    assert lines(store) == lines(whole)
    assert all(store.ranges(w) == whole.ranges(w) for w in WRITERS)
    assert store.bookmarks() == whole.bookmarks()
    assert sorted(store.quarantine()) == sorted(whole.quarantine())


def test_a_piece_holds_what_it_may_and_no_less_than_an_event() -> None:
    long: list[AnyStatement] = [
        Description(HERE, Position(n, "w", n), f"e{n}", attributes={"text": "x" * 1000}) for n in range(1, 7)
    ]
    assert [len(p.statements) for p in pieces(Batch(long, ranges=[Range("w", 1, 6)]), 3000)] == [2, 2, 2]
    assert [len(p.statements) for p in pieces(Batch(long, ranges=[Range("w", 1, 6)]), 1)] == [1] * 6
    assert [len(p.statements) for p in pieces(Batch(long), 3000)] == [2, 2, 2]
    many = series(("w", n, "loss") for n in range(1, 100_001))
    sizes = [p.size() for p in pieces(Batch(points=many, ranges=[Range("w", 1, 100_000)]))]
    assert sizes == [24_966] * 4 + [136]


def test_points_that_no_range_protects_are_in_the_last_piece() -> None:
    told = [description("w", n, "one") for n in range(1, 20)]
    alone = Point(HERE, Position(5, "", 0), "run", "accuracy", 0.5)
    rows = series(("w", n, "loss") for n in (3, 30, 31))
    *first, last = pieces(Batch([alone, *told], rows, [Range("w", 1, 19)]), SMALL)
    assert len(first) > 1
    assert [s.position.seq for s in said(last) if isinstance(s, Point)] == [0, 30, 31]
    assert [s.position.seq for p in first for s in said(p) if isinstance(s, Point)] == [3]


def test_a_small_batch_is_itself() -> None:
    batch = Batch([description("w", 1, "one")], ranges=[Range("w", 1, 1)])
    assert next(pieces(batch, MOST)) is batch
