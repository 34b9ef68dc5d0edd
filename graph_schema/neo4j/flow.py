"""Appending to the flow projection: where events come in order. Where they do not, nodes are marked; settle.py then.

projection.py has the rules; here are the rows they need, the saved tails, and the marks.
"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from begat.graph_schema.law import FIRST, Key
from begat.graph_schema.neo4j.connection import Row, Transaction
from begat.graph_schema.neo4j.happened import Happened
from begat.graph_schema.neo4j.phases import Phases, least
from begat.graph_schema.neo4j.rows import key_of, use_key
from begat.graph_schema.projection import USE, Edge, Happening, Tail, advance, stale_fin


class State(msgspec.Struct):
    """What is stored of a node's projection."""

    marked: bool = False
    made_again: bool = False  # it has phases of further generations
    tail: str | None = None


class Flow:
    """Appends in one transaction. `new` are the nodes that it has made itself."""

    def __init__(self, tx: Transaction, new: set[str]) -> None:
        self._tx = tx
        self._new = new
        self._phases = Phases(tx, new)
        self._marks: set[str] = set()

    def take(self, happened: Happened) -> None:
        """Append a batch's lineage, or mark what cannot be appended."""
        self._remade({e: keys for e, keys in happened.made.items() if e not in self._new or len(keys) > 1})
        entities = happened.entities()
        state = self._state(entities | set(happened.by_activity) | happened.wanted)
        again = {e for e in entities & set(state) if state[e].marked or state[e].made_again}
        again |= self._marks & entities
        if again:
            happened.set_aside(again)
        self._marks |= happened.marks
        self._append(happened, state)
        self._tx.put("flow", "mark", sorted(self._marks), of="ids")

    def _state(self, nodes: Iterable[str]) -> dict[str, State]:
        old = sorted(set(nodes) - self._new)
        return {node: State(*rest) for node, *rest in self._tx.many("flow", "state", old, of="ids")}

    def _remade(self, made: dict[str, set[Key]]) -> None:
        """Entities have got generations, or an alias took them away: mark whom their phases concern, if any."""
        makers: dict[str, dict[Key, set[str]]] = {e: defaultdict(set) for e in made}
        for e, activity, _, _, t, w, n in self._tx.many("flow", "generations", sorted(made), of="ids"):
            makers[e][key_of(t, w, n)].add(activity)
        gone = {e: [k for k in made[e] if k not in makers[e]] for e in made}
        recurrent = {e for e in made if len(makers[e]) > 1 or gone[e]}
        first = {e: min([*makers[e], *gone[e]]) for e in recurrent}
        for e in recurrent:
            told = makers[e] if min(made[e]) <= first[e] else makers[e].keys() & made[e]
            self._marks.update((e, *(a for k in told for a in makers[e][k])))
        for e, user, t, w, n in self._tx.many("flow", "users", sorted(recurrent), of="ids"):
            since = min(made[e])
            if since <= first[e] or key_of(t, w, n) >= since:
                self._marks.add(user)

    def _append(self, happened: Happened, state: dict[str, State]) -> None:
        activities = set(happened.by_activity) | happened.wanted
        tails: dict[str, Tail] = {}
        events: dict[str, list[Happening]] = {}
        for a in activities - self._marks:
            held = state.get(a, State())
            if held.marked:
                continue
            tail = msgspec.json.decode(held.tail, type=Tail) if held.tail else Tail()
            mine = sorted(happened.by_activity.get(a, ()), key=lambda e: (e.at, e.rank))
            if mine and mine[0].at <= tail.last:
                self._marks.add(a)
                continue
            tails[a], events[a] = tail, mine
        self._first_uses(tails, events)
        edges = list(happened.links)
        stale: list[Edge] = []
        rows: list[Row] = []
        for a, tail in tails.items():
            before = (tail.has_fin, tail.fin)
            if a in happened.wanted:
                tail.wanted = True
            edges += advance(a, tail, events[a])
            replaced = stale_fin(a, before, tail)
            if replaced is not None:
                stale.append(replaced)
            rows.append({"id": a, "tail": msgspec.json.encode(tail).decode()})
        self._phases.remove(least(stale))
        self._phases.put(least(edges))
        self._tx.put("flow", "put_tails", rows)

    def _first_uses(self, tails: dict[str, Tail], events: dict[str, list[Happening]]) -> None:
        """Only an activity's first use of each generation counts, seen from each context: drop the others."""
        asked = [
            {"a": a, "e": e.other.node, "ctx": e.context}
            for a, some in events.items()
            if tails[a].last[0] >= FIRST
            for e in some
            if e.rank == USE and e.other.node not in self._new
        ]
        used = {
            (a, entity, ctx)
            for a, entity, ctx, t, w, n in self._tx.many("flow", "uses_between", asked)
            if use_key(t, w, n) <= tails[a].last
        }
        for a, some in events.items():
            seen: set[tuple[str, int]] = set()
            kept = []
            for e in some:
                what = (e.other.node, e.context)
                if e.rank == USE:
                    if what in seen or (a, *what) in used:
                        continue
                    seen.add(what)
                kept.append(e)
            events[a] = kept
