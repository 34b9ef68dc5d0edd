"""Question 1: the files nobody made, and the steps that lead from them.

Code, environments and what else describes a run rather than its data are made by nobody either, and are no sources.
"""

from typing import Final

from begat.queries.columns import DEPTH, NODE, TIMES, VIA, node, thing, times
from begat.queries.expr import Par, Var
from begat.queries.plan import FLOW, Atom, C, E, Either, L, N, Not, Path, Query
from begat.queries.question import Question

NO_DATA: Final = (
    "Activity", "Agent", "Plan", "Code", "Environment", "JobSpec", "HyperparameterSetting", "Study",
    "LearningExperiment", "DomainConcept", "DomainEntity",
)
#: Keeps `r` where it is data that nothing is known to have made.
RAW: Final[tuple[Atom, ...]] = (Not((N("r", NO_DATA),)), Not((E("r", ("wasGeneratedBy", "wasDerivedFrom"), "maker"),)))

QUESTION: Final = Question(
    name="raw_sources",
    sentence="From which raw files, through which curation and preparation steps, was this dataset made?",
    parameters=(thing("a dataset, or anything made from data: an id, a path or a name"),),
    columns=(*NODE, DEPTH, VIA, *TIMES),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            C("x", FLOW, "r", "up", depth="away", via="next"),
            *RAW,
            Either(
                (
                    (L("n", Var("r")), L("depth", Var("away")), L("via", Var("next"))),
                    (
                        Path("x", "r", "n"),
                        N("n", ("Activity",)),
                        C("x", FLOW, "n", "up", depth="depth", via="via"),
                    ),
                )
            ),
        ),
        cols={**node("n"), "depth": Var("depth"), "via": Var("via"), **times("n")},
        order=("-kind", "started_at", "depth", "name", "id"),
    ),
    example="begat ask raw_sources data/train.npz",
    status="status",
    way="up",
)
