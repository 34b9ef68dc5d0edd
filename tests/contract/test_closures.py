"""Closures that break naive queries: paths without number, a long chain, cycles; and depths as the law counts them."""

import time
from collections.abc import Iterator
from itertools import count, pairwise
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation
from begat.graph_schema.store import Store
from begat.queries import ancestors, ask, descendants
from begat.queries.answer import Answer

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE = Context()
#: Seconds that any of these may take, on a busy machine: what explodes does not end at all.
SOON = 20.0


class Line:
    """Statements one after the other, each with the next position."""

    def __init__(self) -> None:
        self._seq = count(1)
        self.said: list[AnyStatement] = []

    def at(self) -> Position:
        n = next(self._seq)
        return Position(1_750_000_000_000_000 + n, "w", n)

    def entity(self, *ids: str) -> None:
        self.said += [Description(HERE, self.at(), i, ("Entity",), ("Dataset",), i) for i in ids]

    def derived(self, effect: str, *causes: str) -> None:
        self.said += [Relation(HERE, self.at(), "wasDerivedFrom", effect, c) for c in causes]

    def run(self, activity: str, used: list[str], made: list[str]) -> None:
        self.said.append(Description(HERE, self.at(), activity, ("Activity",), ("Preparation",), activity))
        self.said += [Relation(HERE, self.at(), "used", activity, e) for e in used]
        self.said += [Relation(HERE, self.at(), "wasGeneratedBy", e, activity) for e in made]


def depths(answer: Answer) -> dict[str, int]:
    return {r["id"]: r["depth"] for r in answer.rows}


@pytest.fixture
def soon() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SOON


@pytest.mark.usefixtures("soon")
def test_a_lattice_of_sixty_diamonds(store: Store, load: "Load") -> None:
    """Two to the sixtieth paths lead from the bottom to the top: d0 <- l0, r0 <- d1 <- l1, r1 <- d2 ... d60."""
    line = Line()
    for n in range(60):
        line.derived(f"l{n}", f"d{n}")
        line.derived(f"r{n}", f"d{n}")
        line.derived(f"d{n + 1}", f"l{n}", f"r{n}")
    load(store, line.said)
    up, down = ancestors(store, "d60"), descendants(store, "d0")
    assert len(up.rows) == len(down.rows) == 180
    assert depths(up)["d0"] == depths(down)["d60"] == 120
    assert next(r["via"] for r in up.rows if r["id"] == "d59") == "l59"  # the least id of two
    assert not up.truncated
    assert len(ask(store, "how_created", {"thing": "d60"}).rows) == 180
    assert [r["id"] for r in ask(store, "raw_sources", {"thing": "d60"}).rows] == ["d0"]


@pytest.mark.usefixtures("soon")
def test_a_chain_of_two_thousand_steps(store: Store, load: "Load") -> None:
    line = Line()
    for n in range(1000):
        line.run(f"a{n}", [f"e{n}"], [f"e{n + 1}"])
    load(store, line.said)
    assert depths(ancestors(store, "e1000", limit=5000))["e0"] == 2000
    assert depths(descendants(store, "e0", limit=5000))["e1000"] == 2000
    steps = ask(store, "raw_sources", {"thing": "e1000"}, limit=5000)
    assert len(steps.rows) == 1001


@pytest.mark.usefixtures("soon")
def test_a_cycle_ends_and_holds_its_start(store: Store, load: "Load") -> None:
    """No real run makes one, an imported document may: a <- b <- c <- a, and x derived from a."""
    line = Line()
    for effect, cause in pairwise(("a", "c", "b", "a")):
        line.derived(effect, cause)
    line.derived("x", "a")
    load(store, line.said)
    assert depths(ancestors(store, "a")) == {"c": 1, "b": 2, "a": 3}
    assert depths(ancestors(store, "x")) == {"a": 1, "c": 2, "b": 3}
    assert depths(descendants(store, "a")) == {"b": 1, "x": 1, "c": 2, "a": 3}
    assert depths(descendants(store, "x")) == {}


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
