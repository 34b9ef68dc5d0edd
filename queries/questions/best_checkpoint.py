"""Question 5: the best moment of a training by one of its measures, the epoch it lay in, and what that epoch saved.

Of which activities: as loss_curve. Of equal values the earliest step counts; NaN is never the best.
"""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Par, Prop, Var, eq, op
from begat.queries.measures import BEST, MEASURE, OF_SPLIT, SPLIT, WORTH, derived
from begat.queries.plan import E, L, N, Opt, Query, T, Top, W
from begat.queries.question import Parameter, Question
from begat.queries.questions.loss_curve import NEAREST

_POINT: Final = {
    "name": "measure", "labels": "labels", "step": "step", "value": "value", "at": "at", "section": "section",
}  # fmt: skip

QUESTION: Final = Question(
    name="best_checkpoint",
    sentence="Which epoch had the least validation loss, how long did it take and which checkpoint did it write?",
    parameters=(
        thing("a training, or a model (its training is taken): an id, a path or a name"),
        MEASURE,
        Parameter("split", "text", SPLIT.help, default="validation"),
        BEST,
    ),
    columns=(
        Column("activity", "id", "who measured"),
        Column("activity_name", "text"),
        Column("step", "number"),
        Column("value", "number", "the best of the measure"),
        Column("at", "time"),
        Column("epoch", "id", "the section that was open then, if one was"),
        Column("epoch_name", "text"),
        Column("started_at", "time", "the epoch's"),
        Column("ended_at", "time", "the epoch's"),
        Column("seconds", "number", "how long it took", "s"),
        Column("checkpoint", "id", "what the epoch saved; a row each"),
        Column("checkpoint_name", "text"),
    ),
    query=Query(
        body=(
            *NEAREST,
            T("point", "a", _POINT),
            W(eq(Var("measure"), Par("measure"))),
            OF_SPLIT,
            W(op("not", op("isnull", Var("value")))),
            L("worth", WORTH),
            Top(1, ("a",), ("worth", "step", "at", "labels", "value", "section"), ("worth", "step", "at", "labels")),
            Opt((N("epoch", id=Var("section")),)),
            Opt((E("k", ("wasGeneratedBy",), "epoch"), N("k", ("Checkpoint",)))),
        ),
        cols={
            "activity": Var("a"),
            "activity_name": Prop("a", "name"),
            "step": Var("step"),
            "value": Var("value"),
            "at": Var("at"),
            "epoch": Var("epoch"),
            "epoch_name": Prop("epoch", "name"),
            "started_at": Prop("epoch", "started"),
            "ended_at": Prop("epoch", "ended"),
            "seconds": op("/", op("-", Prop("epoch", "ended"), Prop("epoch", "started")), 1_000_000),
            "checkpoint": Var("k"),
            "checkpoint_name": Prop("k", "name"),
        },
        order=("activity_name", "activity", "checkpoint"),
    ),
    example="begat ask best_checkpoint train-a --measure loss",
    derive=derived,
)
