"""Records as PROV-O (https://www.w3.org/TR/prov-o/): triples, in terms that N-Triples writes.

A relation is an edge and, where more is known of it than its two ends, a node that qualifies the edge: an id, a time,
a role, further arguments, attributes, an end that is missing. There are no blank nodes: a qualified node without an id
of its own has an IRI made of what it says, see `NAMELESS` in qualified.py. A bundle is a named graph.
"""

from hashlib import blake2b
from typing import Final

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.n_triples import date_time, iri, predicate, term
from begat.graph_schema.documents.qualified import AMBIGUOUS, NAMELESS, QUALIFIED, Qualified
from begat.graph_schema.documents.records import QUALIFIED_NAME, Record, Related, Thing
from begat.graph_schema.events import Value
from begat.graph_schema.terms import KINDS, PROV, RDF, RDFS

Triple = tuple[str, str, str]

A: Final = f"<{RDF}type>"
_KINDS: Final = {k.name: f"<{k.iri}>" for k in KINDS.values()}
_STARTED: Final = f"<{PROV}startedAtTime>"
_ENDED: Final = f"<{PROV}endedAtTime>"
_AT_TIME: Final = f"<{PROV}atTime>"
#: Attributes that PROV-O has another word for: of names, and of literals.
_OF_NAMES: Final = {r.TYPE: A, r.ROLE: f"<{PROV}hadRole>", r.LOCATION: f"<{PROV}atLocation>"}
_OF_LITERALS: Final = {
    r.LABEL: f"<{RDFS}label>", r.ROLE: f"<{PROV}hadRole>", r.LOCATION: f"<{PROV}atLocation>",
}  # fmt: skip


def lines(record: Record) -> bytes:
    """What a record says, in lines of N-Quads; of N-Triples where it is in no bundle."""
    end = f" {iri(record.bundle)} .\n" if record.bundle else " .\n"
    return "".join([f"{s} {p} {o}{end}" for s, p, o in triples(record)]).encode()


def triples(record: Record) -> list[Triple]:
    """What a record says; what is said of one subject stands together. Which graph it is in: the record's bundle."""
    return _of_thing(record) if isinstance(record, Thing) else _of_related(record)


def _of_thing(thing: Thing) -> list[Triple]:
    subject = iri(thing.id)
    found = [(subject, A, _KINDS[thing.kind])]
    if thing.start is not None:
        found.append((subject, _STARTED, date_time(thing.start)))
    if thing.end is not None:
        found.append((subject, _ENDED, date_time(thing.end)))
    for key, value in thing.attributes:
        found.append((subject, *_attribute(key, value)))
    return found


def _attribute(key: str, value: Value) -> tuple[str, str]:
    written = term(value)
    known = _OF_NAMES if written[0] == "<" else _OF_LITERALS
    return known.get(key) or predicate(key), written


def _of_related(related: Related) -> list[Triple]:
    how, ends = QUALIFIED[related.relation], related.arguments
    source, target = ends.get("source"), ends.get("target")
    found: list[Triple] = []
    edges = [how.subproperties[t] for t in _types(related) if t in how.subproperties] if how.subproperties else []
    if source is not None and target is not None:
        start, end = iri(source), iri(target)
        found = [(start, f"<{edge}>", end) for edge in (how.property, *edges)]
        found += [(start, f"<{beside}>", iri(ends[field])) for field, beside in how.beside.items() if field in ends]
        if _says_no_more(related, how, edges):
            return found
    told = [(A, f"<{how.influence}>")]
    if how.told_by_type:
        told.append((A, f"<{how.property}>"))
    if target is not None:
        told.append((f"<{how.influencer}>", iri(target)))
    told += [(f"<{further}>", iri(ends[field])) for field, further in how.further.items() if field in ends]
    if related.time is not None:
        told.append((_AT_TIME, date_time(related.time)))
    told += [_attribute(key, value) for key, value in related.attributes]
    subject = "" if source is None else iri(source)
    node = _nameless(related, subject, told) if related.id is None else iri(related.id)
    if source is not None:
        found.append((subject, f"<{how.qualifies}>", node))
    return found + [(node, p, o) for p, o in told]


def _types(related: Related) -> list[str]:
    """The names among its types."""
    return [
        value["$"]
        for key, value in related.attributes
        if key == r.TYPE and isinstance(value, dict) and value.get("type") == QUALIFIED_NAME
    ]


def _says_no_more(related: Related, how: Qualified, edges: list[str]) -> bool:
    """Whether the edges alone tell the relation, which has both ends."""
    return (
        related.id is None
        and related.time is None
        and len(related.arguments) - len(how.beside) == 2
        and len(related.attributes) == len(edges) < 2
        and AMBIGUOUS.isdisjoint(edges)
    )


def _nameless(related: Related, subject: str, told: list[tuple[str, str]]) -> str:
    """The same for the same, wherever and whenever it is written."""
    said = "\n".join([related.bundle, subject, *sorted({f"{p} {o}" for p, o in told})])
    return f"<{NAMELESS}{blake2b(said.encode(), digest_size=16).hexdigest()}>"
