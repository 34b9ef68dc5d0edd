"""The operators of the plan language, each on one small graph, with what it must give on every store.

    a1 uses e1, e2 (role "train") and makes e3; a2 uses e3 and makes e4; a3 runs, part of a2; e4 was derived from e1
    a1 is a Training named "one" with points loss 0.5, 0.25; a2 a Job named "two"; e1 and e3 are Datasets, e4 a Model
"""

from typing import TYPE_CHECKING, Any, Final

import pytest

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
from begat.queries.engine import look, run
from begat.queries.expr import AttrIs, Const, Expr, IsA, Par, Prop, Var, eq, op
from begat.queries.plan import (
    FLOW,
    Atom,
    C,
    E,
    Either,
    Has,
    L,
    N,
    Not,
    Opt,
    Path,
    Query,
    Rows,
    T,
    Top,
    W,
    When,
)

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE: Final = Context()


def at(n: int) -> Position:
    return Position(1000 + n, "w", n)


def entity(n: int, id: str, *types: str, **attributes: Any) -> Description:
    return Description(HERE, at(n), id, ("Entity",), types, f"file {id}", attributes)


GRAPH: Final[list[AnyStatement]] = [
    Description(HERE, at(1), "a1", ("Activity",), ("Training",), "one"),
    Started(HERE, at(1), "a1"),
    entity(2, "e1", "Dataset", size=10, tag=["x", "y"], flag=True),
    entity(3, "e2", size=20.5),
    Relation(HERE, at(4), "used", "a1", "e1"),
    Relation(HERE, at(5), "used", "a1", "e2", "train"),
    Point(HERE, at(6), "a1", "loss", 0.5, step=1),
    Point(HERE, at(7), "a1", "loss", 0.25, step=2),
    entity(8, "e3", "LearningDataset"),
    Relation(HERE, at(9), "wasGeneratedBy", "e3", "a1"),
    Ended(HERE, at(10), "a1", "failed", "E: no"),
    Description(HERE, at(11), "a2", ("Activity",), ("Job",), "two"),
    Started(HERE, at(11), "a2"),
    Relation(HERE, at(12), "used", "a2", "e3"),
    Started(HERE, at(13), "a3"),
    Relation(HERE, at(13), "partOf", "a3", "a2", "part"),
    entity(14, "e4", "Model"),
    Relation(HERE, at(15), "wasGeneratedBy", "e4", "a2"),
    Relation(HERE, at(16), "wasDerivedFrom", "e4", "e1"),
]

A: Final = N("a", ("Activity",))
X: Final = N("x", ("Entity",))
USES: Final = E("a", ("used",), "x")
NUMBERS: Final = (L("three", Const(3)), L("two", Const(2)), L("none", Const(None)))

#: name: body, columns, order, rows.
PLANS: Final[dict[str, tuple[tuple[Atom, ...], dict[str, Expr], tuple[str, ...], list[tuple[Any, ...]]]]] = {
    "kinds": ((A,), {"a": Var("a"), "name": Prop("a", "name")}, ("a",), [("a1", "one"), ("a2", "two"), ("a3", None)]),
    "subtypes": ((N("x", ("Dataset",)),), {"x": Var("x")}, ("-x",), [("e3",), ("e1",)]),
    "a foreign type": ((N("x", ("urn:none", "Model")),), {"x": Var("x")}, ("x",), [("e4",)]),
    "by name": ((N("x", name=Const("file e2")),), {"x": Var("x")}, ("x",), [("e2",)]),
    "edges with role": ((A, E("a", ("used",), "x", role="r", at="t"), W(op("isnull", Var("r")))),
        {"a": Var("a"), "x": Var("x"), "t": Var("t")}, ("t",), [("a1", "e1", 1004), ("a2", "e3", 1012)]),
    "edges backward": ((N("x", id=Const("e3")), E("b", ("used", "wasGeneratedBy"), "x")),
        {"b": Var("b")}, ("b",), [("a2",)]),
    "only a role": ((A, E("a", ("used",), "x", with_role="train")), {"x": Var("x")}, ("x",), [("e2",)]),
    "optional edge": ((A, Opt((USES,))), {"a": Var("a"), "x": Var("x")}, ("a", "-x"),
        [("a1", "e2"), ("a1", "e1"), ("a2", "e3"), ("a3", None)]),
    "optional body": ((A, Opt((USES, N("x", ("Dataset",)), L("seen", Prop("x", "name"))))),
        {"a": Var("a"), "x": Var("x"), "seen": Var("seen")}, ("a",),
        [("a1", "e1", "file e1"), ("a2", "e3", "file e3"), ("a3", None, None)]),
    "nulls last": ((A, Opt((USES, N("x", ("Dataset",))))), {"x": Var("x")}, ("-x",), [("e3",), ("e1",), (None,)]),
    "without": ((A, Not((USES,))), {"a": Var("a")}, ("a",), [("a3",)]),
    "without what is reached": ((X, Not((C("x", FLOW, "y"), N("y", ("Training",))))), {"x": Var("x")}, ("x",),
        [("e1",), ("e2",)]),
    "with what is reached": ((A, Has((C("a", FLOW, "y"), N("y", ("Training",))))), {"a": Var("a")}, ("a",),
        [("a2",), ("a3",)]),
    "either": ((A, Either(((USES, L("how", Const("used"))), (E("x", ("wasGeneratedBy",), "a"), L("made", Var("x")))))),
        {"a": Var("a"), "x": Var("x"), "how": Var("how"), "made": Var("made")}, ("a", "how", "x"),
        [("a1", "e1", "used", None), ("a1", "e2", "used", None), ("a1", "e3", None, "e3"),
         ("a2", "e3", "used", None), ("a2", "e4", None, "e4")]),
    "lineage of many": ((N("x", ("Dataset", "Model")), C("x", FLOW, "y"), W(IsA("y", ("Activity",)))),
        {"x": Var("x"), "y": Var("y")}, ("x", "y"), [("e3", "a1"), ("e4", "a1"), ("e4", "a2")]),
    "lineage down": ((N("x", id=Const("e1")), C("x", FLOW, "y", "down")), {"y": Var("y")}, ("y",),
        [("a1",), ("a2",), ("a3",), ("e3",), ("e4",)]),
    "closure of relations": ((A, C("a", ("used", "wasGeneratedBy"), "y")), {"a": Var("a"), "y": Var("y")}, ("a", "y"),
        [("a1", "e1"), ("a1", "e2"), ("a2", "a1"), ("a2", "e1"), ("a2", "e2"), ("a2", "e3")]),
    "depth and via": ((N("x", id=Par("id")), C("x", FLOW, "y", depth="d", via="v", hi=Const(2))),
        {"y": Var("y"), "d": Var("d"), "v": Var("v")}, ("d", "y"), [("a2", 1, "e4"), ("e1", 1, "e4"), ("e3", 2, "a2")]),
    "depth of relations": ((N("a", id=Par("whole")), C("a", ("partOf",), "y", "down", depth="d", with_role="part")),
        {"y": Var("y"), "d": Var("d")}, ("y",), [("a3", 1)]),
    "between": ((N("x", id=Par("id")), C("x", FLOW, "y"), W(eq(Prop("y", "id"), "e2")), Path("x", "y", "n")),
        {"n": Var("n")}, ("n",), [("a1",), ("a2",), ("e3",)]),
    "first of each": ((A, USES, L("name", Prop("x", "name")), Top(1, ("a",), ("name", "x"), ("-name",))),
        {"a": Var("a"), "x": Var("x")}, ("a",), [("a1", "e2"), ("a2", "e3")]),
    "first with ties": ((A, L("kind", Prop("a", "kind")), Top(1, (), ("kind", "a"), ("kind",), ties=True)),
        {"a": Var("a")}, ("a",), [("a1",), ("a2",), ("a3",)]),
    "points": ((A, T("point", "a", {"step": "s", "value": "v"})), {"s": Var("s"), "v": Var("v")}, ("v",),
        [(2, 0.25), (1, 0.5)]),
    "ends": ((A, T("end", "a", {"outcome": "o", "error": "e"})), {"a": Var("a"), "o": Var("o"), "e": Var("e")}, ("a",),
        [("a1", "failed", "E: no")]),
    "list parameter": ((Rows("ids", "i"), N("n", id=Var("i")), L("in", op("in", Var("i"), Par("ids")))),
        {"n": Var("n"), "in": Var("in")}, ("n",), [("a1", 1), ("e4", 1)]),
    "attributes": ((X, W(op("or", AttrIs("x", "size", ">", Const(15)), AttrIs("x", "tag", "=", Const("y"))))),
        {"x": Var("x")}, ("x",), [("e1",), ("e2",)]),
    "like with like only": ((X, W(op("or", AttrIs("x", "flag", "=", Const(1)), AttrIs("x", "size", "=", Const("10"))))),
        {"x": Var("x")}, ("x",), []),
    "given": ((X, When("id", (W(eq(Prop("x", "id"), Par("id"))),)), When("!id", (W(eq(1, 2)),))),
        {"x": Var("x")}, ("x",), [("e4",)]),
    "arithmetic": ((*NUMBERS, L("half", op("/", Var("three"), Var("two"))), L("never", op("/", Var("three"), 0))),
        {"half": Var("half"), "never": Var("never"), "sum": op("-", op("*", Var("three"), 4), op("+", Var("two"), 1))},
        ("half",), [(1.5, None, 9)]),
    "three-valued logic": (NUMBERS,
        {"unknown": op("and", eq(Var("none"), 1), eq(1, 1)), "false": op("and", eq(Var("none"), 1), eq(1, 2)),
         "true": op("or", eq(Var("none"), 1), eq(1, 1)), "not": op("not", eq(Var("none"), 1)),
         "if": op("iif", eq(Var("none"), 1), "yes", "no"), "first": op("coalesce", Var("none"), Var("two"))},
        ("unknown",), [(None, 0, 1, None, "no", 2)]),
}  # fmt: skip
PARAMETERS: Final = {"id": "e4", "whole": "a2", "ids": ["a1", "e4", "urn:none"]}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_gives_these_rows(name: str, store: Store, load: "Load") -> None:
    load(store, GRAPH)
    body, cols, order, rows = PLANS[name]
    assert run(store, Query(body, cols, order), PARAMETERS, look(store)).rows == rows
