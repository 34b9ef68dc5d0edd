"""Question 10: of each setting that trainings on some features had, how often it was tried and how well that went."""

from itertools import groupby
from typing import Final

from begat.graph_schema.errors import UsageError
from begat.queries.answer import Column
from begat.queries.expr import Par, Prop, Var, eq
from begat.queries.measures import BEST, SPLIT, derived
from begat.queries.plan import Agg, Group, N, Query, W
from begat.queries.question import Parameter, Question, Row, Rows, Values
from begat.queries.scores import SCORES, best, rank
from begat.queries.trainings import FEATURED, SETTINGS


def _derived(values: Values) -> Values:
    if not values["features"]:
        raise UsageError("features has none: name at least one feature")
    return {**derived(values), "asked": len(set(values["features"]))}


def _by_setting(rows: Rows) -> Rows:
    """A row a setting and value: the best of the trainings that had it."""
    had = [(s["name"], s["value"], best(r)) for r in rows for s in r["settings"]]
    had.sort(key=lambda h: (_place(h[0]), _place(h[1])))
    return [
        _row(name, value, [h[2] for h in group]) for (name, value), group in groupby(had, key=lambda h: (h[0], h[1]))
    ]


def _place(text: str | None) -> tuple[bool, str]:
    return (text is None, text or "")


def _row(name: str, value: str | None, scores: Rows) -> Row:
    first = min(scores, key=lambda s: (rank(s), s["model"] or ""))
    return {
        **first,
        "setting": name,
        "value": value,
        "trainings": len(scores),
        "scored": sum(s["worth"] is not None for s in scores),
        "best": first["value"],
    }


QUESTION: Final = Question(
    name="settings_for_features",
    sentence="Which hyperparameter settings work best for these features?",
    parameters=(
        Parameter(
            "features", "texts", "names or ids of features that a training's data had, all of them", required=True,
            main=True,
        ),
        Parameter("measure", "text", "the measure's name", required=True),
        SPLIT,
        BEST,
    ),
    columns=(
        Column("setting", "text"),
        Column("value", "json"),
        Column("trainings", "integer", "how many had it, on data with all these features, failed ones included"),
        Column("scored", "integer", "how many of these made a model that is scored"),
        Column("best", "number", "what the best of these models reached"),
        Column("model", "id", "which reached that"),
        Column("model_name", "text"),
    ),
    query=Query(
        body=(
            *FEATURED,
            N("a", ("Training",)),
            Group(("a",), {"had": Agg("count", Var("feature"))}, ("feature",)),
            W(eq(Var("had"), Par("asked"))),
        ),
        cols={"id": Var("a"), "name": Prop("a", "name")},
        order=("id",),
    ),
    example="begat ask settings_for_features level --measure rmse",
    derive=_derived,
    whole=True,
    order=("setting", "worth", "value"),
    details={"settings": SETTINGS, "scores": SCORES},
    finish=_by_setting,
)  # fmt: skip
