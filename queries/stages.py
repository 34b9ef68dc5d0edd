"""What activities are called where they are summed up, and how long they took, for whose account."""

from typing import Final

from begat.queries.expr import Prop, op
from begat.queries.question import Row

SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
#: The stage that an activity `a` belongs to.
STAGE: Final = op("coalesce", Prop("a", "type"), Prop("a", "name"), Prop("a", "id"))


def spent(activity: Row) -> tuple[int, int, int]:
    """The time of an activity, of its nodes and of its GPUs, in microseconds; it has `started_at`, `ended_at`, `jobs`.

    It lasts from its start to its end, or to that of its job (running.JOBS); nodes and GPUs are its job's.
    Without a job it is one node and no GPU; what is not over counts with no time.
    """
    job = activity["jobs"][0] if activity["jobs"] else {}
    ended = activity["ended_at"] or job.get("ended")
    if ended is None or activity["started_at"] is None:
        return 0, 0, 0
    took = ended - activity["started_at"]
    return took, took * int(job.get("nodes") or 1), took * int(job.get("gpus") or 0)
