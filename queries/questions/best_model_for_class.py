"""Question 27: the models by how well they do on data about a region, or about things of a class."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import called, thing
from begat.queries.expr import Attr, Par, Prop, Var, eq, not_, op
from begat.queries.measures import BEST, SPLIT, WORTH, derived
from begat.queries.places import INSIDE_OR_OF_CLASS
from begat.queries.plan import Agg, E, Group, Has, L, N, Query, Top, W
from begat.queries.question import Parameter, Question
from begat.queries.scores import A_MODEL, EVALUATIONS_OF_SPLIT

QUESTION: Final = Question(
    name="best_model_for_class",
    sentence="Which model performs best on data of this class of things, or of this region?",
    parameters=(
        thing("a class of things, or a place: its id or name"),
        Parameter("measure", "text", "the name of the evaluations", required=True),
        SPLIT,
        BEST,
    ),
    columns=(
        Column("model", "id"),
        Column("model_name", "text"),
        Column("value", "number", "of its best evaluation on such data"),
        Column("split", "text"),
        Column("on", "id", "the data that it was evaluated on"),
        Column("on_name", "text"),
        Column("entities", "json", "names of those of the class or inside the region that the data is about, sorted"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            INSIDE_OR_OF_CLASS,
            E("on", ("about",), "y"),
            Has((E("evaluation", ("onData",), "on"),)),
            Group(("on",), {"entities": Agg("collect", called("y"))}, ("y",)),
            E("v", ("onData",), "on"),
            N("v", ("ModelEvaluation",)),
            W(eq(Prop("v", "name"), Par("measure"))),
            EVALUATIONS_OF_SPLIT,
            L("value", Prop("v", "number")),
            W(not_(op("isnull", Var("value")))),
            E("v", ("evaluationOf",), "m"),
            *A_MODEL,
            L("worth", WORTH),
            L("on_name", Prop("on", "name")),
            L("split", Attr("v", "split")),
            Top(
                1,
                ("m",),
                ("worth", "on_name", "on", "value", "split", "v", "entities"),
                ("worth", "on_name", "on"),
            ),
        ),
        cols={
            "model": Var("m"),
            "model_name": Prop("m", "name"),
            "value": Var("value"),
            "split": Var("split"),
            "on": Var("on"),
            "on_name": Var("on_name"),
            "entities": Var("entities"),
            "worth": Var("worth"),
        },
        order=("worth", "model_name", "model"),
    ),
    example="begat ask best_model_for_class class:rain-gauge --measure rmse",
    derive=derived,
)
