"""Least depths and the way back, from the edges inside a set closure: a 0-1 breadth-first search, linear in them.

A step between phases of one node counts nothing, all others one. What a search finds is a node at the phases it was
entered by; `via` is the node entered from on a least path.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import NamedTuple

import msgspec


class Step(NamedTuple):
    """A row of a prelude: from a flow node (null: a seed) to another; its owner, and whether that is an answer."""

    source: int | None
    target: int
    cost: int
    owner: int
    counted: int


class Reached(NamedTuple):
    """`vias` are all nodes that a least path may come from."""

    depth: int
    vias: set[int]


class Reach(msgspec.Struct):
    """All nodes reached, by number; `truncated` when some lie deeper than asked for."""

    found: dict[int, Reached]
    truncated: bool


def reach(rows: Iterable[tuple[int | None, int, int, int, int]], hi: int | None = None) -> Reach:
    """Search from the seeds; with `hi`, only nodes of at most that depth are kept."""
    steps = [Step(*r) for r in rows]
    onward: dict[int, list[Step]] = defaultdict(list)
    owner: dict[int, int] = {}
    distance: dict[int, int] = {}
    for s in steps:
        owner[s.target] = s.owner
        if s.source is None:
            distance[s.target] = 0
        else:
            onward[s.source].append(s)
    _search(distance, onward)
    found: dict[int, Reached] = {}
    for s in steps:
        if s.source is None or not s.cost or not s.counted:
            continue
        depth, via = distance[s.source] + 1, owner[s.source]
        known = found.get(s.owner)
        if known is None or depth < known.depth:
            found[s.owner] = Reached(depth, {via})
        elif depth == known.depth:
            known.vias.add(via)
    kept = {n: r for n, r in found.items() if hi is None or r.depth <= hi}
    return Reach(kept, len(kept) < len(found))


def _search(distance: dict[int, int], onward: dict[int, list[Step]]) -> None:
    queue = deque(distance)
    done: set[int] = set()
    while queue:
        n = queue.popleft()
        if n in done:
            continue
        done.add(n)
        for s in onward.get(n, ()):
            d = distance[n] + s.cost
            if d < distance.get(s.target, d + 1):
                distance[s.target] = d
                if s.cost:
                    queue.append(s.target)
                else:
                    queue.appendleft(s.target)
