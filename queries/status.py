"""What became of an activity, derived when asked and never stored: late events may change it.

An outcome per writer: any failure shows, then any kill; a writer that started it and did not end it is gone (LOST,
where that is proved) or at work (RUNNING); else FINISHED. As of an earlier time a writer was at work until its last
event. Who resumes a run says so: what others said of it before counts no more.
Where not every writer has ended it well, what the scheduler says of its job counts for more than a signal or silence.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, Literal

from begat.graph_schema.events import RESUMED, Header
from begat.graph_schema.store import Store
from begat.ingest.liveness import alive
from begat.queries.engine import run
from begat.queries.expr import Const, Var
from begat.queries.plan import E, Either, L, N, Query, Rows, T
from begat.queries.scope import Scope

Status = Literal["FAILED", "KILLED", "LOST", "RUNNING", "FINISHED"]
#: How an activity may have come to nothing.
NOT_WELL: Final = ("FAILED", "KILLED", "LOST")
#: The outcomes that are not good, the worse one first.
BAD: Final[tuple[tuple[str, Status], ...]] = (("failed", "FAILED"), ("killed", "KILLED"))

#: All starts and ends of some nodes, outcome null for a start; and the ends of the jobs they were submitted as.
HAPPENED: Final = Query(
    body=(
        Rows("ids", "id"),
        N("a", id=Var("id")),
        Either(
            (
                (T("start", "a", {"writer": "writer", "at": "at"}), L("outcome", Const(None))),
                (T("end", "a", {"writer": "writer", "at": "at", "outcome": "outcome"}),),
                (E("a", ("submittedAs",), "job"), T("end", "job", {"at": "at", "outcome": "outcome"})),
            )
        ),
    ),
    cols={"id": Var("a"), "writer": Var("writer"), "outcome": Var("outcome"), "at": Var("at"), "job": Var("job")},
    order=("id",),
)


def statuses(
    store: Store, scope: Scope, ids: Iterable[str], living: Callable[[Header], bool | None] = alive
) -> dict[str, Status]:
    """The status of each of these nodes that ever started or ended."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    started: dict[str, set[str]] = defaultdict(set)
    ended: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    jobs: dict[str, set[str]] = defaultdict(set)
    rows = run(store, HAPPENED, {"ids": wanted}, scope).rows
    resumed: dict[str, int] = {}
    for node, _, outcome, at, _ in rows:
        if outcome == RESUMED:
            resumed[node] = max(at, resumed.get(node, at))
    for node, writer, outcome, at, job in rows:
        if outcome == RESUMED or (node in resumed and (at is None or at < resumed[node])):
            continue
        if job is not None:
            jobs[node].add(outcome)
        elif outcome is None:
            started[node].add(writer)
        else:
            ended[node][writer].add(outcome)
    still = {n: _still(started[n], ended[n]) for n in wanted if n in started or n in ended}
    at_work = _at_work(store, scope, living, set().union(*still.values()))
    return {n: _status(ended[n], jobs[n], writers, at_work) for n, writers in still.items()}


def _still(started: set[str], ended: Iterable[str]) -> set[str]:
    """The writers that nobody said an end of."""
    # A single account of the start is closed by anyone's end: the parent's, say, for a child that was killed.
    if len(started) == 1:
        return set() if ended else started
    return started.difference(ended)


def _status(ended: dict[str, set[str]], jobs: set[str], still: set[str], at_work: set[str]) -> Status:
    outcomes = {o for os in ended.values() for o in os}
    if not still and outcomes == {"finished"}:
        return "FINISHED"  # whatever became of the job later: others ran in it too
    # The worst by its own word or by its job's, but a job knows better than a signal what the signal was for.
    for said in ({"failed"} & outcomes, jobs, outcomes):
        for outcome, status in BAD:
            if outcome in said:
                return status
    if jobs or still - at_work:
        return "LOST"
    return "RUNNING"


def _at_work(
    store: Store, scope: Scope, living: Callable[[Header], bool | None], writers: set[str]
) -> set[str]:
    """Those of some writers that may still be at work: the process of each is looked at once a question."""
    known = store.writers(writers) if writers else ()
    gone = {
        w.header.writer
        for w in known
        if (scope.as_of is None or scope.as_of > w.last) and living(w.header) is False
    }
    return writers - gone
