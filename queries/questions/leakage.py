"""Question 28: what a model was tested on and had seen before: the same thing of the world, at the same time."""

from typing import Final

from begat.graph_schema.terms import FROM, TO
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Expr, Par, Prop, Var, op, overlap
from begat.queries.plan import FLOW, C, E, L, N, Query, W
from begat.queries.question import Question


def _common(a: str, b: str, later: str) -> Expr:
    """Of two ends of windows the one that both have; null is unbounded."""
    first, other = Var(a), Var(b)
    chosen = op("iif", op(later, first, other), first, other)
    return op("iif", op("isnull", first), other, op("iif", op("isnull", other), first, chosen))


QUESTION: Final = Question(
    name="leakage",
    sentence="Which domain entities feed both the training and the evaluation data of this model, of the same time?",
    parameters=(thing("a model: an id, a path or a name"),),
    columns=(
        Column("entity", "id", "what data on both sides is about"),
        Column("entity_name", "text"),
        Column("role", "text", "in which the training used it"),
        Column("trained_on", "id"),
        Column("trained_on_name", "text"),
        Column("tested_on", "id"),
        Column("tested_on_name", "text"),
        Column("since", "time", "what both have of it: from here on; null is unbounded"),
        Column("until", "time", "and to before this"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            E("x", ("wasGeneratedBy",), "a"),
            N("a", ("Training",)),
            E("a", ("used",), "learned", role="role"),
            N("learned", ("Dataset",)),
            C("learned", FLOW, "d", "up", lo=0),
            E("d", ("about",), "entity", attrs={FROM: "from1", TO: "to1"}),
            E("v", ("evaluationOf",), "x"),
            E("v", ("onData",), "tested"),
            C("tested", FLOW, "e", "up", lo=0),
            E("e", ("about",), "entity", attrs={FROM: "from2", TO: "to2"}),
            W(overlap(Var("from1"), Var("to1"), Var("from2"), Var("to2"))),
            L("since", _common("from1", "from2", ">")),
            L("until", _common("to1", "to2", "<")),
        ),
        cols={
            "entity": Var("entity"),
            "entity_name": Prop("entity", "name"),
            "role": Var("role"),
            "trained_on": Var("learned"),
            "trained_on_name": Prop("learned", "name"),
            "tested_on": Var("tested"),
            "tested_on_name": Prop("tested", "name"),
            "since": Var("since"),
            "until": Var("until"),
        },
        order=("entity_name", "entity", "role", "trained_on_name", "trained_on", "tested_on_name", "tested_on",
               "since", "until"),
    ),
    example="begat ask leakage models/a.pt",
)  # fmt: skip
