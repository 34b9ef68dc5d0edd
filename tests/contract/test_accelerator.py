"""Closures from a snapshot of the flow edges: the same as SQL's, whatever comes in after it was taken, and how."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import count, product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from begat.graph_schema.sqlite.snapshot.build import build
from begat.graph_schema.sqlite.store import SqliteStore
from begat.queries import accelerated
from begat.queries.accelerated import VARIABLE, closed, leading
from begat.queries.engine import ids_of, look, run
from begat.queries.expr import Const, Var, op
from begat.queries.plan import FLOW, C, Direction, L, N, Query, Rows
from begat.queries.reach import reach
from begat.queries.scope import Scope
from begat.queries.sql import frontier
from begat.queries.steps import steps
from begat.queries.walk import shortest
from tests.contract.test_projection import Coming, Program, Ranks, programs, ranks, scratch, splicing_always, ways

if TYPE_CHECKING:
    from tests.contract.conftest import Load

__all__ = ["scratch"]

Found = dict[int, tuple[int, str]]
GIVEN: Final = (Rows("ids", "given"), N("x", id=Var("given")))
WAYS: Final[tuple[Direction, ...]] = ("up", "down")


@contextmanager
def used() -> Iterator[None]:
    """Snapshots are used from the first closure on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "on")
        yield


def by_sql(store: SqliteStore, scope: Scope, start: str, way: Direction, hi: int | None) -> tuple[Found, bool]:
    found = reach(steps(store, scope, start, way).steps, hi)
    ids = ids_of(store, {v for r in found.found.values() for v in r.vias})
    return {n: (r.depth, min(ids[v] for v in r.vias)) for n, r in found.found.items()}, found.truncated


def by_snapshot(store: SqliteStore, scope: Scope, start: str, way: Direction, hi: int | None) -> tuple[Found, bool]:
    found = closed(store, scope, start, way, hi)
    assert found is not None
    ids = ids_of(store, found.vias.tolist())
    return {n: (depth, ids[via]) for n, depth, via in found.rows()}, found.truncated


def same_closures(store: SqliteStore, moments: tuple[int | None, ...], depths: tuple[int | None, ...]) -> None:
    """Each node's closures both ways, in each project."""
    nodes = [i for (i,) in store.read("SELECT id FROM ident", {})]
    for project, as_of in product(("default", "theirs"), moments):
        scope = look(store, project, as_of)
        for asked in product(nodes, WAYS, depths):
            assert by_snapshot(store, scope, *asked) == by_sql(store, scope, *asked), (asked, scope)


#: From many nodes: all that is found, what from which, and what from those of them that have something in common.
ALL: Final = {way: Query((*GIVEN, C("x", FLOW, "y", way)), {"y": Var("y")}, ("y",)) for way in WAYS}
EACH: Final = {
    way: Query((*GIVEN, C("x", FLOW, "y", way)), {"x": Var("x"), "y": Var("y")}, ("x", "y")) for way in WAYS
}
ALIKE: Final = {
    way: Query(
        (*GIVEN, L("sign", op("concat", Var("given"), Const(""))), C("x", FLOW, "y", way)),
        {"sign": Var("sign"), "y": Var("y")}, ("sign", "y"),
    )
    for way in WAYS
}  # fmt: skip


def same_rows(store: SqliteStore, moments: tuple[int | None, ...], few: int) -> None:
    """Statements with closures in their midst, and least ways; searched one by one up to so many nodes."""
    nodes = [i for (i,) in store.read("SELECT id FROM ident ORDER BY id", {})]
    accelerated._slower.clear()
    plans = [plan[way] for plan in (ALL, EACH, ALIKE) for way in WAYS]
    for project, as_of, query in product(("default", "theirs"), moments, plans):
        scope = look(store, project, as_of)
        told = {}
        for asked in ("on", "off"):
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(VARIABLE, asked)
                patch.setattr(frontier, "FEW", few)
                told[asked] = run(store, query, {"ids": nodes}, scope).rows
        assert told["on"] == told["off"], (query, scope)
    assert not accelerated._slower
    for a, (b, nid) in product(nodes[::4], store.read("SELECT id, nid FROM ident WHERE nid % 3 = 0", {})):
        ways = leading(store, look(store), a, b)
        assert ways is not None
        by_steps = shortest(steps(store, look(store), a, "up").steps, nid, partial(ids_of, store))
        assert shortest(ways, nid, partial(ids_of, store)) == by_steps, (a, b)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    program=programs | ranks, way=ways, always=st.booleans(),
    taken=st.lists(st.booleans(), min_size=1, max_size=5), moment=st.integers(1000, 1040),
    few=st.sampled_from([0, 3, 400]),
)  # fmt: skip
def test_whatever_comes_in_after_it_was_taken(
    program: Program | Ranks, way: Coming, always: bool, taken: list[bool], moment: int, few: int, load: "Load",
    scratch: Callable[[], str],
) -> None:  # fmt: skip
    path = scratch().removeprefix("sqlite:///")
    events = load.events(program.statements())
    if way.order == "reversed":
        events.reverse()
    elif way.order == "shuffled":
        way.random.shuffle(events)  # type: ignore[attr-defined]
    store = SqliteStore(path)
    build(path)
    turn = count()
    with used(), splicing_always() if always else nullcontext():
        while events:
            n = next(turn)
            store.write(load.batch(events[: way.sizes[n % len(way.sizes)]]))
            del events[: way.sizes[n % len(way.sizes)]]
            if way.settled[n % len(way.settled)]:
                store.settle()
            if taken[n % len(taken)] and n % 3 == 0:
                build(path)
            if way.reopened[n % len(way.reopened)]:
                same_closures(store, (None,), (None,))
        store.settle()
        same_closures(store, (None, moment), (None, 2))
        same_rows(store, (None, moment), few)
    store.close()
    for file in Path(path).parent.glob(f"{Path(path).name}*"):
        file.unlink()
