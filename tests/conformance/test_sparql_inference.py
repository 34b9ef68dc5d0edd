"""What PROV-O lets be concluded, and nothing else: by hand, and by rdflib's reading of the same table."""

from importlib.resources import files

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import OWL, PROV, RDF, RDFS

from begat.queries.sparql.inference import concluded, table

PREFIXES = "@prefix prov: <http://www.w3.org/ns/prov#> . @prefix ex: <urn:ex:> .\n"


def read(turtle: str) -> bytes:
    """Turtle as lines."""
    return bytes(ox.serialize(ox.parse(PREFIXES + turtle, ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS) or b"")


def what_follows(turtle: str) -> set[str]:
    """Conclusions, shortly; a node without a name is a *."""
    found = set()
    for quad in ox.parse(concluded(read(turtle)), ox.RdfFormat.N_QUADS):
        if quad not in {*ox.parse(read(turtle), ox.RdfFormat.N_QUADS)}:
            terms = [str(t).strip("<>") for t in (quad.subject, quad.predicate, quad.object)]
            short = [t.replace("http://www.w3.org/ns/prov#", "").replace("urn:ex:", "") for t in terms]
            names = ["*" if t.startswith("https://w3id.org/begat/q/") else t for t in short]
            found.add(" ".join(names).replace(str(RDF.type), "a"))
    return found


def test_an_edge() -> None:
    assert what_follows("ex:run prov:used ex:data .") == {
        "data wasUsedBy run", "run wasInfluencedBy data", "data influenced run", "run a Activity", "data a Entity",
        "run qualifiedUsage *", "* a Usage", "* entity data", "* influencer data", "* a EntityInfluence",
        "* a InstantaneousEvent", "* a Influence",
    }  # fmt: skip


def test_a_node_that_qualifies() -> None:
    told = "ex:m prov:qualifiedGeneration ex:g . ex:g a prov:Generation ; prov:activity ex:run ."
    assert what_follows(told) == {
        "m wasGeneratedBy run", "run generated m", "m wasInfluencedBy run", "run influenced m", "m a Entity",
        "run a Activity", "g influencer run", "g a ActivityInfluence", "g a InstantaneousEvent", "g a Influence",
    }  # fmt: skip


def test_both_make_no_third() -> None:
    told = "ex:m prov:wasAttributedTo ex:ada ; prov:qualifiedAttribution ex:q ."
    assert not [c for c in what_follows(f"{told} ex:q a prov:Attribution ; prov:agent ex:ada .") if "*" in c]


def test_what_is_a_kind_of_something() -> None:
    found = what_follows("ex:b prov:wasRevisionOf ex:a . ex:c a prov:Plan .")
    assert {"b wasDerivedFrom a", "a hadRevision b", "b wasInfluencedBy a", "a a Entity", "c a Entity"} <= found


def test_conclusions_stay_in_their_bundle() -> None:
    graphs = {q.graph_name for q in ox.parse(concluded(read("ex:one { ex:r prov:used ex:d }")), ox.RdfFormat.N_QUADS)}
    assert graphs == {ox.NamedNode("urn:ex:one")}


@pytest.mark.parametrize("told", ["ex:a a ex:Other .", 'ex:a ex:size 1 .', 'ex:a prov:atLocation "here" .', ""])
def test_nothing_follows_from_what_prov_o_says_nothing_of(told: str) -> None:
    assert what_follows(told) == set()


def test_it_is_done_when_it_is_done_once() -> None:
    once = concluded(read("ex:m prov:wasDerivedFrom ex:d ; a prov:Collection . ex:p prov:actedOnBehalfOf ex:o ."))
    assert sorted(concluded(once).splitlines()) == sorted(once.splitlines())


def test_the_table_is_read_as_rdflib_reads_it() -> None:
    graph = rdflib.Graph().parse(data=files("begat.queries.sparql").joinpath("prov_o.ttl").read_text(), format="turtle")
    known = table()
    for relation in (RDFS.subPropertyOf, RDFS.subClassOf):
        for name in graph.subjects(relation):
            above = {str(x) for x in graph.transitive_objects(name, relation)} - {str(name)}
            assert known.above[str(name)] == above
    for a, b in graph.subject_objects(OWL.inverseOf):
        assert known.inverse[str(a)] == str(b)
        assert known.inverse[str(b)] == str(a)
    assert len(known.node) == 11
    assert known.node[str(PROV.used)] == (str(PROV.qualifiedUsage), str(PROV.Usage))
