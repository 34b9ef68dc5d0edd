"""From begat's typed graph to generic PROV, so that both hold the same facts.

PROV-DM names little of a thing: its id, prov:type, prov:label and prov:value, and when an activity started and ended;
that stands with the thing. PROV's own relations stay, with role, time and attributes. All else is an **attribute
value**: an entity of its own whose label is the attribute's name and whose value is the attribute's value. A relation
that PROV does not have (about, evaluationOf, partOf ...) becomes one too: its label is the relation's name, with its
role if it has one, and its value the id of what it leads to.

An activity `used` what it was given, its settings (role "setting") and attributes (role "attribute"), and generated
what was told of its course, its outcome (role "attribute") and the points of its metrics (role "point"); other things
have their attribute values as members. Equal values of two owners are two entities: begat's are, too, and one would
make each the other's ancestor.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import isnan
from typing import Any, NamedTuple

from begat.graph_schema.events import lexical
from begat.graph_schema.statements import Folded, Point, Relation, Scanned, canonical, values
from begat.graph_schema.terms import PROV, RELATIONS

ENTITY, ACTIVITY, AGENT = "Entity", "Activity", "Agent"
#: Roles of what ties an attribute value to an activity.
SETTING, ATTRIBUTE, POINT = "setting", "attribute", "point"


class Thing(NamedTuple):
    """An entity, activity or agent, with what PROV-DM names. Times in microseconds since the epoch, UTC."""

    kind: str
    id: str
    type: str | None = None
    label: str | None = None
    value: str | None = None
    number: float | None = None
    started: int | None = None
    ended: int | None = None


class Link(NamedTuple):
    """A relation of PROV's; `exact` as in Relation, `more` its further attributes as JSON, the rest a point's."""

    relation: str
    source: str
    target: str
    role: str = ""
    time: int | None = None
    exact: bool = False
    more: str | None = None
    labels: str | None = None
    step: float | None = None
    section: str | None = None


class Form(NamedTuple):
    """All of it. `references`: attribute values whose value is the id of a thing, and that thing."""

    things: list[Thing]
    links: list[Link]
    references: list[tuple[str, str]]


def form_of(scanned: Iterable[Scanned]) -> Form:
    """What a store's scan gives, in generic form; what begat derives (flow, roll-ups) is left out.

    Raises ValueError for what has no place in it: a thing in two contexts or with two starts, an open relation.
    """
    made = _Making()
    by_kind: dict[type[Scanned], list[Any]] = defaultdict(list)
    for s in scanned:
        by_kind[type(s)].append(s)
    for folded in by_kind[Folded]:
        made.thing(folded)
    for relation in sorted(by_kind[Relation], key=_moment):
        made.relation(relation)
    for point in sorted(by_kind[Point], key=_moment):
        made.point(point)
    return Form(list(made.things.values()), made.links, made.references)


def _moment(s: Relation | Point) -> tuple[int, str, int]:
    time, writer, seq = s.position
    return (time or 0, writer, seq)


class _Making:
    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.links: list[Link] = []
        self.references: list[tuple[str, str]] = []

    def thing(self, s: Folded) -> None:
        if s.node in self.things or len(s.starts) > 1 or len(s.ends) > 1 or len(s.types) > 1:
            raise ValueError(f"{s.node} has two contexts, starts, ends or types")
        kind = next((k for k in (ACTIVITY, AGENT) if k in s.kinds), ENTITY)
        started = s.starts[0].time if s.starts else None
        ended = s.ends[0].position.time if s.ends else None
        first = s.types[0] if s.types else None
        self.things[s.node] = Thing(kind, s.node, first, s.name, s.value, s.number, started, ended)
        for further in s.kinds:
            if further != kind:
                self._attribute(s.node, "prov:type", f"prov:{further}")
        for key, held in s.attributes.items():
            for value in held:
                self._attribute(s.node, key, value if isinstance(value, str) else canonical(value))
        for end in s.ends:
            for key in ("outcome", "error", "trace"):
                if (told := getattr(end, key)) is not None:
                    self.links.append(Link("wasGeneratedBy", self._value(key, told), s.node, ATTRIBUTE, ended))

    def relation(self, s: Relation) -> None:
        if s.source is None or s.target is None:
            raise ValueError(f"{s.relation} of {s.source} and {s.target} lacks an end")
        known = RELATIONS[s.relation]
        source, target = self._known(s.source, known.domain), self._known(s.target, known.range)
        time = s.position.time
        if s.relation == "hasSetting":
            self.links.append(Link("used", source, target, SETTING, time))
        elif known.iri.startswith(PROV):
            more = {k: v for k, v in (("arguments", s.arguments), ("attributes", s.attributes), ("id", s.id)) if v}
            told = canonical(more) if more else None
            self.links.append(Link(s.relation, source, target, s.role or "", time, s.exact, told))
        else:
            value = self._attribute(source, f"{s.relation}/{s.role}" if s.role else s.relation, target, time)
            self.references.append((value, target))
            for key, held in s.attributes.items():
                for each in values(held):
                    self._attribute(value, key, each if isinstance(each, str) else canonical(each))

    def point(self, s: Point) -> None:
        number = None if isnan(s.value) else s.value
        entity = self._value(s.name, str(lexical(s.value)), number)
        run = self._known(s.activity, ACTIVITY)
        labels, step = s.labels or None, s.step
        self.links.append(
            Link("wasGeneratedBy", entity, run, POINT, s.position.time, labels=labels, step=step, section=s.section)
        )

    def _known(self, id: str, kind: str) -> str:
        """One that is named and nothing more is of the kind that the relation says."""
        if id not in self.things:
            self.things[id] = Thing(kind if kind in (ACTIVITY, AGENT) else ENTITY, id)
        return id

    def _attribute(self, owner: str, name: str, value: str, time: int | None = None) -> str:
        entity = self._value(name, value)
        relation = "used" if self.things[owner].kind == ACTIVITY else "hadMember"
        self.links.append(Link(relation, owner, entity, ATTRIBUTE, time))
        return entity

    def _value(self, name: str, value: str, number: float | None = None) -> str:
        entity = f"value:{len(self.things)}"
        self.things[entity] = Thing(ENTITY, entity, None, name, value, number)
        return entity
