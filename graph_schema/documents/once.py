"""What was said of one event several times, as PROV has it: once.

An activity has one start and one end (PROV-CONSTRAINTS 22), and generates an entity once (24). Of a run of many
processes each says when it started and ended, and a run may write the same content again. In a document the first start
and the last end are the run's, and other times are attributes. What came with a document is left as it was.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from begat.graph_schema.events import Value
from begat.graph_schema.statements import Folded, Position, Relation, Scanned
from begat.graph_schema.terms import XSD
from begat.graph_schema.xsd_time import iso

#: The attributes with the other times.
STARTED: Final = "alsoStartedAt"
ENDED: Final = "alsoEndedAt"
#: Of a generation: the time of one that the activity had made already.
AGAIN: Final = "again"


def once(scanned: Iterable[Scanned]) -> Iterator[Scanned]:
    """What a store holds, each event of the hooks once. It keeps a number for each generation."""
    made: set[int] = set()
    for s in scanned:
        if isinstance(s, Folded) and (len(s.starts) > 1 or len(s.ends) > 1):
            yield _of_activity(s)
        elif isinstance(s, Relation) and s.relation == "wasGeneratedBy" and s.position.writer and s.time is not None:
            known = len(made)
            made.add(hash((s.context, s.source, s.target)))
            again = {**s.attributes, AGAIN: [_time(s.time)]}
            yield s if len(made) > known else replace(s, attributes=again)
        else:
            yield s


def _of_activity(node: Folded) -> Folded:
    starts, also_started = _one(node.starts, min)
    last, also_ended = _one(tuple(stop.position for stop in node.ends), max)
    attributes = dict(node.attributes)
    for key, times in ((STARTED, also_started), (ENDED, also_ended)):
        if times:
            attributes[key] = [*attributes.get(key, []), *map(_time, sorted(times))]
    ends = tuple(stop for stop in node.ends if stop.position in last)
    return replace(node, starts=starts, ends=ends, attributes=attributes)


def _one(
    positions: tuple[Position, ...], counts: Callable[[Iterable[Position]], Position]
) -> tuple[tuple[Position, ...], set[int]]:
    """The positions that stay, and the times of the others: those of documents, else the one that counts."""
    own = [p for p in positions if p.writer]
    stay = tuple(p for p in positions if not p.writer) or ((counts(own),) if own else ())
    known = {p.time for p in stay}
    return stay, {p.time for p in own if p.time is not None and p.time not in known}


def _time(at: int) -> Value:
    return {"$": iso(at), "type": XSD + "dateTime"}
