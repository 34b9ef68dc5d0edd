"""What is stored: statements. Events are resolved into them, stores fold them, scan gives them back.

Each has a context (project and PROV bundle) and a position (time in microseconds, writer, sequence number), which for
a statement from the hooks is also its identity; a statement from a document has the writer "" and the time the
document gives, or None. Attribute values are sets, as in PROV: lists here, compared and kept as canonical JSON.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from begat.graph_schema.events import Attributes, Outcome


class Context(NamedTuple):
    """Where a statement stands: a project, and a PROV bundle's id or "" for none."""

    project: str = "default"
    bundle: str = ""


class Position(NamedTuple):
    """When something happened, totally ordered: see law.order for statements without a time."""

    time: int | None
    writer: str
    seq: int


NOWHERE: Final = Position(None, "", 0)


class Statement(msgspec.Struct, tag_field="type", omit_defaults=True, frozen=True, gc=False):
    """What all statements share. They hold no cycles, so the garbage collector need not look at them."""

    context: Context
    position: Position


class Description(Statement, tag="description", frozen=True):
    """What a node is. `value` is canonical JSON text (a setting's, an evaluation's), `number` its number."""

    node: str
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    name: str | None = None
    attributes: Attributes = {}
    value: str | None = None
    number: float | None = None


class Started(Statement, tag="started", frozen=True):
    """An activity's start, at the position's time. Of several the least counts, the others are history."""

    node: str


class Ended(Statement, tag="ended", frozen=True):
    """An activity's end, at the position's time. Of several the greatest counts, the others are history."""

    node: str
    outcome: Outcome = "finished"
    error: str | None = None
    trace: str | None = None


class Relation(Statement, tag="relation", frozen=True):
    """source -relation-> target, effect to cause. One of the two may be absent where PROV lets it be.

    `time` is PROV's own argument, not the position. `arguments` holds PROV's further ones by name (activity,
    generation, usage, plan, starter, ender). `exact` marks a generation whose entity depends on its derivations
    alone (law, rule 6) or that only names a section (rule 5). Scanned, `source` and `target` are versions, and the
    observations that were written are beside them.
    """

    relation: str
    source: str | None
    target: str | None
    role: str | None = None
    id: str | None = None
    time: int | None = None
    arguments: dict[str, str] = {}
    attributes: Attributes = {}
    exact: bool = False
    observed_source: str | None = None
    observed_target: str | None = None


class Point(Statement, tag="point", frozen=True):
    """A point of the series (activity, name, labels); `labels` is the metric's context as canonical JSON or ""."""

    activity: str
    name: str
    value: float
    labels: str = ""
    step: int | float | None = None
    section: str | None = None


class Points(msgspec.Struct, gc=False):
    """Many points of one series from one writer: what `write` takes fastest; scan gives each as a Point.

    A row is (time, sequence number, step, value, section).
    """

    context: Context
    writer: str
    activity: str
    name: str
    labels: str
    rows: list[tuple[int, int, int | float | None, float, str | None]] = []

    @classmethod
    def of(cls, p: Point) -> "Points":
        """The series of one point."""
        t, writer, n = p.position
        row = (t or 0, n, p.step, p.value, p.section)
        return cls(p.context, writer, p.activity, p.name, p.labels, [row])

    def points(self) -> Iterator[Point]:
        """The points, one by one."""
        for t, n, step, value, section in self.rows:
            position = Position(t, self.writer, n)
            yield Point(self.context, position, self.activity, self.name, value, self.labels, step, section)


class Alias(Statement, tag="alias", frozen=True):
    """Statements about `observation` are about `version`. Of several the least position counts."""

    observation: str
    version: str


AnyStatement = Description | Started | Ended | Relation | Point | Alias


class Flow(msgspec.Struct, tag_field="type", tag="flow", omit_defaults=True, frozen=True):
    """An edge of the flow projection between two phases, by name (see projection.py). Derived, never written."""

    context: Context | None
    source: str
    target: str
    time: int | None = None


class Rollup(msgspec.Struct, tag_field="type", tag="rollup", omit_defaults=True, frozen=True):
    """A series in one row. Derived. first and last by position, min and max over finite values, argmin a step."""

    context: Context
    activity: str
    name: str
    labels: str
    count: int
    nan: int
    infinite: int
    first: float | None
    last: float | None
    min: float | None
    max: float | None
    argmin: int | float | None
    argmax: int | float | None
    last_step: int | float | None


def canonical(value: Any) -> str:
    """Canonical JSON: sorted keys, shortest numbers, 1 and 1.0 and true apart. Values are equal when this is."""
    return msgspec.json.encode(value, order="sorted").decode()


def valued(value: Any) -> tuple[str, float | None]:
    """A value as canonical JSON text, and its number if it is one. True is no number, NaN has none."""
    number = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:  # an integer beyond any float: its text says it all
            pass
    return canonical(value), number


def values(v: Any) -> list[Any]:
    """An attribute's values as a list: one value may stand without brackets."""
    return v if isinstance(v, list) else [v]


class Stop(NamedTuple):
    """An activity's end as folded: every writer's is kept."""

    position: Position
    outcome: Outcome
    error: str | None
    trace: str | None


class Overruled(NamedTuple):
    """A value that a later one has overruled: `key` is name or value."""

    key: str
    value: str
    position: Position


class Folded(msgspec.Struct, tag_field="type", tag="node", omit_defaults=True, frozen=True, gc=False):
    """A node in one context: the fold of its descriptions, starts and ends. Sets are sorted, attributes are lists."""

    context: Context
    node: str
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    name: str | None = None
    named: Position | None = None
    value: str | None = None
    number: float | None = None
    valued: Position | None = None
    attributes: dict[str, list[Any]] = {}
    starts: tuple[Position, ...] = ()
    ends: tuple[Stop, ...] = ()
    history: tuple[Overruled, ...] = ()


Scanned = Folded | Relation | Point | Alias | Flow | Rollup
