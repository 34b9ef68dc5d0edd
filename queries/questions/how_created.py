"""Question 20: all that stands behind a thing, by the lineage law, and one hop around each activity.

The hop: settings (also those of an activity's sections), people, machines, plans and jobs. They are no lineage: two
runs of one author are not each other's ancestors. A person or machine of several activities shows once, at the nearest.
"""

from typing import Final

from begat.graph_schema.terms import SECTION
from begat.queries.answer import Column
from begat.queries.columns import DEPTH, MAX_DEPTH, NODE, TIMES, VIA, node, thing, times
from begat.queries.expr import Const, Par, Prop, Var, op
from begat.queries.plan import FLOW, LINEAGE, C, E, Either, L, N, Opt, Query, Top
from begat.queries.question import Question

AROUND: Final = ("hasSetting", "wasAssociatedWith", "ranOn", "hadPlan", "submittedAs")

_BEHIND: Final = (
    C("x", FLOW, "n", "up", depth="depth", via="via", hi=Par("depth")),
    Opt((E("via", (*LINEAGE, "partOf"), "n", rel="relation", role="role"),)),
    L("around", Const(0)),
)
#: The activities whose surroundings count: the thing itself if it is one, and those behind it.
_ACTIVITIES: Final = Either(
    (
        (L("via", Var("x")), L("above", Const(0)), N("via", ("Activity",))),
        (C("x", FLOW, "via", "up", depth="above", hi=Par("depth")), N("via", ("Activity",))),
    )
)
_AROUND: Final = (
    _ACTIVITIES,
    Either(
        (
            (E("via", AROUND, "n", rel="relation", role="role"),),
            (E("section", ("partOf",), "via", with_role=SECTION), E("section", ("hasSetting",), "n", rel="relation")),
        )
    ),
    L("depth", op("+", Var("above"), 1)),
    L("around", Const(1)),
)

QUESTION: Final = Question(
    name="how_created",
    sentence="How was this made: from which data, code, environment and settings, by which steps, people and jobs?",
    parameters=(thing("a model, another file, or a run: an id, a path or a name"), MAX_DEPTH),
    columns=(
        *NODE,
        DEPTH,
        VIA,
        Column("relation", "relation", "how `via` relates to it, where that is one stored relation"),
        Column("role", "text", "the role of that relation"),
        Column("value", "json", "a setting's value"),
        *TIMES,
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either((_BEHIND, _AROUND)),
            Top(1, ("n",), ("around", "depth", "via", "relation", "role"), ("around", "depth")),
        ),
        cols={
            **node("n"),
            "depth": Var("depth"),
            "via": Var("via"),
            "relation": Var("relation"),
            "role": Var("role"),
            "value": Prop("n", "value"),
            **times("n"),
        },
        order=("depth", "started_at", "name", "via", "value", "id"),
    ),
    example="begat ask how_created models/a.pt",
    status="status",
    way="up",
)
