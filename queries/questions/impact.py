"""Question 19: what hangs on something that turned out wrong.

With a window only by way of who used it then; depths are those without. A feature is used by using data that has it.
"""

from typing import Final

from begat.graph_schema.terms import PART
from begat.queries.columns import DEPTH, MAX_DEPTH, NODE, TIMES, VIA, node, thing, times
from begat.queries.expr import Const, Par, Prop, Var, any_of, op
from begat.queries.plan import FLOW, C, E, Either, L, N, Query, Top, W, When
from begat.queries.question import Parameter, Question
from begat.queries.windows import WINDOWED, checked, within

_BEHIND: Final = (C("x", FLOW, "y", "down", depth="depth", via="via", hi=Par("depth")),)
_FEATURED: Final = (N("x", ("Feature",)), E("d", ("hasFeature",), "x"))
#: What comes of a use: what the user makes from then on, its parts that start then, what its wholes make after its end.
_AFTER: Final = (
    Either(
        (
            (E("first", ("wasGeneratedBy",), "user", at="then"), L("since", Var("when"))),
            (
                C("user", ("partOf",), "first", "down", with_role=PART),
                L("then", Prop("first", "started")),
                L("since", Var("when")),
            ),
            (
                C("user", ("partOf",), "whole", "up", with_role=PART),
                E("first", ("wasGeneratedBy",), "whole", at="then"),
                L("since", Prop("user", "ended")),
            ),
            (E("first", ("wasInformedBy",), "user"),),
        )
    ),
    W(any_of(op("isnull", Var("then")), op("isnull", Var("since")), op(">=", Var("then"), Var("since")))),
)
#: What hangs on those that used it in the window, as itself or as a part of something; of a step, what it made.
_USED_THEN: Final = (
    Either(
        (
            (C("x", ("hadMember", "specializationOf", "hasFeature"), "held", "down", lo=0),),
            (E("held", ("wasGeneratedBy",), "x"),),
        )
    ),
    E("user", ("used",), "held", at="when"),
    *within("when"),
    Either(((L("y", Var("user")),), (*_AFTER, Either(((L("y", Var("first")),), (C("first", FLOW, "y", "down"),))))),),
)

QUESTION: Final = Question(
    name="impact",
    sentence="This dataset, feature, code or step was wrong: what was built on it, to be run again or withdrawn?",
    parameters=(
        thing("what was wrong: an id, a file's path or a name"),
        MAX_DEPTH,
        Parameter("since", "time", "only by way of who used it from then on"),
        Parameter("until", "time", "... and before that"),
    ),
    columns=(*NODE, DEPTH, VIA, *TIMES),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            When(
                WINDOWED,
                (*_USED_THEN, Either((_BEHIND, (N("x", ("Feature",)), L("depth", Const(None)))))),
            ),
            When(
                f"!{WINDOWED}",
                (
                    Either(
                        (
                            _BEHIND,
                            (*_FEATURED, L("y", Var("d")), L("depth", Const(1)), L("via", Var("x"))),
                            (*_FEATURED, C("d", FLOW, "y", "down")),
                        )
                    ),
                ),
            ),
            Top(1, ("y",), ("depth", "via"), ("depth", "via")),
        ),
        cols={**node("y"), "depth": Var("depth"), "via": Var("via"), **times("y")},
        order=("depth", "type", "started_at", "name", "id"),
    ),
    example="begat ask impact data/rain.csv",
    derive=checked,
    status="status",
    way="down",
)
