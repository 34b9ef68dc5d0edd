"""Closures over a snapshot of the flow edges: all nodes of a distance at once, in arrays.

The rows are those that flow.py's statements give, and what is found is what reach.py finds in them. What the store has
been told since the snapshot was taken is read from the store as the search comes to it. Where that is much, or the
graph so thin that arrays are slower than SQL, the search gives up, and the statement answers.
"""

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from begat.graph_schema.sqlite.snapshot.loaded import Snapshot
from begat.graph_schema.sqlite.snapshot.log import Read
from begat.queries.clock import left
from begat.queries.plan import Direction
from begat.queries.reach import Step
from begat.queries.scope import Scope
from begat.queries.sql.flow import IDS, changed_edges, counted_among
from begat.queries.sql.sight import Sight

Array = NDArray[Any]

#: Nodes whose edges are read from the store, and nodes that only the store knows: with more, SQL does all of it.
MOST_READ, MOST_NEW = 4_000, 20_000
#: So many nodes are searched one by one.
FEW = 400
#: After so many distances with fewer nodes each, SQL is faster.
LONG, THIN = 500, 8


class GaveUp(Exception):
    """SQL is to answer."""


class Seed(NamedTuple):
    """Where a search begins: flow nodes, their owner, and whether that may be among what is found."""

    nodes: Sequence[int]
    owner: int
    counted: bool


class Closed(NamedTuple):
    """What was found: numbers of nodes, their least depths, and the node before each on a least way (least by id)."""

    nids: Array
    depths: Array
    vias: Array
    truncated: bool

    def rows(self) -> list[list[int]]:
        """(node, depth, via) each."""
        return np.column_stack((self.nids, self.depths, self.vias)).tolist()  # type: ignore[no-any-return]


class _Buffers(threading.local):
    """Arrays as long as a snapshot, kept from search to search: to clear what was touched is less than to make them."""

    def __init__(self) -> None:
        self.size = -1

    def fit(self, nodes: int) -> None:
        if self.size != nodes:
            self.size = nodes
            self.visited = np.zeros(nodes + MOST_NEW, np.bool_)
            self.slot = np.zeros(nodes + MOST_NEW, np.int32)


_buffers = _Buffers()


class Frontier:
    """A search over one snapshot; `read` reads the state of the store that the snapshot was refreshed to."""

    def __init__(self, snapshot: Snapshot, scope: Scope, direction: Direction, read: Read) -> None:
        self._snapshot = snapshot
        self._side = side = snapshot.up if direction == "up" else snapshot.down
        self._views = tuple(a.data for a in (side.at, side.to, side.ctx, side.dirty))
        self._direction: Direction = direction
        self._scope = scope
        self._sight = Sight(scope)
        self._read = read
        self._base = len(snapshot.nodes)
        self._params = as_json(scope)
        self._contexts: Array | None = None
        if scope.contexts is not None:
            most = int(self._side.ctx.max(initial=0))
            self._contexts = np.zeros(most + 1, np.bool_)
            self._contexts[[0, *(c for c in scope.contexts if c <= most)]] = True
        self._new: dict[int, int] = {}  # nodes that the arrays do not have, numbered on from theirs
        self._new_owner: list[int] = []
        self._fetched = 0

    # -- the search

    def nodes(self, seeds: Sequence[int]) -> Array:
        """All flow nodes reached, as numbers, the seeds among them."""
        at = np.concatenate([level for level, _, _ in self._levels(seeds)])
        return self._numbers(at)

    def found(self, seeds: Sequence[tuple[int, int]]) -> Array:
        """The numbers of all nodes that are found from flow nodes, given each with its owner; without depths."""
        _buffers.fit(self._base)
        touched: list[Array] = []
        told: list[Array] = []
        count = 0
        try:
            seen, found, open_ = self._few(self._first(seeds).tolist())
            told.append(np.fromiter(found, np.int64, len(found)))
            self._fresh(np.fromiter(seen, np.int64, len(seen)), touched)
            here = np.array(open_, np.int64)
            while here.size:
                left()
                count += here.size
                if len(told) >= LONG and count < THIN * len(told):
                    raise GaveUp("a long thin graph")
                _, targets, cost = self._edges(here)
                told.append(targets[cost])
                here = self._fresh(targets, touched)
        finally:
            for part in touched:
                _buffers.visited[part] = False
        targets = np.unique(np.concatenate(told))
        return np.unique(self._owners(targets[self._counted(targets)]))

    def _few(self, open_: list[int]) -> tuple[set[int], set[int], list[int]]:
        """The search one node after the other, while it is small and all is in the arrays: there that is faster.

        Returns what was seen, what of it steps of cost 1 lead to, and what it has not gone on from.
        """
        seen, found = set(open_), set[int]()
        if self._contexts is not None or self._scope.as_of is not None:
            return seen, found, open_
        at, to, ctx, dirty = self._views
        base, later = self._base, []
        while open_ and len(seen) < FEW:
            n = open_.pop()
            if n >= base or dirty[n]:
                later.append(n)
                continue
            first, end = at[n], at[n + 1]
            for target, context in zip(to[first:end].tolist(), ctx[first:end].tolist(), strict=True):
                if context:
                    found.add(target)
                if target not in seen:
                    seen.add(target)
                    open_.append(target)
        return seen, found, open_ + later

    def reach(self, seed: Seed, hi: int | None = None) -> Closed:
        """Least depths; with `hi`, only nodes of at most that depth are told. See reach.reach."""
        levels = self._levels(seed.nodes, seed.owner)
        sources = np.concatenate([s for _, s, _ in levels])
        targets = np.concatenate([t for _, _, t in levels])
        depth = np.repeat(np.arange(1, len(levels) + 1), [len(t) for _, _, t in levels])
        told = self._counted(targets)
        owners, whose = np.unique(self._owners(targets), return_inverse=True)
        if not seed.counted:
            told &= owners[whose] != seed.owner
        whose, sources, depth = whose[told], sources[told], depth[told]
        # Of several values for one place the last is kept: here the first, and that is the least.
        least = np.zeros(len(owners), np.int64)
        least[whose[::-1]] = depth[::-1]
        nearest = depth == least[whose]
        via = self._least_ids(whose[nearest], self._owners(sources[nearest]), len(owners))
        found = least > 0
        kept = found if hi is None else found & (least <= hi)
        return Closed(owners[kept], least[kept], via[kept], bool(kept.sum() < found.sum()))

    def leading(self, seed: Seed, end: int) -> list[Step]:
        """The steps on least ways up to a node, as walk.shortest takes them; none where there is no way."""
        first = self._first([(n, seed.owner) for n in seed.nodes])
        seen, _, open_ = self._few(first.tolist())
        if not open_:  # so small that all its steps may be looked at
            return self._steps(seed, first, *self._edges(np.fromiter(seen, np.int64, len(seen))))
        levels = self._levels(seed.nodes, seed.owner, end)
        last = levels[-1][2]
        there = np.unique(last[self._owners(last) == end])
        kept_steps: list[tuple[Array, Array, Array]] = []
        for nodes, _, _ in reversed(levels) if there.size else ():
            source, target, cost = self._edges(nodes)
            onward = cost & np.isin(target, there)
            here, before = np.unique(source[onward]), -1
            while here.size > before:  # steps without cost lead on within a distance
                before = here.size
                inside = ~cost & np.isin(target, here)
                here = np.unique(np.concatenate([here, source[inside]]))
            kept = onward | (~cost & np.isin(target, here))
            kept_steps.append((source[kept], target[kept], cost[kept]))
            there = here
        if not kept_steps:
            return []
        return self._steps(seed, there, *map(np.concatenate, zip(*kept_steps, strict=True)))

    def _steps(self, seed: Seed, first: Array, source: Array, target: Array, cost: Array) -> list[Step]:
        rows = zip(source.tolist(), target.tolist(), cost.tolist(), self._owners(target).tolist(), strict=True)
        begin: list[Step] = [(None, n, 0, seed.owner, int(seed.counted)) for n in first.tolist()]
        return begin + [(s, t, int(c), owner, 1) for s, t, c, owner in rows]

    def _levels(
        self, seeds: Sequence[int], owner: int = -1, end: int | None = None
    ) -> list[tuple[Array, Array, Array]]:
        """Of each distance: its nodes, and the steps of cost 1 from them (sources, targets); with `end` no further than
        to that node."""
        _buffers.fit(self._base)
        touched: list[Array] = []
        levels: list[tuple[Array, Array, Array]] = []
        count = 0
        try:
            here = self._fresh(self._first([(n, owner) for n in seeds]), touched)
            while here.size:
                left()
                nodes, sources, targets = [here], [], []
                inner = here
                while inner.size:
                    source, target, cost = self._edges(inner)
                    if cost.all():
                        sources.append(source)
                        targets.append(target)
                        break
                    sources.append(source[cost])
                    targets.append(target[cost])
                    inner = self._fresh(target[~cost], touched)
                    nodes.append(inner)
                level = (_joined(nodes), _joined(sources), _joined(targets))
                levels.append(level)
                count += len(level[0])
                if end is not None and (self._owners(level[2]) == end).any():
                    break
                if len(levels) > LONG and count < THIN * len(levels):
                    raise GaveUp("a long thin graph")
                here = self._fresh(level[2], touched)
        finally:
            for part in touched:
                _buffers.visited[part] = False
        none = np.zeros(0, np.int64)
        return levels or [(none, none, none)]

    @staticmethod
    def _fresh(nodes: Array, touched: list[Array]) -> Array:
        """Those that no distance had yet, each once."""
        visited, slot = _buffers.visited, _buffers.slot
        new = nodes[~visited[nodes]]
        if new.size:
            visited[new] = True
            order = np.arange(len(new), dtype=np.int32)
            slot[new] = order
            new = new[slot[new] == order]
            touched.append(new)
        return new

    def _edges(self, nodes: Array) -> tuple[Array, Array, Array]:
        """The visible edges of some nodes: from, to, and whether they cost a step."""
        clean = nodes < self._base
        clean[clean] = ~self._side.dirty[nodes[clean]]
        if clean.all():
            return self._held(nodes)
        parts = [self._held(nodes[clean]), self._fetch(nodes[~clean])]
        source, target, cost = (np.concatenate([p[i] for p in parts]) for i in range(3))
        return source, target, cost

    def _held(self, nodes: Array) -> tuple[Array, Array, Array]:
        side = self._side
        first = side.at[nodes]
        counts = side.at[nodes + 1] - first
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        edges = np.arange(total) + np.repeat(first - ends + counts, counts)
        source, target, ctx = np.repeat(nodes, counts), side.to[edges].astype(np.int64), side.ctx[edges]
        seen = None
        if self._contexts is not None:
            seen = self._contexts[ctx]
        if self._scope.as_of is not None:
            then = side.t[edges] <= self._scope.as_of  # what has no time has the least of all
            seen = then if seen is None else seen & then
        if seen is not None:
            source, target, ctx = source[seen], target[seen], ctx[seen]
        return source, target, ctx != 0

    def _fetch(self, nodes: Array) -> tuple[Array, Array, Array]:
        """The same from the store."""
        self._fetched += len(nodes)
        if self._fetched > MOST_READ:
            raise GaveUp("much is new")
        numbers = self._numbers(nodes)
        text = changed_edges(self._direction, self._sight)
        rows = self._read(text, {**self._params, "_nodes": msgspec.json.encode(numbers.tolist()).decode()})
        if not rows:
            none = np.zeros(0, np.int64)
            return none, none, none != 0
        known, found, step, owner = zip(*rows, strict=True)
        source = self._indices(np.array(known, np.int64), [-1] * len(rows))
        return source, self._indices(np.array(found, np.int64), owner), np.array(step) != 0

    # -- what stands for what

    def _first(self, seeds: Sequence[tuple[int, int]]) -> Array:
        """Places of flow nodes, given each with its owner, that have edges at all: of most nodes one of four has."""
        numbers = np.array([n for n, _ in seeds], np.int64)
        _, there = self._snapshot.index(numbers)
        kept = [i for i, held in enumerate(there.tolist()) if held or seeds[i][0] in self._snapshot.new]
        return self._indices(numbers[kept], [seeds[i][1] for i in kept])

    def _indices(self, numbers: Array, owners: Sequence[int]) -> Array:
        """Places in the arrays; a node that is not there gets one behind them."""
        at, there = self._snapshot.index(numbers)
        at = at.astype(np.int64)
        for i in np.flatnonzero(~there).tolist():
            n = int(numbers[i])
            if n not in self._new:
                if len(self._new) >= MOST_NEW:
                    raise GaveUp("much is new")
                self._new[n] = self._base + len(self._new)
                self._new_owner.append(owners[i])
            at[i] = self._new[n]
        return at

    def _numbers(self, at: Array) -> Array:
        """Flow nodes from places."""
        if not self._new:
            return self._snapshot.nodes[at]
        new = np.fromiter(self._new, np.int64, len(self._new))
        return self._either(at, self._snapshot.nodes, new)

    def _owners(self, at: Array) -> Array:
        """The numbers of the nodes that own some flow nodes."""
        if not self._new:
            return self._snapshot.owners[self._snapshot.who[at]]
        old = at < self._base
        owners = np.empty(len(at), np.int64)
        owners[old] = self._snapshot.owners[self._snapshot.who[at[old]]]
        owners[~old] = np.array(self._new_owner, np.int64)[at[~old] - self._base]
        return owners

    def _either(self, at: Array, held: Array, new: Array) -> Array:
        old = at < self._base
        out = np.empty(len(at), held.dtype)
        out[old], out[~old] = held[at[old]], new[at[~old] - self._base]
        return out

    def _counted(self, targets: Array) -> Array:
        """Whether flow nodes stand for their owners: on the way down an entity's only at its last generation."""
        told = np.ones(len(targets), np.bool_)
        if self._direction == "up":
            return told
        nodes = np.unique(targets)
        owners = self._owners(nodes)
        place = np.searchsorted(self._snapshot.owners, owners)
        place[place == len(self._snapshot.owners)] = 0
        doubted = self._snapshot.again[place] != 0 if len(self._snapshot.owners) else np.zeros(len(nodes), np.bool_)
        doubted |= nodes >= self._base
        if self._snapshot.made_since:
            doubted |= np.isin(owners, np.array(sorted(self._snapshot.made_since), np.int64))
        if not doubted.any():
            return told
        asked = nodes[doubted]
        numbers = self._numbers(asked)
        listed = {**self._params, "_nodes": msgspec.json.encode(numbers.tolist()).decode()}
        standing = [n for (n,) in self._read(counted_among(self._sight), listed)]
        out = asked[~np.isin(numbers, np.array(standing, np.int64))]
        return told & ~np.isin(targets, out)

    def _least_ids(self, whose: Array, vias: Array, many: int) -> Array:
        """For each of `many`, the via with the least id."""
        snapshot = self._snapshot
        place = np.searchsorted(snapshot.owners, vias)
        place[place == len(snapshot.owners)] = 0
        known = snapshot.owners[place] == vias if len(snapshot.owners) else np.zeros(len(vias), np.bool_)
        best = np.full(many, len(snapshot.owners), np.int64)
        np.minimum.at(best, whose[known], snapshot.rank[place[known]])
        via = np.zeros(many, np.int64)
        ranked = best < len(snapshot.owners)
        via[ranked] = snapshot.owners[snapshot.by_rank[best[ranked]]]
        self._with_new(via, ranked, whose[~known], vias[~known])
        return via

    def _with_new(self, via: Array, ranked: Array, whose: Array, vias: Array) -> None:
        """Nodes that the arrays do not have are compared by their ids themselves."""
        if not len(whose):
            return
        compared = {*vias.tolist(), *via[whose][ranked[whose]].tolist()}
        listed = {"nids": msgspec.json.encode(sorted(compared)).decode()}
        name: dict[int, str] = dict(self._read(IDS, listed))
        for i, nid in zip(whose.tolist(), vias.tolist(), strict=True):
            if not ranked[i] or name[nid] < name[int(via[i])]:
                via[i], ranked[i] = nid, True


def as_json(scope: Scope) -> dict[str, Any]:
    """The parameters that carry a scope, as SQLite takes them."""
    return {k: msgspec.json.encode(v).decode() if isinstance(v, list) else v for k, v in scope.bound.items()}


def _joined(parts: list[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
