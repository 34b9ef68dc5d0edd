"""Question 15: what a model has cost, its data included, and what failed attempts beside it have."""

from typing import Any, Final

from begat.graph_schema.terms import PART
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.experiments import WITHIN
from begat.queries.expr import Const, Par, Prop, Var
from begat.queries.plan import EACH, FLOW, C, E, Either, L, N, Query
from begat.queries.question import Question, Row, Rows
from begat.queries.running import AT_WORK, JOBS
from begat.queries.stages import HOUR, STAGE, spent
from begat.queries.status import NOT_WELL

SPENT: Final = ("hours", "node_hours", "gpu_hours")
#: The activities that a thing's cost is made of: itself, if it is one, and those behind it.
_BEHIND: Final = Either(((L("a", Var("x")), N("a", ("Activity",))), (C("x", FLOW, "a", "up"), N("a", ("Activity",)))))
_BESIDE: Final = (
    Either(((L("t", Var("x")), N("t", ("Training",))), (C("x", FLOW, "t", "up"), N("t", ("Training",))))),
    C("t", ("partOf",), "experiment", "up", with_role=WITHIN),
    N("experiment", ("LearningExperiment",)),
    C("experiment", ("partOf",), "a", "down", with_role=WITHIN),
    N("a", ("Training",)),
)
#: A list of details: the activities that others are parts of.
_WHOLES: Final = Query(
    (*EACH, E("a", ("partOf",), "whole", with_role=PART)), {"of": Var("a"), "id": Var("whole")}, ("of", "id")
)


def _bill(rows: Rows) -> Rows:
    behind = {r["id"]: r for r in rows if r["what"] == "behind"}
    counted = [r for r in behind.values() if not any(w["id"] in behind for w in r["wholes"])]
    failed = [r for r in rows if r["what"] == "failed" and r["id"] not in behind and r["status"] in NOT_WELL]
    items: dict[tuple[str, str], Row] = {}
    for r in (*counted, *failed):
        item = items.setdefault((r["what"], r["stage"]), _item(r))
        item["activities"] += 1
        for column, more in zip(SPENT, spent(r), strict=True):
            item[column] += more
    total = sum(item["node_hours"] for item in items.values())
    return [
        {**item, **{c: item[c] / HOUR for c in SPENT}, "share": item["node_hours"] / total if total else None}
        for item in items.values()
    ]


def _item(row: Row) -> dict[str, Any]:
    return {"what": row["what"], "stage": row["stage"], "activities": 0, **dict.fromkeys(SPENT, 0)}


QUESTION: Final = Question(
    name="cost_of_model",
    sentence="How many node-hours and GPU-hours did this model cost, its data included, and what share went to failed "
    "attempts?",
    parameters=(thing("a model, another file, or a run: an id, a path or a name"),),
    columns=(
        Column("what", "text", "behind: by lineage; failed: trainings that failed beside it, in the same experiments"),
        Column("stage", "text", "the type of the activity, else its name"),
        Column("activities", "integer"),
        Column("hours", "number", "from start to end, or to that of its job", "h"),
        Column("node_hours", "number", "as its job had nodes; without a job one", "h"),
        Column("gpu_hours", "number", "as its job had GPUs; without a job none", "h"),
        Column("share", "number", "of all node-hours"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either(((_BEHIND, L("what", Const("behind"))), (*_BESIDE, L("what", Const("failed"))))),
            AT_WORK,
        ),
        cols={
            "id": Var("a"), "what": Var("what"), "stage": STAGE,
            "started_at": Prop("a", "started"), "ended_at": Prop("a", "ended"),
        },
        order=("started_at", "id"),
    ),
    example="begat ask cost_of_model models/a.pt",
    status="status",
    whole=True,
    order=("what", "stage"),
    details={"wholes": _WHOLES, "jobs": JOBS},
    finish=_bill,
)  # fmt: skip
