"""Least depths and the way back, from the edges inside a set closure: a 0-1 breadth-first search, linear in them.

A step between phases of one node counts nothing, all others one. What a search finds is a node at the phases it was
entered by; `via` is the node entered from on a least path.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
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
    done: set[int] = set()
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


def way(steps: Sequence[Step], end: Node, place: Callable[[set[Node]], Mapping[Node, Any]]) -> list[Node]:
    """The nodes of a least path from the seeds' own node to another, both included; none where there is no path.

    Of several the one that goes back, each time, to the node that comes first by `place`.
    """
    onward: dict[Node, list[tuple[Node, int]]] = defaultdict(list)
    before: dict[Node, list[tuple[Node, int]]] = defaultdict(list)
    owner: dict[Node, Node] = {}
    distance: dict[Node, int] = {}
    for source, target, cost, owned_by, _ in steps:
        owner[target] = owned_by
        if source is None:
            distance[target] = 0
        else:
            onward[source].append((target, cost))
            before[target].append((source, cost))
    never = {owned_by for source, _, _, owned_by, counted in steps if source is None and not counted}
    search(distance, onward)
    entered = [
        (distance[source] + 1, source)
        for source, _, cost, owned_by, counted in steps
        if source is not None and cost and counted and owned_by == end and end not in never
    ]
    depth = min((d for d, _ in entered), default=0)
    path = [end] if entered else []
    sources = {source for d, source in entered if d == depth}
    while sources:
        depth -= 1
        owners = {owner[n] for n in sources}
        places = place(owners) if len(owners) > 1 else {}
        path.append(min(owners, key=lambda n: places.get(n, "")))
        here = _inside({n for n in sources if owner[n] == path[-1]}, before, distance)
        sources = {
            s for n in here for s, cost in before.get(n, ()) if cost and distance[s] + 1 == distance[n] == depth
        }
    return path[::-1]


def _inside(
    nodes: set[Node], before: Mapping[Node, list[tuple[Node, int]]], distance: Mapping[Node, int]
) -> set[Node]:
    """These nodes, and those that lead to them on a least path without cost."""
    found = set(nodes)
    queue = deque(nodes)
    while queue:
        n = queue.popleft()
        for m, cost in before.get(n, ()):
            if not cost and m not in found and distance[m] == distance[n]:
                found.add(m)
                queue.append(m)
    return found


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
