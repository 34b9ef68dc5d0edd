"""How statements become what questions see: commutative folds, the same in every store.

A node's kinds, types and attribute values are sets. Its name and its value are single: the latest by position stands,
each earlier value is history with its own latest position. Starts and ends are sets: the least start and the greatest
end are the activity's. A relation is one statement per qualifier, at its least position.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from math import isfinite, isnan
from typing import Any, TypeVar

import msgspec

from begat.graph_schema.events import Attributes
from begat.graph_schema.law import later_key
from begat.graph_schema.statements import (
    Context,
    Description,
    Ended,
    Folded,
    Overruled,
    Point,
    Position,
    Relation,
    Rollup,
    Started,
    Stop,
    canonical,
    values,
)
from begat.graph_schema.store import Writer
from begat.graph_schema.terms import TIMED, TYPES, kind_bits, kind_of, kinds_in, supertypes

T = TypeVar("T")


class Single(msgspec.Struct, gc=False):
    """A single-valued column: each value with its latest position; the latest of all stands."""

    held: dict[str, Position] = {}

    def add(self, value: str, at: Position) -> None:
        known = self.held.get(value)
        if known is None or later_key(known) < later_key(at):
            self.held[value] = at

    def current(self) -> str | None:
        if len(self.held) == 1:  # as nearly always
            return next(iter(self.held))
        return max(self.held, key=lambda v: (later_key(self.held[v]), v), default=None)


class NodeFold(msgspec.Struct, gc=False):
    """A node in one context while it is folded."""

    kinds: set[str] = msgspec.field(default_factory=set)
    types: set[str] = msgspec.field(default_factory=set)
    attributes: dict[str, set[str]] = msgspec.field(default_factory=dict)
    name: Single = msgspec.field(default_factory=Single)
    value: Single = msgspec.field(default_factory=Single)
    starts: set[Position] = msgspec.field(default_factory=set)
    ends: set[Stop] = msgspec.field(default_factory=set)

    def add(self, s: Description | Started | Ended) -> None:
        """Fold one more statement about the node."""
        if isinstance(s, Started):
            self.kinds.add("Activity")
            self.starts.add(s.position)
        elif isinstance(s, Ended):
            self.kinds.add("Activity")
            self.ends.add(Stop(s.position, s.outcome, s.error, s.trace))
        else:
            self._describe(s)

    def _describe(self, s: Description) -> None:
        self.kinds.update(kinds_in(kinds_of(tuple(s.kinds), tuple(s.types))))
        self.types.update(s.types)
        for key, v in s.attributes.items():
            held = self.attributes.setdefault(key, set())
            if isinstance(v, list):
                held.update(map(canonical, v))
            else:
                held.add(canonical(v))
        if s.name is not None:
            self.name.add(s.name, s.position)
        if s.value is not None:
            self.value.add(s.value, s.position)

    def folded(self, context: Context, node: str) -> Folded:
        """The fold as scan gives it."""
        name, value = self.name.current(), self.value.current()
        history = [
            Overruled(key, v, p)
            for key, single, now in (("name", self.name, name), ("value", self.value, value))
            if len(single.held) > 1
            for v, p in single.held.items()
            if v != now
        ]
        return Folded(
            context=context,
            node=node,
            kinds=kinds_in(kind_bits(self.kinds)),
            types=_in_order(frozenset(self.types)),
            name=name,
            named=None if name is None else self.name.held[name],
            value=value,
            number=number_in(value),
            valued=None if value is None else self.value.held[value],
            attributes={k: [msgspec.json.decode(v) for v in sorted(vs)] for k, vs in sorted(self.attributes.items())},
            starts=_sorted(self.starts, later_key),
            ends=_sorted(self.ends, lambda e: (later_key(e.position), canonical(e))),
            history=_sorted(history, lambda h: (h.key, later_key(h.position), h.value)),
        )


def _sorted(items: Collection[T], key: Callable[[T], Any]) -> tuple[T, ...]:
    return tuple(items) if len(items) < 2 else tuple(sorted(items, key=key))


@lru_cache(maxsize=4096)
def _in_order(types: frozenset[str]) -> tuple[str, ...]:
    return sorted_types(types)


@lru_cache(maxsize=4096)
def kinds_of(kinds: tuple[str, ...], types: tuple[str, ...]) -> int:
    """The kinds that a description gives a node, as bits: those it says and those its types imply."""
    return kind_bits((*kinds, *(k for t in types if (k := kind_of(t)))))


def sorted_types(types: Iterable[str]) -> tuple[str, ...]:
    """Types in a fixed order, the first being the one to show: what another of them specialises comes after those that
    are not, begat's own by their codes before foreign ones by name."""
    said = set(types)
    general = {above for t in said for above in supertypes(t)}
    return tuple(sorted(said, key=lambda t: (t in general, TYPES[t].code if t in TYPES else 1 << 30, t)))


def number_in(value: str | None) -> float | None:
    """The number a canonical JSON text stands for, or None: true and "1" are no numbers."""
    if value is None or not value or value[0] not in "-0123456789":
        return None
    try:
        return float(value) + 0.0  # zero has no sign, as in SQL; the text keeps it
    except ValueError:
        return None


def normal(attributes: Attributes) -> dict[str, list[Any]]:
    """Attributes as stored: each a sorted list of distinct values."""
    if not attributes:
        return {}
    return {
        k: [msgspec.json.decode(x) for x in sorted({canonical(v) for v in values(attributes[k])})]
        for k in sorted(attributes)
    }


def default_time(relation: str, at: int | None) -> int | None:
    """PROV's time argument as the hooks give it: the position's time, where the relation has such an argument."""
    return at if relation in TIMED else None


def more(r: Relation) -> str | None:
    """What a relation has beyond its ends, role and flag, as canonical JSON; None if nothing."""
    extra: dict[str, Any] = {}
    if r.id is not None:
        extra["id"] = r.id
    if r.time != default_time(r.relation, r.position.time):
        extra["time"] = r.time
    if r.arguments:
        extra["arguments"] = r.arguments
    if r.attributes:
        extra["attributes"] = normal(r.attributes)
    return canonical(extra) if extra else None


def qualifier(r: Relation) -> int:
    """What tells two relations between the same nodes apart: id, role, time, attributes, arguments.

    The PROV time itself where there is only that, 0 where there is nothing, else a 62-bit hash, negative. Two accounts
    of one id that differ are both kept: which is right is not ours to say.
    """
    plain = r.id is None and r.role is None and not r.attributes and not r.arguments and not r.exact
    if plain and (r.time is None or r.time > 0):
        return r.time or 0
    return hashed(canonical([r.id, r.role, r.time, r.exact, normal(r.attributes), r.arguments]))


def hashed(text: str) -> int:
    """A negative 62-bit number for a text."""
    return -(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 2) - 1


def observed(q: int, source: str | None, target: str | None) -> int:
    """The qualifier of a relation whose ends were observations: never merged with one that named the version."""
    if source is None and target is None:
        return q
    return hashed(canonical([q, source, target]))


def roll_up(points: Iterable[Point]) -> Rollup:
    """The roll-up of one series. Raises ValueError without points."""
    in_order = sorted(points, key=lambda p: later_key(p.position))
    if not in_order:
        raise ValueError("a series without points has no roll-up")
    a, z = in_order[0], in_order[-1]
    finite = [p for p in in_order if isfinite(p.value)]
    low = min(finite, key=lambda p: (p.value, step_key(p.step)), default=None)
    high = min(finite, key=lambda p: (-p.value, step_key(p.step)), default=None)
    return Rollup(
        context=a.context,
        activity=a.activity,
        name=a.name,
        labels=a.labels,
        count=len(in_order),
        nan=sum(isnan(p.value) for p in in_order),
        infinite=len(in_order) - len(finite) - sum(isnan(p.value) for p in in_order),
        first=a.value,
        last=z.value,
        last_step=z.step,
        min=low.value + 0.0 if low else None,  # zero has no sign
        argmin=low.step if low else None,
        max=high.value + 0.0 if high else None,
        argmax=high.step if high else None,
    )


def step_key(step: int | float | None) -> tuple[bool, int | float, str]:
    """Steps in order; a point without one comes last. Equal ones (1 and 1.0) have an order too, by their text."""
    return (step is None, 0 if step is None else step, str(step))


def resolve_aliases(r: Relation, version: Mapping[str, str]) -> Relation:
    """The relation with observations replaced by their versions, and named beside them."""
    source, target = version.get(r.source or ""), version.get(r.target or "")
    if source is None and target is None:
        return r
    return msgspec.structs.replace(
        r,
        source=source or r.source,
        target=target or r.target,
        observed_source=r.source if source else None,
        observed_target=r.target if target else None,
    )


def later_writer(a: Writer, b: Writer) -> Writer:
    """What is known of a writer, from two accounts: its first header, its latest event, the most it said it dropped."""
    first = min(a.header, b.header, key=lambda h: h.segment)
    return Writer(first, max(a.last, b.last), max(a.dropped, b.dropped))
