"""Fragments of plans about experiments: the activities that belong to one, and which one an activity belongs to.

An activity is `partOf` an experiment (role "experiment"), or of an activity that is (role "part"); an experiment may be
part of a study (role "study"). Sections of an activity belong to it alone, and are not gone through.
"""

from typing import Final

from begat.graph_schema.terms import MEMBER_OF_EXPERIMENT, PART
from begat.queries.expr import Par, Prop, Var
from begat.queries.plan import EACH, Atom, C, N, Query, When
from begat.queries.question import Parameter

WITHIN: Final = (MEMBER_OF_EXPERIMENT, PART, "study")
SCOPE: Final = Parameter("thing", "thing", "an experiment or study; all, if none is given", main=True)

#: A list of details: the experiments of activities, by name.
EXPERIMENTS: Final = Query(
    (
        *EACH,
        C("a", ("partOf",), "experiment", "up", with_role=WITHIN),
        N("experiment", ("LearningExperiment",)),
    ),
    {"of": Var("a"), "name": Prop("experiment", "name"), "id": Var("experiment")},
    ("of", "name", "id"),
)


def activities(*types: str) -> tuple[Atom, ...]:
    """Binds `a` to the activities of these types: of the experiment or study `thing` if it is given, else all."""
    among = N("a", types)
    return (
        When("thing", (N("x", id=Par("thing")), C("x", ("partOf",), "a", "down", with_role=WITHIN), among)),
        When("!thing", (among,)),
    )
