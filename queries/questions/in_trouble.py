"""Question 14: trainings at work that are slow, silent or diverging. Their time goes on while nothing is said."""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil, isfinite
from typing import Final

from begat.graph_schema.terms import SECTION
from begat.queries.answer import Column
from begat.queries.experiments import SCOPE, activities
from begat.queries.expr import Par, Prop, Var, eq
from begat.queries.plan import EACH, Agg, E, Either, Group, L, Query, T, Top, W
from begat.queries.question import NOW, Parameter, Question, Row, Rows
from begat.queries.running import JOBS, NOT_ENDED, job_columns

SECOND: Final = 1_000_000
#: Points that are looked at of each series.
MOST: Final = 100

_SECTION: Final = E("section", ("partOf",), "a", with_role=SECTION)
_EPOCHS: Final = Query(
    (*EACH, _SECTION),
    {"of": Var("a"), "started": Prop("section", "started"), "ended": Prop("section", "ended"), "id": Var("section")},
    ("of", "started", "id"),
)
#: When last something was said of it or of its sections. A beat is its process's, not the training's.
_SAID: Final = Query(
    (
        *EACH,
        Either(
            (
                (L("at", Prop("a", "started")),),
                (T("point", "a", {"at": "at"}),),
                (E("a", ("used",), "thing", at="at"),),
                (E("thing", ("wasGeneratedBy",), "a", at="at"),),
                (_SECTION, Either(((L("at", Prop("section", "started")),), (L("at", Prop("section", "ended")),)))),
            )
        ),
        Group(("a",), {"last": Agg("max", Var("at"))}, over=("at",)),
    ),
    {"of": Var("a"), "last": Var("last")},
    ("of",),
)
_POINTS: Final = Query(
    (
        *EACH,
        T("point", "a", {"name": "measure", "labels": "context", "step": "step", "value": "value", "nan": "nan",
                         "at": "at"}),
        W(eq(Var("measure"), Par("measure"))),
        Top(MOST, ("a", "context"), ("at", "step", "value", "nan"), ("-at", "-step")),
    ),
    {"of": Var("a"), "context": Var("context"), "at": Var("at"), "step": Var("step"), "value": Var("value"),
     "nan": Var("nan")},
    ("of", "context", "at", "step", "value"),
)  # fmt: skip


def _trouble(rows: Rows) -> Rows:
    return [
        {**row, "trouble": trouble, "value": value, "limit": limit, "since": since, **job_columns(row["jobs"])}
        for row in rows
        for trouble, value, limit, since in (*_diverging(row["points"], row["window"]), *_silent(row), *_slow(row))
    ]


#: What is wrong, by how much, what it should not be beyond, since when.
Trouble = tuple[str, float, float | None, int]


def _diverging(points: Rows, window: int) -> Iterator[Trouble]:
    """The first series whose last point is no finite number, else the first that has only risen of late."""
    series: dict[str, Rows] = {}
    for p in points:
        series.setdefault(p["context"], []).append(p)
    lost = [s[-1] for s in series.values() if not isfinite(_number(s[-1]))]
    if lost:
        yield "diverging", _number(lost[0]), None, lost[0]["at"]
        return
    for s in series.values():
        last = [_number(p) for p in s[-window:]]
        if len(last) == window and all(a < b for a, b in pairwise(last)):
            yield "diverging", last[-1], last[0], s[-1]["at"]
            return


def _number(point: Row) -> float:
    return float("nan") if point["nan"] else float(point["value"])


def _silent(row: Row) -> Iterator[Trouble]:
    for said in row["said"]:
        if said["last"] is not None and (quiet := (row[NOW] - said["last"]) / SECOND) > row["silent"]:
            yield "silent", quiet, row["silent"], said["last"]


def _slow(row: Row) -> Iterator[Trouble]:
    """The last epoch beside the median (by nearest rank) of those that have ended before it."""
    known = [e for e in row["epochs"] if e["started"] is not None]
    took = sorted((e["ended"] - e["started"]) / SECOND for e in known[:-1] if e["ended"] is not None)
    if took:
        last = known[-1]
        limit = row["slow"] * took[ceil(len(took) / 2) - 1]
        so_far = ((last["ended"] or row[NOW]) - last["started"]) / SECOND
        if so_far > limit:
            yield "slow", so_far, limit, last["started"]


QUESTION: Final = Question(
    name="in_trouble",
    sentence="Which running trainings are slow, silent or diverging?",
    parameters=(
        SCOPE,
        Parameter("slow", "number", "so many times the median epoch is too long", default=3, least=0),
        Parameter("silent", "number", "so many seconds without a word are too long", default=600, least=0),
        Parameter(
            "window", "integer", "so many points, each greater than the one before, diverge", default=3, least=2,
            most=MOST,
        ),
        Parameter("measure", "text", "the measure that should not rise", default="loss"),
    ),
    columns=(
        Column("id", "id", "the training"),
        Column("name", "text"),
        Column("trouble", "text", "diverging (no finite number, or only rising), silent or slow"),
        Column("value", "number", "seconds, or the measure"),
        Column("limit", "number", "what it should not be beyond; null where the measure is not a number at all"),
        Column("since", "time", "its last point, its last word, or the start of its epoch"),
        Column("started_at", "time"),
        Column("job", "id", "the scheduler's job, the latest of several"),
        Column("job_name", "text"),
    ),
    query=Query(
        body=(*activities("Training"), NOT_ENDED),
        cols={
            "id": Var("a"), "name": Prop("a", "name"), "started_at": Prop("a", "started"),
            **{name: Par(name) for name in ("slow", "silent", "window", NOW)},
        },
        order=("name", "id"),
    ),
    example="begat ask in_trouble --silent 3600 --slow 10 --window 4 --as-of 2026-03-02T17:55:00Z",
    status="status",
    only=("RUNNING",),
    whole=True,
    order=("name", "id", "trouble"),
    details={"epochs": _EPOCHS, "said": _SAID, "points": _POINTS, "jobs": JOBS},
    finish=_trouble,
)  # fmt: skip
