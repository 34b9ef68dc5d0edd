"""One side of a comparison: the thing, the run that made it, and all that is known of what is behind it."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property
from typing import Final

import msgspec

from begat.graph_schema.terms import SECTION_TYPE, subtypes
from begat.queries.diff import plans
from begat.queries.diff.behind import Behind, State
from begat.queries.diff.facts import Asked, Fact
from begat.queries.diff.keys import keys
from begat.queries.diff.known import Known, read
from begat.queries.diff.pairs import Pair, pairs
from begat.queries.steps import steps

#: Types of entities that are no data.
NO_DATA: Final = frozenset(
    t
    for above in (
        "Code", "Environment", "JobSpec", "HyperparameterSetting", "ModelEvaluation", "Study", "LearningExperiment",
        "DomainConcept", "DomainEntity",
    )
    for t in subtypes(above)
)  # fmt: skip


class Side(msgspec.Struct, dict=True):
    """`root` is the thing itself where it is a run, else the run that made it last; None for what nobody made."""

    thing: str
    root: str | None
    behind: Behind
    known: Known
    key: dict[State, str]
    causes: dict[str, set[str]]
    depth: dict[str, int]

    @property
    def fact(self) -> Fact:
        return self.known.facts[self.thing]

    @cached_property
    def nodes(self) -> list[Fact]:
        """All that is behind it, and itself, the nearest first."""
        facts = [self.known.facts[n] for n in self.depth]
        return sorted(facts, key=lambda f: (self.depth[f.id], f.started or 0, f.name or "", f.id))

    @cached_property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The keys of each node, one a state."""
        found: dict[str, set[str]] = {}
        for state, key in self.key.items():
            found.setdefault(self.behind.owner[state], set()).add(key)
        return {n: tuple(sorted(of)) for n, of in found.items()}

    def unlike(self, other: "Side") -> set[State]:
        """The states that have no equal on the other side, neither by identity nor by what they are."""
        theirs = set(other.key.values())
        owner = self.behind.owner
        return {s for s, key in self.key.items() if owner[s] not in other.depth and key not in theirs}

    def alone(self, other: "Side") -> list[Fact]:
        """The nodes that have no equal on the other side, the nearest first."""
        unlike = {self.behind.owner[s] for s in self.unlike(other)}
        return [f for f in self.nodes if f.id in unlike]

    @cached_property
    def activities(self) -> list[Fact]:
        """The run and all steps behind it, sections left out: they are their run's."""
        found = [f for f in self.nodes if f.kind == "Activity" and f.type != SECTION_TYPE]
        return sorted(found, key=lambda f: f.id != self.root)


def look(asked: Asked, things: tuple[str, str], depth: int | None) -> tuple[Side, Side, bool]:
    """Both sides, and whether some of what is behind them lies deeper than `depth`."""
    roots = _roots(asked, things)
    found = [Behind.of(thing, steps(asked.store, asked.scope, thing, "up"), depth) for thing in things]
    nodes = {n for behind, _ in found for n in behind.nodes}
    known = read(asked, nodes | set(roots.values()))
    a, b = (_side(thing, roots.get(thing), behind, known) for thing, (behind, _) in zip(things, found, strict=True))
    return a, b, any(cut for _, cut in found)


def _side(thing: str, root: str | None, behind: Behind, known: Known) -> Side:
    return Side(thing, root, behind, known, keys(behind, known), behind.causes(), behind.nodes)


def _roots(asked: Asked, things: Iterable[str]) -> dict[str, str]:
    roots: dict[str, str] = {}
    for row in asked.rows(plans.MAKERS, things):
        if row["type"] != SECTION_TYPE:
            roots.setdefault(row["id"], row["by"])
    for fact in asked.facts(things).values():
        if fact.kind == "Activity":
            roots[fact.id] = fact.id
    return roots


def versions(a: Side, b: Side, type: str, alike: Callable[[Fact], Hashable]) -> Iterator[Pair[Fact]]:
    """Versions of code or environment that differ: the two runs' own, then what has no equal on the other side.

    What the runs used belongs together, though it may have an equal somewhere further up on the other side.
    """
    own = [[f for f in side.nodes if f.type == type and (side.root, f.id) in side.known.roles] for side in (a, b)]
    keys_a, keys_b = a.keys, b.keys
    first: Pair[Fact] = (None, None)
    if all(len(held) == 1 for held in own):
        (x,), (y,) = own
        if keys_a.get(x.id) != keys_b.get(y.id):
            first = (x, y)
            yield first
    left, right = (
        [f for f in side.alone(other) if f.type == type and f not in first] for side, other in ((a, b), (b, a))
    )
    yield from pairs(left, right, alike)
