"""How one thing depends on another, step by step: a shortest way by the lineage law. None is an answer too."""

from functools import partial
from typing import Any, Final

from begat.graph_schema.store import Store
from begat.graph_schema.terms import RELATIONS
from begat.queries.accelerated import by_sql, leading
from begat.queries.among import edges
from begat.queries.answer import Answer, Column, iso, shown
from begat.queries.columns import DEPTH, NODE, TIMES, VIA
from begat.queries.engine import ids_of, look, run
from begat.queries.kinds import relations_named
from begat.queries.lineage import telling
from begat.queries.naming import find_thing
from begat.queries.plan import FLOW
from begat.queries.scope import Scope
from begat.queries.status import statuses
from begat.queries.steps import Steps, steps
from begat.queries.walk import shortest

COLUMNS: Final = (
    *NODE,
    DEPTH,
    VIA,
    Column("relation", "text", "how `via` relates to it, where that is one stored relation"),
    Column("role", "text", "the role of that relation"),
    Column("at", "time", "when that was stated"),
    *TIMES,
)
_BY_CODE: Final = {r.code: r for r in RELATIONS.values()}
#: A relation's name, its role, and when it was stated.
Hop = tuple[str, str | None, int | None]


def path(
    store: Store,
    effect: str,
    cause: str,
    *,
    relations: tuple[str, ...] = (),
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """A shortest way from a thing to one it depends on, both included; without rows where there is none.

    Of several ways the one with the least ids. `relations`: along these stored relations, from effect to cause, instead
    of by the lineage law. A note tells that there is no way, and whether there is one in the other direction.
    """
    scope = look(store, project, as_of)
    a, b = find_thing(store, effect, scope), find_thing(store, cause, scope)
    rels = relations_named(relations) if relations else FLOW
    notes = [*a.notes, *b.notes]
    ids = _way(store, scope, a.id, b.id, rels)
    if not ids:
        notes.append(f"no path: {effect} does not depend on {cause}")
        if _way(store, scope, b.id, a.id, rels):
            notes.append(f"but {cause} depends on {effect}: ask for the path from {cause} to {effect}")
    elif len(ids) == 1:
        notes.append(f"{effect} and {cause} are the same thing")
    return Answer(
        question="path",
        params={"from": effect, "to": cause} | ({"relations": list(relations)} if relations else {}),
        columns=list(COLUMNS),
        rows=_rows(store, scope, ids),
        as_of=None if as_of is None else iso(as_of),
        pending=scope.marked,
        notes=notes,
        starts=[a.id] if ids else [],
        way="up",
    )


def _way(store: Store, scope: Scope, start: str, end: str, rels: tuple[str, ...]) -> list[str]:
    """The ids on the way, start and end included."""
    if start == end:
        return [start]
    ways = leading(store, scope, start, end) if rels == FLOW else None
    if ways is None:
        with by_sql(store):
            closed = steps(store, scope, start, "up", rels)
    else:
        closed = Steps(ways, partial(ids_of, store))
    owners = {owned_by for _, _, _, owned_by, _ in closed.steps}
    id_of = closed.ids(owners)
    last = next((owner for owner, id_ in id_of.items() if id_ == end), None)
    return [] if last is None else [id_of[n] for n in shortest(closed.steps, last, lambda found: id_of)]


def _rows(store: Store, scope: Scope, ids: list[str]) -> list[dict[str, Any]]:
    if not ids:
        return []
    query = telling(())
    told = {r[0]: dict(zip(query.cols, r, strict=True)) for r in run(store, query, {"ids": ids}, scope).rows}
    joined = hops(store, scope, ids)
    status = statuses(store, scope, [i for i in ids if told.get(i, {}).get("kind") == "Activity"])
    rows = []
    for depth, (via, node) in enumerate(zip([None, *ids], ids, strict=False)):
        relation, role, at = joined.get((via, node), (None, None, None))
        row = {**told.get(node, {"id": node}), "depth": depth, "via": via, "status": status.get(node)}
        row |= {"relation": relation, "role": role, "at": at}
        rows.append({c.name: shown(row.get(c.name), c.type) for c in COLUMNS})
    return rows


def hops(store: Store, scope: Scope, ids: list[str]) -> dict[tuple[str | None, str], Hop]:
    """The first stored relation between two nodes of a way: by its name, or the inverse's where it points back."""
    found: dict[tuple[str | None, str], Hop] = {}
    back: dict[tuple[str | None, str], Hop] = {}
    for e in edges(store, scope, ids)[0]:
        relation = _BY_CODE[e.relation]
        found.setdefault((e.source, e.target), (relation.name, e.role, e.at))
        back.setdefault((e.target, e.source), (relation.inverse, e.role, e.at))
    return back | found
