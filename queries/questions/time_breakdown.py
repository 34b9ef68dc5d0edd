"""Question 16: where the time of a workflow goes. Only what has no parts of its own is summed: nothing counts twice."""

from typing import Final

from begat.graph_schema.terms import PART
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Par, Prop, Var, not_, op
from begat.queries.plan import Agg, C, E, Group, L, N, Not, Query, W
from begat.queries.question import Question, Rows
from begat.queries.stages import SECOND, STAGE


def shares(rows: Rows) -> Rows:
    """Seconds of microseconds, and the part of the whole."""
    whole = sum(r["total"] for r in rows)
    return [
        {
            **r,
            "total": r["total"] / SECOND,
            "mean": r["total"] / SECOND / r["activities"],
            "p95": r["p95"] / SECOND,
            "share": r["total"] / whole if whole else None,
        }
        for r in rows
    ]


QUESTION: Final = Question(
    name="time_breakdown",
    sentence="Where does the time of this workflow go, by stage?",
    parameters=(thing("a plan that activities have followed: an id, a path or a name"),),
    columns=(
        Column("stage", "text", "the type of the activity, else its name"),
        Column("activities", "integer", "that have ended, however"),
        Column("total", "number", "from their starts to their ends", "s"),
        Column("mean", "number", unit="s"),
        Column("p95", "number", "by nearest rank", "s"),
        Column("share", "number", "of the total of all stages"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            E("first", ("hadPlan",), "x"),
            C("first", ("partOf",), "a", "down", with_role=PART, lo=0),
            Not((E("part", ("partOf",), "a", with_role=PART),)),
            L("took", op("-", Prop("a", "ended"), Prop("a", "started"))),
            W(not_(op("isnull", Var("took")))),
            L("stage", STAGE),
            Group(
                ("stage",),
                {
                    "activities": Agg("count", Var("a")),
                    "total": Agg("sum", Var("took")),
                    "p95": Agg("p95", Var("took")),
                },
                over=("a", "took"),
            ),
        ),
        cols={name: Var(name) for name in ("stage", "activities", "total", "p95")},
        order=("-total", "stage"),
    ),
    example="begat ask time_breakdown protocol.md",
    whole=True,
    order=("-total", "stage"),
    finish=shares,
)
