"""Question 2: the steps that curated data of a thing of the world: how set, by whom, what they left out.

Of the data that is about the thing, or about what lies in it. What a step left out of a place it left out of what lies
in that place.
"""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Par, Prop, Var
from begat.queries.places import INSIDE, WINDOW
from begat.queries.plan import C, E, N, Opt, Query
from begat.queries.question import Question
from begat.queries.trainings import set_by

_LEFT_OUT: Final = (
    C("y", ("locatedIn",), "z", "up", lo=0),
    E("c", ("excluded",), "z", attrs=WINDOW),
)

QUESTION: Final = Question(
    name="curation_decisions",
    sentence="Which filter, clean or annotate steps, with which parameters and by whom, touched data of this "
    "instrument, survey or area?",
    parameters=(thing("a thing of the world, such as a station or a basin: its id or name"),),
    columns=(
        Column("curation", "id"),
        Column("curation_name", "text"),
        Column("started_at", "time"),
        Column("data", "id", "what it used"),
        Column("data_name", "text"),
        Column("entity", "id", "what that data is about: the thing asked for, or what lies in it"),
        Column("entity_name", "text"),
        Column("setting", "text", "a row a setting; null where the step had none"),
        Column("value", "json", "the setting's"),
        Column("person", "id"),
        Column("person_name", "text"),
        Column("role", "text", "the person's"),
        Column("since", "time", "the values of the entity that the step left out: from here on"),
        Column("until", "time", "and to before this"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            INSIDE,
            E("d", ("about",), "y"),
            E("c", ("used",), "d"),
            N("c", ("Curation",)),
            Opt((set_by("c"),)),
            Opt((E("c", ("wasAssociatedWith",), "p", role="role"), N("p", ("Person",)))),
            Opt(_LEFT_OUT),
        ),
        cols={
            "curation": Var("c"),
            "curation_name": Prop("c", "name"),
            "started_at": Prop("c", "started"),
            "data": Var("d"),
            "data_name": Prop("d", "name"),
            "entity": Var("y"),
            "entity_name": Prop("y", "name"),
            "setting": Prop("s", "name"),
            "value": Prop("s", "value"),
            "person": Var("p"),
            "person_name": Prop("p", "name"),
            "role": Var("role"),
            "since": Var("since"),
            "until": Var("until"),
        },
        order=("started_at", "curation", "entity_name", "entity", "setting", "value", "person_name", "role"),
    ),
    example="begat ask curation_decisions gauge:ketzin",
)
