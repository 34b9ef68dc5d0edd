"""Question 13: the trainings at work, with the last of a measure. Asked again and again it follows them."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.experiments import EXPERIMENTS, SCOPE, activities
from begat.queries.expr import Par, Prop, Var, eq
from begat.queries.plan import EACH, Query, T, Top, W
from begat.queries.question import Parameter, Question, Row, Rows
from begat.queries.running import JOBS, MACHINES, NOT_ENDED, job_columns, names

#: The last point of that name, in whatever series.
_LAST: Final = Query(
    (
        *EACH,
        T("point", "a", {"name": "measure", "step": "step", "labels": "context", "value": "value", "nan": "nan",
                         "at": "at"}),
        W(eq(Var("measure"), Par("measure"))),
        Top(1, ("a",), ("at", "step", "context", "value", "nan"), ("-at", "-step", "-context")),
    ),
    {"of": Var("a"), "step": Var("step"), "context": Var("context"), "value": Var("value"), "nan": Var("nan"),
     "at": Var("at")},
    ("of",),
)  # fmt: skip


NOTHING: Final[Row] = dict.fromkeys(("step", "context", "value", "nan", "at"))


def finish(rows: Rows) -> Rows:
    """The rows of trainings at work, of these with their details."""
    return [_row(row) for row in rows]


def _row(row: Row) -> Row:
    point = row["last"][0] if row["last"] else NOTHING
    return {
        **row,
        **point,
        "value": float("nan") if point["nan"] else point["value"],
        "experiment": row["experiments"][0]["name"] if row["experiments"] else None,
        "nodes": names(row["machines"]),
        **job_columns(row["jobs"]),
    }


QUESTION: Final = Question(
    name="running_now",
    sentence="Which trainings are running now: at which epoch, with which loss, where, since when, "
    "submitted as which job?",
    parameters=(SCOPE, Parameter("measure", "text", "the measure whose last value is shown", default="loss")),
    columns=(
        Column("id", "id", "the training"),
        Column("name", "text"),
        Column("experiment", "text", "the name of its experiment"),
        Column("started_at", "time"),
        Column("step", "number", "of the last point of that name, in whatever series"),
        Column("value", "number", "of that point"),
        Column("context", "json", "what else tells its series apart, the split for one"),
        Column("at", "time", "when it was measured"),
        Column("nodes", "json", "names of the machines, sorted"),
        Column("job", "id", "the scheduler's job, the latest of several"),
        Column("job_name", "text"),
    ),
    query=Query(
        body=(*activities("Training"), NOT_ENDED),
        cols={"id": Var("a"), "name": Prop("a", "name"), "started_at": Prop("a", "started")},
        order=("started_at", "name", "id"),
    ),
    example="begat ask running_now --as-of 2026-03-02T18:00:00Z",
    status="status",
    only=("RUNNING",),
    whole=True,
    order=("started_at", "name", "id"),
    details={"last": _LAST, "machines": MACHINES, "jobs": JOBS, "experiments": EXPERIMENTS},
    finish=finish,
)
