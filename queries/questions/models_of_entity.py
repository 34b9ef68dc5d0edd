"""Question 25: the models that have learned from data about a thing of the world or what lies in it; their scores."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import called, thing
from begat.queries.expr import Par, Prop, Var, eq
from begat.queries.measures import SPLIT, derived
from begat.queries.places import INSIDE, MODELS_OF
from begat.queries.plan import Agg, E, Group, N, Opt, Query, W, When
from begat.queries.question import Parameter, Question
from begat.queries.scores import EVALUATIONS, EVALUATIONS_OF_SPLIT

QUESTION: Final = Question(
    name="models_of_entity",
    sentence="Which models were trained with data of this well, survey or station, or of any in this area, and how "
    "well do they score?",
    parameters=(
        thing("a thing of the world, such as a station or a basin: its id or name"),
        Parameter("measure", "text", "only evaluations of this name"),
        SPLIT,
    ),
    columns=(
        Column("model", "id"),
        Column("model_name", "text"),
        Column("training", "id", "which made it"),
        Column("training_name", "text"),
        Column("entities", "json", "names of those inside that data behind it is about, sorted"),
        Column("measure", "text", "a row an evaluation; null for a model that has none"),
        Column("value", "number"),
        Column("split", "text"),
        Column("on", "id", "the data that it was evaluated on"),
        Column("on_name", "text"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            INSIDE,
            *MODELS_OF,
            E("m", ("wasGeneratedBy",), "a"),
            N("a", ("Training",)),
            Group(("m", "a"), {"entities": Agg("collect", called("y"))}, ("y",)),
            Opt(
                (
                    *EVALUATIONS,
                    When("measure", (W(eq(Prop("v", "name"), Par("measure"))),)),
                    EVALUATIONS_OF_SPLIT,
                )
            ),
        ),
        cols={
            "model": Var("m"),
            "model_name": Prop("m", "name"),
            "training": Var("a"),
            "training_name": Prop("a", "name"),
            "entities": Var("entities"),
            "measure": Prop("v", "name"),
            "value": Var("value"),
            "split": Var("split"),
            "on": Var("on"),
            "on_name": Prop("on", "name"),
        },
        order=("model_name", "model", "measure", "on_name", "on", "value", "training"),
    ),
    example="begat ask models_of_entity basin:elbe --measure nse",
    derive=derived,
)
