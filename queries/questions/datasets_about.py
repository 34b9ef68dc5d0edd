"""Question 3: the datasets that describe a thing of the world or what lies in it: said so, or made of such data."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import NODE, node, thing
from begat.queries.expr import Const, Par, Prop, Var
from begat.queries.places import WINDOW
from begat.queries.plan import FLOW, Avoid, C, E, Either, L, N, Outside, Query
from begat.queries.question import Question

#: Datasets of which it is said themselves.
_SAID: Final = Avoid(
    "other",
    (N("here", id=Par("thing")), C("here", ("locatedIn",), "place", "down", lo=0), E("other", ("about",), "place")),
)

QUESTION: Final = Question(
    name="datasets_about",
    sentence="Which datasets, curated or raw, describe this domain entity or anything located inside it?",
    parameters=(thing("a thing of the world, such as a station or a basin: its id or name"),),
    columns=(
        *NODE,
        Column("how", "text", "about: it is said of the dataset; derived: only of one that it was made from"),
        Column("entity", "id", "what the dataset is about: the thing asked for, or what lies in it"),
        Column("entity_name", "text"),
        Column("since", "time", "the times it has values of: from here on"),
        Column("until", "time", "and to before this"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either(
                (
                    (
                        C("x", ("locatedIn",), "y", "down", lo=0),
                        E("n", ("about",), "y", attrs=WINDOW),
                        L("how", Const("about")),
                    ),
                    (
                        C("x", ("locatedIn",), "inside", "down", lo=0),
                        E("d", ("about",), "inside"),
                        C("d", FLOW, "n", "down"),
                        Outside("n", _SAID),
                        L("how", Const("derived")),
                    ),
                )
            ),
            N("n", ("Dataset",)),
        ),
        cols={
            **node("n"),
            "how": Var("how"),
            "entity": Var("y"),
            "entity_name": Prop("y", "name"),
            "since": Var("since"),
            "until": Var("until"),
        },
        order=("how", "name", "id", "entity_name", "entity", "since", "until"),
    ),
    example="begat ask datasets_about gauge:ketzin",
)
