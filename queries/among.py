"""The stored relations among some nodes."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from begat.graph_schema.store import Store
from begat.graph_schema.terms import RELATIONS
from begat.queries.engine import run
from begat.queries.expr import Par, Prop, Var, op
from begat.queries.plan import E, N, Query, Rows, W
from begat.queries.scope import Scope

#: `among` holds the same ids: as the ends of relations they are compared with, not looked up.
AMONG: Final = Query(
    (
        Rows("ids", "id"),
        N("s", id=Var("id")),
        E("s", tuple(RELATIONS), "d", rel="relation", role="role", at="at"),
        W(op("in", Prop("d", "id"), Par("among"))),
    ),
    {"source": Var("s"), "target": Var("d"), "relation": Var("relation"), "role": Var("role"), "at": Var("at")},
    ("source", "target", "relation", "at", "role"),
)


class Edge(NamedTuple):
    """A stored relation, effect to cause, by its code."""

    source: str
    target: str
    relation: int
    role: str | None
    at: int | None


def edges(store: Store, scope: Scope, ids: Sequence[str], limit: int | None = None) -> tuple[list[Edge], bool]:
    """The relations whose ends are both among these nodes, by their ends; and whether there are more than `limit`."""
    result = run(store, AMONG, {"ids": list(ids), "among": list(ids)}, scope, limit)
    return [Edge(*row) for row in result.rows], result.truncated
