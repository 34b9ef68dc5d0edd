"""What every store does with what it is given: once, in any order, and told to who asks for changes."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec
import pytest

from begat.graph_schema.errors import StoreError
from begat.graph_schema.events import Header
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import (
    NOWHERE,
    Alias,
    AnyStatement,
    Context,
    Description,
    Ended,
    Folded,
    Overruled,
    Point,
    Points,
    Position,
    Relation,
    Started,
    canonical,
)
from begat.graph_schema.store import Batch, Bookmark, Quarantined, Range, SeriesKey, Stats, Store, Writer

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

Dump = Callable[[Store], list[str]]

HERE = Context()
NOON = 1_750_000_000_000_000


def at(n: int, writer: str = "w") -> Position:
    """The position of a writer's n-th event, n microseconds past noon."""
    return Position(NOON + n, writer, n)


def training(run: str = "run", writer: str = "w", context: Context = HERE) -> list[AnyStatement]:
    """A run that reads a file seen first and known later, measures, and makes a model twice."""
    file, model = f"{run}:file", f"{run}:model"
    return [
        Description(context, at(1, writer), run, ("Activity",), ("Training",), "train"),
        Started(context, at(1, writer), run),
        Description(context, at(2, writer), f"{run}:seen", ("Entity",), ("Dataset",), "train.csv"),
        Relation(context, at(3, writer), "used", run, f"{run}:seen", time=NOON + 3),
        Point(context, at(4, writer), run, "loss", 0.5, step=1),
        Description(context, at(5, writer), model, ("Entity",), ("Model",), "model.pt", {"size": 10}),
        Relation(context, at(6, writer), "wasGeneratedBy", model, run, time=NOON + 6),
        Description(context, at(7, writer), file, ("Entity",), ("Dataset",), "train.csv", {"digest": "blake2b:00"}),
        Alias(context, at(8, writer), f"{run}:seen", file),
        Description(context, at(9, writer), model, ("Entity",), ("Checkpoint",), "best.pt", {"size": 12}),
        Relation(context, at(10, writer), "wasGeneratedBy", model, run, time=NOON + 10),
        Point(context, at(11, writer), run, "loss", 0.25, step=2),
        Ended(context, at(12, writer), run),
    ]


def of_points(*points: Point) -> dict[SeriesKey, Points]:
    """Points as a batch takes them fastest: by series."""
    series: dict[SeriesKey, Points] = {}
    for p in points:
        key = (p.context, p.position.writer, p.activity, p.name, p.labels)
        held = series.setdefault(key, Points(p.context, p.position.writer, p.activity, p.name, p.labels, []))
        held.rows += Points.of(p).rows
    return series


def pairs(store: Store, writer: str = "w") -> list[tuple[int, int]]:
    return [(r.first, r.last) for r in store.ranges(writer)]


def folded(store: Store, node: str, context: Context = HERE) -> Folded:
    return next(s for s in store.scan() if isinstance(s, Folded) and (s.node, s.context) == (node, context))


def told(store: Store, since: int = 0) -> list[list[str]]:
    """What each commit said, sorted: within a commit nothing comes before another."""
    return [sorted(canonical(msgspec.to_builtins(s)) for s in c.statements) for c in store.changes(since)]


# -- once, and in any order


def test_the_same_graph_in_any_order(store: Store, order: str, load: "Load", dump: Dump) -> None:
    statements = [*training(), *training("other", "v"), *training("theirs", "u", Context("theirs"))]
    load(store, statements, order)
    assert dump(store) == dump(load(MemoryStore(), statements))


def test_a_batch_written_again_changes_nothing(store: Store, load: "Load", dump: Dump) -> None:
    load(store, training())
    before, commits = dump(store), told(store)
    batch = load.batch(load.events(training()))
    batch.points = of_points(Point(HERE, at(4), "run", "loss", 0.5, step=1))
    store.write(batch)
    assert store.settle() == 0
    assert (dump(store), told(store)) == (before, commits)


def test_a_batch_that_overlaps_adds_what_is_new(store: Store, load: "Load", dump: Dump) -> None:
    events = load.events(training())
    store.write(load.batch(events[:6]))
    store.write(load.batch(events[3:9]))
    store.write(load.batch(events[2:]))
    store.settle()
    assert dump(store) == dump(load(MemoryStore(), training()))
    assert pairs(store) == [(1, 12)]


def test_an_event_twice_in_one_batch_counts_once(store: Store, load: "Load", dump: Dump) -> None:
    events = load.events(training())
    batch = load.batch([*events, *events])
    batch.ranges *= 2
    point = Point(HERE, at(13), "run", "loss", 0.1, step=3)
    batch.points = of_points(point, point)
    batch.ranges += [Range("w", 13, 13), Range("w", 13, 13)]
    store.write(batch)
    store.settle()
    assert dump(store) == dump(load(MemoryStore(), [*training(), point]))


def test_a_batch_is_left_as_it_was_given(store: Store, load: "Load") -> None:
    batch = load.batch(load.events(training()))
    batch.points = of_points(*(Point(HERE, at(n), "run", "acc", 0.1, step=n) for n in range(20, 25)))
    batch.ranges.append(Range("w", 20, 24))
    before = msgspec.json.encode((batch.statements, [*batch.points.values()], batch.ranges))
    for _ in range(2):
        store.write(batch)
    assert msgspec.json.encode((batch.statements, [*batch.points.values()], batch.ranges)) == before


def test_what_is_no_statement_is_refused_and_nothing_of_its_batch_stays(load: "Load", new_store: "NewStore") -> None:
    store = new_store("sqlite")
    batch = load.batch(load.events(training()))
    batch.statements.append(of_points(Point(HERE, at(13), "run", "loss", 1.0)))  # type: ignore[arg-type]
    with pytest.raises((StoreError, AttributeError)):
        store.write(batch)
    assert (list(store.scan()), pairs(store), told(store)) == ([], [], [])
    load(store, training())
    assert pairs(store) == [(1, 12)]


# -- documents


def of_document(*runs: str) -> list[AnyStatement]:
    """Runs of which each uses what the one before made, all at times of their own, and one told at the end."""
    said: list[AnyStatement] = []
    for n, run in enumerate(runs, 1):
        at_ = Position(NOON + n, "", 0)
        said += [
            Description(HERE, NOWHERE, run, ("Activity",)),
            Relation(HERE, at_, "used", run, f"{n - 1}.pt", time=NOON + n),
            Relation(HERE, at_, "wasGeneratedBy", f"{n}.pt", run, time=NOON + n),
            Relation(HERE, NOWHERE, "wasDerivedFrom", f"{n}.pt", f"{n - 1}.pt"),
        ]
    return [*said, *(Description(HERE, NOWHERE, f"{n}.pt", ("Entity",)) for n in range(len(runs) + 1))]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_document_in_parts_is_the_document(store: Store, new_store: "NewStore", dump: Dump, size: int) -> None:
    """Whatever is in a part; and said again it changes nothing."""
    said = of_document("a", "b", "c")
    whole = new_store("memory")
    whole.write(Batch(said))
    for _ in range(2):
        store.write_document(said[i : i + size] for i in range(0, len(said), size))
        store.settle()
        assert dump(store) == dump(whole)
    assert {line for commit in told(store) for line in commit} == set(told(whole)[0])


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_of_a_document_that_breaks_off_nothing_is_there(kind: str, new_store: "NewStore") -> None:
    store = new_store(kind)
    other = new_store.again(store)

    def parts() -> Iterator[list[AnyStatement]]:
        yield of_document("a", "b")
        assert list(other.scan()) == []  # nor while it is written
        raise StoreError("the disk is gone")

    with pytest.raises(StoreError, match="the disk is gone"):
        store.write_document(parts())
    store.settle()
    assert (list(store.scan()), told(store)) == ([], [])
    store.write_document([of_document("a")])
    assert len(told(store)) == 1


# -- ranges, bookmarks, quarantine, writers


def test_ranges_merge_and_keep_their_holes(store: Store) -> None:
    for first, last in ((4, 5), (1, 2), (9, 9), (6, 6), (9, 12)):
        store.write(Batch(ranges=[Range("w", first, last)]))
    assert pairs(store) == [(1, 2), (4, 6), (9, 12)]
    assert pairs(store, "v") == []


def test_a_clean_copy_fills_the_hole_that_a_damaged_one_left(store: Store, load: "Load", dump: Dump) -> None:
    events = load.events(training())
    damaged = load.batch([*events[:5], *events[6:]])
    damaged.quarantined.append(Quarantined("w.0001.seg", 512, "the crc does not fit", "00000000 {"))
    store.write(damaged)
    assert pairs(store) == [(1, 5), (7, 12)]
    store.write(load.batch(events))
    store.settle()
    assert pairs(store) == [(1, 12)]
    assert dump(store) == dump(load(MemoryStore(), training()))


def test_ranges_of_writers_are_their_own(store: Store, load: "Load") -> None:
    load(store, training(writer="w"))
    load(store, training("other", writer="v")[:4])
    assert (pairs(store, "w"), pairs(store, "v")) == ([(1, 12)], [(1, 3)])


def test_bookmarks_say_how_far_a_source_is_read(store: Store) -> None:
    store.write(Batch(bookmarks=[Bookmark("a.open", 10), Bookmark("b.open", 7)]))
    store.write(Batch(bookmarks=[Bookmark("a.open", 20)]))
    assert store.bookmarks() == {"a.open": 20, "b.open": 7}
    assert told(store) == []


def test_quarantine_keeps_a_line_once_with_its_bytes(store: Store) -> None:
    line = Quarantined("a.open", 10, "the crc does not fit", "\x00\xff deadbeef {")
    for _ in range(2):
        store.write(Batch(quarantined=[line]))
    assert list(store.quarantine()) == [line]
    assert store.stats().quarantined == 1


def header(writer: str, segment: int) -> Header:
    return Header(
        format=1, writer=writer, segment=segment, project="default", host="h", boot="b", pid=1, pid_start=2,
        pid_ns="n", wall=NOON + segment, monotonic=5, scheduler={"job": "7"},
    )  # fmt: skip


def test_a_writer_is_known_by_its_first_header_and_its_last_event(store: Store) -> None:
    for segment, last, dropped in ((2, NOON + 9, 3), (1, NOON + 5, 0), (3, NOON + 7, 2)):
        store.write(Batch(writers=[Writer(header("w", segment), last, dropped)]))
    store.write(Batch(writers=[Writer(header("v", 1), NOON, 1)]))
    found = {w.header.writer: w for w in store.writers()}
    assert found == {"w": Writer(header("w", 1), NOON + 9, 3), "v": Writer(header("v", 1), NOON, 1)}
    assert list(store.writers({"v", "unknown"})) == [found["v"]]
    assert store.stats().dropped == 4


# -- changes


def test_changes_are_the_commits_in_order_each_whole(store: Store, load: "Load", new_store: "NewStore") -> None:
    events = load.events(training())
    expected = []
    for n in range(0, len(events), 4):
        batch = load.batch(events[n : n + 4])
        expected.append(sorted(canonical(msgspec.to_builtins(s)) for s in batch.statements))
        store.write(batch)
    assert told(store) == expected
    assert told(new_store.again(store)) == expected
    assert [c.commit for c in store.changes()] == [1, 2, 3]
    assert told(store, 1) == expected[1:]
    assert told(store, 3) == []
    assert store.head() == new_store.again(store).head() == 3


def test_points_are_told_with_the_commit_that_brought_them(store: Store, new_store: "NewStore") -> None:
    """Also when points of one series and time come in different commits, early ones late, and NaN among them."""
    points = [Point(HERE, Position(NOON, "w", n), "run", "loss", 1.0 / n, step=n, section="epoch") for n in range(1, 5)]
    points.append(Point(HERE, at(5), "run", "loss", float("inf"), labels='{"split":"test"}'))
    commits = [[points[2], points[4]], [points[0]], [points[3], points[1]]]
    for some in commits:
        ranges = [Range("w", p.position.seq, p.position.seq) for p in some]
        store.write(Batch(points=of_points(*some), ranges=ranges))
    expected = [sorted(canonical(msgspec.to_builtins(p)) for p in some) for some in commits]
    assert told(new_store.again(store)) == expected


def test_a_change_tells_only_what_was_new(store: Store, load: "Load") -> None:
    events = load.events(training())
    store.write(load.batch(events[:8]))
    store.write(load.batch(events))
    assert told(store)[1] == sorted(canonical(msgspec.to_builtins(s)) for e in events[8:] for s in e)


def test_a_change_tells_no_point_again_that_lies_between_new_ones(store: Store) -> None:
    points = [Point(HERE, at(n), "run", "loss", 1.0 / n, step=n) for n in (1, 2, 3)]
    store.write(Batch(points=of_points(points[1]), ranges=[Range("w", 2, 2)]))
    store.write(Batch(points=of_points(*points), ranges=[Range("w", 1, 3)]))
    assert told(store) == [
        sorted(canonical(msgspec.to_builtins(p)) for p in some) for some in (points[1:2], points[::2])
    ]


# -- nodes


def test_the_latest_name_and_value_stand_the_others_are_history(store: Store, order: str, load: "Load") -> None:
    said = [
        Description(HERE, at(1), "e", name="draft", value="1"),
        Description(HERE, at(2), "e", name="final", value="2"),
        Description(HERE, at(3), "e", name="draft"),
        Description(HERE, at(4), "e", name="final"),
        Description(HERE, at(5), "e", value='"2"'),
    ]
    load(store, said, order)
    e = folded(store, "e")
    assert (e.name, e.named, e.value, e.valued, e.number) == ("final", at(4), '"2"', at(5), None)
    assert e.history == (
        Overruled("name", "draft", at(3)),
        Overruled("value", "1", at(1)),
        Overruled("value", "2", at(2)),
    )


def test_names_told_at_one_time_have_an_order_too(store: Store, order: str, load: "Load") -> None:
    said = [Description(HERE, Position(NOON, w, 1), "e", name=n) for w, n in (("v", "z"), ("w", "a"), ("u", "m"))]
    said += [Description(HERE, NOWHERE, "d", name=n) for n in ("b", "c", "a")]
    load(store, said, order)
    assert folded(store, "e").name == "a"
    assert folded(store, "d").name == "c"


def test_a_run_of_many_writers_starts_first_and_ends_last(store: Store, order: str, load: "Load") -> None:
    said: list[AnyStatement] = []
    for writer, start, end in (("w", 3, 8), ("v", 1, 9), ("u", 2, 7)):
        said.append(Started(HERE, at(start, writer), "run"))
        error = "OSError: disk" if writer == "u" else None
        said.append(Ended(HERE, at(end, writer), "run", "failed" if error else "finished", error, error and "trace"))
    load(store, said, order)
    run = folded(store, "run")
    assert run.starts == (at(1, "v"), at(2, "u"), at(3, "w"))
    assert [(e.position, e.outcome, e.error, e.trace) for e in run.ends] == [
        (at(7, "u"), "failed", "OSError: disk", "trace"),
        (at(8, "w"), "finished", None, None),
        (at(9, "v"), "finished", None, None),
    ]
    assert run.kinds == ("Activity",)


def test_what_is_in_another_project_is_in_another_context(store: Store, load: "Load") -> None:
    theirs = Context("theirs")
    load(store, [*training(), *training(context=theirs, writer="v")])
    assert folded(store, "run").starts == (at(1),)
    assert folded(store, "run", theirs).starts == (at(1, "v"),)
    contexts = {s.context for s in store.scan() if s.context is not None}
    assert contexts == {HERE, theirs}
    assert len([s for s in store.scan() if isinstance(s, Relation) and s.context == theirs]) == 3


def test_an_observation_is_its_version_whichever_came_first(store: Store, order: str, load: "Load") -> None:
    """Of two aliases the earlier one is believed; the observation itself is then no node any more."""
    said: list[AnyStatement] = [
        Alias(HERE, at(1), "seen", "version"),
        Description(HERE, at(2), "seen", ("Entity",), name="train.csv"),
        Relation(HERE, at(3), "used", "run", "seen"),
        Relation(HERE, at(4), "used", "run", "version"),
        Relation(HERE, at(5), "wasGeneratedBy", "seen", None),
        Alias(HERE, at(6), "seen", "another"),
    ]
    load(store, said, order)
    assert [s for s in store.scan() if isinstance(s, Folded)] == []
    relations = [s for s in store.scan() if isinstance(s, Relation)]
    assert {(r.source, r.target, r.observed_source, r.observed_target) for r in relations} == {
        ("run", "version", None, "seen"),
        ("run", "version", None, None),
        ("version", None, "seen", None),
    }


# -- counts


def test_stats_count_what_is_described(store: Store, load: "Load") -> None:
    load(
        store,
        [
            *training(),
            Description(HERE, at(13), "me", ("Agent",), ("Person",)),
            Description(Context("theirs"), at(14), "run:model", ("Entity",), ("Model", "ex:thing")),
            Relation(HERE, at(15), "used", "run", None),
            Relation(HERE, at(16), "used", "run", "only named"),
        ],
    )
    store.write(Batch(writers=[Writer(header("w", 1), NOON, 2)]))
    found = store.stats()
    commits = found.commit
    assert found == Stats(
        entities=2,
        activities=1,
        agents=1,
        relations=5,
        metric_points=2,
        by_type={"Checkpoint": 1, "Dataset": 1, "Model": 1, "Person": 1, "Training": 1, "ex:thing": 1},
        dropped=2,
        commit=commits,
    )
    assert commits == len(told(store))


def test_an_empty_store_is_empty(store: Store) -> None:
    assert store.stats() == Stats()
    assert (list(store.scan()), list(store.changes()), store.bookmarks()) == ([], [], {})
    assert store.head() == 0
    assert (list(store.writers()), list(store.quarantine()), store.settle()) == ([], [], 0)
