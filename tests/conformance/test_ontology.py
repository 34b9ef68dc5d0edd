"""begat's namespace says of every word of terms.py what it means, and of no other."""

import pyoxigraph as ox
import pytest

from begat.graph_schema.documents.qualified import DEPENDS_ON, QUALIFIED
from begat.graph_schema.ontology import ontology
from begat.graph_schema.terms import BEGAT, KINDS, MLS, PROV, RDF, RDFS, RELATIONS, TYPES
from begat.queries.sparql.lineage import PHASE_OF

OWL = "http://www.w3.org/2002/07/owl#"
#: Attributes that begat writes under its own names.
ATTRIBUTES = {
    BEGAT + name
    for name in ("exact", "outcome", "error", "step", "from", "to", "again", "alsoStartedAt", "alsoEndedAt")
}
OWN = {r.iri: r for r in RELATIONS.values() if r.iri.startswith(BEGAT)}


@pytest.fixture(scope="module")
def graph() -> ox.Dataset:
    return ox.Dataset(ox.parse(ontology(), format=ox.RdfFormat.TURTLE))


def objects(graph: ox.Dataset, subject: str, predicate: str) -> set[str]:
    found = (q.object for q in graph.quads_for_subject(ox.NamedNode(subject)) if q.predicate.value == predicate)
    return {o.value for o in found if not isinstance(o, ox.Triple)}


@pytest.mark.parametrize("name", [t.name for t in TYPES.values() if t.iri.startswith((BEGAT, MLS))])
def test_a_type_is_a_class_below_its_kind(graph: ox.Dataset, name: str) -> None:
    type_ = TYPES[name]
    above = TYPES[type_.parent].iri if type_.parent else KINDS[type_.kind].iri
    assert objects(graph, type_.iri, RDF + "type") == {OWL + "Class"}
    assert objects(graph, type_.iri, RDFS + "subClassOf") == {above}
    assert objects(graph, type_.iri, RDFS + "label")
    assert objects(graph, type_.iri, RDFS + "comment")


@pytest.mark.parametrize("iri", OWN)
def test_a_relation_is_an_influence_of_its_kinds(graph: ox.Dataset, iri: str) -> None:
    relation = OWN[iri]
    assert objects(graph, iri, RDF + "type") == {OWL + "ObjectProperty"}
    assert objects(graph, iri, RDFS + "subPropertyOf") == {PROV + "wasInfluencedBy"}
    for side, kind in (("domain", relation.domain), ("range", relation.range)):
        assert objects(graph, iri, RDFS + side) == (set() if kind == "Resource" else {KINDS[kind].iri})
    assert objects(graph, iri, PROV + "inverse") == {relation.inverse}


def test_it_defines_what_is_written_and_nothing_else(graph: ox.Dataset) -> None:
    defined = {q.subject.value for q in graph if not isinstance(q.subject, ox.Triple)}
    edges = {e for q in QUALIFIED.values() for e in q.subproperties.values() if e.startswith(BEGAT)}
    types = {t.iri for t in TYPES.values() if not t.iri.startswith(PROV)}
    assert DEPENDS_ON in edges
    assert defined == types | edges | ATTRIBUTES | {BEGAT, PHASE_OF}


def test_each_word_has_one_label_and_one_comment(graph: ox.Dataset) -> None:
    for subject in {q.subject.value for q in graph if not isinstance(q.subject, ox.Triple)} - {BEGAT}:
        assert len(objects(graph, subject, RDFS + "label")) == 1
        assert len(objects(graph, subject, RDFS + "comment")) == 1
