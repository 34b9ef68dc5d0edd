"""Records as PROV-O (https://www.w3.org/TR/prov-o/), in terms that N-Triples writes.

A relation is an edge and, where more is known of it than its two ends, a node that qualifies the edge: an id, a time,
a role, further arguments, attributes, an end that is missing. There are no blank nodes: a qualified node without an id
of its own has an IRI made of what it says, see `NAMELESS` in qualified.py. A bundle is a named graph.
"""

from hashlib import blake2b
from typing import Final, NamedTuple

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.n_triples import date_time, iri, predicate, term
from begat.graph_schema.documents.qualified import AMBIGUOUS, NAMELESS, QUALIFIED, Qualified
from begat.graph_schema.documents.records import QUALIFIED_NAME, Record, Related, Thing
from begat.graph_schema.events import Value
from begat.graph_schema.terms import KINDS, PROV, RDF, RDFS

#: A subject, and what is said of it: predicates and objects, a space between. No predicate has a space in it.
Said = tuple[str, list[str]]

_TYPE: Final = f"<{RDF}type>"
_KINDS: Final = {k.name: f"{_TYPE} <{k.iri}>" for k in KINDS.values()}
_STARTED: Final = f"<{PROV}startedAtTime>"
_ENDED: Final = f"<{PROV}endedAtTime>"
_AT_TIME: Final = f"<{PROV}atTime>"
#: Attributes that PROV-O has another word for: of names, and of literals.
_OF_NAMES: Final = {r.TYPE: _TYPE, r.ROLE: f"<{PROV}hadRole>", r.LOCATION: f"<{PROV}atLocation>"}
_OF_LITERALS: Final = {
    r.LABEL: f"<{RDFS}label>", r.ROLE: f"<{PROV}hadRole>", r.LOCATION: f"<{PROV}atLocation>",
}  # fmt: skip
_BEGUN: Final = blake2b(digest_size=16)
_NOT_TOLD: Final = frozenset(f"<{edge}>" for edge in AMBIGUOUS)


class _Written(NamedTuple):
    """A row of the table, as it is written: see Qualified."""

    edge: str
    link: str
    classes: list[str]
    influencer: str
    further: list[tuple[str, str]]
    subproperties: dict[str, str]
    beside: list[tuple[str, str]]


def _written(how: Qualified) -> _Written:
    classes = [how.influence, how.property] if how.told_by_type else [how.influence]
    return _Written(
        f"<{how.property}>", f"<{how.qualifies}>", [f"{_TYPE} <{c}>" for c in classes], f"<{how.influencer}>",
        [(field, f"<{iri}>") for field, iri in how.further.items()],
        {type_: f"<{edge}>" for type_, edge in how.subproperties.items()},
        [(field, f"<{iri}>") for field, iri in how.beside.items()],
    )  # fmt: skip


_WRITTEN: Final = {name: _written(how) for name, how in QUALIFIED.items()}


def lines(record: Record) -> bytes:
    """What a record says, in lines of N-Quads; of N-Triples where it is in no bundle."""
    end = f" {iri(record.bundle)} .\n" if record.bundle else " .\n"
    # All of a subject is one join: a line's end, and the beginning of the next.
    return "".join([f"{s} {f'{end}{s} '.join(told)}{end}" for s, told in said(record)]).encode()


def said(record: Record) -> list[Said]:
    """What a record says, by its subjects; in which graph: the record's bundle."""
    return [_of_thing(record)] if isinstance(record, Thing) else _of_related(record)


def _of_thing(thing: Thing) -> Said:
    told = [_KINDS[thing.kind]]
    if thing.start is not None:
        told.append(f"{_STARTED} {date_time(thing.start)}")
    if thing.end is not None:
        told.append(f"{_ENDED} {date_time(thing.end)}")
    told += [attribute(key, value) for key, value in thing.attributes]
    return iri(thing.id), told


def attribute(key: str, value: Value) -> str:
    """An attribute, by its IRI, as predicate and object."""
    written = term(value)
    known = _OF_NAMES if written[0] == "<" else _OF_LITERALS
    return f"{known.get(key) or predicate(key)} {written}"


def _of_related(related: Related) -> list[Said]:
    how, ends = _WRITTEN[related.relation], related.arguments
    source, target = ends.get("source"), ends.get("target")
    found: list[Said] = []
    edges = _subproperties(related, how) if how.subproperties and related.attributes else []
    at = "" if source is None else iri(source)
    outgoing: list[str] = []
    if source is not None and target is not None:
        end = iri(target)
        outgoing = [f"{how.edge} {end}", *(f"{edge} {end}" for edge in edges)]
        outgoing += [f"{beside} {iri(ends[field])}" for field, beside in how.beside if field in ends]
        if _says_no_more(related, how, edges):
            return [(at, outgoing)]
    told = [*how.classes]
    if target is not None:
        told.append(f"{how.influencer} {iri(target)}")
    told += [f"{further} {iri(ends[field])}" for field, further in how.further if field in ends]
    if related.time is not None:
        told.append(f"{_AT_TIME} {date_time(related.time)}")
    told += [attribute(key, value) for key, value in related.attributes]
    node = nameless(_of_node(related.bundle, at, told)) if related.id is None else iri(related.id)
    if source is not None:
        outgoing.append(f"{how.link} {node}")
        found.append((at, outgoing))
    found.append((node, told))
    return found


def _subproperties(related: Related, how: _Written) -> list[str]:
    """The edges of the types that it has."""
    found = []
    for key, value in related.attributes:
        if key == r.TYPE and isinstance(value, dict) and value.get("type") == QUALIFIED_NAME:
            edge = how.subproperties.get(value["$"])
            if edge is not None:
                found.append(edge)
    return found


def _says_no_more(related: Related, how: _Written, edges: list[str]) -> bool:
    """Whether the edges alone tell the relation, which has both ends."""
    return (
        related.id is None
        and related.time is None
        and len(related.arguments) - len(how.beside) == 2
        and len(related.attributes) == len(edges) < 2
        and _NOT_TOLD.isdisjoint(edges)
    )


def _of_node(bundle: str, source: str, told: list[str]) -> str:
    """All that a qualified node says, in one order."""
    return "\n".join([bundle, source, *sorted(set(told))])


def nameless(every: str) -> str:
    """The IRI of a qualified node, of all that it says: the same for the same, wherever and whenever it is written."""
    digest = _BEGUN.copy()
    digest.update(every.encode())
    return f"<{NAMELESS}{digest.hexdigest()}>"


def said_by_node(record: Record) -> str | None:
    """Of what the IRI of the node is made that qualifies a relation with a source; None where there is no such node, or
    it has an id."""
    found = said(record)
    if isinstance(record, Thing) or record.id is not None or len(found) == 1:
        return None
    (source, _), (_, told) = found
    return _of_node(record.bundle, source, told)
