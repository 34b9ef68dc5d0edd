"""Metric points and their roll-ups: every point kept once as it was, the roll-up that of all points, in any order."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from begat.graph_schema.fold import roll_up
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import Context, Point, Points, Position, Rollup
from begat.graph_schema.store import Batch, Range, SeriesKey, Store, open_store

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE = Context()
NAN, INF = float("nan"), float("inf")


def point(n: int, value: float, step: float | None = None, writer: str = "w", **more: str) -> Point:
    """The writer's n-th event, n microseconds after the epoch."""
    return Point(HERE, Position(n, writer, n), "run", "loss", value, step=step, **more)


def by_series(points: list[Point]) -> Batch:
    """Points as ingest gives them: by series and writer."""
    series: dict[SeriesKey, Points] = {}
    for p in points:
        key = (p.context, p.position.writer, p.activity, p.name, p.labels)
        if key in series:
            series[key].rows += Points.of(p).rows
        else:
            series[key] = Points.of(p)
    return Batch(points=series, ranges=[Range(p.position.writer, p.position.seq, p.position.seq) for p in points])


def rolled(store: Store) -> list[Rollup]:
    return sorted((s for s in store.scan() if isinstance(s, Rollup)), key=lambda r: (r.name, r.labels))


def the_roll_up(store: Store) -> Rollup:
    (found,) = rolled(store)
    return found


def test_a_series_in_one_row(store: Store, order: str, load: "Load") -> None:
    load(store, [point(1, 0.9, 1), point(2, 0.3, 2), point(3, 0.7, 3)], order)
    assert the_roll_up(store) == Rollup(
        HERE, "run", "loss", "", count=3, nan=0, infinite=0, first=0.9, last=0.7, min=0.3, max=0.9,
        argmin=2, argmax=1, last_step=3,
    )  # fmt: skip


def test_not_a_number_and_infinities_are_counted_apart(store: Store, order: str, load: "Load") -> None:
    values = [NAN, 2.0, INF, -INF, 1.0, NAN]
    load(store, [point(n, v, n) for n, v in enumerate(values, 1)], order)
    found = the_roll_up(store)
    assert (found.count, found.nan, found.infinite) == (6, 2, 2)
    assert (found.min, found.argmin, found.max, found.argmax) == (1.0, 5, 2.0, 2)
    assert found.first is not None
    assert found.last is not None
    assert math.isnan(found.first)
    assert math.isnan(found.last)
    kept = sorted((s for s in store.scan() if isinstance(s, Point)), key=lambda p: p.position.seq)
    assert [repr(p.value) for p in kept] == [repr(v) for v in values]


def test_without_a_finite_value_there_is_no_least(store: Store, load: "Load") -> None:
    load(store, [point(1, NAN, 1), point(2, INF, 2)])
    found = the_roll_up(store)
    assert (found.min, found.argmin, found.max, found.argmax, found.last) == (None, None, None, None, INF)


def test_of_equal_values_the_least_step_counts(store: Store, order: str, load: "Load") -> None:
    steps: list[float | None] = [None, 7, 3.5, 4, None]
    load(store, [point(n, 1.0, s) for n, s in enumerate(steps, 1)], order)
    found = the_roll_up(store)
    assert (found.argmin, found.argmax, found.last_step) == (3.5, 3.5, None)


@pytest.mark.parametrize("steps", [(1.0, 1), (2**53 + 1, 2**53), (2.0**63, 2**63 - 1), (None, -1), (0.0, -0.0)])
def test_steps_have_one_order(store: Store, order: str, load: "Load", steps: tuple[float | None, float]) -> None:
    """The second is the lesser: also of equal numbers, and of those that are one as floats."""
    load(store, [point(n, 1.0, s) for n, s in enumerate(steps, 1)], order)
    found = the_roll_up(store)
    assert (repr(found.argmin), repr(found.argmax)) == (repr(steps[1]), repr(steps[1]))


def test_steps_stay_what_they_were(store: Store, order: str, load: "Load") -> None:
    steps: list[float | None] = [1.0, 1, 2**53 + 1, 2**53, 2**63 - 1, -1, 0.1, None, -0.0, 0]
    load(store, [point(n, 1.0, s) for n, s in enumerate(steps, 1)], order)
    kept = sorted((s for s in store.scan() if isinstance(s, Point)), key=lambda p: p.position.seq)
    assert [repr(p.step) for p in kept] == [repr(s) for s in steps]


def test_a_late_point_may_be_the_first(store: Store, load: "Load") -> None:
    load(store, [point(5, 0.5, 5), point(6, 0.6, 6)])
    load(store, [point(1, 0.7, 1), point(4, 0.4, 4)])
    found = the_roll_up(store)
    assert (found.first, found.last, found.argmin, found.count) == (0.7, 0.6, 4, 4)


def test_writers_of_one_series_at_one_time_have_an_order(store: Store, order: str, load: "Load") -> None:
    points = [point(1, value, writer=writer) for value, writer in ((1.0, "b"), (2.0, "a"), (3.0, "c"))]
    load(store, points, order)
    found = the_roll_up(store)
    assert (found.first, found.last) == (2.0, 3.0)


def test_labels_names_activities_and_contexts_make_series(store: Store, load: "Load") -> None:
    there = Context("theirs")
    load(
        store,
        [
            point(1, 1.0),
            point(2, 2.0, labels='{"split":"test"}'),
            point(3, 3.0, section="epoch"),
            Point(HERE, Position(4, "w", 4), "run", "accuracy", 4.0),
            Point(HERE, Position(5, "w", 5), "other", "loss", 5.0),
            Point(there, Position(6, "w", 6), "run", "loss", 6.0),
        ],
    )
    found = {(r.context, r.activity, r.name, r.labels): r.count for r in rolled(store)}
    assert found == {
        (HERE, "run", "loss", ""): 2,
        (HERE, "run", "loss", '{"split":"test"}'): 1,
        (HERE, "run", "accuracy", ""): 1,
        (HERE, "other", "loss", ""): 1,
        (there, "run", "loss", ""): 1,
    }
    assert {p.section for p in store.scan() if isinstance(p, Point)} == {None, "epoch"}
    assert store.stats().metric_points == 6


values = st.floats() | st.sampled_from((0.0, -0.0, 1.0, 2.0, INF, -INF, NAN))
steps = st.none() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False) | st.sampled_from((1, 1.0, 2))
series = st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc"), values, steps), min_size=1, max_size=12)


COMING: Final = {
    "told": series,
    "sizes": st.lists(st.integers(1, 4), min_size=1),
    "random": st.randoms(use_true_random=False),
    "plain": st.booleans(),
}


@given(**COMING)
def test_roll_ups_are_those_of_all_points(
    told: list[tuple[int, str, float, float | None]],
    sizes: list[int],
    random: "object",
    plain: bool,
    tmp_path_factory: pytest.TempPathFactory,
    load: "Load",
    dump: Callable[[Store], list[str]],
) -> None:
    """Many points at a time, by series or one by one, in any order and repeated: always the fold of all."""
    address = f"sqlite:///{tmp_path_factory.mktemp('series')}/graph.db"
    rolls_up_all(address, told, sizes, random, plain, load, dump)


@settings(max_examples=15)
@given(**COMING)
def test_roll_ups_are_those_of_all_points_on_neo4j(
    told: list[tuple[int, str, float, float | None]],
    sizes: list[int],
    random: "object",
    plain: bool,
    empty_neo4j: Callable[[], str],
    load: "Load",
    dump: Callable[[Store], list[str]],
) -> None:
    rolls_up_all(empty_neo4j(), told, sizes, random, plain, load, dump)


def rolls_up_all(
    address: str,
    told: list[tuple[int, str, float, float | None]],
    sizes: list[int],
    random: "object",
    plain: bool,
    load: "Load",
    dump: Callable[[Store], list[str]],
) -> None:
    points = [Point(HERE, Position(t, w, n), "run", "loss", v, step=s) for n, (t, w, v, s) in enumerate(told, 1)]
    coming = list(points)
    random.shuffle(coming)  # type: ignore[attr-defined]
    store = open_store(address)
    oracle = load(MemoryStore(), points)
    for n in range(len(points)):
        some, coming = coming[: sizes[n % len(sizes)]], coming[sizes[n % len(sizes)] :]
        for _ in range(2):
            store.write(load.batch([p] for p in some) if plain else by_series(some))
    assert dump(store) == dump(oracle)
    assert repr(the_roll_up(store)) == repr(roll_up(points))
    store.close()


def test_a_commit_tells_each_point_of_a_series_that_several_writers_share_once(store: Store) -> None:
    """Ranks of one run that write an unlabelled metric, taken in together."""
    told = [point(n, n / 10, n, writer=w) for n in range(1, 6) for w in ("rank0", "rank1")]
    store.write(by_series(told))
    (change,) = store.changes()
    assert sorted(s.position for s in change.statements) == sorted(p.position for p in told)
