"""What activities are called where they are summed up, and how long they took, for whose account."""

from typing import Final

from begat.queries.expr import Attr, Prop, Var, op
from begat.queries.plan import EACH, E, Query
from begat.queries.question import Row

SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
#: The stage that an activity `a` belongs to.
STAGE: Final = op("coalesce", Prop("a", "type"), Prop("a", "name"), Prop("a", "id"))
#: A list of details: the jobs of activities with their books, the latest first.
BOOKS: Final = Query(
    (*EACH, E("a", ("submittedAs",), "job")),
    {
        "of": Var("a"), "started": Prop("job", "started"), "ended": Prop("job", "ended"), "id": Var("job"),
        "name": Prop("job", "name"), "state": Attr("job", "state"),
        "nodes": Attr("job", "nodes", "number"), "gpus": Attr("job", "gpus", "number"),
    },
    ("of", "-started", "id"),
)  # fmt: skip


def spent(activity: Row) -> tuple[int, int, int]:
    """The time of an activity, of its nodes and of its GPUs, in microseconds; it has `started_at`, `ended_at`, `jobs`.

    It lasts from its start to its end, or to that of its job (BOOKS); nodes and GPUs are its job's. Without a job it is
    one node and no GPU; what is not over counts with no time.
    """
    job = activity["jobs"][0] if activity["jobs"] else {}
    ended = activity["ended_at"] or job.get("ended")
    if ended is None or activity["started_at"] is None:
        return 0, 0, 0
    took = ended - activity["started_at"]
    return took, took * int(job.get("nodes") or 1), took * int(job.get("gpus") or 0)
