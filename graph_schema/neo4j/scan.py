"""All that the store holds, as statements: the folded record, the projection and the roll-ups; and its counts."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.cypher import ALL_RELATIONS, NAME_OF, TYPE_OF, cypher
from begat.graph_schema.neo4j.long_ids import short
from begat.graph_schema.neo4j.phases import EVERYONE, phase_of
from begat.graph_schema.neo4j.rows import fold_of, relation_of
from begat.graph_schema.neo4j.series import points_of, rollup_of
from begat.graph_schema.neo4j.transaction import Row
from begat.graph_schema.projection import phase_name
from begat.graph_schema.statements import Alias, Context, Flow, Point, Position, Relation, Scanned
from begat.graph_schema.store import Stats
from begat.graph_schema.terms import TYPES

#: A whole id by its short form.
Whole = Callable[[str | None], Any]
_KINDS: Final = (("entities", "Entity"), ("activities", "Activity"), ("agents", "Agent"))


def scan(db: Connection, contexts: Mapping[int, Context]) -> Iterator[Scanned]:
    """Everything; the store must be settled for the flow edges to be right."""
    whole = _whole(db)
    for name in ("nodes", "facets"):
        for node, p, past in db.stream(cypher("scan", name)):
            yield fold_of(p, past).folded(contexts[p["ctx"]], whole(node))
    for relation, type_ in TYPE_OF.items():
        for s, d, p in db.stream(cypher("scan", "relations", TYPE=type_)):
            yield _relation(relation, s, d, contexts[p["ctx"]], p, whole)
    for relation, s, d, p in db.stream(cypher("scan", "open_relations")):
        yield _relation(relation, s, d, contexts[p["ctx"]], p, whole)
    for o, v, ctx, *position in db.stream(cypher("scan", "aliases")):
        yield Alias(contexts[ctx], Position(*position), whole(o), whole(v))
    yield from _points(db.stream(cypher("scan", "points")), contexts, whole)
    for activity, p in db.stream(cypher("scan", "rollups")):
        yield rollup_of(whole(activity), contexts[p["ctx"]], p)
    for s, *at_s, d, kind, t, w, n, ctx, since in db.stream(cypher("scan", "flows")):
        names = phase_name(phase_of(whole(s), *at_s)), phase_name(phase_of(whole(d), kind, t, w, n))
        yield Flow(None if ctx == EVERYONE else contexts[ctx], *names, since)


def scan_of(db: Connection, contexts: Mapping[int, Context], ids: Collection[str]) -> Iterator[Scanned]:
    """These nodes, the relations that begin or end at one of them, and their points."""
    whole, given = _whole(db), {"ids": sorted(map(short, set(ids)))}
    for node, p, past in db.stream(cypher("scan", "nodes_of"), given):
        yield fold_of(p, past).folded(contexts[p["ctx"]], whole(node))
    for name in ("relations_from", "relations_to"):
        for type_, s, d, p in db.stream(cypher("scan", name, TYPES=ALL_RELATIONS), given):
            yield _relation(NAME_OF[type_], s, d, contexts[p["ctx"]], p, whole)
    for relation, s, d, p in db.stream(cypher("scan", "open_relations_of"), given):
        yield _relation(relation, s, d, contexts[p["ctx"]], p, whole)
    yield from _points(db.stream(cypher("scan", "points_of"), given), contexts, whole)


def _whole(db: Connection) -> Whole:
    long = dict(db.read(cypher("scan", "long_ids"), {}))
    return lambda told: told if told is None else long.get(told, told)


def _points(rows: Iterable[list[Any]], contexts: Mapping[int, Context], whole: Whole) -> Iterator[Point]:
    for activity, ctx, name, labels, p in rows:
        if "section" in p:
            p["section"] = [whole(s) for s in p["section"]]
        yield from points_of(whole(activity), contexts[ctx], name, labels, p)


def _relation(
    name: str, s: str | None, d: str | None, context: Context, p: Row, whole: Whole
) -> Relation:
    p.update((key, whole(p[key])) for key in ("sobs", "dobs") if key in p)
    return relation_of(name, whole(s), whole(d), context, p)


def stats(db: Connection) -> Stats:
    """Counts of what is stored."""
    found = Stats()
    for field, kind in _KINDS:
        setattr(found, field, db.read(cypher("scan", "kinds", KIND=kind), {})[0][0])
    several = bool(db.read(cypher("scan", "any_facet"), {}))
    by_type: dict[str, int] = dict(db.read(cypher("scan", "types_in_facets" if several else "types"), {}))
    found.by_type = {t: by_type[t] for t in sorted(by_type, key=lambda t: (t not in TYPES, t))}
    counts = db.read(cypher("scan", "counts"), {})[0]
    found.relations, found.quarantined, found.marked, found.metric_points, found.dropped, found.commit = counts
    for type_ in TYPE_OF.values():
        found.relations += db.read(cypher("scan", "count", TYPE=type_), {})[0][0]
    return found
