"""What a store holds in lines of N-Quads, by templates: most statements differ from others in few terms.

Of each shape of statements one is made up, a probe, and written as any other is, by mapping.py and prov_o.py. Its
lines, cut where the probe's own terms stand, are the template of that shape: nothing of the mapping is told here again.
What has no usual shape is written as a probe is. Either way gives the same lines.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from begat.graph_schema import ids
from begat.graph_schema.documents.iris import iri_of_id, iri_of_key
from begat.graph_schema.documents.mapping import value_of
from begat.graph_schema.documents.n_triples import moment, of_id, term, text
from begat.graph_schema.documents.prov_o import attribute, lines
from begat.graph_schema.events import Value
from begat.graph_schema.statements import NOWHERE, Context, Folded, Point, Position, Relation, Stop, canonical
from begat.queries.documents.template import Template
from begat.queries.documents.told import Held, address, evaluation, labels, records_of

#: What is said of probes, and in no other statement.
_ID, _OTHER, _TEXT, _BUNDLE = (ids.mint() for _ in range(4))
_NUMBER: Final = 1 << 48 | int.from_bytes(os.urandom(6), "big")
_VALUE: Final = _NUMBER + 0.5
#: Templates that are remembered: shapes are few, but types may be anybody's. Labels of series.
_MANY: Final = 1 << 12
#: Attributes that are times of an activity.
_TIMES: Final = frozenset(("prov:startTime", "prov:endTime"))

Key = tuple[Any, ...]


class Templates:
    """Writes what a store holds, one after the other; `base`: see told.py. For one thread."""

    def __init__(self, base: str | None = None) -> None:
        self._base = base
        self._known: dict[Key, Template] = {}
        self._ways: dict[type, Callable[[Any], str]] = {
            Folded: self._of_node, Relation: self._of_relation, Point: self._of_point,
        }  # fmt: skip

    def lines(self, held: Iterable[Held]) -> Iterator[str]:
        """The lines of each."""
        ways = self._ways
        return (ways[type(s)](s) for s in held)

    def _as_any(self, s: Held) -> str:
        return b"".join(map(lines, records_of(s, self._base))).decode()

    def _template(self, key: Key, probe: Held, terms: Sequence[str]) -> Template:
        if len(self._known) >= _MANY:
            self._known.clear()
        made = self._known[key] = Template(records_of(probe, self._base), terms)
        return made

    def _of_relation(self, s: Relation) -> str:
        if s.id is not None or s.arguments or s.attributes or s.source is None or s.target is None:
            return self._as_any(s)
        bundle, role, time = s.context.bundle, s.role, s.time
        key = (not bundle, s.relation, role is None, time is None, s.exact)
        template = self._known.get(key) or self._relation(key, s)
        given = (
            of_id(s.source), of_id(s.target), "" if role is None else text(role), "" if time is None else moment(time),
        )  # fmt: skip
        return template(given + _graph(bundle) if bundle else given)

    def _relation(self, key: Key, s: Relation) -> Template:
        role, time = None if s.role is None else _TEXT, None if s.time is None else _NUMBER
        probe = Relation(_within(s), NOWHERE, s.relation, _ID, _OTHER, role, time=time, exact=s.exact)
        return self._template(key, probe, (of_id(_ID), of_id(_OTHER), text(_TEXT), moment(_NUMBER), *_graph(_BUNDLE)))

    def _of_point(self, s: Point) -> str:
        bundle, time, step = s.context.bundle, s.position.time, s.step
        key = (not bundle, not s.labels, step is None, time is None)
        template = self._known.get(key) or self._point(key, s)
        id_ = f"<{evaluation(s)}>"
        given = (
            _attributes(id_, _labels(s.labels), bundle) if s.labels else "",
            id_, of_id(s.activity), text(s.name), term(s.value), "" if step is None else term(step),
            "" if time is None else moment(time),
        )  # fmt: skip
        return template(given + _graph(bundle) if bundle else given)

    def _point(self, key: Key, s: Point) -> Template:
        position = Position(None if s.position.time is None else _NUMBER, "", 0)
        some = canonical({_OTHER: _OTHER}) if s.labels else ""
        probe = Point(_within(s), position, _ID, _TEXT, _VALUE, some, None if s.step is None else _NUMBER)
        id_ = f"<{evaluation(probe)}>"
        of_labels = _attributes(id_, _labels(some), probe.context.bundle)
        terms = (of_id(_ID), text(_TEXT), term(_VALUE), term(_NUMBER), moment(_NUMBER))
        return self._template(key, probe, (of_labels, id_, *terms, *_graph(_BUNDLE)))

    def _of_node(self, s: Folded) -> str:
        starts, ends, attributes = s.starts, s.ends, s.attributes
        start = starts[0].time if starts else None
        end = ends[0].position.time if ends else None
        if (
            s.history
            or len(starts) != (start is not None)
            or len(ends) != (end is not None)
            or (ends and ends[0].outcome != "finished")
            or not _TIMES.isdisjoint(attributes)
        ):
            return self._as_any(s)
        bundle, name, value = s.context.bundle, s.name, s.value
        key = (not bundle, s.kinds, s.types, name is None, value is None, start is None, end is None, not attributes)
        template = self._known.get(key) or self._node(key, s)
        id_ = of_id(s.node)
        given = (
            _attributes(id_, _told(attributes), bundle) if attributes else "", id_, self._address(s.node),
            "" if name is None else text(name), "" if value is None else term(value_of(value)),
            "" if start is None else moment(start), "" if end is None else moment(end),
        )  # fmt: skip
        return template(given + _graph(bundle) if bundle else given)

    def _node(self, key: Key, s: Folded) -> Template:
        probe = Folded(
            _within(s), _ID, s.kinds, s.types,
            name=None if s.name is None else _TEXT,
            value=None if s.value is None else str(_VALUE),
            attributes={_OTHER: [_OTHER]} if s.attributes else {},
            starts=s.starts and (Position(_NUMBER, "", 0),),
            ends=s.ends and (Stop(Position(_NUMBER + 1, "", 0), "finished", None, None),),
        )  # fmt: skip
        id_ = of_id(_ID)
        of_attributes = _attributes(id_, _told({_OTHER: [_OTHER]}), probe.context.bundle)
        terms = (text(_TEXT), term(_VALUE), moment(_NUMBER), moment(_NUMBER + 1))
        return self._template(key, probe, (of_attributes, id_, self._address(_ID), *terms, *_graph(_BUNDLE)))

    def _address(self, id: str) -> str:
        return term(address(id, self._base)) if self._base else ""


def _within(s: Held) -> Context:
    """The context of a probe: in a bundle as the statement is in one."""
    return Context(bundle=_BUNDLE if s.context.bundle else "")


def _graph(bundle: str) -> tuple[str, str]:
    """A bundle as lines have it, and as the name of a node without an id is made of it."""
    return of_id(bundle), iri_of_id(bundle)


def _told(attributes: Mapping[str, Sequence[Value]]) -> list[str]:
    return [attribute(iri_of_key(key), value) for key, values in attributes.items() for value in values]


@lru_cache(_MANY)
def _labels(text: str) -> list[str]:
    return _told({key: [value] for key, value in labels(text).items()})


def _attributes(subject: str, told: Iterable[str], bundle: str) -> str:
    """Whole lines: there may be any number of them."""
    end = f" {of_id(bundle)} .\n" if bundle else " .\n"
    return "".join([f"{subject} {one}{end}" for one in told])
