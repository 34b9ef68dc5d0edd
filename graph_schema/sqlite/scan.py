"""All that the store holds, as statements with text ids: the folded record, the projection and the roll-ups."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import Any, Final

from begat.graph_schema.fold import default_time, sorted_types
from begat.graph_schema.law import later_key
from begat.graph_schema.sqlite.edges import NAME
from begat.graph_schema.sqlite.names import numbers_of
from begat.graph_schema.sqlite.outbox import POINTS, points
from begat.graph_schema.statements import (
    Alias,
    Context,
    Flow,
    Folded,
    Overruled,
    Position,
    Relation,
    Rollup,
    Scanned,
    Stop,
    canonical,
)
from begat.graph_schema.terms import kinds_in

NODES: Final = (
    "SELECT o.nid, o.ctx, EXISTS (SELECT 1 FROM node_type x WHERE x.nid = o.nid AND x.ctx = o.ctx), "
    "EXISTS (SELECT 1 FROM node_history x WHERE x.nid = o.nid AND x.ctx = o.ctx), "
    "c.project, c.bundle, i.id, o.kinds, y.name, o.name, o.attrs, o.value, o.number, o.t, wn.id, o.n, "
    "o.vt, wv.id, o.vn, o.st, ws.id, o.sn, o.et, we.id, o.en, o.outcome, o.error, o.trace "
    "FROM node o CROSS JOIN ident i ON i.nid = o.nid CROSS JOIN context c ON c.ctx = o.ctx "
    "LEFT JOIN type y ON y.code = o.type "
    "LEFT JOIN writer wn ON wn.w = o.w LEFT JOIN writer wv ON wv.w = o.vw "
    "LEFT JOIN writer ws ON ws.w = o.sw LEFT JOIN writer we ON we.w = o.ew"
)
TYPES: Final = "SELECT t.name FROM node_type y CROSS JOIN type t ON t.code = y.type WHERE y.nid = ? AND y.ctx = ?"
HISTORY: Final = (
    "SELECT h.key, h.value, h.t, w.id, h.n FROM node_history h CROSS JOIN writer w ON w.w = h.w "
    "WHERE h.nid = ? AND h.ctx = ?"
)
RELATIONS: Final = (
    "SELECT s.id, e.rel, d.id, c.project, c.bundle, e.t, w.id, e.n, e.role, e.exact, e.more, so.id, do.id "
    "FROM {} e LEFT JOIN ident s ON s.nid = e.s LEFT JOIN ident d ON d.nid = e.d "
    "CROSS JOIN context c ON c.ctx = e.ctx CROSS JOIN writer w ON w.w = e.w "
    "LEFT JOIN ident so ON so.nid = e.sobs LEFT JOIN ident do ON do.nid = e.dobs"
)
ALIASES: Final = (
    "SELECT o.id, v.id, c.project, c.bundle, a.t, w.id, a.n FROM alias a CROSS JOIN ident o ON o.nid = a.obs "
    "CROSS JOIN ident v ON v.nid = a.version CROSS JOIN context c ON c.ctx = a.ctx CROSS JOIN writer w ON w.w = a.w"
)
ALL_POINTS: Final = POINTS.partition(" WHERE ")[0]
ROLLUPS: Final = (
    "SELECT c.project, c.bundle, i.id, r.name, r.labels, r.count, r.nan, r.infinite, r.first, r.last, r.min, r.max, "
    "r.argmin, r.argmax, r.last_step FROM series r CROSS JOIN ident i ON i.nid = r.nid "
    "CROSS JOIN context c ON c.ctx = r.ctx"
)
_GIVEN: Final = "(SELECT value FROM json_each(?))"
#: A phase's name as projection.phase_name makes it.
PHASE_NAME: Final = (
    "CASE f.{0} & 3 WHEN 0 THEN (SELECT id FROM ident WHERE nid = f.{0} >> 2) "
    "WHEN 1 THEN (SELECT id FROM ident WHERE nid = f.{0} >> 2) || ' fin' "
    "WHEN 2 THEN (SELECT id FROM ident WHERE nid = f.{0} >> 2) || ' name' "
    "ELSE (SELECT i.id || CASE p.kind WHEN 1 THEN ' input ' WHEN 2 THEN ' output ' ELSE ' made ' END "
    "|| p.t || ' ' || w.id || ' ' || p.n FROM phase p CROSS JOIN ident i ON i.nid = p.nid "
    "CROSS JOIN writer w ON w.w = p.w WHERE p.p = f.{0} >> 2) END"
)
FLOWS: Final = (
    f"SELECT {PHASE_NAME.format('s')}, {PHASE_NAME.format('d')}, c.project, c.bundle, f.t "
    "FROM flow f LEFT JOIN context c ON c.ctx = f.ctx"
)


def scan(db: sqlite3.Connection) -> Iterator[Scanned]:
    """Everything; the store must be settled for the flow edges to be right."""
    for row in db.execute(NODES):
        yield _node(db, row)
    for table in ("edge", "open_relation"):
        for row in db.execute(RELATIONS.format(table)):
            yield _relation(row)
    for obs, version, project, bundle, *position in db.execute(ALIASES):
        yield Alias(Context(project, bundle), Position(*position), obs, version)
    yield from points(db, ALL_POINTS, ())
    for project, bundle, *roll in db.execute(ROLLUPS):
        yield _rollup(Context(project, bundle), roll)
    for s, d, project, bundle, t in db.execute(FLOWS):
        yield Flow(None if project is None else Context(project, bundle), s, d, t)


def scan_of(db: sqlite3.Connection, ids: Collection[str]) -> Iterator[Scanned]:
    """These nodes, the relations that begin or end at one of them, and their points."""
    nids = json.dumps([nid for _, nid in numbers_of(db, ids)])
    for row in db.execute(f"{NODES} WHERE o.nid IN {_GIVEN}", (nids,)):
        yield _node(db, row)
    for row in db.execute(f"{RELATIONS.format('edge')} WHERE e.s IN {_GIVEN}", (nids,)):
        yield _relation(row)
    into = f"{RELATIONS.format('edge')} WHERE e.d IN {_GIVEN} AND e.s NOT IN {_GIVEN}"
    for row in db.execute(into, (nids, nids)):
        yield _relation(row)
    either = f"{RELATIONS.format('open_relation')} WHERE e.s IN {_GIVEN} OR e.d IN {_GIVEN}"
    for row in db.execute(either, (nids, nids)):
        yield _relation(row)
    yield from points(db, f"{ALL_POINTS} WHERE r.nid IN {_GIVEN}", (nids,))


def _node(db: sqlite3.Connection, row: tuple[Any, ...]) -> Folded:
    nid, ctx, has_types, has_history, project, bundle, node, kinds, type_, name, attrs, value, number, *rest = row
    named, valued, start, end = (_position(rest[i : i + 3]) for i in (0, 3, 6, 9))
    starts = [] if start is None else [start]
    ends = [] if end is None else [Stop(end, *rest[12:])]
    history = []
    for key, said, *position in db.execute(HISTORY, (nid, ctx)) if has_history else ():
        at = Position(*position)
        if key == "start":
            starts.append(at)
        elif key == "end":
            ends.append(Stop(at, *json.loads(said)))
        else:
            history.append(Overruled(key, said, at))
    more = db.execute(TYPES, (nid, ctx)) if has_types else ()
    return Folded(
        context=Context(project, bundle),
        node=node,
        kinds=kinds_in(kinds),
        types=sorted_types([*([type_] if type_ else ()), *(t for (t,) in more)]),
        name=name,
        named=named,
        value=value,
        number=number,
        valued=valued,
        attributes=json.loads(attrs) if attrs else {},
        starts=tuple(sorted(starts, key=later_key)),
        ends=tuple(sorted(ends, key=lambda e: (later_key(e.position), canonical(e)))),
        history=tuple(sorted(history, key=lambda h: (h.key, later_key(h.position), h.value))),
    )


def _position(columns: list[Any]) -> Position | None:
    return None if columns[1] is None else Position(*columns)


def _relation(row: tuple[Any, ...]) -> Relation:
    s, rel, d, project, bundle, t, w, n, role, exact, more, observed_source, observed_target = row
    extra = json.loads(more) if more else {}
    return Relation(
        Context(project, bundle),
        Position(t, w, n),
        NAME[rel],
        s,
        d,
        role=role,
        id=extra.get("id"),
        time=extra.get("time", default_time(NAME[rel], t)),
        arguments=extra.get("arguments", {}),
        attributes=extra.get("attributes", {}),
        exact=bool(exact),
        observed_source=observed_source,
        observed_target=observed_target,
    )


def _rollup(context: Context, row: list[Any]) -> Rollup:
    activity, name, labels, count, nan, infinite, first, last, *rest = row
    ends = [float("nan") if x is None else x for x in (first, last)]
    return Rollup(context, activity, name, labels, count, nan, infinite, *ends, *rest)
