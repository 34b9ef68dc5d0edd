"""Question 26: the things of the world behind a prediction, through its model and through what it was given."""

from typing import Final

from begat.graph_schema.terms import FROM, TO
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Const, Par, Prop, Var, op, overlap
from begat.queries.places import INSIDE, WINDOW
from begat.queries.plan import FLOW, C, E, Either, L, N, Query, W, When
from begat.queries.question import Parameter, Question

QUESTION: Final = Question(
    name="entities_behind_prediction",
    sentence="Which wells or stations, through which model and data, stand behind this prediction, or the predictions "
    "for this place and time?",
    parameters=(
        thing("a prediction, or a place: then all predictions about what is inside it"),
        Parameter("at", "time", "only predictions for this time, of those about a place"),
    ),
    columns=(
        Column("prediction", "id"),
        Column("prediction_name", "text"),
        Column("way", "text", "model: through what it used as its model; input: through what it was given"),
        Column("model", "id"),
        Column("model_name", "text"),
        Column("data", "id", "what it used on that way, or what is behind that"),
        Column("data_name", "text"),
        Column("entity", "id", "what the data is about"),
        Column("entity_name", "text"),
        Column("since", "time", "the times of it that the data has: from here on"),
        Column("until", "time", "and to before this"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either(
                (
                    (L("p", Var("x")), N("p", ("Prediction",))),
                    (
                        INSIDE,
                        E("p", ("about",), "y", attrs={FROM: "begins", TO: "ends"}),
                        N("p", ("Prediction",)),
                        When("at", (W(overlap(Var("begins"), Var("ends"), Par("at"), op("+", Par("at"), 1))),)),
                    ),
                )
            ),
            E("p", ("wasGeneratedBy",), "maker"),
            Either(
                (
                    (E("maker", ("used",), "model", with_role="model"), L("through", Var("model")),
                     L("way", Const("model"))),
                    (E("maker", ("used",), "through", with_role="input"), L("way", Const("input"))),
                )
            ),
            C("through", FLOW, "d", "up", lo=0),
            E("d", ("about",), "entity", attrs=WINDOW),
        ),
        cols={
            "prediction": Var("p"),
            "prediction_name": Prop("p", "name"),
            "way": Var("way"),
            "model": Var("model"),
            "model_name": Prop("model", "name"),
            "data": Var("d"),
            "data_name": Prop("d", "name"),
            "entity": Var("entity"),
            "entity_name": Prop("entity", "name"),
            "since": Var("since"),
            "until": Var("until"),
        },
        order=("prediction_name", "prediction", "way", "model_name", "data_name", "data", "entity_name", "since",
               "until", "entity"),
    ),
    example="begat ask entities_behind_prediction out/flood-mulde.csv",
)  # fmt: skip
