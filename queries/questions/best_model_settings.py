"""Question 8: the best models of an experiment by a measure, with the settings, data and people of their trainings."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.experiments import activities
from begat.queries.expr import Prop, Var
from begat.queries.measures import BEST, SPLIT, derived
from begat.queries.plan import Query
from begat.queries.question import Parameter, Question, Rows
from begat.queries.scores import MODELS, SCORED, split_of
from begat.queries.trainings import CREATORS, DATA, SETTINGS, roles_shown, settings_shown


def _best(rows: Rows) -> Rows:
    return [
        {
            **r,
            "split": split_of(r["split"], r["labels"]),
            "settings": settings_shown(r["settings"]),
            "data": roles_shown(r["data"]),
            "creators": roles_shown(r["creators"]),
        }
        for r in rows
    ]


QUESTION: Final = Question(
    name="best_model_settings",
    sentence="Which model of this experiment is best by this measure, with all its hyperparameters, data and creators?",
    parameters=(
        thing("an experiment or study: its id or name"),
        Parameter("measure", "text", "the measure's name", required=True),
        SPLIT,
        BEST,
        Parameter("top", "integer", "how many models, the best one first", default=1, least=1),
    ),
    columns=(
        Column("model", "id"),
        Column("model_name", "text"),
        Column("value", "number", "its best evaluation of that name, else the best point of its training's series"),
        Column("split", "text"),
        Column("on", "id", "the data that it was evaluated on; null for a point of a series"),
        Column("on_name", "text"),
        Column("training", "id", "which made it"),
        Column("training_name", "text"),
        Column("settings", "json", "name and value of each, also of its sections, by name and value"),
        Column("data", "json", "role, id and name of each, by role and id"),
        Column("creators", "json", "role, id and name of who is associated with the training, by role and id"),
    ),
    query=Query(
        body=(*activities("Training"), *MODELS, *SCORED),
        cols={
            "model": Var("m"),
            "model_name": Prop("m", "name"),
            "value": Var("value"),
            "split": Var("split"),
            "on": Var("on"),
            "on_name": Prop("on", "name"),
            "training": Var("a"),
            "training_name": Prop("a", "name"),
            "labels": Var("labels"),
            "worth": Var("worth"),
        },
        order=("worth", "model"),
    ),
    example="begat ask best_model_settings floods --measure rmse",
    derive=derived,
    details={"settings": SETTINGS, "data": DATA, "creators": CREATORS},
    key="training",
    first="top",
    finish=_best,
)
