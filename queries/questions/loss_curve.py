"""Question 4: the measures of a training, step by step, also of one still running.

Asked of an activity: what it measured itself; else what its parts measured, or what stands behind it. Asked of a
model or another entity: what the activities behind it measured. Of several only the nearest count, so that a model
shows its own training's curve and not those of the models it was started from.
"""

from typing import Any, Final

from begat.graph_schema.terms import PART
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Const, Par, Prop, Var, op
from begat.queries.plan import FLOW, C, Either, Has, L, N, Query, T, Top, W, When
from begat.queries.question import Parameter, Question, Rows

MEASURED: Final = Has((T("point", "a"),))
#: Binds `a` to the activities that count for the thing asked about.
NEAREST: Final = (
    N("x", id=Par("thing")),
    Either(
        (
            (L("a", Var("x")), L("depth", Const(0)), MEASURED),
            (C("x", ("partOf",), "a", "down", depth="depth", with_role=PART), MEASURED),
            (C("x", FLOW, "a", "up", depth="depth"), MEASURED),
        )
    ),
    Top(1, (), ("depth", "a"), ("depth",), ties=True),
)


def _with_nan(rows: Rows) -> Rows:
    """NaN is stored as null beside a flag."""

    def value(row: dict[str, Any]) -> Any:
        return float("nan") if row["nan"] else row["value"]

    return [{**row, "value": value(row)} for row in rows]


QUESTION: Final = Question(
    name="loss_curve",
    sentence="What are the measures, step by step, of this training, also while it runs?",
    parameters=(
        thing("a training, or a model (its training is taken): an id, a path or a name"),
        Parameter("names", "texts", "only the measures of these names"),
    ),
    columns=(
        Column("step", "number", "epoch, batch or whatever the training counts"),
        Column("name", "text", "the measure's"),
        Column("context", "json", "what else tells its series apart, the split for one"),
        Column("value", "number"),
        Column("at", "time"),
        Column("activity", "id", "who measured"),
        Column("activity_name", "text"),
    ),
    query=Query(
        body=(
            *NEAREST,
            T(
                "point",
                "a",
                {"step": "step", "name": "name", "labels": "context", "value": "value", "nan": "nan", "at": "at"},
            ),
            When("names", (W(op("in", Var("name"), Par("names"))),)),
        ),
        cols={
            "step": Var("step"),
            "name": Var("name"),
            "context": Var("context"),
            "value": Var("value"),
            "at": Var("at"),
            "activity": Var("a"),
            "activity_name": Prop("a", "name"),
            "nan": Var("nan"),
        },
        order=("name", "context", "activity_name", "activity", "step", "at"),
    ),
    example="begat ask loss_curve train-a",
    finish=_with_nan,
)
