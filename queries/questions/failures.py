"""Question 17: what failed, was killed or lost; and which inputs and machines failures have in common.

An input or machine stands out if more of the activities that used it (or ran on it) failed than of all.
"""

from collections.abc import Iterator
from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import ENDED, STARTED, STATUS
from begat.queries.experiments import SCOPE, activities
from begat.queries.expr import Const, Prop, Var
from begat.queries.plan import EACH, E, Either, L, Query, T
from begat.queries.question import Question, Row, Rows
from begat.queries.running import AT_WORK, JOBS, MACHINES, names
from begat.queries.status import NOT_WELL

_ERRORS: Final = Query(
    (*EACH, T("end", "a", {"error": "error", "at": "at"})),
    {"of": Var("a"), "error": Var("error"), "at": Var("at")},
    ("of", "-at", "error"),
)
#: What activities used and where they ran.
_SHARED: Final = Query(
    (
        *EACH,
        Either((
            (E("a", ("used",), "d"), L("what", Const("input"))),
            (E("a", ("ranOn",), "d"), L("what", Const("node"))),
        )),
    ),
    {"of": Var("a"), "id": Var("d"), "what": Var("what"), "name": Prop("d", "name"), "type": Prop("d", "type")},
    ("of", "what", "id"),
)  # fmt: skip


def _failures(rows: Rows) -> Rows:
    failed = {r["id"] for r in rows if r["status"] in NOT_WELL}
    return [*(_activity(r) for r in rows if r["id"] in failed), *_standing_out(rows, failed)]


def _activity(row: Row) -> Row:
    job = row["jobs"][0] if row["jobs"] else dict.fromkeys(("id", "name", "state"))
    errors = [e["error"] for e in row["errors"] if e["error"] is not None]
    return {
        **row, "what": "activity", "error": errors[0] if errors else None, "nodes": names(row["machines"]),
        "job": job["id"], "job_name": job["name"], "job_state": job["state"],
        "failed": None, "of": None, "share": None,
    }  # fmt: skip


def _standing_out(rows: Rows, failed: set[str]) -> Iterator[Row]:
    users: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        for shared in row["shared"]:
            users.setdefault((shared["what"], shared["id"]), []).append({**shared, "by": row["id"]})
    for (what, thing), used in users.items():
        by = {u["by"] for u in used}
        bad = len(by & failed)
        if bad * len(rows) > len(failed) * len(by):
            yield {
                **EMPTY, "what": what, "id": thing, "name": used[0]["name"], "type": used[0]["type"],
                "failed": bad, "of": len(by), "share": bad / len(by),
            }  # fmt: skip


COLUMNS: Final = (
    Column("what", "text", "activity; or input, node: what more activities failed with than without"),
    Column("id", "id"),
    Column("name", "text"),
    Column("type", "text"),
    STATUS,
    Column("error", "text", "the user's exception, in one line"),
    STARTED,
    ENDED,
    Column("nodes", "json", "names of the machines, sorted"),
    Column("job", "id", "the scheduler's job, the latest of several"),
    Column("job_name", "text"),
    Column("job_state", "text", "as the scheduler calls it"),
    Column("failed", "integer", "of an input or node: how many activities that failed used it or ran on it"),
    Column("of", "integer", "of how many"),
    Column("share", "number"),
)
EMPTY: Final[Row] = dict.fromkeys(c.name for c in COLUMNS)

QUESTION: Final = Question(
    name="failures",
    sentence="Which activities failed, were killed or lost, with error, node and job; which nodes or inputs stand out?",
    parameters=(SCOPE,),
    columns=COLUMNS,
    query=Query(
        body=(*activities("Activity"), AT_WORK),
        cols={
            "id": Var("a"), "name": Prop("a", "name"), "type": Prop("a", "type"),
            "started_at": Prop("a", "started"), "ended_at": Prop("a", "ended"),
        },
        order=("started_at", "name", "id"),
    ),
    example="begat ask failures floods",
    status="status",
    whole=True,
    order=("what", "started_at", "-share", "name", "id"),
    details={"errors": _ERRORS, "machines": MACHINES, "jobs": JOBS, "shared": _SHARED},
    finish=_failures,
)  # fmt: skip
