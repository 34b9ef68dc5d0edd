"""Fragments about activities at work: which are, where, and as which job."""

from typing import Final

from begat.graph_schema.events import RESUMED
from begat.queries.expr import Attr, Const, IsA, Prop, Var, all_of, any_of, eq, not_, op
from begat.queries.plan import EACH, Atom, E, Either, Has, Not, Query, T, W
from begat.queries.question import Row, Rows

#: Keep those of which nobody has said an end, or one of whose writers has not. Whether they are at work their status
#: tells.
NOT_ENDED: Final[Atom] = Has((Either((
    (W(op("isnull", Prop("a", "ended"))),),
    (
        T("start", "a", {"writer": "began"}),
        Not((
            T("end", "a", {"writer": "by", "outcome": "how"}),
            W(all_of(eq(Var("by"), Var("began")), op("!=", Var("how"), Const(RESUMED)))),
        )),
    ),
)),))  # fmt: skip
#: Keep those that are at work themselves: neither a section of one nor a scheduler's job.
AT_WORK: Final[Atom] = W(not_(any_of(IsA("a", ("LearningStageSection",)), IsA("a", ("Job",)))))
#: Lists of details: the machines that activities ran on, by name; the jobs they were submitted as, with their books,
#: the latest first.
MACHINES: Final = Query(
    (*EACH, E("a", ("ranOn",), "node")),
    {"of": Var("a"), "name": Prop("node", "name"), "id": Var("node")},
    ("of", "name", "id"),
)
JOBS: Final = Query(
    (*EACH, E("a", ("submittedAs",), "job")),
    {
        "of": Var("a"), "started": Prop("job", "started"), "ended": Prop("job", "ended"), "id": Var("job"),
        "name": Prop("job", "name"), "state": Attr("job", "state"),
        "nodes": Attr("job", "nodes", "number"), "gpus": Attr("job", "gpus", "number"),
    },
    ("of", "-started", "id"),
)  # fmt: skip


def names(machines: Rows) -> list[str]:
    """The names of machines, sorted, each once; the id of one that has no name."""
    return sorted({m["name"] or m["id"] for m in machines})


def job_columns(jobs: Rows) -> Row:
    """The columns job and job_name: the latest, if there is one."""
    return {"job": jobs[0]["id"], "job_name": jobs[0]["name"]} if jobs else {"job": None, "job_name": None}
