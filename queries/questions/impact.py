"""Question 19: what hangs on something that turned out wrong."""

from typing import Final

from begat.queries.columns import DEPTH, MAX_DEPTH, NODE, TIMES, VIA, node, thing, times
from begat.queries.expr import Par, Var
from begat.queries.plan import FLOW, C, N, Query
from begat.queries.question import Question

QUESTION: Final = Question(
    name="impact",
    sentence="This dataset, feature, code or step was wrong: what was built on it, to be run again or withdrawn?",
    parameters=(thing("what was wrong: an id, a file's path or a name"), MAX_DEPTH),
    columns=(*NODE, DEPTH, VIA, *TIMES),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            C("x", FLOW, "y", "down", depth="depth", via="via", hi=Par("depth")),
        ),
        cols={**node("y"), "depth": Var("depth"), "via": Var("via"), **times("y")},
        order=("depth", "type", "started_at", "name", "id"),
    ),
    example="begat ask impact data/rain.csv",
    status="status",
    way="down",
)
