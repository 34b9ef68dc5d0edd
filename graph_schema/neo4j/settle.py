"""Projecting anew what is marked, from the statements in the graph."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from begat.graph_schema.law import FIRST, LAST, Generation, History, Link, Use
from begat.graph_schema.neo4j.long_ids import short
from begat.graph_schema.neo4j.phases import Key, Phases, edge_key, least, phase_of
from begat.graph_schema.neo4j.rows import key_of, use_key
from begat.graph_schema.neo4j.trail import carried
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.projection import FIN, Tail, earlier, project
from begat.graph_schema.splice import begin

#: Nodes projected in one transaction.
TOGETHER: Final = 500


class Held(NamedTuple):
    """A flow edge as stored: its element, its time, and what it carries where it is on a trail."""

    element: str
    time: int | None
    carries: Row | None


class Settling:
    """Projects nodes in one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def some(self) -> int:
        """Project some of the marked nodes; returns how many."""
        marked = [node for (node,) in self._tx.run("flow", "marked", many=TOGETHER)]
        if not marked:
            return 0
        h = self._history(marked)
        held = self._held(marked)
        before = dict(self._ask("tails", marked))
        wanted: dict[Key, int | None] = {}
        on_trail: dict[Key, Row] = {}
        owned: dict[Key, Held] = {}
        tails: list[Row] = []
        for node in marked:
            edges, tail, events = project(h, node)
            for key, time in least(edges).items():
                wanted[key] = earlier(wanted[key], time) if key in wanted else time
            owned.update(self._owned(node, h, held.get(node, {})))
            if tail is not None:
                known = msgspec.json.decode(before[node], type=Tail) if node in before else None
                trail = begin(tail, known, events)
                on_trail.update((edge_key(e), carries) for e, carries in carried(node, edges, trail).items())
            tails.append({"id": node, "tail": None if tail is None else msgspec.json.encode(tail).decode()})
        gone = [k for k, was in owned.items() if k not in wanted or was[1:] != (wanted[k], on_trail.get(k))]
        self._tx.put("flow", "drop", [owned[k].element for k in gone], of="elements")
        kept = owned.keys() - set(gone)
        Phases(self._tx, set()).put({k: t for k, t in wanted.items() if k not in kept}, on_trail)
        self._tx.put("flow", "put_tails", tails)
        concerned = {p.node for s, d, _ in gone for p in (s, d)} | set(marked)
        self._tx.put("flow", "drop_phases", sorted(concerned), of="ids")
        self._tx.put("flow", "unmark", marked, of="ids")
        return len(marked)

    def _held(self, nodes: list[str]) -> dict[str, dict[Key, Held]]:
        """The stored edges at each node's phases."""
        found: dict[str, dict[Key, Held]] = {}
        for node, element, *columns in self._tx.many("flow", "flows", nodes, of="ids"):
            key = (phase_of(*columns[:5]), phase_of(*columns[5:10]), columns[10])
            found.setdefault(node, {})[key] = Held(element, columns[11], columns[12])
        return found

    @staticmethod
    def _owned(node: str, h: History, held: dict[Key, Held]) -> Iterator[tuple[Key, Held]]:
        """Those of the edges that are this node's: see projection.project for who owns what."""
        others = {w for w, _ in h.wholes.get(node, ())} | {g.activity for g in h.generations.get(node, ())}
        for key, what in held.items():
            s, d, _ = key
            if s.node == node:
                mine = d.node == node or d.node not in others or d.kind == FIN
            else:
                mine = node in h.activities and d.kind != FIN
            if mine:
                yield key, what

    # -- the statements that the nodes' projections look at

    def _history(self, nodes: list[str]) -> History:
        h = History()
        entities = set(nodes)
        for a, e, ctx, t, w, n in self._ask("uses", nodes):
            h.use(a, Use(use_key(t, w, n), e, ctx))
            entities.add(e)
        entities.update(e for (e,) in self._ask("made", nodes))
        for s, d, ctx, t, w, n, more in self._ask("links", nodes):
            activity = msgspec.json.decode(more).get("arguments", {}).get("activity") if more else None
            h.links[s].append(Link(key_of(t, w, n), d, activity and short(activity), ctx))
            entities.add(d)
        for e, a, exact, ctx, t, w, n in self._ask("generations", sorted(entities)):
            h.generate(e, Generation(key_of(t, w, n), a, exact, ctx))
        told = {(s, d, ctx, key_of(t, w, n)) for s, d, ctx, t, w, n in self._ask("informed", nodes)}
        for s, d, ctx, at in told:
            h.inform(s, d, ctx, at)
        self._parts(h, nodes)
        return h

    def _parts(self, h: History, nodes: list[str]) -> None:
        for part, whole, ctx in self._ask("wholes", nodes):
            h.part(part, whole, ctx)
        parts = set()
        for whole, part, ctx in self._ask("parts", nodes):
            h.part(part, whole, ctx)
            parts.add(part)
        for part, st, sw, sn, et, ew, en in self._ask("spans", sorted(parts)):
            if sw is not None:
                h.starts[part] = min(key_of(st, sw, sn), h.starts.get(part, (LAST, "", 1)))
            if ew is not None:
                h.ends[part] = max(key_of(et, ew, en), h.ends.get(part, (FIRST, "", 0)))

    def _ask(self, name: str, nodes: list[str]) -> list[list[Any]]:
        return self._tx.many("flow", name, nodes, of="ids")
