"""Question 12: trainings that learned from the same data, grouped by what was measured of them in the same way.

The same data: the same digests in the same roles; what has no digest is itself. A training of which no data is known
is compared with none.
"""

from typing import Any, Final

from begat.queries.answer import Column
from begat.queries.columns import STATUS
from begat.queries.experiments import SCOPE, activities
from begat.queries.expr import Attr, Const, Prop, Var
from begat.queries.plan import EACH, Query, T, Top, When
from begat.queries.question import PRESENT, Question, Row, Rows
from begat.queries.scores import EVALUATIONS, MODELS, split_of
from begat.queries.trainings import DATA, roles_shown

#: The last of each series, null where it is no number.
_LAST: Final = Query(
    (
        *EACH,
        When(PRESENT, (T("rollup", "a", {"name": "measure", "labels": "labels", "last": "value"}),)),
        When(
            f"!{PRESENT}",
            (
                T("point", "a", {"name": "measure", "labels": "labels", "value": "value", "at": "at", "step": "step"}),
                Top(1, ("a", "measure", "labels"), ("at", "step", "value"), ("-at", "-step")),
            ),
        ),
    ),
    {"of": Var("a"), "measure": Var("measure"), "labels": Var("labels"), "value": Var("value")},
    ("of", "measure", "labels", "value"),
)
_EVALUATED: Final = Query(
    (*EACH, *MODELS, *EVALUATIONS),
    {
        "of": Var("a"),
        "measure": Prop("v", "name"),
        "split": Var("split"),
        "on": Var("on"),
        "on_name": Prop("on", "name"),
        "digest": Attr("on", "digest"),
        "value": Var("value"),
        "v": Var("v"),
        "labels": Const(None),
    },
    ("of", "measure", "split", "on", "value", "v"),
)


#: What groups of one measure, split and data evaluated on are in order by: that of their first training.
FIRST: Final = ("training_name", "training", "on")


def _groups(rows: Rows) -> Rows:
    """Groups of what was measured alike of at least two trainings, numbered."""
    found: dict[tuple[Any, ...], Rows] = {}
    for training in rows:
        if training["data"]:
            for measured in _measured(training):
                found.setdefault(measured.pop("key"), []).append(measured)
    groups = [sorted(g, key=_within) for g in found.values() if len({r["training"] for r in g}) > 1]
    return [
        {**r, "group": number, **{f"first_{c}": g[0][c] for c in FIRST}}
        for number, g in enumerate(sorted(groups, key=_first), 1)
        for r in g
    ]


def _measured(training: Row) -> Rows:
    """The series and evaluations of a training, each with the key of what it may be compared with."""
    data = frozenset((d["role"], d["digest"] or d["id"]) for d in training["data"])
    series = [
        {**s, "split": split_of(None, s["labels"]), "on": None, "on_name": None, "digest": None, "v": None}
        for s in training["series"]
    ]
    told = ("measure", "split", "on", "on_name", "value", "labels", "v")
    return [
        {
            "key": (data, m["measure"], m["split"], m["digest"] or m["on"]),
            "training": training["training"],
            "training_name": training["training_name"],
            "status": training["status"],
            "data": roles_shown(training["data"]),
            **{name: m[name] for name in told},
        }
        for m in (*series, *training["evaluations"])
    ]


def _place(text: str | None) -> tuple[bool, str]:
    return (text is None, text or "")


def _within(row: Row) -> tuple[Any, ...]:
    value = row["value"]
    return (_place(row["training_name"]), row["training"], _place(row["on"]), value is None, value or 0.0)


def _first(group: Rows) -> tuple[Any, ...]:
    first = group[0]
    return (*(_place(first[c]) for c in ("measure", "split", "on_name")), *_within(first))


QUESTION: Final = Question(
    name="comparable_runs",
    sentence="Which trainings are fairly comparable: same learning data, same split, same measure?",
    parameters=(SCOPE,),
    columns=(
        Column("group", "integer", "what may be compared, from 1"),
        Column("measure", "text"),
        Column("split", "text"),
        Column("on", "id", "what its models were evaluated on; null for a series"),
        Column("on_name", "text"),
        Column("training", "id"),
        Column("training_name", "text"),
        STATUS,
        Column("value", "number", "an evaluation's, or the last of a series; null where that is no number"),
        Column("data", "json", "role, id and name of each, by role and id"),
    ),
    query=Query(
        body=activities("Training"),
        cols={"training": Var("a"), "training_name": Prop("a", "name")},
        order=("training",),
    ),
    example="begat ask comparable_runs floods",
    status="status",
    key="training",
    whole=True,
    order=(
        "measure", "split", "on_name", *(f"first_{c}" for c in FIRST),
        "training_name", "training", "on", "value", "labels", "v",
    ),
    details={"data": DATA, "series": _LAST, "evaluations": _EVALUATED},
    finish=_groups,
)
