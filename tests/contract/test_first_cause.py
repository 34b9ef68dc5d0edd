"""The first upstream cause on random graphs, cycles among them: what `begat diff` tells against its definition.

The definition is worked out by brute force, on the states of the lineage law: sets of all that is behind each.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from begat.graph_schema import events as ev
from begat.graph_schema.law import History, State, begin, causes
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.store import open_store
from begat.queries.diff import diff
from tests.contract.test_questions import Script

if TYPE_CHECKING:
    from tests.contract.conftest import Load

ENTITIES = range(6)
RUNS = range(4)


class Program(NamedTuple):
    """`digests` of entities (None: not known), names and a setting of runs, and what happened, in order."""

    digests: list[int | None]
    names: list[int]
    values: list[int]
    happened: list[tuple[str, int, int]]

    def told(self) -> Script:
        say = Script()
        for n, digest in enumerate(self.digests):
            attributes = {} if digest is None else {"digest": f"blake2b:{digest}"}
            say(ev.Node, id=f"e{n}", kind="Entity", types=["Dataset"], name=f"file {n % 2}", attributes=attributes)
        for n, name in enumerate(self.names):
            say(ev.Start, run=f"r{n}", name=f"step {name}", types=["Preparation"])
            say(ev.Setting, run=f"r{n}", name="x", value=self.values[n])
        for what, i, j in self.happened:
            e, r = f"e{i}", f"r{j % len(RUNS)}"
            match what:
                case "used":
                    say(ev.Used, run=r, entity=e)
                case "made":
                    say(ev.Generated, run=r, entity=e)
                case "derived":
                    say(ev.Relate, relation="wasDerivedFrom", source=e, target=f"e{j}")
                case "part":
                    say(ev.Relate, relation="partOf", source=f"r{i % len(RUNS)}", target=r, role="part")
                case "informed":
                    say(ev.Relate, relation="wasInformedBy", source=f"r{i % len(RUNS)}", target=r)
                case "ended":
                    say(ev.End, run=r)
        return say


def programs() -> st.SearchStrategy[Program]:
    small = st.integers(0, 1)
    what = st.sampled_from(("used", "used", "made", "made", "derived", "part", "informed", "ended"))
    return st.builds(
        Program,
        st.lists(st.one_of(st.none(), st.integers(0, 2)), min_size=len(ENTITIES), max_size=len(ENTITIES)),
        st.lists(small, min_size=len(RUNS), max_size=len(RUNS)),
        st.lists(small, min_size=len(RUNS), max_size=len(RUNS)),
        st.lists(st.tuples(what, st.sampled_from(ENTITIES), st.sampled_from(ENTITIES)), max_size=16),
    )


Graph = dict[State, set[State]]


class Naive:
    """One side, by the words of the definition."""

    def __init__(self, program: Program, history: History, thing: str) -> None:
        self.program, self.thing = program, thing
        self.graph = self._from(history, begin(history, thing))

    @staticmethod
    def _from(history: History, first: State) -> Graph:
        graph: Graph = {}
        rest = [first]
        while rest:
            s = rest.pop()
            if s not in graph:
                graph[s] = set(causes(history, s))
                rest += graph[s]
        return graph

    @cached_property
    def nodes(self) -> set[str]:
        return {s.node for s in self.graph}

    def needs(self, s: State) -> set[State]:
        """Whose equality decides that of a state."""
        if s.node.startswith("r"):
            return {c for c in self.graph[s] if c.node.startswith("e")}
        return set() if self.program.digests[int(s.node[1:])] is not None else self.graph[s]

    def key(self, s: State) -> Any:
        if s in closure(self.needs(s), self.needs):
            return ("id", s.node)
        below = frozenset(self.key(c) for c in self.needs(s))
        number = int(s.node[1:])
        if s.node.startswith("r"):
            return ("did", self.program.names[number], self.program.values[number], below)
        if self.program.digests[number] is not None:
            return ("is", self.program.digests[number])
        return ("made", number % 2, below) if below else ("id", s.node)

    @cached_property
    def keys(self) -> dict[State, Any]:
        return {s: self.key(s) for s in self.graph}

    def unlike(self, other: "Naive") -> set[State]:
        theirs = set(other.keys.values())
        return {s for s in self.graph if s.node not in other.nodes and self.keys[s] not in theirs}

    def open(self, other: "Naive") -> Graph:
        """The part that no equal version of the same name hides."""
        theirs = {(key, _name(self.program, s.node)) for s, key in other.keys.items()}
        closed = {
            s for s in self.graph
            if s.node[0] == "e" and s.node != self.thing and (self.keys[s], _name(self.program, s.node)) in theirs
        }  # fmt: skip
        graph = {s: set[State]() if s in closed else to for s, to in self.graph.items()}
        first = next(iter(graph))
        return {s: graph[s] for s in {first} | closure(graph[first], graph.__getitem__)}


def highest(graph: Graph, some: set[State]) -> set[str]:
    """The nodes of those of some states behind which is none of another node, unless that has them behind itself."""
    behind = {s: closure(graph[s], graph.__getitem__) for s in graph}
    return {
        s.node for s in some & graph.keys()
        if not any(t in some and t.node != s.node and s not in behind[t] for t in behind[s])
    }  # fmt: skip


def closure(first: Iterable[Any], step: Any) -> set[Any]:
    found: set[Any] = set()
    rest = list(first)
    while rest:
        n = rest.pop()
        if n not in found:
            found.add(n)
            rest += step(n)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    program=programs(),
    things=st.one_of(
        st.tuples(st.sampled_from([f"e{n}" for n in ENTITIES]), st.sampled_from([f"e{n}" for n in ENTITIES])),
        st.tuples(st.sampled_from([f"r{n}" for n in RUNS]), st.sampled_from([f"r{n}" for n in RUNS])),
    ),
)
def test_the_first_causes_are_those_of_the_definition(
    load: "Load", program: Program, things: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(things[0] != things[1])
    said = program.told().said
    memory = load(MemoryStore(), said)
    history = memory.history()
    a, b = (Naive(program, history, t) for t in things)
    first_a = highest(a.graph, a.unlike(b)) | highest(a.open(b), a.unlike(b))
    first_b = highest(b.graph, b.unlike(a)) | highest(b.open(a), b.unlike(a))
    sqlite = load(open_store(f"sqlite:///{tmp_path_factory.mktemp('graph')}/graph.db"), said)
    try:
        for store in (memory, sqlite):
            rows = diff(store, *things, only=["cause"]).rows
            told_a, told_b = ({r[side] for r in rows if r[side]} for side in ("id_a", "id_b"))
            assert first_a <= told_a <= {s.node for s in a.unlike(b)}
            assert first_b <= told_b <= {s.node for s in b.unlike(a)}
            for r in rows:
                assert r["id_a"] in first_a or r["id_b"] in first_b
                for side, thing in (("a", things[0]), ("b", things[1])):
                    assert r[f"id_{side}"] is None or r[f"path_{side}"][-1] == _name(program, thing)
    finally:
        sqlite.close()


def _name(program: Program, thing: str) -> str:
    number = int(thing[1:])
    return f"step {program.names[number]}" if thing.startswith("r") else f"file {number % 2}"
