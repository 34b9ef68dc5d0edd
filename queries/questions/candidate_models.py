"""Question 30: models of places alike, for a place that has none of its own.

Alike are things that are of the same class, or lie in the same place: the more of both they share, the more alike.
"""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import called, thing
from begat.queries.expr import Par, Prop, Var, op
from begat.queries.places import MODELS_OF
from begat.queries.plan import EACH, Agg, C, E, Either, Group, N, Query, W
from begat.queries.question import Question, Rows

_DEPLOYED: Final = Query(
    (*EACH, E("s", ("used",), "a"), N("s", ("Serving",))),
    {"of": Var("a"), "name": called("s")},
    ("of", "name"),
)


def _with_servings(rows: Rows) -> Rows:
    return [{**r, "deployed": sorted({s["name"] for s in r["deployed"]})} for r in rows]


QUESTION: Final = Question(
    name="candidate_models",
    sentence="For a place that has no model of its own: which models were trained on places of its class or its "
    "neighbours, and where are they deployed?",
    parameters=(thing("a thing of the world, such as a station or a basin: its id or name"),),
    columns=(
        Column("model", "id"),
        Column("model_name", "text"),
        Column("similarity", "integer", "how many classes and places the most alike of these share with it"),
        Column("entities", "json", "names of the places alike that it has learned from, sorted"),
        Column("deployed", "json", "names of the services that used it, sorted"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either(
                (
                    (E("x", ("instanceOf",), "shared"), E("alike", ("instanceOf",), "shared")),
                    (E("x", ("locatedIn",), "shared"), E("alike", ("locatedIn",), "shared")),
                )
            ),
            W(op("!=", Var("alike"), Var("x"))),
            Group(("alike",), {"likeness": Agg("count", Var("shared"))}, ("shared",)),
            C("alike", ("locatedIn",), "y", "down", lo=0),
            *MODELS_OF,
            Group(
                ("m",),
                {
                    "similarity": Agg("max", Var("likeness")),
                    "entities": Agg("collect", called("alike")),
                },
                ("alike", "likeness"),
            ),
        ),
        cols={
            "model": Var("m"),
            "model_name": Prop("m", "name"),
            "similarity": Var("similarity"),
            "entities": Var("entities"),
        },
        order=("-similarity", "model_name", "model"),
    ),
    example="begat ask candidate_models gauge:wurzen",
    details={"deployed": _DEPLOYED},
    key="model",
    finish=_with_servings,
)
