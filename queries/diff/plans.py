"""What a comparison asks of a store: the same few plans however much there is."""

from typing import Final

from begat.queries.expr import Expr, Prop, Var
from begat.queries.plan import E, Either, N, Opt, Query, Rows, T
from begat.queries.properties import TABLES
from begat.queries.trainings import set_by

_GIVEN: Final = (Rows("ids", "id"), N("x", id=Var("id")))
_ATTRS: Final = {"attrs": "attrs"}
_NODE: Final[dict[str, Expr]] = {
    "id": Var("x"),
    "name": Prop("x", "name"),
    "type": Prop("x", "type"),
    "kind": Prop("x", "kind"),
    "value": Prop("x", "value"),
    "started": Prop("x", "started"),
    "ended": Prop("x", "ended"),
}

#: Nodes with one row for each bundle that describes them.
FACTS: Final = Query(
    (*_GIVEN, Opt((T("description", "x", _ATTRS),))), {**_NODE, "attrs": Var("attrs")}, ("id",)
)
#: Who made an entity, the last one first.
MAKERS: Final = Query(
    (*_GIVEN, E("x", ("wasGeneratedBy",), "by", at="at"), N("by", ("Activity",))),
    {"id": Var("x"), "by": Var("by"), "type": Prop("by", "type"), "at": Var("at")},
    ("id", "-at", "by"),
)
#: Settings of activities, and of their sections in the order in which these began.
SETTINGS: Final = Query(
    (*_GIVEN, set_by("x")),
    {
        "id": Var("x"),
        "section": Prop("section", "name"),
        "began": Prop("section", "started"),
        "section_id": Var("section"),
        "name": Prop("s", "name"),
        "value": Prop("s", "value"),
    },
    ("id", "name", "began", "section_id"),
)
USES: Final = Query(
    (*_GIVEN, E("x", ("used",), "e", role="role")), {"id": Var("x"), "entity": Var("e"), "role": Var("role")}, ("id",)
)
#: Machines that activities ran on.
MACHINES: Final = Query(
    (*_GIVEN, E("x", ("ranOn",), "n"), Opt((T("description", "n", _ATTRS),))),
    {"id": Var("x"), "node": Var("n"), "name": Prop("n", "name"), "attrs": Var("attrs")},
    ("id", "name", "node"),
)
#: What differs from the commit of a version of code.
CHANGES: Final = Query(
    (*_GIVEN, E("p", ("partOf",), "x", with_role="changes"), Opt((T("description", "p", _ATTRS),))),
    {"id": Var("x"), "part": Var("p"), "attrs": Var("attrs")},
    ("id", "part"),
)
#: Evaluations of a thing, or of what a run made, or that it made; with what they were made on.
EVALUATIONS: Final = Query(
    (
        *_GIVEN,
        Either(
            (
                (E("v", ("evaluationOf",), "x"),),
                (E("v", ("wasGeneratedBy",), "x"),),
                (E("m", ("wasGeneratedBy",), "x"), E("v", ("evaluationOf",), "m")),
            )
        ),
        N("v", ("ModelEvaluation",)),
        Opt((T("description", "v", _ATTRS),)),
        Opt((E("v", ("wasGeneratedBy",), "by", at="at"),)),
        Opt((E("v", ("onData",), "d"), Opt((T("description", "d", {"attrs": "about_data"}),)))),
    ),
    {
        "id": Var("x"),
        "at": Var("at"),
        "evaluation": Var("v"),
        "name": Prop("v", "name"),
        "value": Prop("v", "value"),
        "attrs": Var("attrs"),
        "data": Var("d"),
        "data_name": Prop("d", "name"),
        "about_data": Var("about_data"),
    },
    ("id", "name", "at", "evaluation"),
)
_SERIES: Final = tuple(TABLES["rollup"])
SERIES: Final = Query(
    (*_GIVEN, T("rollup", "x", {c: c for c in _SERIES})), {"id": Var("x"), **{c: Var(c) for c in _SERIES}},
    ("id", "name", "labels"),
)
#: All but the roll-ups, which no plan may ask for as of a time.
PLANS: Final = {
    "facts": FACTS, "makers": MAKERS, "settings": SETTINGS, "uses": USES, "machines": MACHINES, "changes": CHANGES,
    "evaluations": EVALUATIONS,
}  # fmt: skip
