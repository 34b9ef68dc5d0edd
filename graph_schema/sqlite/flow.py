"""The flow projection in the database: appended where events come in order, spliced or marked where they do not.

projection.py and splice.py have the rules; here are the rows they need, the saved tails, and the marks. A flow node is
nid * 4 + k, see schema.sql.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from begat.graph_schema.law import FIRST, LAST, Generation, History, Key, Link, Use
from begat.graph_schema.projection import (
    FIN,
    GENERATION,
    INPUT,
    MADE,
    NAME,
    OUTPUT,
    OWN,
    USE,
    Edge,
    Happening,
    Phase,
    Tail,
    advance,
    project,
    stale_fin,
    time_of,
)
from begat.graph_schema.splice import Late, begin, late, splice, trailed, worth
from begat.graph_schema.sqlite import edges as rows
from begat.graph_schema.sqlite.names import Names
from begat.graph_schema.sqlite.trail import Trails

FIXED: Final = {OWN: 0, FIN: 1, NAME: 2}
POSITIONAL: Final = {INPUT: 1, OUTPUT: 2, MADE: 3}
PUT: Final = (
    "INSERT INTO flow (s, d, ctx, t, step) VALUES (?, ?, ?, ?, ?) ON CONFLICT (s, d, ctx) DO UPDATE SET "
    "t = CASE WHEN t IS NULL OR excluded.t IS NULL THEN NULL ELSE min(t, excluded.t) END"
)
Row = tuple[int, int, int, int | None, int]


class Flow:
    """Keeps the flow edges of one database right."""

    def __init__(self, db: sqlite3.Connection, names: Names) -> None:
        self._db = db
        self._names = names
        self._numbers: dict[Phase, int] = {}  # of phases, within one call
        self._trails = Trails(db, names, self._number)

    def key(self, t: int | None, w: int, n: int, unknown: int = LAST) -> Key:
        """A stored position as the law orders it."""
        return (unknown, "", 0) if t is None else (t, self._names.writer_texts[w], n)

    # -- numbers of phases

    def _number(self, p: Phase) -> int:
        fixed = FIXED.get(p.kind)
        if fixed is not None:
            number: int = p.node * 4 + fixed
            return number
        known = self._numbers.get(p)
        if known is None:
            t, writer, n = p.at
            where = (p.node, POSITIONAL[p.kind], t, self._names.writer(writer), n)
            query = "SELECT p FROM phase WHERE nid = ? AND kind = ? AND t = ? AND w = ? AND n = ?"
            row = self._db.execute(query, where).fetchone()
            if row is None:
                put = "INSERT INTO phase (nid, kind, t, w, n) VALUES (?, ?, ?, ?, ?)"
                self._db.execute(put, where)
                row = self._db.execute(query, where).fetchone()
            known = self._numbers[p] = row[0] * 4 + 3
        return known

    def _row(self, e: Edge) -> Row:
        structural = e.context is None
        return (
            self._number(e.source),
            self._number(e.target),
            0 if structural else e.context,
            e.time,
            0 if structural else 1,
        )

    # -- marks

    def mark(self, nids: Iterable[int]) -> None:
        """Have these nodes projected anew at the end of the pass."""
        self._db.executemany("INSERT OR IGNORE INTO mark (nid) VALUES (?)", [(n,) for n in nids])

    def marked(self) -> set[int]:
        """The nodes that are marked."""
        return {n for (n,) in self._db.execute("SELECT nid FROM mark")}

    def remade(self, entity: int, new: set[Key]) -> None:
        """An entity has got generations `new`, or an alias took them away: mark whom its phases concern, if any."""
        query = "SELECT t, w, n, d FROM edge WHERE s = ? AND rel = ?"
        makers: dict[Key, set[int]] = defaultdict(set)
        for t, w, n, d in self._db.execute(query, (entity, rows.GENERATED)):
            makers[self.key(t, w, n)].add(d)
        gone = [k for k in new if k not in makers]
        if len(makers) < 2 and not gone:
            return
        first, since = min([*makers, *gone]), min(new)
        told = makers if since <= first else makers.keys() & new
        concerned = {entity, *(d for k in told for d in makers[k])}
        users = "SELECT s, t, w, n FROM edge WHERE d = ? AND rel IN (0, 2, 4, 5)"
        for s, t, w, n in self._db.execute(users, (entity,)):
            if since <= first or self.key(t, w, n) >= since:
                concerned.add(s)
        self.mark(concerned)

    def recurrent(self, entities: set[int]) -> set[int]:
        """Those of these entities that have, or may have, several generations."""
        query = "SELECT DISTINCT p.nid FROM json_each(?) j CROSS JOIN phase p ON p.nid = j.value AND p.kind = 3"
        made = {n for (n,) in self._db.execute(query, (json.dumps(sorted(entities)),))}
        return made | (self.marked() & entities)

    # -- appending

    def append(self, happened: dict[int, list[Happening]], wanted: set[int], links: Iterable[Edge]) -> None:
        """Add what activities did: after all they had done, or spliced into it; the others are marked."""
        self._numbers = {}
        activities = set(happened) | wanted
        saved = self._tails(activities)
        new: list[Row] = [self._row(e) for e in links]
        stale: list[Row] = []
        tails: list[tuple[int, Tail]] = []
        spliced: list[Late] = []
        marked: list[int] = []
        for a in activities - self.marked():
            tail = saved.get(a) or Tail()
            events = sorted(happened.get(a, ()), key=lambda e: (e.at, e.rank))
            before = (tail.has_fin, tail.fin)
            if a in wanted:
                tail.wanted = True
            if worth(tail, events):
                spliced.append(late(a, tail, events, self._trails.used(a, events)))
                continue
            if events and events[0].at <= tail.last:
                tail.late += 1
                marked.append(a)
            else:
                new += (self._row(e) for e in advance(a, tail, self._first_uses(a, tail.last, events)))
                replaced = stale_fin(a, before, tail)
                if replaced is not None:
                    stale.append(self._row(replaced))
            tails.append((a, tail))
        self._change(stale, new)
        self._splice(spliced)
        self._put_tails(tails)
        self.mark(marked)

    def _tails(self, nids: Iterable[int]) -> dict[int, Tail]:
        query = "SELECT t.nid, t.state FROM json_each(?) j CROSS JOIN tail t ON t.nid = j.value"
        rows = self._db.execute(query, (json.dumps(sorted(nids)),))
        return {nid: msgspec.json.decode(state, type=Tail) for nid, state in rows}

    def _put_tails(self, tails: Iterable[tuple[int, Tail]]) -> None:
        rows = [(nid, msgspec.json.encode(tail)) for nid, tail in tails]
        self._db.executemany("INSERT OR REPLACE INTO tail (nid, state) VALUES (?, ?)", rows)

    def _change(self, old: Iterable[Row], new: Iterable[Row]) -> None:
        self._db.executemany("DELETE FROM flow WHERE s = ? AND d = ? AND ctx = ?", [r[:3] for r in old])
        self._db.executemany(PUT, new)

    def _splice(self, activities: list[Late]) -> None:
        if not activities:
            return
        for a, done in zip(activities, splice(self._trails, activities), strict=True):
            self._change(map(self._row, done.removed), map(self._row, done.added))
            self._trails.remove(a.node, a.removed)
            self._trails.put(a.node, trailed([*a.added, *a.after]))
            left = {p for e in done.removed for p in (e.source, e.target) if p.kind in (INPUT, OUTPUT)}
            self._forget_phases(self._number(p) >> 2 for p in left)
            self._put_tails([(a.node, done.tail)])

    def _first_uses(self, a: int, last: Key, events: list[Happening]) -> list[Happening]:
        out, seen = [], set()
        query = "SELECT t, w, n FROM edge WHERE s = ? AND rel = 0 AND d = ? AND ctx = ?"
        for e in events:
            if e.rank == USE:
                what = (e.other, e.context)
                if what in seen:
                    continue
                seen.add(what)
                if last[0] >= FIRST:
                    used = self._db.execute(query, (a, e.other.node, e.context))
                    if any(self.key(t, w, n, FIRST) <= last for t, w, n in used):
                        continue
            out.append(e)
        return out

    # -- projecting anew

    def settle(self) -> int:
        """Project every marked node; returns how many."""
        self._numbers = {}
        marked = sorted(self.marked())
        kept = {nid: self._project(nid) for nid in marked}
        for nid in marked:
            self._drop_phases(nid, kept[nid])
        self._db.execute("DELETE FROM mark")
        return len(marked)

    def _project(self, nid: int) -> set[Phase]:
        h = self._history(nid)
        edges, tail, events = project(h, nid)
        wanted: dict[tuple[int, int, int], Row] = {}
        for row in map(self._row, edges):
            known = wanted.get(row[:3])
            if known is None or row[3] is None or (known[3] is not None and row[3] < known[3]):
                wanted[row[:3]] = row
        held = {r[:3]: r for r in self._owned(nid, h)}
        self._change(
            [r for k, r in held.items() if wanted.get(k) != r], [r for k, r in wanted.items() if held.get(k) != r]
        )
        if tail is None:
            self._db.execute("DELETE FROM tail WHERE nid = ?", (nid,))
            self._trails.replace(nid, ())
        else:
            before = self._tails([nid]).get(nid)
            self._trails.replace(nid, begin(tail, before, events))
            self._put_tails([(nid, tail)])
        return {p for e in edges for p in (e.source, e.target) if p.node == nid}

    def _drop_phases(self, nid: int, used: set[Phase]) -> None:
        """Forget the phases of a node that no edge names any more."""
        kept = {self._number(p) >> 2 for p in used if p.kind in POSITIONAL}
        held = self._db.execute("SELECT p FROM phase WHERE nid = ?", (nid,)).fetchall()
        self._forget_phases(p for (p,) in held if p not in kept)

    def _forget_phases(self, numbers: Iterable[int]) -> None:
        """Forget those of the positional phases that no edge names."""
        query = (
            "DELETE FROM phase WHERE p = ? AND NOT EXISTS (SELECT 1 FROM flow WHERE s = phase.p * 4 + 3) "
            "AND NOT EXISTS (SELECT 1 FROM flow WHERE d = phase.p * 4 + 3)"
        )
        self._db.executemany(query, [(p,) for p in numbers])

    def _owned(self, nid: int, h: History) -> list[Row]:
        """The stored edges that are this node's: see projection.project for who owns what."""
        fixed = [nid * 4, nid * 4 + 1, nid * 4 + 2]
        phases = [*fixed, *(p * 4 + 3 for (p,) in self._db.execute("SELECT p FROM phase WHERE nid = ?", (nid,)))]
        others = {w for w, _ in h.wholes.get(nid, ())} | {g.activity for g in h.generations.get(nid, ())}
        outgoing = (
            "SELECT f.s, f.d, f.ctx, f.t, f.step, CASE f.d & 3 WHEN 3 THEN "
            "(SELECT nid FROM phase WHERE p = f.d >> 2) ELSE f.d >> 2 END "
            "FROM json_each(?) j CROSS JOIN flow f ON f.s = j.value"
        )
        owned = [
            tuple(r[:5])
            for r in self._db.execute(outgoing, (json.dumps(phases),))
            if r[5] == nid or r[5] not in others or r[1] & 3 == FIXED[FIN]
        ]
        if nid in h.activities:
            incoming = "SELECT f.s, f.d, f.ctx, f.t, f.step FROM json_each(?) j CROSS JOIN flow f ON f.d = j.value"
            into = [p for p in phases if p & 3 != FIXED[FIN]]
            mine = set(phases)
            owned += [tuple(r) for r in self._db.execute(incoming, (json.dumps(into),)) if r[0] not in mine]
        return owned

    def _history(self, nid: int) -> History:
        """The statements that a node's projection looks at, with integers for nodes and contexts."""
        h = History()
        entities = {nid}
        for d, ctx, t, w, n in self._db.execute("SELECT d, ctx, t, w, n FROM edge WHERE s = ? AND rel = 0", (nid,)):
            h.use(nid, Use(self.key(t, w, n, FIRST), d, ctx))
            entities.add(d)
        entities.update(s for (s,) in self._db.execute("SELECT s FROM edge WHERE d = ? AND rel = 1", (nid,)))
        links = "SELECT d, ctx, t, w, n, more FROM edge WHERE s = ? AND rel IN (2, 4, 5)"
        for d, ctx, t, w, n, more in self._db.execute(links, (nid,)):
            h.links[nid].append(Link(self.key(t, w, n), d, self._bound(more), ctx))
            entities.add(d)
        made = (
            "SELECT e.s, e.d, e.exact, e.ctx, e.t, e.w, e.n FROM json_each(?) j "
            "CROSS JOIN edge e ON e.s = j.value AND e.rel = 1"
        )
        for s, d, exact, ctx, t, w, n in self._db.execute(made, (json.dumps(sorted(entities)),)):
            h.generate(s, Generation(self.key(t, w, n), d, bool(exact), ctx))
        self._parts(h, nid)
        told = "SELECT s, d, ctx, t, w, n FROM edge WHERE rel = 3 AND {} = ?"
        for end in ("s", "d"):
            for s, d, ctx, t, w, n in self._db.execute(told.format(end), (nid,)):
                h.inform(s, d, ctx, self.key(t, w, n))
        return h

    def _bound(self, more: str | None) -> Any:
        activity = json.loads(more).get("arguments", {}).get("activity") if more else None
        if activity is None:
            return None
        found = self._db.execute("SELECT nid FROM ident WHERE id = ?", (activity,)).fetchone()
        return found[0] if found else -1

    def _parts(self, h: History, nid: int) -> None:
        for d, ctx in self._db.execute("SELECT d, ctx FROM edge WHERE s = ? AND rel = 15 AND role = 'part'", (nid,)):
            h.part(nid, d, ctx)
        parts = (
            "SELECT e.s, e.ctx, o.st, o.sw, o.sn, o.et, o.ew, o.en FROM edge e "
            "LEFT JOIN node o ON o.nid = e.s WHERE e.d = ? AND e.rel = 15 AND e.role = 'part'"
        )
        for s, ctx, st, sw, sn, et, ew, en in self._db.execute(parts, (nid,)):
            h.part(s, nid, ctx)
            if sw is not None:
                h.starts[s] = min(self.key(st, sw, sn), h.starts.get(s, (LAST, "", 1)))
            if ew is not None:
                h.ends[s] = max(self.key(et, ew, en), h.ends.get(s, (FIRST, "", 0)))


class Happened:
    """Collects from a batch what activities did, in the form that Flow.append takes."""

    def __init__(self, flow: Flow, first_new: int) -> None:
        self._flow = flow
        self._first_new = first_new
        self.by_activity: dict[int, list[Happening]] = defaultdict(list)
        self.wanted: set[int] = set()
        self.marks: set[int] = set()
        self.links: list[Edge] = []
        self.made: dict[int, set[Key]] = defaultdict(set)

    def relation(self, e: rows.Edge, repeated: bool) -> None:
        """Take in an edge as stored."""
        at = self._flow.key(e.t, e.w, e.n, FIRST if e.rel == rows.USED else LAST)
        if e.rel == rows.GENERATED:
            self.made[e.s].add(at)
        if repeated:
            self.marks.update((e.s, e.d))
        elif e.rel == rows.USED:
            self.by_activity[e.s].append(Happening(at, USE, Phase(e.d), False, e.ctx, time_of(at)))
        elif e.rel == rows.GENERATED:
            happening = Happening(at, GENERATION, Phase(e.s), bool(e.exact), e.ctx, time_of(at))
            self.by_activity[e.d].append(happening)
        elif e.rel == rows.INFORMED:
            self.marks.update((e.s, e.d))
        else:
            self.links.append(Edge(Phase(e.s), Phase(e.d), e.ctx, time_of(at)))

    def entities(self) -> set[int]:
        """Every entity that the batch's lineage names."""
        events = (e for events in self.by_activity.values() for e in events)
        named = {e.other.node for e in events if e.rank in (USE, GENERATION)}
        return named | {p.node for e in self.links for p in (e.source, e.target)}

    def set_aside(self, entities: set[int]) -> None:
        """Mark whoever deals with these entities, instead of appending."""
        for activity, events in self.by_activity.items():
            if any(e.other.node in entities for e in events):
                self.marks.add(activity)
        aside = [e for e in self.links if {e.source.node, e.target.node} & entities]
        self.marks.update(e.source.node for e in aside)
        self.links = [e for e in self.links if e not in aside]

    def part(self, part: int, whole: int, ctx: int, rank: int, at: Key) -> None:
        """Take in a part's start or end."""
        self.by_activity[whole].append(Happening(at, rank, Phase(part), False, ctx, time_of(at)))
