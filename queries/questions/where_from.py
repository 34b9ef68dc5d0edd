"""Question 21: the raw sources of a thing, whose they are, and under which terms; what it inherits is the union."""

from itertools import chain
from typing import Any, Final

import msgspec

from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Const, Par, Prop, Var
from begat.queries.plan import FLOW, C, E, N, Opt, Query, T
from begat.queries.plan import Rows as Each
from begat.queries.question import Question, Rows
from begat.queries.questions.raw_sources import RAW

#: Attributes that say under which terms data stands.
TERMS: Final = ("license", "access_rights")


def _terms(rows: Rows) -> Rows:
    """The terms of each source, and of all of them together."""
    for r in rows:
        told = [msgspec.json.decode(d["attrs"]) for d in r["described"]]
        r |= {term: sorted({str(v) for attrs in told for v in attrs.get(term, ())}) for term in TERMS}
    if not rows:
        return rows
    together: dict[str, Any] = dict.fromkeys(rows[0])
    together |= {term: sorted(set(chain.from_iterable(r[term] for r in rows))) for term in TERMS}
    return [*rows, {**together, "what": "together"}]


QUESTION: Final = Question(
    name="where_from",
    sentence="Where has the data behind this model come from, whose is it, and under which licence or restriction?",
    parameters=(thing("a model, or anything made from data: an id, a path or a name"),),
    columns=(
        Column("what", "text", "source: a raw source, see raw_sources; together: the terms of all of them"),
        Column("id", "id"),
        Column("name", "text"),
        Column("type", "text"),
        Column("license", "json", "names or addresses, sorted"),
        Column("access_rights", "json", "restrictions, sorted"),
        Column("owner", "id", "whom it is attributed to; a row an owner"),
        Column("owner_name", "text"),
        Column("role", "text", "the owner's"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            C("x", FLOW, "r", "up", lo=0),
            *RAW,
            Opt((E("r", ("wasAttributedTo",), "owner", role="role"),)),
        ),
        cols={
            "what": Const("source"),
            "id": Var("r"),
            "name": Prop("r", "name"),
            "type": Prop("r", "type"),
            "owner": Var("owner"),
            "owner_name": Prop("owner", "name"),
            "role": Var("role"),
        },
        order=("name", "id", "owner_name", "owner"),
    ),
    details={
        "described": Query(
            (Each("ids", "id"), N("r", id=Var("id")), T("description", "r", {"attrs": "attrs"})),
            {"of": Var("r"), "attrs": Var("attrs")},
            ("of", "attrs"),
        )
    },
    whole=True,
    order=("what", "name", "id", "owner_name", "owner", "role"),
    finish=_terms,
    example="begat ask where_from models/a.pt",
)
