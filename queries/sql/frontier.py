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
from begat.queries.scope import AS_OF, CONTEXTS, Scope
from begat.queries.sql.flow import IDS, changed_edges, counted_among
from begat.queries.sql.sight import Sight

Array = NDArray[Any]

#: Nodes whose edges are read from the store, and nodes that only the store knows: with more, SQL does all of it.
MOST_READ, MOST_NEW = 4_000, 20_000
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
        self._side = snapshot.up if direction == "up" else snapshot.down
        self._direction: Direction = direction
        self._scope = scope
        self._sight = Sight(scope)
        self._read = read
        self._base = len(snapshot.nodes)
        self._params: dict[str, Any] = {}
        self._contexts: Array | None = None
        if scope.contexts is not None:
            self._params[CONTEXTS] = msgspec.json.encode([0, *scope.contexts]).decode()
            most = int(self._side.ctx.max(initial=0))
            self._contexts = np.zeros(most + 1, np.bool_)
            self._contexts[[0, *(c for c in scope.contexts if c <= most)]] = True
        if scope.as_of is not None:
            self._params[AS_OF] = scope.as_of
        self._new: dict[int, int] = {}  # nodes that the arrays do not have, numbered on from theirs
        self._new_owner: list[int] = []
        self._fetched = 0

    # -- the search

    def nodes(self, seeds: Sequence[int]) -> Array:
        """All flow nodes reached, as numbers, the seeds among them."""
        at = np.concatenate([level for level, _, _ in self._levels(seeds)])
        return self._numbers(at)

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

    def _levels(self, seeds: Sequence[int], owner: int = -1) -> list[tuple[Array, Array, Array]]:
        """Of each distance: its nodes, and the steps of cost 1 from them (sources, targets)."""
        _buffers.fit(self._base)
        touched: list[Array] = []
        levels: list[tuple[Array, Array, Array]] = []
        count = 0
        try:
            here = self._fresh(self._indices(np.array(seeds, np.int64), [owner] * len(seeds)), touched)
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


def _joined(parts: list[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
