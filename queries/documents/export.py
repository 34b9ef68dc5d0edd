"""What a store holds as the records of a document: all of a project, or what lies around a thing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import msgspec

from begat.graph_schema import ids
from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.iris import iri_of_id, iri_of_key, resolvable
from begat.graph_schema.documents.mapping import told
from begat.graph_schema.documents.once import once
from begat.graph_schema.documents.records import QUALIFIED_NAME, Record, Related, Thing
from begat.graph_schema.errors import UsageError
from begat.graph_schema.events import Value
from begat.graph_schema.statements import Folded, Point, Relation, Scanned
from begat.graph_schema.store import Store
from begat.graph_schema.terms import PROV, TYPES
from begat.graph_schema.xsd_time import iso
from begat.queries.documents import n_quads, prov_json, prov_jsonld, prov_n, prov_xml, rdf, turtle
from begat.queries.documents.flow import depending
from begat.queries.subgraph import Side, subgraph

#: The forms that documents are written in, by name: each makes pieces of records, with prefixes
#: that are known.
FORMS: Final[dict[str, Callable[[Iterable[Record], Mapping[str, str]], Iterable[bytes]]]] = {
    "prov-json": lambda records, known: [prov_json.write(records, known), b"\n"],
    "prov-n": lambda records, known: (piece.encode() for piece in prov_n.write(records, known)),
    "prov-xml": lambda records, known: (piece.encode() for piece in prov_xml.write(records, known)),
    "prov-jsonld": prov_jsonld.write,
    "turtle": turtle.turtle,
    "trig": turtle.trig,
    "n-triples": n_quads.n_triples,
    "n-quads": n_quads.n_quads,
    "rdf-xml": rdf.rdf_xml,
    "json-ld": rdf.json_ld,
}
#: Things around one that are written at most.
MOST: Final = 1_000_000
_EVALUATION: Final[Value] = {"$": TYPES["ModelEvaluation"].iri, "type": QUALIFIED_NAME}
_VALUE: Final = PROV + "value"
_SAME_AS: Final = "http://www.w3.org/2002/07/owl#sameAs"


def exported(
    store: Store,
    project: str | None,
    only: set[str] | None = None,
    *,
    points: bool = True,
    depends_on: bool = False,
    base: str | None = None,
) -> Iterator[Record]:
    """The records of a project, of all where it is None. `only`: of these nodes, and the relations among them.

    `depends_on`: the lineage law's edges as well, as influences of the type begat:dependsOn between things and phases
    of activities; the ids of what a project speaks of are held in memory then.
    `base`: the address of a service that tells of each thing, with a slash at its end; what it calls them is told too.
    """
    if depends_on:
        yield from depending(store, project, only)
    for s in once(store.scan(only)):
        if not isinstance(s, (Folded, Relation, Point)) or project not in (None, s.context.project):
            continue
        if only is None or _within(s, only):
            if isinstance(s, Folded) and base:
                yield from map(_resolvable(s.node, base), told(s))
            elif not isinstance(s, Point):
                yield from told(s)
            elif points:
                yield from of_point(s)


def _resolvable(id_: str, base: str) -> Callable[[Record], Record]:
    same: tuple[str, Value] = (_SAME_AS, {"$": resolvable(id_, base), "type": QUALIFIED_NAME})
    return lambda record: msgspec.structs.replace(record, attributes=[*record.attributes, same])


def around(store: Store, thing: str, side: Side, depth: int | None, project: str) -> set[str]:
    """The ids of a thing and what lies around it, as far as a depth. Raises NotFound, Ambiguous; UsageError where that
    is more than a document should have."""
    found = subgraph(store, thing, side=side, depth=depth, limit=MOST, project=project)
    ids = {str(row["id"]) for row in found.rows if row["part"] == "node"}
    if found.truncated and len(ids) >= MOST:
        raise UsageError(f"{thing}: {MOST:,} things or more lie around it: give a depth")
    return ids


def _within(s: Scanned, only: set[str]) -> bool:
    if isinstance(s, Relation):
        return {s.source, s.target} - {None} <= only
    return (s.activity if isinstance(s, Point) else s.node if isinstance(s, Folded) else "") in only


def of_point(p: Point) -> Iterator[Record]:
    """A point of a series as an evaluation that its activity made."""
    position = p.position
    id_ = iri_of_id(ids.agreed("point", p.activity, p.name, p.labels, position.writer, str(position.seq)))
    bundle = p.context.bundle and iri_of_id(p.context.bundle)
    attributes: list[tuple[str, Value]] = [(r.TYPE, _EVALUATION), (r.LABEL, p.name), (_VALUE, p.value)]
    if p.step is not None:
        attributes.append((iri_of_key("step"), p.step))
    labels = msgspec.json.decode(p.labels) if p.labels else {}
    attributes += [(iri_of_key(key), value) for key, value in labels.items()]
    yield Thing("Entity", id_, attributes, bundle=bundle)
    ends = {"source": id_, "target": iri_of_id(p.activity)}
    yield Related("wasGeneratedBy", ends, time=None if position.time is None else iso(position.time), bundle=bundle)
