"""Fragments about activities at work: which are, where, and as which job."""

from typing import Final

from begat.queries.expr import Prop, Var, op
from begat.queries.plan import EACH, Atom, E, Query, W
from begat.queries.question import Row, Rows

#: Keep those of which nobody has said an end. Whether they are at work their status tells.
NOT_ENDED: Final[Atom] = W(op("isnull", Prop("a", "ended")))
#: Lists of details: the machines that activities ran on, by name; the jobs they were submitted as, the latest first.
MACHINES: Final = Query(
    (*EACH, E("a", ("ranOn",), "node")),
    {"of": Var("a"), "name": Prop("node", "name"), "id": Var("node")},
    ("of", "name", "id"),
)
JOBS: Final = Query(
    (*EACH, E("a", ("submittedAs",), "job")),
    {"of": Var("a"), "started": Prop("job", "started"), "id": Var("job"), "name": Prop("job", "name")},
    ("of", "-started", "id"),
)


def names(machines: Rows) -> list[str]:
    """The names of machines, sorted, each once; the id of one that has no name."""
    return sorted({m["name"] or m["id"] for m in machines})


def job_columns(jobs: Rows) -> Row:
    """The columns job and job_name: the latest, if there is one."""
    return {"job": jobs[0]["id"], "job_name": jobs[0]["name"]} if jobs else {"job": None, "job_name": None}
