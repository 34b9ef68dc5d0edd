"""Question 18: one least path of lineage from a thing to another. No rows are an answer: it does not depend on it."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import NODE, node, thing
from begat.queries.expr import Par, Var
from begat.queries.plan import LINEAGE, E, N, Opt, Query, Top, Way
from begat.queries.question import Parameter, Question

QUESTION: Final = Question(
    name="how_connected",
    sentence="How, step by step, does this depend on that?",
    parameters=(
        thing("what depends on the other: an id, a path or a name"),
        Parameter("other", "thing", "what it may depend on: an id, a path or a name", required=True),
    ),
    columns=(
        Column("step", "integer", "0 is the thing itself"),
        *NODE,
        Column("relation", "relation", "of the step before to this one, where that is one stored relation"),
        Column("role", "text", "the role of that relation"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            N("y", id=Par("other")),
            Way("x", "y", "n", "step", "via"),
            Opt((E("via", (*LINEAGE, "partOf"), "n", rel="relation", role="role"),)),
            Top(1, ("step", "n"), ("relation", "role"), ("relation", "role")),
        ),
        cols={"step": Var("step"), **node("n"), "relation": Var("relation"), "role": Var("role")},
        order=("step", "id"),
    ),
    example="begat ask how_connected models/a.pt --other rain.csv@1",
    way="up",
)
