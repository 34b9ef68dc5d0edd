"""The plan language on random graphs with cycles, diamonds, hubs and parallel edges: every store gives the rows of the
naive evaluator, now and as of any moment."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

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
from begat.graph_schema.store import Store, open_store
from begat.queries.engine import look, run
from begat.queries.expr import Attr, Const, Expr, Par, Prop, Var, eq, op, overlap
from begat.queries.plan import (
    FLOW,
    Agg,
    Atom,
    Avoid,
    C,
    E,
    Either,
    Group,
    Has,
    L,
    N,
    Not,
    Opt,
    Query,
    Rows,
    T,
    Top,
    W,
    Way,
    lists,
)

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

ENTITIES: Final = tuple(f"e{n}" for n in range(6))
ACTIVITIES: Final = tuple(f"a{n}" for n in range(5))
PLACES: Final = tuple(f"p{n}" for n in range(4))
AGENTS: Final = ("ada", "bob", "lab")
#: Relations with what may stand at their ends, and in which role.
ENDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str | None, ...]]]] = {
    "used": (ACTIVITIES, ENTITIES, (None, "train")),
    "wasGeneratedBy": (ENTITIES, ACTIVITIES, (None,)),
    "wasDerivedFrom": (ENTITIES, ENTITIES, (None,)),
    "hadMember": (ENTITIES, ENTITIES, (None,)),
    "wasInformedBy": (ACTIVITIES, ACTIVITIES, (None,)),
    "partOf": (ACTIVITIES, ACTIVITIES, ("part", "section", "experiment")),
    "locatedIn": (PLACES, PLACES, (None,)),
    "about": (ENTITIES, PLACES, (None,)),
    "wasAssociatedWith": (ACTIVITIES, AGENTS, ("author", None)),
    "actedOnBehalfOf": (AGENTS, AGENTS, (None,)),
}
WINDOWS: Final[tuple[dict[str, Any], ...]] = ({}, {"from": 3}, {"to": 5}, {"from": 2, "to": 4}, {"from": 4, "to": 9})


class Said(NamedTuple):
    """A relation, with choices among what it may have."""

    relation: str
    source: int
    target: int
    role: int
    window: int
    bundle: bool

    def statement(self, at: Position, project: str) -> Relation:
        sources, targets, roles = ENDS[self.relation]
        s, d = sources[self.source % len(sources)], targets[self.target % len(targets)]
        arguments = {"activity": ACTIVITIES[self.window]} if self.relation == "actedOnBehalfOf" else {}
        return Relation(
            Context(project, "urn:b" if self.bundle else ""), at, self.relation, f"{project}/{s}", f"{project}/{d}",
            roles[self.role % len(roles)],
            attributes=WINDOWS[self.window] if self.relation == "about" else {},
            arguments={k: f"{project}/{v}" for k, v in arguments.items()},
        )  # fmt: skip


small: Final = some.integers(0, 5)
said: Final = some.builds(
    Said, some.sampled_from(sorted(ENDS)), small, small, small, some.integers(0, 4), some.booleans()
)


def graph(relations: list[Said], project: str) -> Iterator[AnyStatement]:
    """Nodes of every kind, and what was said of them, a microsecond apart."""
    here, seq = Context(project), count(1)

    def at() -> Position:
        n = next(seq)
        return Position(n, project, n)

    for n, a in enumerate(ACTIVITIES):
        node = f"{project}/{a}"
        yield Description(here, at(), node, ("Activity",), (("Training", "Job")[n % 2],), f"run {n % 3}", {"gpus": n})
        yield Started(here, at(), node)
        yield Point(here, at(), node, "loss", n / 3, labels='{"split":"val"}' if n % 2 else "", step=n % 2)
    for n, e in enumerate(ENTITIES):
        attributes: dict[str, Any] = {"digest": [f"d{n % 2}", "z"], "size": [n, 2.5]}
        name = f"\ufe0f{e}\U0001f600"
        yield Description(
            here, at(), f"{project}/{e}", ("Entity",), (("Dataset", "Model")[n % 2],), name, attributes
        )
    for r in relations:
        yield r.statement(at(), project)
    for a in ACTIVITIES[:3]:
        yield Ended(here, at(), f"{project}/{a}")


A: Final = N("a", ("Activity",))
X: Final = N("x", ("Entity",))
INSIDE: Final = (N("p", id=Par("place")), C("p", ("locatedIn",), "q", "down", lo=0))
ABOUT: Final = E("d", ("about",), "q", attrs={"from": "f", "to": "t"})
USES: Final = E("a", ("used",), "x", role="r")


def shown(*variables: str) -> dict[str, Expr]:
    return {v: Var(v) for v in variables}


PLANS: Final[dict[str, tuple[tuple[Atom, ...], dict[str, Expr]]]] = {
    "datasets inside a place": ((*INSIDE, ABOUT, W(overlap(Var("f"), Var("t"), Const(3), Const(5)))),
        shown("q", "d", "f", "t")),
    "what came of them": ((*INSIDE, ABOUT, C("d", FLOW, "m", "down"), N("m", ("Model",))), shown("m")),
    "or they themselves": ((*INSIDE, ABOUT, C("d", FLOW, "m", "down", lo=0)), shown("d", "m")),
    "what came of each kind": ((A, C("a", FLOW, "y", "down")), shown("y")),
    "what stands behind any": ((N("x", ("Entity", "Activity")), C("x", FLOW, "y")), shown("y")),
    "what came of them, but": ((*INSIDE, ABOUT, C("d", FLOW, "m", "down", lo=0,
        avoid=Avoid("bad", (N("bad", ("Job",)), E("bad", ("used",), "any"))))), shown("m")),
    "what stands behind each, but": ((X, C("x", FLOW, "y", avoid=Avoid("bad", (N("bad", ("Model",)), W(
        op(">", Attr("bad", "size", "number"), Const(2))))))), shown("x", "y")),
    "from each to each": ((X,
        C("x", ("wasDerivedFrom", "hadMember"), "y", avoid=Avoid("bad", (N("bad", ("Model",)),)))),
        shown("x", "y")),
    **{f"the way to {e}": ((N("s", id=Par("run")), N("d", id=Par(e)), Way("s", "d", "n", "depth", "via")),
        shown("n", "depth", "via")) for e in ENTITIES},
    **{f"the way from {e}": ((N("s", id=Par(e)), N("d", id=Par("run")), Way("s", "d", "n", "depth", "via")),
        shown("n", "depth", "via")) for e in ENTITIES},
    "what came of each": ((X, C("x", FLOW, "y", "down")), shown("x", "y")),
    "parts of a run": ((N("a", id=Par("run")), C("a", ("partOf",), "b", "down", with_role=("part", "section"), lo=0),
        T("point", "b", {"value": "v", "labels": "l"})), shown("b", "v", "l")),
    "members of members": ((X, C("x", ("hadMember",), "y", lo=0)), shown("x", "y")),
    "counted": ((A, Opt((USES,)), Group(("a",), {"n": Agg("count", Var("x")), "xs": Agg("collect", Var("x")),
        "rs": Agg("collect", Var("r"))}, ("x", "r"))), shown("a", "n", "xs", "rs")),
    "by equal data": ((N("a", ("Training",)), Opt((USES, L("d", op("concat", Attr("x", "digest"), "/", Var("r"))))),
        Group(("a",), {"ds": Agg("collect", Var("d"))}, ("d",)),
        Group(("ds",), {"runs": Agg("collect", Var("a")), "n": Agg("count", Var("a"))}, ("a",))),
        shown("ds", "runs", "n")),
    "aggregates": ((A, Opt((USES,)), L("took", op("-", Prop("a", "ended"), Prop("a", "started"))),
        L("size", Attr("x", "size", "number")), L("name", Prop("x", "name")),
        Group(("r",), {"sum": Agg("sum", Var("took")), "avg": Agg("avg", Var("took")),
            "mid": Agg("median", Var("size")), "p95": Agg("p95", Var("size")),
            "least": Agg("min", Var("name")), "most": Agg("max", Var("size")),
            "last": Agg("max", Var("name"))},
            ("a", "x", "took", "size", "name"))), shown("r", "sum", "avg", "mid", "p95", "least", "most", "last")),
    "having": ((A, USES, Group(("x",), {"n": Agg("count", Var("a"))}, ("a",)), W(op(">", Var("n"), 1)),
        E("x", ("wasGeneratedBy",), "b")), shown("x", "n", "b")),
    "best of each": ((A, T("point", "a", {"value": "v", "step": "s"}),
        Group(("a",), {"v": Agg("min", Var("v"))}, ("v",)), L("name", Prop("a", "name")),
        Top(1, ("name",), ("v", "a"), ("v",))), shown("name", "v", "a")),
    "for whom": ((A, E("a", ("wasAssociatedWith",), "p", role="role"),
        Opt((E("p", ("actedOnBehalfOf",), "o", args={"activity": "for"}),
            W(op("or", op("isnull", Var("for")), eq(Var("for"), Prop("a", "id")))),
            C("o", ("actedOnBehalfOf",), "up", lo=0)))),
        shown("a", "p", "role", "o", "up")),
    "given": ((Rows("wanted", ("id", "name")), N("x", id=Var("id")), W(op("contains", Prop("x", "name"), Var("name"))),
        Has((C("x", FLOW, "y"),)), Not((E("x", ("hadMember",), "z"),))), shown("x", "name")),
    "measured in a branch": ((N("a", id=Par("run")), Either((
            (C("a", FLOW, "b", "up"), N("b", ("Activity",)), Group(("b",), {"n": Agg("count", Var("a"))}, ("a",))),
            (E("a", ("used",), "b"), L("n", Const(0))))),), shown("b", "n")),
}  # fmt: skip


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Each graph is a project of its own, so that one store takes them all."""
    return count()


@pytest.mark.parametrize("kind", ["sqlite", "neo4j"])
def test_every_store_gives_the_rows_of_the_naive_one(
    kind: str, new_store: "NewStore", load: "Load", numbers: Iterator[int]
) -> None:
    store = new_store(kind)

    @settings(
        max_examples=40 if kind == "sqlite" else 8, deadline=None, derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(some.lists(said, min_size=5, max_size=40), some.integers(20, 70))
    def same(relations: list[Said], moment: int) -> None:
        project = f"g{next(numbers)}"
        statements = list(graph(relations, project))
        naive = load(open_store("memory:"), statements)
        load(store, statements)
        for as_of in (None, moment):
            expected = rows(naive, project, as_of)
            for name, found in rows(store, project, as_of).items():
                assert found == expected[name], name

    same()


def rows(store: Store, project: str, as_of: int | None) -> dict[str, list[tuple[Any, ...]]]:
    """What a store says to every plan."""
    params = {
        "place": f"{project}/p0", "run": f"{project}/a0",
        **{e: f"{project}/{e}" for e in ENTITIES},
        "wanted": [[f"{project}/{e}", e] for e in ENTITIES] + [["none", "none"]],
    }  # fmt: skip
    scope = look(store, project, as_of)
    found = {}
    for name, (body, cols) in PLANS.items():
        order = tuple(c for c in cols if c not in lists(body))[:1]
        found[name] = run(store, Query(body, cols, order), params, scope).rows
    return found
