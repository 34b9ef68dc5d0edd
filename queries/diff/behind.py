"""What is behind one thing, as a graph of states: a node as it was when something of it was handed on.

The same activity may stand behind a thing in several states: what it had used before it made one file, and before it
made the next. So a run that reads again what it wrote is neither its own cause nor hidden by its own file.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from begat.queries.diff.cycles import components
from begat.queries.reach import search
from begat.queries.steps import Steps

State = Any
#: The state a question starts in: all that a store's search starts from together.
FIRST: Final = ("first",)


class Behind(msgspec.Struct, dict=True):
    """`onward` leads from effects to causes, with what a step costs: 0 inside one node, else 1. `entered` are the
    states that steps from other nodes lead to, and the first; what they reach without cost is part of them."""

    start: str
    owner: dict[State, str]
    onward: dict[State, list[tuple[State, int]]]
    distance: dict[State, int]
    entered: set[State]

    @classmethod
    def of(cls, start: str, steps: Steps, depth: int | None = None) -> tuple["Behind", bool]:
        """From the steps of a closure, and whether some lie deeper than `depth`."""
        owner: dict[State, str] = {FIRST: start}
        onward: dict[State, list[tuple[State, int]]] = {}
        distance: dict[State, int] = {FIRST: 0}
        entered: set[State] = {FIRST}
        ids = steps.ids({owned_by for _, _, _, owned_by, _ in steps.steps})
        for source, target, cost, owned_by, _ in steps.steps:
            owner[target] = ids.get(owned_by, owned_by)
            onward.setdefault(FIRST if source is None else source, []).append((target, cost))
            if cost:
                entered.add(target)
        search(distance, onward)
        found = cls(start, owner, onward, distance, entered)
        if depth is None or max(distance.values(), default=0) <= depth:
            return found, False
        return found.within({s for s, d in distance.items() if d <= depth}), True

    def within(self, states: set[State]) -> "Behind":
        """The part made of some states."""
        return Behind(
            self.start,
            {s: of for s, of in self.owner.items() if s in states},
            {s: [(t, c) for t, c in to if t in states] for s, to in self.onward.items() if s in states},
            {s: d for s, d in self.distance.items() if s in states},
            self.entered & states,
        )

    @cached_property
    def nodes(self) -> dict[str, int]:
        """The nodes and their least depth; the start itself has 0."""
        found: dict[str, int] = {}
        for state, depth in self.distance.items():
            of = self.owner[state]
            found[of] = min(depth, found.get(of, depth))
        return found

    def direct(self, state: State) -> Iterator[State]:
        """The states one step behind a state."""
        inside = {state}
        queue = deque(inside)
        while queue:
            for t, cost in self.onward.get(queue.popleft(), ()):
                if cost:
                    yield t
                elif t not in inside:
                    inside.add(t)
                    queue.append(t)

    def causes(self) -> dict[str, set[str]]:
        """The nodes one step behind each."""
        found: dict[str, set[str]] = {n: set() for n in self.owner.values()}
        for state, to in self.onward.items():
            found[self.owner[state]].update(self.owner[t] for t, cost in to if cost)
        return found

    def highest(self, some: set[State]) -> set[str]:
        """The nodes of those of some states that have none of another node behind them; a cycle counts as one."""
        parts = self._parts
        part_of = {s: i for i, part in enumerate(parts) for s in part}
        # Of the nodes that lie behind, two are enough to know that there is another one.
        lower: list[set[str]] = []
        found: set[str] = set()
        for i, part in enumerate(parts):
            below: set[str] = set()
            for j in {part_of[t] for s in part for t, _ in self.onward.get(s, ())} - {i}:
                below |= lower[j]
                below.update(self.owner[s] for s in parts[j] if s in some)
            lower.append(below if len(below) <= 2 else set(sorted(below)[:2]))
            found.update(self.owner[s] for s in part if s in some and not below - {self.owner[s]})
        return found

    def path(self, node: str) -> list[str]:
        """The nodes on a least way from a node down to the start, both included; of several the one of least ids."""
        before = self._backward
        states = [s for s in self._states.get(node, ()) if s in self.distance]
        at = min((self.distance[s] for s in states), default=None)
        if at is None:
            return []
        here = {s for s in states if self.distance[s] == at}
        way = [node]
        while at:
            _add_free(here, before, self.distance)
            up = {p for s in here for p, cost in before.get(s, ()) if cost and self.distance.get(p) == at - 1}
            least = min(self.owner[p] for p in up)
            here = {p for p in up if self.owner[p] == least}
            way.append(least)
            at -= 1
        return way

    @cached_property
    def _parts(self) -> list[list[State]]:
        """Cycles, each behind all that it leads to."""
        return components(self.distance, lambda s: [t for t, _ in self.onward.get(s, ())])

    @cached_property
    def _backward(self) -> dict[State, list[tuple[State, int]]]:
        found: dict[State, list[tuple[State, int]]] = {}
        for source, to in self.onward.items():
            for target, cost in to:
                found.setdefault(target, []).append((source, cost))
        return found

    @cached_property
    def _states(self) -> dict[str, list[State]]:
        found: dict[str, list[State]] = {}
        for state, of in self.owner.items():
            found.setdefault(of, []).append(state)
        return found

    def before(self, closed: set[State]) -> "Behind":
        """The part that is reached from the start on ways that lead through none of some states, these included."""
        seen = {s for s, d in self.distance.items() if d == 0}
        ends = {s for s in closed if self.owner[s] != self.start}
        if not ends:
            return self
        queue = deque(seen)
        while queue:
            state = queue.popleft()
            for t, _ in self.onward.get(state, ()) if state not in ends else ():
                if t not in seen:
                    seen.add(t)
                    queue.append(t)
        part = self.within(seen)
        part.onward = {s: to for s, to in part.onward.items() if s not in ends}
        return part


def _add_free(
    here: set[State], before: Mapping[State, Sequence[tuple[State, int]]], distance: Mapping[State, int]
) -> None:
    """Add the states that lead to these without cost, as near to the start."""
    queue = deque(here)
    while queue:
        s = queue.popleft()
        for p, cost in before.get(s, ()):
            if not cost and distance.get(p) == distance[s] and p not in here:
                here.add(p)
                queue.append(p)
