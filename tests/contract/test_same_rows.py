"""Random graphs, also ones that no hook would write: every question gets the same rows from every store."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema.errors import BegatError
from begat.graph_schema.events import Attributes
from begat.graph_schema.statements import (
    AnyStatement,
    Context,
    Description,
    Ended,
    Point,
    Position,
    Relation,
    Started,
)
from begat.graph_schema.store import Store
from begat.queries import QUESTIONS, ancestors, ask, descendants, find, path, show, subgraph
from begat.queries.answer import Answer
from begat.queries.graph import Link
from begat.queries.graph import graph as links
from tests.asked import GIVEN
from tests.contract.conftest import ACCELERATED

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

ACTIVITIES: Final = tuple(f"a{n}" for n in range(5))
ENTITIES: Final = tuple(f"e{n}" for n in range(5))
PROJECTS: Final = ("ours", "theirs")
#: Where statements come from, a kind of graph: projects, and bundles in each. What a store may see differs with it.
WORLDS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (PROJECTS, ("", "", "urn:bundle")),
    (PROJECTS, ("",)),
    (("ours",), ("",)),
    (("ours",), ("", "urn:bundle")),
)
TYPES: Final = (("Dataset",), ("LearningDataset",), ("Model", "Code"), ("urn:foreign",), ("Prediction",))
LABELS: Final = ("", '{"split":"val"}')
VALUES: Final = (1.0, 0.0, float("nan"), float("inf"))


class Graph:
    """Random statements. Activities belong to one project, entities to all; a version is made in one project only."""

    def __init__(self, seed: int, *, timed: bool) -> None:
        self.random = Random(seed)
        self.timed = timed
        self.now = self.seq = 1000
        self.projects, self.bundles = WORLDS[seed % len(WORLDS)]
        self.project = {a: self.random.choice(self.projects) for a in ACTIVITIES}
        # In every other graph some names have signs that Neo4j by itself sorts in another way.
        self.signs = ("", "\ufe0f", "\U0001f600") if seed % 4 in (1, 2) else ("",)
        self.maker: dict[str, str] = {}
        self.said: list[AnyStatement] = [s for n, a in enumerate(ACTIVITIES) for s in self.started(n, a)]
        for _ in range(self.random.randint(5, 40)):
            self.said += self.anything()

    def at(self) -> Position:
        """The next position; of documents a third has no time."""
        self.now += self.random.choice((1, 3))
        self.seq += 1
        time = self.now if self.timed or self.random.random() < 0.7 else None
        return Position(time, self.random.choice(("v", "w")), self.seq)

    def context(self, activity: str | None = None) -> Context:
        project = self.random.choice(self.projects) if activity is None else self.project[activity]
        return Context(project, self.random.choice(self.bundles))

    def started(self, n: int, a: str) -> Iterator[AnyStatement]:
        c, p = self.context(a), self.at()
        types = self.random.choice(((), ("Training",), ("Preparation", "Job")))
        yield Description(c, p, a, ("Activity",), types, self.random.choice((a, "run")))
        yield Started(c, p, a)
        wholes = [w for w in ACTIVITIES[:n] if self.project[w] == self.project[a]]
        if wholes and self.random.random() < 0.7:
            role = self.random.choice(("part", "part", "section"))
            yield Relation(c, p, "partOf", a, self.random.choice(wholes), role)

    def anything(self) -> Iterator[AnyStatement]:
        a, e = self.random.choice(ACTIVITIES), self.random.choice(ENTITIES)
        c, p = self.context(a), self.at()
        match self.random.randrange(20):
            case 0 | 1 | 2 | 3:
                yield Relation(c, p, "used", a, e, self.random.choice((None, "train")), time=p.time)
            case 4 | 5 | 6 if self.maker.setdefault(e, self.project[a]) == self.project[a]:
                yield Relation(c, p, "wasGeneratedBy", e, a, time=p.time, exact=self.random.random() < 0.2)
            case 7:
                yield Relation(c, p, "wasDerivedFrom", e, self.random.choice(ENTITIES))
            case 8:
                yield Relation(c, p, "hadMember", e, self.random.choice(ENTITIES))
            case 9:
                yield Relation(c, p, "hasSetting", a, f"s{self.random.randrange(3)}")
            case 10:
                yield Relation(c, p, "wasAssociatedWith", a, "ada", role=self.random.choice((None, "author")))
            case 11 | 12:
                value, step = self.random.choice(VALUES), self.random.choice((None, 0, 1, 2.5))
                yield Point(
                    c, p._replace(time=self.now), a, "loss", value, labels=self.random.choice(LABELS), step=step
                )
            case 13 if not any(isinstance(s, Ended) and s.node == a for s in self.said):
                yield Ended(c, p, a, self.random.choice(("finished", "failed", "killed")))
            case 14 | 15:
                relation = self.random.choice(("about", "about", "excluded"))
                since, until = sorted(self.random.sample(range(9), 2))
                ends: tuple[Attributes, ...] = ({}, {"from": since}, {"to": until}, {"from": since, "to": until})
                source = a if relation == "excluded" else self.random.choice(ENTITIES)
                yield Relation(c, p, relation, source, e, attributes=self.random.choice(ends))
            case 16:
                relation = self.random.choice(("locatedIn", "locatedIn", "instanceOf", "broader"))
                yield Relation(c, p, relation, e, self.random.choice(ENTITIES))
            case 17:
                score = f"v{self.random.randrange(3)}"
                yield Description(c, p, score, ("Entity",), ("ModelEvaluation",), "loss", {"split": "val"}, "0.5", 0.5)
                yield Relation(c, p, "evaluationOf", score, e)
                yield Relation(c, p, "onData", score, self.random.choice(ENTITIES))
            case _:
                types = self.random.choice(TYPES)
                name = self.random.choice((e, f"new {e}")) + self.random.choice(self.signs)
                yield Description(c, p, e, ("Entity",), types, name, {"path": f"/data/{e}"})

    def moment(self) -> int:
        """Some time in its history."""
        return self.random.randint(1000, self.now)


#: Of whose lineage the links are looked at too.
DRAWN: Final = ("a0", "a3", "e0", "e3")


def answers(store: Store, project: str, as_of: int | None, nodes: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """What the store says to everything that can be asked of these nodes."""
    scope: dict[str, Any] = {"project": project, "as_of": as_of}
    for node in nodes:
        for q in QUESTIONS.values():
            given = {p.name: GIVEN[p.name] for p in q.parameters if p.required} | {"thing": node}
            if as_of is not None or q.name not in CLOCKED:
                yield q.name, node, said(partial(ask, store, q.name, given, **scope))
        used_then = {"thing": node, "since": 1010, "until": 1030}
        yield "impact", node, "window", said(partial(ask, store, "impact", used_then, **scope))
        for f in (ancestors, descendants):
            for depth in (None, 2):
                yield f.__name__, node, depth, said(partial(f, store, node, depth=depth, **scope))
            for how in WALKS:
                yield f.__name__, node, how, said(partial(f, store, node, **how, **scope))
            if node in DRAWN:
                for types in ((), ("Dataset", "Agent")):
                    asked = partial(f, store, node, types=types, **scope)
                    yield "links", f.__name__, node, types, said(lambda: drawn(store, asked(), scope))  # noqa: B023
        yield "subgraph", node, said(partial(subgraph, store, node, limit=6, **scope))
        for other in sorted({*nodes} & {*ACTIVITIES, *ENTITIES}):
            yield "path", node, other, said(partial(path, store, node, other, **scope))
        if as_of is None:
            yield "show", node, said(partial(show, store, node, project=project))
    for kind in ("Entity", "Activity", "Agent", "Dataset", "Training", "Job", "urn:foreign"):
        for where in WHERE:
            yield "find", kind, where, said(partial(find, store, kind, where, **scope))


#: Ways to walk that are not the lineage law alone.
WALKS: Final[tuple[dict[str, Any], ...]] = (
    {"stop": ("Dataset", "name = 'a1'"), "types": ("Entity",)},
    {"relations": ("used", "partOf", "hadMember")},
    {"since": 1010, "until": 1030},
)
#: What they say depends on what time it is.
CLOCKED: Final = ("in_trouble",)
WHERE: Final = (
    None,
    'status = "FAILED"',
    'status != "FAILED" and not name = "run"',
    'path >= "/data/e2" or type = "Job" or name = "new e1"',
    'metrics.loss >= 0 and not metrics.loss.min > 0 or name = "a1"',
    'metrics.loss[split=val].max > 0 or params.lr = 1',
)


def drawn(store: Store, answer: Answer, scope: dict[str, Any]) -> list[Link]:
    """The links of a picture of the answer; each is between two of its nodes."""
    found = links(store, answer, **scope)
    assert {end for link in found.links for end in (link.source, link.target)} <= {n["id"] for n in found.nodes}
    return found.links


def said(call: Callable[[], object]) -> str:
    """An answer, or the error told instead."""
    try:
        return repr(call())
    except BegatError as e:
        return repr(e)


#: Graphs a store, and the nodes of each that are asked about: a server plans each statement once, which takes minutes.
GRAPHS: Final = {"sqlite": 8, ACCELERATED: 4, "neo4j": 1}
NODES: Final = (*ACTIVITIES, *ENTITIES, "run", "ada")
ASKED: Final = {"sqlite": len(NODES), ACCELERATED: len(NODES), "neo4j": 2}


@pytest.mark.parametrize("timed", [True, False], ids=["hooks", "documents"])
@pytest.mark.parametrize(("kind", "seed"), [(kind, seed) for kind, many in GRAPHS.items() for seed in range(many)])
def test_all_answers_are_the_same(kind: str, seed: int, timed: bool, new_store: "NewStore", load: "Load") -> None:
    graph = Graph(seed, timed=timed)
    memory, store = (load(new_store(name), graph.said) for name in ("memory", kind))
    nodes = graph.random.sample(NODES, ASKED[kind])
    for project in PROJECTS:
        # A document without times says nothing about what was known when.
        for as_of in (None, graph.moment()) if timed else (None,):
            for expected, found in zip(
                answers(memory, project, as_of, nodes), answers(store, project, as_of, nodes), strict=True
            ):
                assert found == expected
