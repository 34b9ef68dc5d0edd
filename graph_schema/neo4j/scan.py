"""All that the store holds, as statements: the folded record, the projection and the roll-ups; and its counts."""

from collections.abc import Iterator, Mapping
from typing import Final

from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.cypher import TYPE_OF, cypher
from begat.graph_schema.neo4j.phases import EVERYONE, phase_of
from begat.graph_schema.neo4j.rows import fold_of, relation_of
from begat.graph_schema.neo4j.series import points_of, rollup_of
from begat.graph_schema.projection import phase_name
from begat.graph_schema.statements import Alias, Context, Flow, Position, Scanned
from begat.graph_schema.store import Stats
from begat.graph_schema.terms import TYPES

_KINDS: Final = (("entities", "Entity"), ("activities", "Activity"), ("agents", "Agent"))


def scan(db: Connection, contexts: Mapping[int, Context]) -> Iterator[Scanned]:
    """Everything; the store must be settled for the flow edges to be right."""
    for name in ("nodes", "facets"):
        for node, p, past in db.stream(cypher("scan", name)):
            yield fold_of(p, past).folded(contexts[p["ctx"]], node)
    for relation, type_ in TYPE_OF.items():
        for s, d, p in db.stream(cypher("scan", "relations", TYPE=type_)):
            yield relation_of(relation, s, d, contexts[p["ctx"]], p)
    for relation, source, target, p in db.stream(cypher("scan", "open_relations")):
        yield relation_of(relation, source, target, contexts[p["ctx"]], p)
    for o, v, ctx, *position in db.stream(cypher("scan", "aliases")):
        yield Alias(contexts[ctx], Position(*position), o, v)
    for activity, ctx, name, labels, p in db.stream(cypher("scan", "points")):
        yield from points_of(activity, contexts[ctx], name, labels, p)
    for activity, p in db.stream(cypher("scan", "rollups")):
        yield rollup_of(activity, contexts[p["ctx"]], p)
    for *columns, ctx, t in db.stream(cypher("scan", "flows")):
        names = (phase_name(phase_of(*columns[:5])), phase_name(phase_of(*columns[5:])))
        yield Flow(None if ctx == EVERYONE else contexts[ctx], *names, t)


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
