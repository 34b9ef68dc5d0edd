"""Question 29: what has values of a thing of the world of a time that turned out wrong.

What was made by an activity that left all of that time out is neither affected nor a way to what is.
"""

from typing import Final

from begat.graph_schema.terms import FROM, TO
from begat.queries.answer import Column
from begat.queries.columns import NODE, node, thing
from begat.queries.expr import Const, Expr, Par, Var, all_of, any_of, not_, op, overlap
from begat.queries.places import INSIDE, WINDOW
from begat.queries.plan import FLOW, Avoid, C, E, Either, L, N, Outside, Query, Top, W
from begat.queries.question import Parameter, Question
from begat.queries.windows import checked

AFFECTED: Final = ("Dataset", "Model", "Prediction", "Publication")


def _reaches(end: str, asked: str, compare: str) -> Expr:
    """Whether an end of what was left out is as far out as the one asked for; null is unbounded."""
    return any_of(
        op("isnull", Var(end)),
        all_of(not_(op("isnull", Par(asked))), op(compare, Var(end), Par(asked))),
    )


_LEFT_OUT: Final = Avoid(
    "made",
    (
        N("here", id=Par("thing")),
        C("here", ("locatedIn",), "place", "up", lo=0),
        E("step", ("excluded",), "place", attrs={FROM: "left_from", TO: "left_to"}),
        W(all_of(_reaches("left_from", "since", "<="), _reaches("left_to", "until", ">="))),
        E("made", ("wasGeneratedBy",), "step"),
    ),
)
_ABOUT: Final = (
    INSIDE,
    E("d", ("about",), "y", attrs=WINDOW),
    W(overlap(Var("since"), Var("until"), Par("since"), Par("until"))),
    N("d", ("Dataset",)),
    Outside("d", _LEFT_OUT),
)

QUESTION: Final = Question(
    name="retract_window",
    sentence="This station was faulty from then to then: which datasets, models, predictions and publications used "
    "values of that time?",
    parameters=(
        thing("a thing of the world, such as a station or a basin: its id or name"),
        Parameter("since", "time", "when the fault began; null: nobody knows"),
        Parameter("until", "time", "when it was over; null: it is not"),
    ),
    columns=(*NODE, Column("how", "text", "about: it is said of the dataset itself; derived: of one behind it")),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either(
                (
                    (*_ABOUT, L("n", Var("d")), L("how", Const("about"))),
                    (*_ABOUT, C("d", FLOW, "n", "down", avoid=_LEFT_OUT), N("n", AFFECTED), L("how", Const("derived"))),
                )
            ),
            Top(1, ("n",), ("how",), ("how",)),
        ),
        cols={**node("n"), "how": Var("how")},
        order=("how", "type", "name", "id"),
    ),
    derive=checked,
    example="begat ask retract_window gauge:ketzin --since 2024-03-01 --until 2024-04-01",
)
