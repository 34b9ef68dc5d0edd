"""Records of what a store holds, points among it, and the addresses that a service has for things."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from begat.graph_schema import ids
from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.iris import iri_of_id, iri_of_key, resolvable
from begat.graph_schema.documents.mapping import told
from begat.graph_schema.documents.records import QUALIFIED_NAME, Record, Related, Thing
from begat.graph_schema.events import Value
from begat.graph_schema.statements import Folded, Point, Relation
from begat.graph_schema.terms import PROV, TYPES
from begat.graph_schema.xsd_time import iso

_EVALUATION: Final[Value] = {"$": TYPES["ModelEvaluation"].iri, "type": QUALIFIED_NAME}
_VALUE: Final = PROV + "value"
_SAME_AS: Final = "http://www.w3.org/2002/07/owl#sameAs"
#: What has records; what is derived has none.
Held = Folded | Relation | Point
#: Beginnings of ids that are remembered: one for a series and a writer.
_agreeing: Final = lru_cache(1 << 10)(ids.agreeing)


def records_of(s: Held, base: str | None = None) -> Iterator[Record]:
    """The records of one. `base`: see `address`."""
    if isinstance(s, Point):
        yield from _of_point(s)
    elif isinstance(s, Folded) and base:
        same: tuple[str, Value] = (_SAME_AS, address(s.node, base))
        for record in told(s):
            yield msgspec.structs.replace(record, attributes=[*record.attributes, same])
    else:
        yield from told(s)


def address(id: str, base: str) -> Value:
    """The name that a service at `base` has for a thing, which is told with it."""
    return {"$": resolvable(id, base), "type": QUALIFIED_NAME}


def evaluation(p: Point) -> str:
    """The id of the evaluation that a point is."""
    _, writer, seq = p.position
    return _agreeing("point", p.activity, p.name, p.labels, writer)(str(seq))


def labels(text: str) -> dict[str, Value]:
    """What tells a series from others of its name, as attributes of its points."""
    found: dict[str, Value] = msgspec.json.decode(text) if text else {}
    return found


def _of_point(p: Point) -> Iterator[Record]:
    """A point of a series as an evaluation that its activity made."""
    at, id_ = p.position.time, evaluation(p)
    bundle = p.context.bundle and iri_of_id(p.context.bundle)
    attributes: list[tuple[str, Value]] = [(r.TYPE, _EVALUATION), (r.LABEL, p.name), (_VALUE, p.value)]
    if p.step is not None:
        attributes.append((iri_of_key("step"), p.step))
    attributes += [(iri_of_key(key), value) for key, value in labels(p.labels).items()]
    yield Thing("Entity", id_, attributes, bundle=bundle)
    ends = {"source": id_, "target": iri_of_id(p.activity)}
    yield Related("wasGeneratedBy", ends, time=None if at is None else iso(at), bundle=bundle)
