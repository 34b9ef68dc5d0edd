"""What lies around a thing: the nodes of its lineage, in one direction or both, and the relations among them."""

from typing import Any, Final, Literal, get_args

from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries.among import edges
from begat.queries.answer import Answer, Column, iso, shown
from begat.queries.ask import at_most
from begat.queries.columns import DEPTH, NODE, TIMES
from begat.queries.engine import look
from begat.queries.lineage import ALL, Filter, Reached, described, walk
from begat.queries.naming import find_thing
from begat.queries.plan import Direction

Side = Literal["both", "up", "down"]
SIDES: Final[dict[str, tuple[Direction, ...]]] = {"both": ("up", "down"), "up": ("up",), "down": ("down",)}
PART: Final = Column("part", "text", "node or edge")
EDGE: Final = (
    Column("source", "id", "of an edge: the effect"),
    Column("relation", "relation", "of an edge"),
    Column("role", "text", "of an edge"),
    Column("target", "id", "of an edge: the cause"),
    Column("at", "time", "when the edge was stated"),
)
COLUMNS: Final = (
    PART,
    *NODE,
    Column("side", "text", "of a node: self, up (an ancestor), down (a descendant) or both"),
    DEPTH,
    *TIMES,
    *EDGE,
)
#: Edges an answer has at most, for each node.
EDGES: Final = 10


def subgraph(
    store: Store,
    of: str,
    *,
    side: Side = "both",
    depth: int | None = None,
    types: tuple[str, ...] = (),
    relations: tuple[str, ...] = (),
    stop: tuple[str, ...] = (),
    since: int | None = None,
    until: int | None = None,
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """A thing's ancestors and descendants, nearest first, and all stored relations among these nodes.

    Rows with part "node" stand for nodes, rows with part "edge" for relations. `limit` counts nodes; of edges there are
    at most EDGES times as many. The others are those of `ancestors`.
    """
    if side not in get_args(Side):
        raise UsageError(f"side is {side!r}: give one of {', '.join(get_args(Side))}")
    scope = look(store, project, as_of)
    most = at_most(limit)
    thing = find_thing(store, of, scope)
    kept = Filter(types, relations, stop, since, until)
    found: dict[str, tuple[str, int]] = {}
    truncated = False
    for direction in SIDES[side]:
        reached, cut = walk(store, scope, thing.id, direction, kept, depth)
        truncated |= cut
        for node, away, _ in reached:
            known = found.get(node)
            found[node] = (direction, away) if known is None else ("both", min(known[1], away))
    found.pop(thing.id, None)
    nearest: list[Reached] = sorted(((n, away, "") for n, (_, away) in found.items()), key=lambda r: r[1])
    itself, _ = described(store, scope, [(thing.id, 0, "")], ALL, 1)
    nodes, more = described(store, scope, nearest, kept, most - 1) if most > 1 else ([], bool(nearest))
    nodes = [*itself, *nodes]
    joined, cut = edges(store, scope, [n["id"] for n in nodes], EDGES * most)
    for n in nodes:
        n |= {"part": "node", "side": "self" if n["id"] == thing.id else found[n["id"]][0]}
    rows: list[dict[str, Any]] = [*nodes, *({"part": "edge", **e._asdict()} for e in joined)]
    return Answer(
        question="subgraph",
        params={"thing": of, "side": side} | ({} if depth is None else {"depth": depth}) | kept.told(),
        columns=list(COLUMNS),
        rows=[{c.name: shown(r.get(c.name), c.type) for c in COLUMNS} for r in rows],
        truncated=truncated or more or cut,
        as_of=None if as_of is None else iso(as_of),
        pending=scope.marked,
        notes=thing.notes,
        starts=[thing.id],
        way="both",
    )
