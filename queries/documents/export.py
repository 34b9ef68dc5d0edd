"""What a store holds as the records of a document: all of a project, or what lies around a thing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from begat.graph_schema.documents.once import once
from begat.graph_schema.documents.records import Record
from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import Folded, Point, Relation
from begat.graph_schema.store import Store
from begat.queries.documents import n_quads, prov_json, prov_jsonld, prov_n, prov_xml, rdf, turtle
from begat.queries.documents.flow import depending
from begat.queries.documents.told import Held, records_of
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
    for s in _held(store, project, only, points):
        yield from records_of(s, base)


def written(
    form: str,
    store: Store,
    project: str | None,
    only: set[str] | None = None,
    *,
    points: bool = True,
    depends_on: bool = False,
    base: str | None = None,
    known: Mapping[str, str] | None = None,
) -> Iterable[bytes]:
    """A document of what `exported` gives, in pieces; `known`: namespaces by the prefixes that people have for them.
    Raises UsageError, also behind some pieces, for what the form cannot hold."""
    if form not in n_quads.LINES:
        records = exported(store, project, only, points=points, depends_on=depends_on, base=base)
        return FORMS[form](records, known or {})
    flow = FORMS[form](depending(store, project, only), {}) if depends_on else ()
    return chain(flow, n_quads.of_statements(_held(store, project, only, points), form, base))


def _held(store: Store, project: str | None, only: set[str] | None, points: bool) -> Iterator[Held]:
    """Of what a store holds that of which a document tells."""
    kinds = (Folded, Relation, Point) if points else (Folded, Relation)
    for s in once(store.scan(only)):
        if (
            isinstance(s, kinds)
            and (project is None or s.context.project == project)
            and (only is None or _within(s, only))
        ):
            yield s


def around(store: Store, thing: str, side: Side, depth: int | None, project: str) -> set[str]:
    """The ids of a thing and what lies around it, as far as a depth. Raises NotFound, Ambiguous; UsageError where that
    is more than a document should have."""
    found = subgraph(store, thing, side=side, depth=depth, limit=MOST, project=project)
    ids = {str(row["id"]) for row in found.rows if row["part"] == "node"}
    if found.truncated and len(ids) >= MOST:
        raise UsageError(f"{thing}: {MOST:,} things or more lie around it: give a depth")
    return ids


def _within(s: Held, only: set[str]) -> bool:
    if isinstance(s, Relation):
        return {s.source, s.target} - {None} <= only
    return (s.activity if isinstance(s, Point) else s.node) in only
