"""Fragments about activities at work: which are, where, and as which job."""

from typing import Final

from begat.queries.expr import Attr, IsA, Prop, Var, any_of, not_, op
from begat.queries.plan import EACH, Atom, E, Query, W
from begat.queries.question import Row, Rows

#: Keep those of which nobody has said an end. Whether they are at work their status tells.
NOT_ENDED: Final[Atom] = W(op("isnull", Prop("a", "ended")))
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
