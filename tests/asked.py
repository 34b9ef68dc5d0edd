"""What can be asked, for the tests of all engines: of one thing, of many, and seen from where."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from begat.queries.catalogue import QUESTIONS
from begat.queries.columns import node, times
from begat.queries.diff.plans import PLANS
from begat.queries.expr import Attr, IsA, Par, Prop, Var, eq, op, overlap
from begat.queries.find import query as find_query
from begat.queries.lineage import telling
from begat.queries.naming import BY_ID, BY_NAMES
from begat.queries.plan import (
    FLOW,
    Agg,
    Avoid,
    C,
    Direction,
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
    W,
    Way,
)
from begat.queries.runs.generic import AROUND, BASE, EVALUATIONS, WHOLES
from begat.queries.runs.generic import SETTINGS as SETTINGS_OF_RUNS
from begat.queries.scope import Scope
from begat.queries.series import POINTS
from begat.queries.show import ERRORS, IN, NODE, OUT, PAST, SETTINGS, TYPES
from begat.queries.status import HAPPENED
from begat.queries.where import Where

SCOPES: Final = {
    "alone": Scope(),
    "among others": Scope(contexts=(1, 4), folded=True),
    "as of": Scope(as_of=1_750_000_000_000_000),
}
#: The plans of the lists of questions.
FURTHER: Final = {f"{q.name}, {name}": plan for q in QUESTIONS.values() for name, plan in q.details.items()}


def _closure(direction: Direction, *types: str) -> Query:
    """All that stands behind a thing, or all that was made from it, with depths."""
    return Query(
        (
            N("x", id=Par("thing")),
            C("x", FLOW, "y", direction, depth="depth", via="via", hi=Par("depth")),
            *((N("y", types),) if types else ()),
        ),
        {**node("y"), "depth": Var("depth"), "via": Var("via"), **times("y")},
        ("depth", "started_at", "name", "id"),
    )


BAD: Final = Avoid("bad", (N("z", id=Par("thing")), E("bad", ("excluded",), "z")))
#: Plans of operators that few questions need.
OPERATORS: Final[dict[str, Query]] = {
    "grouped": Query(
        (
            N("x", id=Par("thing")),
            E("a", ("partOf",), "x", with_role=("part", "experiment")),
            Opt((E("a", ("used",), "d", role="role"), N("d", ("Dataset",)))),
            L("sort", op("concat", Var("role"), "/", Attr("d", "digest"))),
            Group(
                ("a",),
                {
                    "data": Agg("collect", Var("sort")), "many": Agg("count", Var("d")),
                    "whole": Agg("sum", op("-", Prop("a", "ended"), Prop("a", "started"))),
                    "middle": Agg("median", Attr("d", "size", "number")), "least": Agg("min", Prop("d", "name")),
                },
                ("sort", "d"),
            ),
            W(op(">", Var("many"), 1)),
        ),
        {"a": Var("a"), **{c: Var(c) for c in ("data", "many", "whole", "middle", "least")}},
        ("-many", "a"),
    ),
    "places and windows": Query(
        (
            N("x", id=Par("thing")),
            C("x", ("locatedIn",), "y", "down", lo=0),
            E("d", ("about",), "y", attrs={"from": "since", "to": "until"}, args={"activity": "by"}),
            W(overlap(Var("since"), Var("until"), Par("from"), Par("to"))),
            W(op("contains", Prop("d", "name"), "data")),
        ),
        {"d": Var("d"), "y": Var("y"), "since": Var("since"), "until": Var("until"), "by": Var("by")},
        ("since", "d"),
    ),
    "of each place": Query(
        (
            N("x", id=Par("thing")),
            C("x", ("locatedIn",), "y", "down", lo=0),
            E("d", ("about",), "y"),
            C("d", FLOW, "m", "down"),
            N("m", ("Model",)),
        ),
        {"y": Var("y"), "m": Var("m")},
        ("y", "m"),
    ),
    "avoiding": Query(
        (
            N("x", id=Par("thing")),
            E("d", ("about",), "x"),
            C("d", FLOW, "y", "down", lo=0, avoid=BAD),
            C("y", ("partOf",), "whole", avoid=Avoid("study", (N("study", id=Par("thing")),))),
        ),
        {"y": Var("y"), "whole": Var("whole")},
        ("y", "whole"),
    ),
    "the way": Query(
        (
            N("x", id=Par("thing")),
            N("y", id=Par("other")),
            Way("x", "y", "n", "depth", "via"),
            Opt((E("via", ("used", "wasGeneratedBy"), "n", rel="relation"),)),
        ),
        {"n": Var("n"), "depth": Var("depth"), "via": Var("via"), "relation": Var("relation")},
        ("depth", "n"),
    ),
    "lists given": Query(
        (Rows("ids", ("id", "value")), N("x", id=Var("id"))),
        {"x": Var("x"), "value": Var("value")},
        ("x", "value"),
    ),
}  # fmt: skip
#: All that a caller can ask of one thing or of a list of them; each must be answered by index.
OF_ONE: Final[dict[str, Query]] = {
    **{q.name: q.query for q in QUESTIONS.values()},
    **FURTHER,
    **{f"diff: {name}": plan for name, plan in PLANS.items()},
    **OPERATORS,
    "ancestors": _closure("up"),
    "ancestors of types": _closure("up", "Model", "urn:foreign"),
    "descendants": _closure("down"),
    "nodes of a closure": telling(("Model",), 1_750_000_000_000_000, 1_750_000_000_000_001),
    "runs": BASE,
    "runs, settings": SETTINGS_OF_RUNS,
    "points": POINTS,
    "runs, evaluations": EVALUATIONS,
    "runs, wholes": WHOLES,
    "runs, around": AROUND,
    "naming by id": BY_ID,
    "naming by names": BY_NAMES,
    "status": HAPPENED,
    "show": NODE,
    "show types": TYPES,
    "show errors": ERRORS,
    "show settings": SETTINGS,
    "show out": OUT,
    "show in": IN,
    "show past": PAST,
    "closure of many": Query(
        (
            Rows("ids", "id"),
            N("x", id=Var("id")),
            C("x", FLOW, "y", "down"),
            Not((C("y", ("partOf",), "z", "up"), N("z", ("Study",)))),
            Opt((E("y", ("used",), "d"), N("d", ("Model",)))),
            Has((Either(((T("point", "y"),), (W(IsA("y", ("Model",))),))),)),
        ),
        {"x": Var("x"), "y": Var("y"), "d": Var("d")},
        ("x", "y"),
    ),
}
WRITTEN: Final = {**{q.name: q.query for q in QUESTIONS.values()}, **FURTHER, **OPERATORS}
#: What each renderer makes of these is written down in golden/: together they have every word of the language.
GOLDEN: Final = ("raw_sources", "loss_curve", "impact", "how_created", *OPERATORS)
#: Values of the parameters that a question may have beside its thing, and of those that every plan has.
GIVEN: Final[dict[str, Any]] = {
    **{p.name: p.default for q in QUESTIONS.values() for p in q.parameters},
    "measure": "loss",
    "now": 1_750_000_000_000_000,
}
FIND: Final = find_query("Training", Where(eq(Prop("x", "name"), "train"), frozenset(("FAILED", "LOST"))))


class Text(Protocol):
    """What is made ready before a statement."""

    @property
    def text(self) -> str: ...


class Rendered(Protocol):
    """A query in the language of a store."""

    @property
    def text(self) -> str: ...
    @property
    def preludes(self) -> Iterable[Text]: ...


def statements(r: Rendered) -> list[str]:
    """All that is asked, in order."""
    return [*(p.text for p in r.preludes if p.text), r.text]


def as_written_down(r: Rendered, golden: Path, made: Path) -> None:
    """Assert that a question is rendered as the file says."""
    made.write_text(";\n\n".join(statements(r)) + ";\n")
    known = golden.read_text() if golden.exists() else ""
    assert made.read_text() == known, f"if it is meant: cp '{made}' '{golden}'"
