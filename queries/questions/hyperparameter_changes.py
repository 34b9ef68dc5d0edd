"""Question 7: the settings that a training changed on its way, and what its loss did then.

A section that states the value there was before has changed nothing; nor has the first that states one.
"""

from collections.abc import Iterator
from typing import Final

from begat.graph_schema.terms import SECTION
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Par, Prop, Var, eq, not_, op
from begat.queries.measures import MEASURE, OF_SPLIT, SPLIT, derived
from begat.queries.plan import EACH, E, Query, T, W
from begat.queries.question import Parameter, Question, Row, Rows
from begat.queries.questions.loss_curve import NEAREST
from begat.queries.trainings import OWN_SETTINGS

_POINTS: Final = Query(
    (
        *EACH,
        T("point", "a", {"name": "measure", "labels": "labels", "step": "step", "value": "value", "nan": "nan",
                         "at": "at"}),
        W(eq(Var("measure"), Par("measure"))),
        OF_SPLIT,
    ),
    {"of": Var("a"), "at": Var("at"), "step": Var("step"), "labels": Var("labels"), "value": Var("value"),
     "nan": Var("nan")},
    ("of", "at", "step", "labels", "value"),
)  # fmt: skip


def _changes(rows: Rows) -> Rows:
    """Rows come by activity and by the start of the section."""
    held: dict[tuple[str, str], str] = {}
    changes = []
    for row in rows:
        key = (row["activity"], row["setting"])
        own = next((s["value"] for s in row["own"] if s["name"] == row["setting"]), None)
        before = held.get(key, own)
        held[key] = row["after"]
        if before is not None and before != row["after"]:
            changes.append({**row, "before": before, **_measures(row)})
    return changes


def _measures(row: Row) -> Row:
    def value(points: Iterator[Row]) -> float | None:
        point = next(points, None)
        return None if point is None else float("nan") if point["nan"] else point["value"]

    points, began = row["points"], row["started_at"]
    return {
        "measure_before": value(p for p in reversed(points) if began is not None and p["at"] < began),
        "measure_after": value(p for p in points if began is not None and p["at"] >= began),
        "measure_last": value(reversed(points)),
    }


QUESTION: Final = Question(
    name="hyperparameter_changes",
    sentence="Which hyperparameters were changed during this training, at which epoch, and what happened to the loss "
    "after?",
    parameters=(
        thing("a training, or a model (its training is taken): an id, a path or a name"),
        MEASURE,
        Parameter("split", "text", SPLIT.help, default="validation"),
    ),
    columns=(
        Column("activity", "id", "the training"),
        Column("activity_name", "text"),
        Column("epoch", "id", "the section that states the new value"),
        Column("epoch_name", "text"),
        Column("started_at", "time", "the epoch's"),
        Column("setting", "text"),
        Column("before", "json", "of the last section before that has it, else of the training itself"),
        Column("after", "json"),
        Column("measure_before", "number", "the last point before the epoch started"),
        Column("measure_after", "number", "the first since it started"),
        Column("measure_last", "number", "the last of all"),
    ),
    query=Query(
        body=(
            *NEAREST,
            E("epoch", ("partOf",), "a", with_role=SECTION),
            E("epoch", ("hasSetting",), "s"),
            W(not_(op("isnull", Prop("s", "value")))),
        ),
        cols={
            "activity_name": Prop("a", "name"),
            "activity": Var("a"),
            "started_at": Prop("epoch", "started"),
            "epoch": Var("epoch"),
            "epoch_name": Prop("epoch", "name"),
            "setting": Prop("s", "name"),
            "after": Prop("s", "value"),
        },
        order=("activity_name", "activity", "started_at", "epoch", "setting"),
    ),
    example="begat ask hyperparameter_changes train-a",
    derive=derived,
    whole=True,
    order=("activity_name", "activity", "started_at", "epoch", "setting", "after"),
    details={"own": OWN_SETTINGS, "points": _POINTS},
    key="activity",
    finish=_changes,
)
