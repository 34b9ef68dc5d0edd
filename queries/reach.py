"""Least depths and the way back, from the edges inside a set closure: a 0-1 breadth-first search, linear in them.

A step between phases of one node counts nothing, all others one. What a search finds is a node at the phases it was
entered by; `via` is the node entered from on a least path.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

#: A number or text that stands for a node, or for one of its phases, in a store.
Node = Any
#: A row of a prelude: from a flow node (null: a seed) to another, what the step costs, whose the other one is, and
#: whether it counts as an answer; of a seed, whether its owner may be one at all.
Step = tuple[Node | None, Node, int, Node, int]


class Reached(NamedTuple):
    """`vias` are all nodes that a least path may come from."""

    depth: int
    vias: set[Node]


class Reach(msgspec.Struct):
    """All nodes reached; `truncated` when some lie deeper than asked for."""

    found: dict[Node, Reached]
    truncated: bool


def reach(steps: Sequence[Step], hi: int | None = None) -> Reach:
    """Search from the seeds; with `hi`, only nodes of at most that depth are kept."""
    onward: dict[Node, list[tuple[Node, int]]] = defaultdict(list)
    owner: dict[Node, Node] = {}
    distance: dict[Node, int] = {}
    for source, target, cost, owned_by, _ in steps:
        owner[target] = owned_by
        if source is None:
            distance[target] = 0
        else:
            onward[source].append((target, cost))
    search(distance, onward)
    never = {owned_by for source, _, _, owned_by, counted in steps if source is None and not counted}
    found: dict[Node, Reached] = {}
    for source, _, cost, owned_by, counted in steps:
        if source is None or not cost or not counted or owned_by in never:
            continue
        depth = distance[source] + 1
        known = found.get(owned_by)
        if known is None or depth < known[0]:
            found[owned_by] = Reached(depth, {owner[source]})
        elif depth == known[0]:
            known[1].add(owner[source])
    kept = found if hi is None else {n: r for n, r in found.items() if r.depth <= hi}
    return Reach(kept, len(kept) < len(found))


def search(distance: dict[Node, int], onward: Mapping[Node, Sequence[tuple[Node, int]]]) -> None:
    """Fill in the least distances, steps without cost first."""
    queue = deque(distance)
    done: set[Node] = set()
    while queue:
        n = queue.popleft()
        if n in done:
            continue
        done.add(n)
        here = distance[n]
        for target, cost in onward.get(n, ()):
            known = distance.get(target)
            if known is None or here + cost < known:
                distance[target] = here + cost
                if cost:
                    queue.append(target)
                else:
                    queue.appendleft(target)


def between(steps: Sequence[Step], ends: set[Node]) -> set[Node]:
    """The nodes on a way from the seeds to any of some ends, these and the seeds' own node left out."""
    back: dict[Node, list[Node]] = defaultdict(list)
    owner: dict[Node, Node] = {}
    seeds: set[Node] = set()
    for source, target, _, owned_by, _ in steps:
        owner[target] = owned_by
        if source is None:
            seeds.add(owned_by)
        else:
            back[target].append(source)
    queue = deque(n for n, owned_by in owner.items() if owned_by in ends)
    leading = set(queue)
    while queue:
        for n in back.get(queue.popleft(), ()):
            if n not in leading:
                leading.add(n)
                queue.append(n)
    return {owner[n] for n in leading} - ends - seeds
