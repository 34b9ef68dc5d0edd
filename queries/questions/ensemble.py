"""Question 24: the models that a composed model is made of, and what each has learned from."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.columns import called, thing
from begat.queries.expr import Par, Prop, Var, op
from begat.queries.plan import EACH, FLOW, C, E, L, N, Opt, Query
from begat.queries.question import Question, Rows

_REGIONS: Final = Query(
    (*EACH, E("a", ("locatedIn",), "region")),
    {"of": Var("a"), "name": called("region")},
    ("of", "name"),
)


def _with_regions(rows: Rows) -> Rows:
    return [{**r, "region": [g["name"] for g in r["regions"]] if r["entity"] is not None else None} for r in rows]


QUESTION: Final = Question(
    name="ensemble",
    sentence="Which models make up this composed model, and on which data and region was each trained?",
    parameters=(thing("a composed model: an id, a path or a name"),),
    columns=(
        Column("member", "id"),
        Column("member_name", "text"),
        Column("depth", "integer", "1: of the model itself; 2: of one of its members"),
        Column("whole", "id", "what it is a member of"),
        Column("whole_name", "text"),
        Column("training", "id", "which made it; null if none did"),
        Column("training_name", "text"),
        Column("role", "text", "in which the training used the data"),
        Column("data", "id"),
        Column("data_name", "text"),
        Column("entity", "id", "what the data, or data behind it, is about"),
        Column("entity_name", "text"),
        Column("region", "json", "names of what that lies in, sorted"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            C("x", ("hadMember",), "whole", "up", depth="above", lo=0),
            E("whole", ("hadMember",), "m"),
            N("m", ("Model",)),
            L("depth", op("+", Var("above"), 1)),
            Opt(
                (
                    E("m", ("wasGeneratedBy",), "a"),
                    N("a", ("Training",)),
                    Opt(
                        (
                            E("a", ("used",), "d", role="role"),
                            N("d", ("Dataset",)),
                            Opt((C("d", FLOW, "source", "up", lo=0), E("source", ("about",), "entity"))),
                        )
                    ),
                )
            ),
        ),
        cols={
            "member": Var("m"),
            "member_name": Prop("m", "name"),
            "depth": Var("depth"),
            "whole": Var("whole"),
            "whole_name": Prop("whole", "name"),
            "training": Var("a"),
            "training_name": Prop("a", "name"),
            "role": Var("role"),
            "data": Var("d"),
            "data_name": Prop("d", "name"),
            "entity": Var("entity"),
            "entity_name": Prop("entity", "name"),
        },
        order=("depth", "member_name", "member", "whole", "role", "data_name", "data", "entity_name", "entity"),
    ),
    example="begat ask ensemble models/ens.pt",
    details={"regions": _REGIONS},
    key="entity",
    finish=_with_regions,
)
