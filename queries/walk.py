"""Searches in the steps of a closure that reach.py has not: walks that end at some nodes, and shortest paths."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Set

from begat.queries.reach import Node, Step, search


class Ways:
    """Steps as a graph of flow nodes: what leads where, who owns what, and how far each is from the seeds."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.owner: dict[Node, Node] = {}
        self.seeds: list[Node] = []
        self.onward: dict[Node, list[tuple[Node, int]]] = defaultdict(list)
        for source, target, cost, owned_by, _ in steps:
            self.owner[target] = owned_by
            if source is None:
                self.seeds.append(target)
            else:
                self.onward[source].append((target, cost))

    def walked(self, stops: Set[Node]) -> dict[Node, list[tuple[Node, int]]]:
        """What leads on when no way goes on from these owners, unless it begins there."""
        begun = {self.owner[s] for s in self.seeds}
        return {n: to for n, to in self.onward.items() if self.owner[n] in begun or self.owner[n] not in stops}

    def distances(self, stops: Set[Node] = frozenset()) -> dict[Node, int]:
        """Steps of cost 1 on a least way to each flow node; no way goes on from `stops`, unless it begins there."""
        distance = dict.fromkeys(self.seeds, 0)
        search(distance, self.walked(stops) if stops else self.onward)
        return distance


def halted(steps: list[Step], stops: set[Node]) -> list[Step]:
    """The steps that are left when the walk goes no further than to these nodes; from the start it always goes on."""
    ways = Ways(steps)
    onward, near = ways.walked(stops), ways.distances(stops)
    return [step for step in steps if step[0] is None or (step[0] in near and step[0] in onward)]


def shortest(steps: list[Step], end: Node, ids: Callable[[Iterable[Node]], Mapping[Node, str]]) -> list[Node]:
    """The owners on a shortest way to a node, start and end included; of several the one with the least ids.

    Empty where there is no way, and from an activity to itself. A way never goes through a phase that it has not
    reached: it is searched among flow nodes, since two owners may be joined at other phases than those that lead on.
    """
    if any(source is None and owned_by == end and not counted for source, _, _, owned_by, counted in steps):
        return []
    ways = Ways(steps)
    near = ways.distances()
    ends = {target for _, target, cost, owned_by, counted in steps if owned_by == end and cost and counted}
    reached = {n: near[n] for n in ends if n in near}
    if not reached:
        return []
    length = min(reached.values())
    leading = _back(ways, near, {n for n, d in reached.items() if d == length})
    name = ids({ways.owner[n] for n in leading})
    here = [s for s in ways.seeds if s in leading]
    path = [ways.owner[here[0]]]
    for _ in range(length):
        here = _within(ways, near, leading, here)
        there = [t for n in here for t, cost in ways.onward[n] if cost and t in leading and near[t] == near[n] + 1]
        following = min({ways.owner[t] for t in there}, key=name.__getitem__)
        path.append(following)
        here = [t for t in dict.fromkeys(there) if ways.owner[t] == following]
    return path


def _back(ways: Ways, near: Mapping[Node, int], ends: set[Node]) -> set[Node]:
    """All flow nodes on least ways to the ends."""
    before: dict[Node, list[Node]] = defaultdict(list)
    for n, targets in ways.onward.items():
        for target, cost in targets:
            if n in near and near[n] + cost == near[target]:
                before[target].append(n)
    leading = set(ends)
    queue = deque(ends)
    while queue:
        for n in before.get(queue.popleft(), ()):
            if n not in leading:
                leading.add(n)
                queue.append(n)
    return leading


def _within(ways: Ways, near: Mapping[Node, int], leading: set[Node], here: list[Node]) -> list[Node]:
    """What of one owner is reached from here by steps that cost nothing."""
    found = dict.fromkeys(here)
    queue = deque(here)
    while queue:
        n = queue.popleft()
        for target, cost in ways.onward.get(n, ()):
            if not cost and target in leading and near[target] == near[n] and target not in found:
                found[target] = None
                queue.append(target)
    return list(found)
