"""What PROV-O lets be concluded of what is recorded, by the table `prov_o.ttl`.

An edge follows from a node that qualifies it, and such a node from an edge that has none; from an edge its inverse, the
edges that it is a kind of, and what its two ends are; from a class those that it is part of. Each conclusion is of one
record alone, so what follows from a record comes and goes with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Final, NamedTuple

from begat.graph_schema.documents.qualified import INFLUENCERS, NAMELESS
from begat.graph_schema.terms import PROV, RDF

A: Final = RDF + "type"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_ABOVE: Final = (_RDFS + "subPropertyOf", _RDFS + "subClassOf")
_FORM: Final = PROV + "qualifiedForm"
_LINKS: Final = PROV + "qualified"
#: How a node has what influences, by the class that this is of.
_BY_RANGE: Final = {PROV + kind: PROV + kind.lower() for kind in ("Entity", "Activity", "Agent")}


class Table(NamedTuple):
    """By IRI of a property or class: all above it, its inverse, classes of its two ends; the property that leads to a
    node and the node's class, and back from the first of these."""

    above: Mapping[str, frozenset[str]]
    inverse: Mapping[str, str]
    domain: Mapping[str, str]
    range: Mapping[str, str]
    node: Mapping[str, tuple[str, str]]
    edge: Mapping[str, str]


@cache
def table() -> Table:
    """The table, read once."""
    import pyoxigraph as ox

    text = files("begat.queries.sparql").joinpath("prov_o.ttl").read_bytes()
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in ox.parse(text, ox.RdfFormat.TURTLE):
        subject, told = quad.subject, quad.object
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(told, ox.NamedNode)
        said[quad.predicate.value][subject.value].add(told.value)
    direct = {name: above for relation in _ABOVE for name, above in said[relation].items()}
    single = {r: {name: min(v) for name, v in said[r].items()} for r in (_OWL + "inverseOf", *_ENDS)}
    inverse = single[_OWL + "inverseOf"]
    nodes = {name: (max(v, key=_leads), min(v, key=_leads)) for name, v in said[_FORM].items()}
    return Table(
        {name: frozenset(_closed(name, direct)) for name in direct}, inverse | {b: a for a, b in inverse.items()},
        single[_RDFS + "domain"], single[_RDFS + "range"], nodes, {link: name for name, (link, _) in nodes.items()},
    )  # fmt: skip


_ENDS: Final = (_RDFS + "domain", _RDFS + "range")


def _leads(iri: str) -> bool:
    return iri.startswith(_LINKS)


def _closed(name: str, direct: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for above in direct.get(name, ()):
        yield above
        yield from _closed(above, direct)


def concluded(lines: bytes) -> bytes:
    """The lines of a record, and of what follows from it."""
    import pyoxigraph as ox

    node, quads = ox.NamedNode, {*ox.parse(lines, ox.RdfFormat.N_QUADS)}
    known = table()
    found, todo = set[Any](), [*quads, *_edges(ox, quads, known), *_nodes(ox, quads, known)]
    while todo:
        quad = todo.pop()
        if quad in found:
            continue
        found.add(quad)
        subject, predicate, told, graph = quad.subject, quad.predicate.value, quad.object, quad.graph_name

        def of(s: Any, p: str, o: Any, graph: Any = graph) -> None:
            todo.append(ox.Quad(s, node(p), o, graph))

        if predicate == A:
            for above in known.above.get(told.value, ()):
                of(subject, A, node(above))
            continue
        for above in known.above.get(predicate, ()):
            of(subject, above, told)
        if (kind := known.domain.get(predicate)) is not None:
            of(subject, A, node(kind))
        if not isinstance(told, ox.Literal):
            if (inverse := known.inverse.get(predicate)) is not None:
                of(told, inverse, subject)
            if (kind := known.range.get(predicate)) is not None:
                of(told, A, node(kind))
    return bytes(ox.serialize(found, format=ox.RdfFormat.N_QUADS) or b"")


def _edges(ox: Any, quads: Iterable[Any], known: Table) -> Iterator[Any]:
    """Edges of the nodes that qualify them."""
    influencers = {(q.subject, q.graph_name): q.object for q in quads if q.predicate.value in INFLUENCERS}
    for q in quads:
        edge, told = known.edge.get(q.predicate.value), influencers.get((q.object, q.graph_name))
        if edge is not None and told is not None:
            yield ox.Quad(q.subject, ox.NamedNode(edge), told, q.graph_name)


def _nodes(ox: Any, quads: Iterable[Any], known: Table) -> Iterator[Any]:
    """Nodes of edges that no node of the record qualifies, and that follow from no narrower edge."""
    qualified = {(q.subject, q.predicate.value) for q in quads if _leads(q.predicate.value)}
    follow = {(q.subject, a, q.object) for q in quads for a in known.above.get(q.predicate.value, ())}
    for q in quads:
        form, edge = known.node.get(q.predicate.value), (q.subject, q.predicate.value, q.object)
        if form is None or edge in follow or {(q.subject, form[0]), (q.subject, _LINKS + "Influence")} & qualified:
            continue
        link, class_ = form
        digest = blake2b(f"{q.graph_name} {q.subject} {q.predicate} {q.object}".encode(), digest_size=16).hexdigest()
        made = ox.NamedNode(NAMELESS + digest)
        how = _BY_RANGE.get(known.range.get(q.predicate.value, ""), PROV + "influencer")
        yield ox.Quad(q.subject, ox.NamedNode(link), made, q.graph_name)
        yield ox.Quad(made, ox.NamedNode(A), ox.NamedNode(class_), q.graph_name)
        yield ox.Quad(made, ox.NamedNode(how), q.object, q.graph_name)
