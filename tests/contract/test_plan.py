"""The operators of the plan language, each on one small graph, with what it must give on every store.

    a1 uses e1, e2 (role "train") and makes e3; a2 uses e3 and makes e4; a3 runs, part of a2; e4 was derived from e1
    a1 is a Training named "one" with points loss 0.5, 0.25; a2 a Job named "two"; e1 and e3 are Datasets, e4 a Model
    p1 acted for p2, p3 and p4, for each in another way
    e1 and e2 are about the well w1, e1 from 5 to 10 and from 20 on; w1 lies in the field f1 and that in the basin b1
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
from begat.queries.expr import Attr, AttrIs, Const, Expr, IsA, Par, Prop, Var, eq, op, overlap
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
    Outside,
    Path,
    Query,
    Rows,
    T,
    Top,
    W,
    Way,
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
    Relation(HERE, at(17), "about", "e1", "w1", attributes={"from": 5, "to": [10], "why": "from\":[7]"}),
    Relation(HERE, at(18), "about", "e1", "w1", attributes={"from": 20, "to": ["never", True]}),
    Relation(HERE, at(19), "about", "e2", "w1"),
    Relation(HERE, at(19), "actedOnBehalfOf", "p1", "p2", arguments={"activity": 'a"1\\'}),
    Relation(HERE, at(19), "actedOnBehalfOf", "p1", "p3", arguments={"activity": "a1"}, attributes={"activity": "no"}),
    Relation(HERE, at(19), "actedOnBehalfOf", "p1", "p4", attributes={"activity": "no"}),
    Relation(HERE, at(20), "locatedIn", "w1", "f1"),
    Relation(HERE, at(21), "locatedIn", "f1", "b1"),
]

A: Final = N("a", ("Activity",))
X: Final = N("x", ("Entity",))
USES: Final = E("a", ("used",), "x")
#: Datasets with the well they are about and since when until when.
ABOUT: Final = E("x", ("about",), "w", attrs={"from": "f", "to": "t"})
SIZES: Final = (
    Rows("sizes", ("of", "which", "size")),
    Group(
        ("of",),
        {
            "n": Agg("count", Var("size")), "sum": Agg("sum", Par("three")), "avg": Agg("avg", Par("three")),
            "least": Agg("min", Var("size")), "most": Agg("max", Var("size")),
            "median": Agg("median", Var("size")), "p95": Agg("p95", Var("size")),
        },
        ("which", "size"),
    ),
)  # fmt: skip
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
    "starts that nothing tells apart": ((Either(((A, L("s", Var("a"))), (N("s", ("LearningDataset",)),))),
        L("k", op("coalesce", Const(None), 1)), C("s", FLOW, "y", "down")), {"k": Var("k"), "y": Var("y")}, ("y",),
        [(1, "a2"), (1, "a3"), (1, "e3"), (1, "e4")]),
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
    "avoiding": ((N("x", id=Const("e1")), C("x", FLOW, "y", "down", avoid=Avoid("bad", (N("bad", id=Const("a2")),)))),
        {"y": Var("y")}, ("y",), [("a1",), ("e3",), ("e4",)]),
    "avoiding a start": ((N("x", ("Dataset", "Model")),
        C("x", ("used", "wasGeneratedBy"), "y", lo=0, avoid=Avoid("bad", (N("bad", ("LearningDataset", "Job")),)))),
        {"x": Var("x"), "y": Var("y")}, ("x", "y"), [("e1", "e1"), ("e4", "e4")]),
    "outside, of nothing too": ((N("x", id=Const("a1")), Opt((E("x", ("used",), "y"), N("y", ("Model",)))),
        Outside("y", Avoid("bad", (N("bad", ("Model",)),)))), {"x": Var("x"), "y": Var("y")}, ("x",), [("a1", None)]),
    "avoiding nothing": ((N("x", id=Const("e1")), C("x", FLOW, "y", "down", lo=0,
        avoid=Avoid("bad", (N("bad", ("Study",)),)))), {"y": Var("y")}, ("y",),
        [("a1",), ("a2",), ("a3",), ("e1",), ("e3",), ("e4",)]),
    "the way": ((N("x", id=Par("id")), N("y", id=Const("e2")), Way("x", "y", "n", "d", "v")),
        {"n": Var("n"), "d": Var("d"), "v": Var("v")}, ("d",),
        [("e4", 0, None), ("a2", 1, "e4"), ("e3", 2, "a2"), ("a1", 3, "e3"), ("e2", 4, "a1")]),
    "no way": ((N("x", id=Const("e1")), N("y", id=Par("id")), Way("x", "y", "n", "d", "v")), {"n": Var("n")}, ("n",),
        []),
    "first of each": ((A, USES, L("name", Prop("x", "name")), Top(1, ("a",), ("name", "x"), ("-name",))),
        {"a": Var("a"), "x": Var("x")}, ("a",), [("a1", "e2"), ("a2", "e3")]),
    "first with ties": ((A, L("kind", Prop("a", "kind")), Top(1, (), ("kind", "a"), ("kind",), ties=True)),
        {"a": Var("a")}, ("a",), [("a1",), ("a2",), ("a3",)]),
    "points": ((A, T("point", "a", {"step": "s", "value": "v"})), {"s": Var("s"), "v": Var("v")}, ("v",),
        [(2, 0.25), (1, 0.5)]),
    "ends": ((A, T("end", "a", {"outcome": "o", "error": "e"})), {"a": Var("a"), "o": Var("o"), "e": Var("e")}, ("a",),
        [("a1", "failed", "E: no")]),
    "edges with a window": ((N("x", id=Const("e1")), ABOUT), {"w": Var("w"), "f": Var("f"), "t": Var("t")}, ("f",),
        [("w1", 5, 10), ("w1", 20, None)]),
    "windows that overlap": ((X, ABOUT, W(overlap(Var("f"), Var("t"), Const(10), Const(20)))),
        {"x": Var("x"), "f": Var("f")}, ("x",), [("e2", None)]),
    "further arguments": ((N("p", id=Const("p1")), E("p", ("actedOnBehalfOf",), "q", args={"activity": "a"})),
        {"q": Var("q"), "a": Var("a")}, ("q",), [("p2", 'a"1\\'), ("p3", "a1"), ("p4", None)]),
    "inside a place": ((N("b", id=Par("basin")), C("b", ("locatedIn",), "y", "down", lo=0)),
        {"y": Var("y")}, ("y",), [("b1",), ("f1",), ("w1",)]),
    "depth from 0": ((N("b", id=Par("basin")), C("b", ("locatedIn",), "y", "down", lo=0, depth="d", via="v")),
        {"y": Var("y"), "d": Var("d"), "v": Var("v")}, ("d",), [("b1", 0, None), ("f1", 1, "b1"), ("w1", 2, "f1")]),
    "itself, where it is bound": ((N("x", id=Par("id")), N("y", ("Model", "Training")), C("x", FLOW, "y", lo=0)),
        {"y": Var("y")}, ("y",), [("a1",), ("e4",)]),
    "one of several roles": ((A, E("a", ("used", "partOf"), "y", with_role=("train", "part", "none"))),
        {"a": Var("a"), "y": Var("y")}, ("a",), [("a1", "e2"), ("a3", "a2")]),
    "closure by roles": ((N("a", id=Const("a3")), C("a", ("partOf", "used"), "y", with_role=("part", "train"))),
        {"y": Var("y")}, ("y",), [("a2",)]),
    "counted by group": ((A, Opt((USES,)), Group(("a",), {"n": Agg("count", Var("x"))}, ("x",))),
        {"a": Var("a"), "n": Var("n")}, ("a",), [("a1", 2), ("a2", 1), ("a3", 0)]),
    "counted altogether": ((A, USES, Group((), {"n": Agg("count", Var("a"))}, ("a", "x"))), {"n": Var("n")}, (),
        [(2,)]),
    "no group of nothing": ((A, W(eq(1, 2)), Group((), {"n": Agg("count", Var("a"))}, ("a",))), {"n": Var("n")}, (),
        []),
    "having": ((A, USES, Group(("a",), {"n": Agg("count", Var("x"))}, ("x",)), W(op(">", Var("n"), 1)),
        E("m", ("wasGeneratedBy",), "a")), {"a": Var("a"), "m": Var("m"), "n": Var("n")}, ("a",), [("a1", "e3", 2)]),
    "lists": ((A, Opt((USES, L("name", Prop("x", "name")))),
        Group(("a",), {"xs": Agg("collect", Var("x")), "names": Agg("collect", Var("name"))}, ("x", "name"))),
        {"a": Var("a"), "xs": Var("xs"), "names": Var("names")}, ("a",),
        [("a1", ["e1", "e2"], ["file e1", "file e2"]), ("a2", ["e3"], ["file e3"]), ("a3", [], [])]),
    "grouped by lists": ((Rows("pairs", ("k", "v")), Group(("k",), {"vs": Agg("collect", Var("v"))}, ("v",)),
        Group(("vs",), {"ks": Agg("collect", Var("k")), "n": Agg("count", Var("k"))}, ("k",))),
        {"vs": Var("vs"), "ks": Var("ks"), "n": Var("n")}, ("-n",), [(["x", "y"], ["a", "b"], 2), (["x"], ["c"], 1)]),
    "aggregates": (SIZES, {c: Var(c) for c in ("of", "n", "sum", "avg", "least", "most", "median", "p95")}, ("of",),
        [("a", 3, 15, 3.0, 1, 4.5, 2, 4.5), ("b", 1, 6, 3.0, 7, 7, 7, 7), ("c", 0, 3, 3.0, None, None, None, None)]),
    "nearest rank": ((Rows("ranks", "r"), Group((), {"m": Agg("median", Var("r")), "p": Agg("p95", Var("r")),
        "avg": Agg("avg", Const(None)), "sum": Agg("sum", Const(None))}, ("r",))),
        {"m": Var("m"), "p": Var("p"), "avg": Var("avg"), "sum": Var("sum")}, (), [(10, 19, None, 0)]),
    "points gathered": ((A, T("point", "a", {"step": "s", "value": "v", "name": "m"}),
        Group(("a", "m"), {"best": Agg("min", Var("v")), "steps": Agg("count", Var("s"))}, ("s", "v"))),
        {"a": Var("a"), "m": Var("m"), "best": Var("best"), "steps": Var("steps")}, ("a",), [("a1", "loss", 0.25, 2)]),
    "list parameter": ((Rows("ids", "i"), N("n", id=Var("i")), L("in", op("in", Var("i"), Par("ids")))),
        {"n": Var("n"), "in": Var("in")}, ("n",), [("a1", 1), ("e4", 1)]),
    "attributes": ((X, W(op("or", AttrIs("x", "size", ">", Const(15)), AttrIs("x", "tag", "=", Const("y"))))),
        {"x": Var("x")}, ("x",), [("e1",), ("e2",)]),
    "like with like only": ((X, W(op("or", AttrIs("x", "flag", "=", Const(1)), AttrIs("x", "size", "=", Const("10"))))),
        {"x": Var("x")}, ("x",), []),
    "an attribute's least": ((X,), {"x": Var("x"), "size": Attr("x", "size", "number"), "tag": Attr("x", "tag"),
        "flag": Attr("x", "flag", "number")}, ("x",),
        [("e1", 10.0, "x", None), ("e2", 20.5, None, None), ("e3", None, None, None), ("e4", None, None, None)]),
    "texts": ((X, W(op("contains", Prop("x", "name"), "le e2"))), {"x": op("concat", "<", Prop("x", "name"), ">"),
        "none": op("concat", "a", Const(None))}, ("x",), [("<file e2>", None)]),
    "rows of a list": ((Rows("pairs", ("k", "v")), W(eq(Var("k"), "c"))), {"k": Var("k"), "v": Var("v")}, ("k",),
        [("c", "x"), ("c", None)]),
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
PARAMETERS: Final = {
    "id": "e4",
    "whole": "a2",
    "ids": ["a1", "e4", "urn:none"],
    "basin": "b1",
    "three": 3,
    "pairs": [["a", "x"], ["a", "y"], ["b", "y"], ["b", "x"], ["c", "x"], ["c", None]],
    # Of "a" some sizes twice: they count twice, for they are of two things.
    "sizes": [
        ["a", 1, 1], ["a", 2, 1], ["a", 3, 4.5], ["a", 4, 2], ["a", 5, 4.5], ["b", 1, 7], ["b", 2, 7], ["c", 1, None],
    ],
    "ranks": [*range(20, 0, -1)],
}  # fmt: skip


def test_no_order_is_by_lists() -> None:
    body = (A, Group((), {"all": Agg("collect", Var("a"))}, ("a",)))
    with pytest.raises(ValueError, match="all is a list"):
        Query(body, {"all": Var("all")}, ("-all",))


def test_sums_are_of_whole_numbers(store: Store) -> None:
    """Those of doubles depend on the order in which they are added."""
    body = (X, L("size", Attr("x", "size", "number")), Group((), {"sum": Agg("sum", Var("size"))}, ("size",)))
    with pytest.raises(ValueError, match="whole numbers alone"):
        run(store, Query(body, {"sum": Var("sum")}, ("sum",)), {}, look(store))


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_gives_these_rows(name: str, store: Store, load: "Load") -> None:
    load(store, GRAPH)
    body, cols, order, rows = PLANS[name]
    assert run(store, Query(body, cols, order), PARAMETERS, look(store)).rows == rows
