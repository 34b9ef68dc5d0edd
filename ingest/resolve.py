"""From events to statements: what each kind of event says about the graph.

One rule a kind of event, in RULES. Where a run's usage or generation happens inside a section, the section's statement
repeats it at the same position. Beats and gaps say nothing about the graph, only about their writer.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from begat.graph_schema import ids, terms, xsd_time
from begat.graph_schema import statements as st
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import (
    Alias,
    Attributes,
    Beat,
    End,
    Gap,
    Generated,
    Metric,
    Node,
    Relate,
    Setting,
    Start,
    Used,
    Wire,
    numeric,
)

#: Integers beyond this fit no store.
LARGEST: Final = 2**63 - 1

Rule = Callable[[Any, st.Context, st.Position], list[st.AnyStatement]]


def resolve(event: Wire, writer: str, project: str) -> list[st.AnyStatement]:
    """The statements of one event. Raises FormatError or ValueError when it says what no graph can hold."""
    position = st.Position(event.at, writer, event.seq)
    return RULES[type(event)](event, st.Context(project), position)


def _start(e: Start, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    said: list[st.AnyStatement] = [
        st.Description(
            c, p, node=e.run, kinds=("Activity",), types=_types(e.types), name=e.name, attributes=e.attributes
        ),
        st.Started(c, p, e.run),
    ]
    if e.parent is not None:
        said.append(st.Relation(c, p, "partOf", e.run, e.parent, terms.PART))
    if e.section_of is not None:
        said.append(st.Relation(c, p, "partOf", e.run, e.section_of, terms.SECTION))
    if e.experiment is not None:
        experiment = ids.agreed("experiment", c.project, e.experiment)
        said.append(
            st.Description(
                c, p, node=experiment, kinds=("Entity",), types=("LearningExperiment",), name=e.experiment
            )
        )
        said.append(st.Relation(c, p, "partOf", e.run, experiment, terms.MEMBER_OF_EXPERIMENT))
    return said


def _end(e: End, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    return [st.Ended(c, p, e.run, e.outcome, e.error, e.trace)]


def _used(e: Used, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    attributes = e.attributes
    said: list[st.AnyStatement] = [
        st.Relation(c, p, "used", e.run, e.entity, e.role, time=e.at, attributes=attributes)
    ]
    if e.section is not None:
        said.append(st.Relation(c, p, "used", e.section, e.entity, e.role, time=e.at, attributes=attributes))
    return said


def _generated(e: Generated, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    said: list[st.AnyStatement] = [
        st.Relation(
            c, p, "wasGeneratedBy", e.entity, e.run, e.role,
            time=e.at, attributes=e.attributes, exact=bool(e.of),
        )
    ]  # fmt: skip
    for cause in e.of:
        said.append(st.Relation(c, p, "wasDerivedFrom", e.entity, cause, arguments={"activity": e.run}))
    if e.section is not None:
        said.append(st.Relation(c, p, "wasGeneratedBy", e.entity, e.section, e.role, time=e.at, exact=True))
    return said


def _node(e: Node, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    if e.kind not in terms.KINDS:
        raise FormatError(f"{e.kind!r} is no kind of node: known are {', '.join(terms.KINDS)}")
    value, number = (None, None) if e.value is msgspec.UNSET else st.valued(e.value)
    if e.bundle:
        c = st.Context(c.project, e.bundle)
    return [st.Description(c, p, e.id, (e.kind,), _types(e.types), e.name, e.attributes, value, number)]


def _alias(e: Alias, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    return [st.Alias(c, p, e.observation, e.version)]


def _setting(e: Setting, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    node = ids.setting(e.run, e.name)
    value, number = st.valued(e.value)
    return [
        st.Description(c, p, node, ("Entity",), ("HyperparameterSetting",), e.name, {}, value, number),
        st.Relation(c, p, "hasSetting", e.run, node),
    ]


def _metric(e: Metric, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    series = series_of(e, p.writer, c)
    series.rows.append(row(e))
    return [*series.points()]


def series_of(e: Metric, writer: str, c: st.Context) -> st.Points:
    """The series of a metric's point, still without points."""
    return st.Points(c, writer, e.run, e.name, st.canonical(e.context) if e.context else "", [])


def row(e: Metric) -> tuple[int, int, int | float | None, float, str | None]:
    """A metric's point as a row of its series. Raises FormatError or ValueError as resolve does."""
    step: Any = e.step
    value: Any = e.value
    if step.__class__ is int and not -LARGEST <= step <= LARGEST:
        raise FormatError(f"step {step} does not fit 64 bits")
    if value.__class__ is not float:
        value = numeric(value)
    return (e.at, e.seq, step, value, e.section)


def _relate(e: Relate, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    if e.relation not in terms.RELATIONS:
        raise FormatError(f"{e.relation!r} is no relation: known are {', '.join(terms.RELATIONS)}")
    if e.source is None and e.target is None:
        raise FormatError(f"{e.relation} joins nothing: source and target are both absent")
    if e.time is not None and not -LARGEST <= e.time <= LARGEST:
        raise FormatError(f"time {e.time} does not fit 64 bits")
    attributes = _windowed(e) if e.relation in terms.WINDOWED else e.attributes
    if e.bundle:
        c = st.Context(c.project, e.bundle)
    return [
        st.Relation(
            c, p, e.relation, e.source, e.target, e.role, e.id, e.time, e.arguments, attributes
        )
    ]


def _windowed(e: Relate) -> Attributes:
    """The attributes with their times as whole numbers.

    Refuses a time that no question could compare with another: a fault on the wire is told, not guessed at.
    """
    ends: dict[str, Any] = {key: e.attributes[key] for key in (terms.FROM, terms.TO) if key in e.attributes}
    for key, end in ends.items():
        ends[key] = moment = end if type(end) is int else xsd_time.micros(end)
        if moment is None or not -LARGEST <= moment <= LARGEST:
            raise FormatError(
                f"{e.relation}: {key} is {end!r}, neither one whole number of microseconds since the epoch nor an "
                "xsd:dateTime"
            )
    if len(ends) == 2 and ends[terms.FROM] >= ends[terms.TO]:
        raise FormatError(f"{e.relation}: the time ends ({ends[terms.TO]}) before it begins ({ends[terms.FROM]})")
    return {**e.attributes, **ends}


def _gap(e: Gap, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    if not 0 <= e.dropped <= LARGEST:
        raise FormatError(f"{e.dropped} is no number of events")
    return []


def _nothing(e: Beat, c: st.Context, p: st.Position) -> list[st.AnyStatement]:
    return []


RULES: Final[dict[type[Wire], Rule]] = {
    Start: _start,
    End: _end,
    Used: _used,
    Generated: _generated,
    Node: _node,
    Alias: _alias,
    Setting: _setting,
    Metric: _metric,
    Relate: _relate,
    Beat: _nothing,
    Gap: _gap,
}


def _types(names: list[str]) -> tuple[str, ...]:
    return tuple(terms.ALIASES.get(name, name) for name in names)
