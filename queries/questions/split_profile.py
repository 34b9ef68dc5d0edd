"""Question 6: the data that a training used, by role, with what is known of it.

Of an activity and its parts; of a thing that was made, of the activity that made it.
"""

from typing import Final

from begat.graph_schema.terms import PART, SECTION_TYPE
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Attr, Par, Prop, Var
from begat.queries.plan import Agg, C, E, Either, Group, L, N, Not, Opt, Query
from begat.queries.question import Question

QUESTION: Final = Question(
    name="split_profile",
    sentence="Which data went into training, validation and test, with sizes and other characteristics?",
    parameters=(thing("a training, or a model (its training is taken): an id, a path or a name"),),
    columns=(
        Column("role", "text", "what it was used as: train, validation, test ..."),
        Column("id", "id"),
        Column("name", "text"),
        Column("type", "text"),
        Column("rows", "integer"),
        Column("size", "integer", unit="B"),
        Column("digest", "text", "of the content"),
        Column("features", "json", "names, sorted"),
        Column("activity", "id", "which used it: the training, or a part of it"),
        Column("activity_name", "text"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either(
                (
                    (L("whole", Var("x")), N("whole", ("Activity",))),
                    (E("x", ("wasGeneratedBy",), "whole"), Not((N("whole", (SECTION_TYPE,)),))),
                )
            ),
            C("whole", ("partOf",), "a", "down", with_role=PART, lo=0),
            E("a", ("used",), "d", role="role"),
            N("d", ("Dataset",)),
            Opt((E("d", ("hasFeature",), "f"), L("feature", Prop("f", "name")))),
            Group(("role", "d", "a"), {"features": Agg("collect", Var("feature"))}, ("feature",)),
        ),
        cols={
            "role": Var("role"),
            "id": Var("d"),
            "name": Prop("d", "name"),
            "type": Prop("d", "type"),
            "rows": Attr("d", "rows", "number"),
            "size": Attr("d", "size", "number"),
            "digest": Attr("d", "digest"),
            "features": Var("features"),
            "activity": Var("a"),
            "activity_name": Prop("a", "name"),
        },
        order=("role", "name", "id", "activity"),
    ),
    example="begat ask split_profile train-a",
)
