"""All that the store holds, as statements with text ids: the folded record, the projection and the roll-ups."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from begat.graph_schema.fold import sorted_types
from begat.graph_schema.law import later_key
from begat.graph_schema.sqlite.edges import NAME
from begat.graph_schema.sqlite.names import numbers_of
from begat.graph_schema.statements import (
    Alias,
    Context,
    Flow,
    Folded,
    Overruled,
    Point,
    Position,
    Relation,
    Rollup,
    Scanned,
    Stop,
    canonical,
)
from begat.graph_schema.terms import TIMED, kinds_in

NODES: Final = (
    "SELECT o.nid, o.ctx, EXISTS (SELECT 1 FROM node_type x WHERE x.nid = o.nid AND x.ctx = o.ctx), "
    "EXISTS (SELECT 1 FROM node_history x WHERE x.nid = o.nid AND x.ctx = o.ctx), "
    "i.id, o.kinds, y.name, o.name, o.attrs, o.value, o.number, o.t, o.w, o.n, o.vt, o.vw, o.vn, "
    "o.st, o.sw, o.sn, o.et, o.ew, o.en, o.outcome, o.error, o.trace "
    "FROM node o CROSS JOIN ident i ON i.nid = o.nid LEFT JOIN type y ON y.code = o.type"
)
TYPES: Final = "SELECT t.name FROM node_type y CROSS JOIN type t ON t.code = y.type WHERE y.nid = ? AND y.ctx = ?"
HISTORY: Final = "SELECT key, value, t, w, n FROM node_history WHERE nid = ? AND ctx = ?"
RELATIONS: Final = (
    "SELECT s.id, e.rel, d.id, e.ctx, e.t, e.w, e.n, e.role, e.exact, e.more, so.id, do.id "
    "FROM {} e LEFT JOIN ident s ON s.nid = e.s LEFT JOIN ident d ON d.nid = e.d "
    "LEFT JOIN ident so ON so.nid = e.sobs LEFT JOIN ident do ON do.nid = e.dobs"
)
ALIASES: Final = (
    "SELECT o.id, v.id, a.ctx, a.t, a.w, a.n FROM alias a CROSS JOIN ident o ON o.nid = a.obs "
    "CROSS JOIN ident v ON v.nid = a.version"
)
SERIES: Final = "SELECT r.sid, i.id, r.ctx, r.name, r.labels FROM series r CROSS JOIN ident i ON i.nid = r.nid"
POINTS: Final = (
    "SELECT p.t, p.w, p.n, p.step, p.value, p.nan, z.id "
    "FROM point p LEFT JOIN ident z ON z.nid = p.section WHERE p.sid = ?"
)
ROLLUPS: Final = (
    "SELECT r.ctx, i.id, r.name, r.labels, r.count, r.nan, r.infinite, r.first, r.last, r.min, r.max, "
    "r.argmin, r.argmax, r.last_step FROM series r CROSS JOIN ident i ON i.nid = r.nid"
)
CONTEXT: Final = "SELECT project, bundle FROM context WHERE ctx = ?"
WRITER: Final = "SELECT id FROM writer WHERE w = ?"
#: Contexts and writers that are remembered at once.
MANY: Final = 1 << 16
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
FLOWS: Final = f"SELECT {PHASE_NAME.format('s')}, {PHASE_NAME.format('d')}, f.ctx, f.t FROM flow f"
#: What a relation is called, and whether its time is one of PROV's arguments, by its code.
_RELATION: Final = {code: (name, name in TIMED) for code, name in NAME.items()}


def scan(db: sqlite3.Connection) -> Iterator[Scanned]:
    """Everything; the store must be settled for the flow edges to be right."""
    held = _Held(db)
    yield from held.nodes()
    for table in ("edge", "open_relation"):
        yield from held.relations(table)
    yield from held.aliases()
    yield from held.points()
    yield from held.rollups()
    yield from held.flows()


def scan_of(db: sqlite3.Connection, ids: Collection[str]) -> Iterator[Scanned]:
    """These nodes, the relations that begin or end at one of them, and their points."""
    held, nids = _Held(db), json.dumps([nid for _, nid in numbers_of(db, ids)])
    yield from held.nodes(f"WHERE o.nid IN {_GIVEN}", nids)
    yield from held.relations("edge", f"WHERE e.s IN {_GIVEN}", nids)
    yield from held.relations("edge", f"WHERE e.d IN {_GIVEN} AND e.s NOT IN {_GIVEN}", nids, nids)
    yield from held.relations("open_relation", f"WHERE e.s IN {_GIVEN} OR e.d IN {_GIVEN}", nids, nids)
    yield from held.points(f"WHERE r.nid IN {_GIVEN}", nids)


class _By(dict[int, Any]):
    """What stands behind numbers, each read once: many statements share a context and a writer."""

    def __init__(self, db: sqlite3.Connection, sql: str, make: Callable[..., Any]) -> None:
        self._db, self._sql, self._make = db, sql, make

    def __missing__(self, number: int) -> Any:
        if len(self) >= MANY:
            self.clear()
        (row,) = self._db.execute(self._sql, (number,))
        found = self[number] = self._make(*row)
        return found


class _Held:
    """Statements of a store; `where` leaves some out, with its parameters."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._contexts, self._writers = _By(db, CONTEXT, Context), _By(db, WRITER, str)

    def nodes(self, where: str = "", *given: str) -> Iterator[Folded]:
        db, contexts = self._db, self._contexts
        for row in db.execute(f"{NODES} {where}", given):
            (
                nid, ctx, has_types, has_history, node, kinds, type_, name, attrs, value, number, t, w, n,
                vt, vw, vn, st, sw, sn, et, ew, en, *stop,
            ) = row  # fmt: skip
            start, end = self._position(st, sw, sn), self._position(et, ew, en)
            starts: tuple[Position, ...] = () if start is None else (start,)
            ends: tuple[Stop, ...] = () if end is None else (Stop(end, *stop),)
            types: tuple[str, ...] = () if type_ is None else (type_,)
            history: tuple[Overruled, ...] = ()
            if has_types:
                types = sorted_types((*types, *(more for (more,) in db.execute(TYPES, (nid, ctx)))))
            if has_history:
                starts, ends, history = self._history(nid, ctx, starts, ends)
            yield Folded(
                contexts[ctx], node, kinds_in(kinds), types, name, self._position(t, w, n), value, number,
                self._position(vt, vw, vn), json.loads(attrs) if attrs else {}, starts, ends, history,
            )  # fmt: skip

    def _history(
        self, nid: int, ctx: int, starts: tuple[Position, ...], ends: tuple[Stop, ...]
    ) -> tuple[tuple[Position, ...], tuple[Stop, ...], tuple[Overruled, ...]]:
        """Also those that others have overruled."""
        history = []
        for key, said, t, w, n in self._db.execute(HISTORY, (nid, ctx)):
            at = Position(t, self._writers[w], n)
            if key == "start":
                starts = (*starts, at)
            elif key == "end":
                ends = (*ends, Stop(at, *json.loads(said)))
            else:
                history.append(Overruled(key, said, at))
        return (
            tuple(sorted(starts, key=later_key)),
            tuple(sorted(ends, key=lambda e: (later_key(e.position), canonical(e)))),
            tuple(sorted(history, key=lambda h: (h.key, later_key(h.position), h.value))),
        )

    def _position(self, t: int | None, w: int | None, n: int) -> Position | None:
        return None if w is None else Position(t, self._writers[w], n)

    def relations(self, table: str, where: str = "", *given: str) -> Iterator[Relation]:
        contexts, writers = self._contexts, self._writers
        rows = self._db.execute(f"{RELATIONS.format(table)} {where}", given)
        for s, rel, d, ctx, t, w, n, role, exact, more, *observed in rows:
            name, is_timed = _RELATION[rel]
            extra = json.loads(more) if more else {}
            yield Relation(
                contexts[ctx], Position(t, writers[w], n), name, s, d, role, extra.get("id"),
                extra.get("time", t if is_timed else None), extra.get("arguments", {}), extra.get("attributes", {}),
                bool(exact), *observed,
            )  # fmt: skip

    def aliases(self) -> Iterator[Alias]:
        for obs, version, ctx, t, w, n in self._db.execute(ALIASES):
            yield Alias(self._contexts[ctx], Position(t, self._writers[w], n), obs, version)

    def points(self, where: str = "", *given: str) -> Iterator[Point]:
        writers = self._writers
        for sid, activity, ctx, name, labels in self._db.execute(f"{SERIES} {where}", given):
            context = self._contexts[ctx]
            for t, w, n, step, value, nan, section in self._db.execute(POINTS, (sid,)):
                number = float("nan") if nan else float(value)
                yield Point(context, Position(t, writers[w], n), activity, name, number, labels, step, section)

    def rollups(self) -> Iterator[Rollup]:
        for ctx, activity, name, labels, count, nan, infinite, first, last, *rest in self._db.execute(ROLLUPS):
            ends = [float("nan") if x is None else x for x in (first, last)]
            yield Rollup(self._contexts[ctx], activity, name, labels, count, nan, infinite, *ends, *rest)

    def flows(self) -> Iterator[Flow]:
        for s, d, ctx, t in self._db.execute(FLOWS):
            yield Flow(self._contexts[ctx] if ctx else None, s, d, t)
