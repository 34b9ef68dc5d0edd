"""Closures that break naive queries: paths without number, a long chain, cycles; and depths as the law counts them."""

import time
from collections.abc import Iterator
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation
from begat.graph_schema.store import Store
from begat.queries import ancestors, ask, descendants
from begat.queries.answer import Answer
from begat.queries.engine import look, run
from begat.queries.expr import Var
from begat.queries.plan import FLOW, C, Direction, N, Query
from tests.contract.conftest import ACCELERATED, STORES

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

HERE = Context()
#: Seconds that all answers about a shape may take, on the busiest machine: what explodes does not end at all.
SOON = 300.0


class Line:
    """Statements one after the other, each with the next position."""

    def __init__(self) -> None:
        self._seq = count(1)
        self.here = HERE
        self.now = 1_750_000_000_000_000
        self.said: list[AnyStatement] = []

    def at(self) -> Position:
        self.now += 1
        return Position(self.now, "w", next(self._seq))

    def entity(self, *ids: str) -> None:
        self.said += [Description(self.here, self.at(), i, ("Entity",), ("Dataset",), i) for i in ids]

    def derived(self, effect: str, *causes: str) -> None:
        self.said += [Relation(self.here, self.at(), "wasDerivedFrom", effect, c) for c in causes]

    def run(self, activity: str, used: list[str], made: list[str]) -> None:
        self.said.append(Description(self.here, self.at(), activity, ("Activity",), ("Preparation",), activity))
        self.said += [Relation(self.here, self.at(), "used", activity, e) for e in used]
        self.said += [Relation(self.here, self.at(), "wasGeneratedBy", e, activity) for e in made]


def depths(answer: Answer) -> dict[str, int]:
    return {r["id"]: r["depth"] for r in answer.rows}


class Lay:
    """Puts a shape into a store at once, one of WAYS, and gives the scope in which it is all that there is to see."""

    def __init__(self, store: Store, load: "Load", way: str) -> None:
        self._store, self._load, self._way = store, load, way
        self.laid = 0.0

    def many(self, number: int) -> int:
        """As many as a shape has here: of large ones the naive store, which thinks all anew each time, gets a tenth."""
        return number // 10 if self._store.dialect == "memory" and self._way != "alone" else number

    def __call__(self, line: Line, *some: str) -> dict[str, Any]:
        """`some` of its entities are what others derive from, and what they derive, elsewhere or later."""
        scope: dict[str, Any] = {}
        if self._way != "alone":
            if self._way == "as of":
                scope["as_of"] = line.now
            else:
                line.here = Context("theirs")
            for entity in some:
                line.derived(entity, "beyond")
                line.derived("further on", entity)
        self._store.write(self._load.batch(self._load.events(line.said)))
        self._store.settle()
        self._load.taken(self._store)
        self.laid = time.monotonic()
        return scope


@pytest.fixture(params=[*STORES, ACCELERATED])
def store(request: pytest.FixtureRequest, new_store: "NewStore") -> Store:
    """An empty store of each kind, one with a snapshot of its flow edges too."""
    return new_store(request.param)


WAYS: Final = ("alone", "among others", "as of")


@pytest.fixture(params=WAYS)
def lay(request: pytest.FixtureRequest, store: Store, load: "Load") -> Iterator[Lay]:
    """Each way to put a shape into a store. All that is asked of it then is answered soon."""
    one = Lay(store, load, request.param)
    yield one
    assert time.monotonic() - one.laid < SOON


def lattice(diamonds: int) -> Line:
    """d0 <- l0, r0 <- d1 <- l1, r1 <- d2 ...: two to the power of their number of paths lead from end to end."""
    line = Line()
    for n in range(diamonds):
        line.derived(f"l{n}", f"d{n}")
        line.derived(f"r{n}", f"d{n}")
        line.derived(f"d{n + 1}", f"l{n}", f"r{n}")
    return line


def chain(runs: int) -> Line:
    """e0 <- a0 <- e1 <- a1 <- e2 ..."""
    line = Line()
    for n in range(runs):
        line.run(f"a{n}", [f"e{n}"], [f"e{n + 1}"])
    return line


def test_a_lattice_of_sixty_diamonds(store: Store, lay: Lay) -> None:
    scope = lay(lattice(60), *(f"d{n}" for n in range(61)))
    up, down = ancestors(store, "d60", **scope), descendants(store, "d0", **scope)
    assert len(up.rows) == len(down.rows) == 180
    assert depths(up)["d0"] == depths(down)["d60"] == 120
    assert next(r["via"] for r in up.rows if r["id"] == "d59") == "l59"  # the least id of two
    assert not up.truncated
    assert len(ask(store, "how_created", {"thing": "d60"}, **scope).rows) == 180
    assert len(ask(store, "impact", {"thing": "d0"}, **scope).rows) == 180
    assert [r["id"] for r in ask(store, "raw_sources", {"thing": "d60"}, **scope).rows] == ["d0"]
    near = ancestors(store, "d60", depth=3, **scope)
    assert depths(near) == {"l59": 1, "r59": 1, "d59": 2, "l58": 3, "r58": 3}
    assert near.truncated


def test_a_chain_of_two_thousand_steps(store: Store, lay: Lay) -> None:
    runs = lay.many(1000)
    scope = lay(chain(runs), *(f"e{n}" for n in range(0, runs + 1, 50)))
    assert depths(ancestors(store, f"e{runs}", limit=5000, **scope))["e0"] == 2 * runs
    assert depths(descendants(store, "e0", limit=5000, **scope))[f"e{runs}"] == 2 * runs
    steps = ask(store, "raw_sources", {"thing": f"e{runs}"}, limit=5000, **scope)
    assert len(steps.rows) == runs + 1
    near = descendants(store, "e0", depth=99, **scope)
    assert depths(near) == {**{f"a{n}": 2 * n + 1 for n in range(50)}, **{f"e{n}": 2 * n for n in range(1, 50)}}
    assert near.truncated


def test_a_cycle_ends_and_holds_its_start(store: Store, lay: Lay) -> None:
    """No real run makes one, an imported document may: a <- b <- c <- a, and x derived from a."""
    line = Line()
    for effect, cause in pairwise(("a", "c", "b", "a")):
        line.derived(effect, cause)
    line.derived("x", "a")
    scope = lay(line, "a", "b", "c", "x")
    assert depths(ancestors(store, "a", **scope)) == {"c": 1, "b": 2, "a": 3}
    assert depths(ancestors(store, "x", **scope)) == {"a": 1, "c": 2, "b": 3}
    assert depths(descendants(store, "a", **scope)) == {"b": 1, "x": 1, "c": 2, "a": 3}
    assert depths(descendants(store, "x", **scope)) == {}
    assert depths(ancestors(store, "x", depth=1, **scope)) == {"a": 1}


def test_a_hub(store: Store, lay: Lay) -> None:
    """Many runs read `hub`, and `all` is derived from all that they made. (The benchmarks have a larger one.)"""
    runs = 200 if store.dialect == "memory" else 1000
    line, made = Line(), [f"m{n}" for n in range(runs)]
    line.entity("hub")
    for n, entity in enumerate(made):
        line.run(f"a{n}", ["hub"], [entity])
    line.derived("all", *made)
    scope = lay(line, "hub", "all", "m7")
    up, down = (f(store, i, limit=3 * runs, **scope) for f, i in ((ancestors, "all"), (descendants, "hub")))
    assert depths(up) == {**dict.fromkeys(made, 1), **{f"a{n}": 2 for n in range(runs)}, "hub": 3}
    assert depths(down) == {**{f"a{n}": 1 for n in range(runs)}, **dict.fromkeys(made, 2), "all": 3}
    assert depths(ancestors(store, "m7", **scope)) == {"a7": 1, "hub": 2}
    sources = ask(store, "raw_sources", {"thing": "all"}, limit=3 * runs, **scope)
    assert [r["id"] for r in sources.rows if r["kind"] == "Entity"] == ["hub"]
    near = ask(store, "impact", {"thing": "hub", "depth": 1}, limit=3 * runs, **scope)
    assert depths(near) == {f"a{n}": 1 for n in range(runs)}
    assert near.truncated


def test_from_many_at_once(store: Store, lay: Lay) -> None:
    """Forty files, each read by a run of its own; what all of these made goes through a chain of twelve runs more, and
    the last thing made is, by some document, behind the first again. Runs of the chain are starts as well."""
    line, made = Line(), [f"m{n}" for n in range(40)]
    line.entity(*(f"e{n}" for n in range(40)))
    for n, entity in enumerate(made):
        line.run(f"a{n}", [f"e{n}"], [entity])
    line.run("all", made, ["c0"])
    for n in range(12):
        line.run(f"b{n}", [f"c{n}"], [f"c{n + 1}"])
    line.derived("loop", "c12", "back")
    line.derived("back", "loop")
    scope = look(store, as_of=lay(line, "m3", "c5").get("as_of"))

    def reached(types: tuple[str, ...], direction: Direction) -> set[str]:
        body = (N("x", types), C("x", FLOW, "y", direction))
        found = run(store, Query(body, {"y": Var("y")}, ("y",)), {}, scope)
        assert not found.truncated
        return {y for (y,) in found.rows}

    runs = {*(f"a{n}" for n in range(40)), "all", *(f"b{n}" for n in range(12))}
    after = {*made, *(f"c{n}" for n in range(13)), "loop", "back"}
    assert reached(("Dataset",), "down") == runs | after
    assert reached(("Preparation",), "down") == runs - {f"a{n}" for n in range(40)} | after
    assert reached(("Preparation",), "up") == runs - {"b11"} | {*made, *(f"e{n}" for n in range(40))} | {
        f"c{n}" for n in range(12)
    }
    assert reached(("Dataset",), "up") == set()


def test_a_thing_derived_from_itself(store: Store, load: "Load") -> None:
    line = Line()
    line.derived("a", "a")
    load(store, line.said)
    assert depths(ancestors(store, "a")) == depths(descendants(store, "a")) == {"a": 1}


def test_a_depth_limit_is_told(store: Store, load: "Load") -> None:
    line = Line()
    for n in range(5):
        line.derived(f"e{n + 1}", f"e{n}")
    load(store, line.said)
    some = ancestors(store, "e5", depth=3)
    assert depths(some) == {"e4": 1, "e3": 2, "e2": 3}
    assert some.truncated
    everything = ancestors(store, "e5", depth=5)
    assert len(everything.rows) == 5
    assert not everything.truncated


def test_a_row_limit_is_told(store: Store, load: "Load") -> None:
    line = Line()
    line.derived("x", *(f"e{n}" for n in range(5)))
    load(store, line.said)
    assert ancestors(store, "x", limit=4).truncated
    assert len(ancestors(store, "x", limit=4).rows) == 4
    assert not ancestors(store, "x", limit=5).truncated


def test_phases_of_an_activity_count_as_one(store: Store, load: "Load") -> None:
    """`loop` uses a, makes b, uses c, makes d: it stands in several phases, and once in each answer."""
    line = Line()
    line.run("loop", ["a"], ["b"])
    line.run("loop", ["c"], ["d"])
    load(store, line.said)
    assert depths(ancestors(store, "b")) == {"loop": 1, "a": 2}
    assert depths(ancestors(store, "d")) == {"loop": 1, "a": 2, "c": 2}
    assert depths(descendants(store, "c")) == {"loop": 1, "d": 2}
    assert depths(ancestors(store, "loop")) == {"a": 1, "c": 1}
    assert depths(descendants(store, "loop")) == {"b": 1, "d": 1}
