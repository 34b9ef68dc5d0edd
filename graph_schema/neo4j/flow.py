"""The flow projection, batch by batch: appended to where events come in order, spliced or marked where they do not.

What is marked settle.py projects anew. projection.py and splice.py have the rules; here are the rows they need, the
saved tails, and the marks.
"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from begat.graph_schema.law import FIRST, Key
from begat.graph_schema.neo4j.happened import Happened
from begat.graph_schema.neo4j.phases import Key as EdgeKey
from begat.graph_schema.neo4j.phases import Phases, edge_key, least
from begat.graph_schema.neo4j.rows import key_of, use_key
from begat.graph_schema.neo4j.trail import Trails, carried
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.projection import INPUT, OUTPUT, USE, Edge, Happening, Phase, Tail, advance, stale_fin
from begat.graph_schema.splice import late, splice, worth


class State(msgspec.Struct):
    """What is stored of a node's projection."""

    marked: bool = False
    made_again: bool = False  # it has phases of further generations
    tail: str | None = None


class Flow:
    """Appends a batch's lineage in one transaction. `new` are the nodes that it has made itself.

    What is there is read at once; `put` comes when the batch's nodes and relations are written.
    """

    def __init__(self, tx: Transaction, new: set[str], happened: Happened) -> None:
        self._tx = tx
        self._new = new
        self._phases = Phases(tx, new)
        self._trails = Trails(tx)
        self._marks: set[str] = set()
        self._happened = happened
        self._entities = happened.entities()
        self._state = self._stored(self._entities | set(happened.by_activity) | happened.wanted)

    def put(self) -> None:
        """Append the batch's lineage, or mark what cannot be appended."""
        happened, entities, state = self._happened, self._entities, self._state
        self._remade({e: keys for e, keys in happened.made.items() if e not in self._new or len(keys) > 1})
        again = {e for e in entities & set(state) if state[e].marked or state[e].made_again}
        again |= self._marks & entities
        if again:
            happened.set_aside(again)
        self._marks |= happened.marks
        self._append(happened, state)
        self._tx.put("flow", "mark", sorted(self._marks), of="ids")

    def _stored(self, nodes: Iterable[str]) -> dict[str, State]:
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
        spliced: dict[str, tuple[Tail, list[Happening]]] = {}
        marked: dict[str, Tail] = {}
        for a in activities - self._marks:
            held = state.get(a, State())
            if held.marked:
                continue
            tail = msgspec.json.decode(held.tail, type=Tail) if held.tail else Tail()
            mine = sorted(happened.by_activity.get(a, ()), key=lambda e: (e.at, e.rank))
            if worth(tail, mine):
                spliced[a] = tail, mine
            elif mine and mine[0].at <= tail.last:
                tail.late += 1
                marked[a] = tail
            else:
                tails[a], events[a] = tail, mine
        self._first_uses(tails, events)
        edges = list(happened.links)
        stale: list[Edge] = []
        for a, tail in tails.items():
            before = (tail.has_fin, tail.fin)
            tail.wanted |= a in happened.wanted
            edges += advance(a, tail, events[a])
            replaced = stale_fin(a, before, tail)
            if replaced is not None:
                stale.append(replaced)
        self._phases.remove(least(stale))
        self._phases.put(least(edges))
        self._put_tails({**tails, **marked})
        self._marks.update(marked)
        for a, (tail, _) in spliced.items():
            tail.wanted |= a in happened.wanted
        self._splice(spliced)

    def _put_tails(self, tails: dict[str, Tail]) -> None:
        rows = [{"id": a, "tail": msgspec.json.encode(tail).decode()} for a, tail in tails.items()]
        self._tx.put("flow", "put_tails", rows)

    def _splice(self, activities: dict[str, tuple[Tail, list[Happening]]]) -> None:
        """Put late events into activities whose trails are kept."""
        if not activities:
            return
        uses = {(a, e.other.node, e.context) for a, (_, some) in activities.items() for e in some if e.rank == USE}
        used: dict[str, dict[tuple[Phase, int], Key]] = {a: {} for a in activities}
        for (a, entity, ctx), at in self._trails.used(sorted(uses)).items():
            used[a][Phase(entity), ctx] = at
        come = [late(a, tail, some, used[a]) for a, (tail, some) in activities.items()]
        removed: list[Edge] = []
        added: list[Edge] = []
        on_trail: dict[EdgeKey, Row] = {}
        tails: dict[str, Tail] = {}
        for one, done in zip(come, splice(self._trails, come), strict=True):
            removed += done.removed
            added += done.added
            carries = carried(one.node, done.added, done.events)
            on_trail.update((edge_key(e), carries[e]) for e in carries)
            tails[one.node] = done.tail
        self._phases.remove(least(removed))
        self._phases.put(least(added), on_trail)
        self._phases.forget({p for e in removed for p in (e.source, e.target) if p.kind in (INPUT, OUTPUT)})
        self._put_tails(tails)

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
