"""Records as PROV-O: what stands in the lines, and that other libraries read the same in them."""

import io
from typing import Any

import prov.model as pm
import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Dataset

from begat.graph_schema.documents.n_triples import is_strict, term
from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.documents.qualified import NAMELESS
from begat.graph_schema.documents.records import FORMS, QUALIFIED_NAME, Heading, Record, Related, Thing
from begat.graph_schema.events import Value
from begat.graph_schema.terms import PROV, XSD
from begat.ingest.documents import prov_json
from tests.conformance.documents import documents
from tests.conformance.test_round_trips import SLOW

EX = "http://example.org/"
PREFIXES = {
    "prov": PROV, "ex": EX, "xsd": XSD, "begat": "https://w3id.org/begat/ns#", "q": NAMELESS,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}  # fmt: skip


def quads(data: bytes) -> set[ox.Quad]:
    return set(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def said(*records: Record) -> set[ox.Quad]:
    return quads(b"".join(map(lines, records)))


def expected(trig: str) -> set[ox.Quad]:
    head = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
    return set(ox.parse(head + trig, format=ox.RdfFormat.TRIG))


def name(iri: str) -> Value:
    return {"$": iri, "type": QUALIFIED_NAME}


def related(relation: str, *given: str, **more: Any) -> Related:
    ends = dict(zip(("source", "target"), (EX + g for g in given), strict=False))
    return Related(relation, ends | more.pop("arguments", {}), **more)


def test_a_thing_with_all_that_may_be_said_of_it() -> None:
    thing = Thing(
        "Activity", EX + "a",
        [
            (PROV + "type", name(EX + "T")), (PROV + "type", "odd"), (PROV + "label", "A"),
            (PROV + "label", {"$": "Ä", "lang": "de-CH"}), (PROV + "location", name(EX + "here")),
            (PROV + "location", "there"), (EX + "n", 1), (EX + "x", 1.5), (EX + "b", True), (EX + "l", name(EX + "e")),
            (EX + "d", {"$": "2024-02-29", "type": XSD + "date"}),
        ],
        "2024-01-01T00:00:00+01:00", "2024-01-01T00:00:01Z", EX + "bundle",
    )  # fmt: skip
    assert said(thing) == expected("""
        ex:bundle { ex:a a prov:Activity, ex:T ; prov:type "odd" ; rdfs:label "A", "Ä"@de-CH ;
          prov:startedAtTime "2024-01-01T00:00:00+01:00"^^xsd:dateTime ;
          prov:endedAtTime "2024-01-01T00:00:01Z"^^xsd:dateTime ;
          prov:atLocation ex:here, "there" ; ex:n "1"^^xsd:int ; ex:x "1.5"^^xsd:double ; ex:b true ; ex:l ex:e ;
          ex:d "2024-02-29"^^xsd:date }""")


#: A relation with an id, and PROV-O's way to write it (https://www.w3.org/TR/prov-o/, section 4.3).
QUALIFIED: dict[str, tuple[Related, str]] = {
    "used": (
        related("used", "a", "e", id=EX + "r", time="2024-01-01T00:00:00Z", attributes=[(PROV + "role", "input")]),
        """ex:a prov:used ex:e ; prov:qualifiedUsage ex:r . ex:r a prov:Usage ; prov:entity ex:e ;
        prov:hadRole "input" ; prov:atTime "2024-01-01T00:00:00Z"^^xsd:dateTime .""",
    ),
    "wasGeneratedBy": (
        related("wasGeneratedBy", "e", "a", id=EX + "r"),
        "ex:e prov:wasGeneratedBy ex:a ; prov:qualifiedGeneration ex:r . ex:r a prov:Generation ; prov:activity ex:a .",
    ),
    "wasInformedBy": (
        related("wasInformedBy", "a", "b", id=EX + "r"),
        ("ex:a prov:wasInformedBy ex:b ; prov:qualifiedCommunication ex:r . "
        "ex:r a prov:Communication ; prov:activity ex:b ."),
    ),
    "wasStartedBy": (
        related("wasStartedBy", "a", "e", id=EX + "r", arguments={"starter": EX + "b"}),
        ("ex:a prov:wasStartedBy ex:e ; prov:qualifiedStart ex:r . "
        "ex:r a prov:Start ; prov:entity ex:e ; prov:hadActivity ex:b ."),
    ),
    "wasEndedBy": (
        related("wasEndedBy", "a", id=EX + "r", arguments={"ender": EX + "b"}),
        "ex:a prov:qualifiedEnd ex:r . ex:r a prov:End ; prov:hadActivity ex:b .",
    ),
    "wasInvalidatedBy": (
        related("wasInvalidatedBy", "e", "a", id=EX + "r"),
        ("ex:e prov:wasInvalidatedBy ex:a ; prov:qualifiedInvalidation ex:r . "
        "ex:r a prov:Invalidation ; prov:activity ex:a ."),
    ),
    "wasDerivedFrom": (
        related(
            "wasDerivedFrom", "e", "d", id=EX + "r", attributes=[(PROV + "type", name(PROV + "Revision"))],
            arguments={"activity": EX + "a", "generation": EX + "g", "usage": EX + "u"},
        ),
        ("ex:e prov:wasDerivedFrom ex:d ; prov:wasRevisionOf ex:d ; prov:qualifiedDerivation ex:r . "
        "ex:r a prov:Derivation, prov:Revision ; prov:entity ex:d ; prov:hadActivity ex:a ; prov:hadGeneration ex:g ; "
        "prov:hadUsage ex:u ."),
    ),
    "wasAttributedTo": (
        related("wasAttributedTo", "e", "g", id=EX + "r"),
        "ex:e prov:wasAttributedTo ex:g ; prov:qualifiedAttribution ex:r . ex:r a prov:Attribution ; prov:agent ex:g .",
    ),
    "wasAssociatedWith": (
        related("wasAssociatedWith", "a", "g", id=EX + "r", arguments={"plan": EX + "p"}),
        ("ex:a prov:wasAssociatedWith ex:g ; prov:qualifiedAssociation ex:r . "
        "ex:r a prov:Association ; prov:agent ex:g ; prov:hadPlan ex:p ."),
    ),
    "actedOnBehalfOf": (
        related("actedOnBehalfOf", "g", "h", id=EX + "r", arguments={"activity": EX + "a"}),
        ("ex:g prov:actedOnBehalfOf ex:h ; prov:qualifiedDelegation ex:r . "
        "ex:r a prov:Delegation ; prov:agent ex:h ; prov:hadActivity ex:a ."),
    ),
    "wasInfluencedBy": (
        related("wasInfluencedBy", "e", "d", id=EX + "r"),
        """ex:e prov:wasInfluencedBy ex:d ; prov:qualifiedInfluence ex:r .
        ex:r a prov:Influence ; prov:influencer ex:d .""",
    ),
    "specializationOf": (related("specializationOf", "e", "d"), "ex:e prov:specializationOf ex:d ."),
    "mentionOf": (
        related("mentionOf", "e", "d", arguments={"bundle": EX + "b"}),
        "ex:e prov:mentionOf ex:d ; prov:asInBundle ex:b .",
    ),
    "alternateOf": (related("alternateOf", "e", "d"), "ex:e prov:alternateOf ex:d ."),
    "hadMember": (related("hadMember", "e", "d"), "ex:e prov:hadMember ex:d ."),
}  # fmt: skip


@pytest.mark.parametrize("relation", FORMS)
def test_a_relation_with_an_id_is_an_edge_and_a_node(relation: str) -> None:
    record, trig = QUALIFIED[relation]
    assert said(record) == expected(trig)


def test_what_has_only_two_ends_is_only_an_edge() -> None:
    assert said(related("used", "a", "e")) == expected("ex:a prov:used ex:e .")


def test_a_relation_of_begat_has_an_edge_of_its_own() -> None:
    kind = [(PROV + "type", name("https://w3id.org/begat/ns#hasSetting"))]
    record = related("wasInfluencedBy", "a", "s", attributes=kind)
    assert said(record) == expected("ex:a prov:wasInfluencedBy ex:s ; begat:hasSetting ex:s .")


def test_an_edge_that_is_a_type_too_is_told_by_a_node() -> None:
    kind = [(PROV + "type", name(PREFIXES["rdf"] + "type"))]
    found = said(related("wasInfluencedBy", "e", "c", id=EX + "r", attributes=kind))
    assert found == expected("""ex:e a ex:c ; prov:wasInfluencedBy ex:c ; prov:qualifiedInfluence ex:r .
        ex:r a prov:Influence, rdf:type ; prov:influencer ex:c .""")


def test_a_node_without_an_id_is_called_by_what_it_says() -> None:
    one = related("used", "a", "e", attributes=[(EX + "k", 1), (EX + "k", 2)])
    other = related("used", "a", "e", attributes=[(EX + "k", 2), (EX + "k", 1)])
    third = related("used", "a", "e", attributes=[(EX + "k", 1)])
    assert lines(one).splitlines()[1] == lines(other).splitlines()[1]
    assert len({str(q.object) for q in said(one, other, third) if q.predicate.value == PROV + "qualifiedUsage"}) == 2
    assert all(NAMELESS in line for line in lines(one).decode().splitlines()[1:])


def test_an_end_that_is_missing_leaves_the_node() -> None:
    (node,) = {q.object for q in said(related("used", "a")) if q.predicate.value == PROV + "qualifiedUsage"}
    assert said(related("used", "a")) == expected(f"ex:a prov:qualifiedUsage {node} . {node} a prov:Usage .")


def test_a_member_of_which_more_is_known_is_qualified_as_an_influence() -> None:
    found = said(related("hadMember", "c", "e", id=EX + "r", attributes=[(EX + "k", 1)]))
    assert found == expected("""ex:c prov:hadMember ex:e ; prov:qualifiedInfluence ex:r .
        ex:r a prov:Influence, prov:hadMember ; prov:influencer ex:e ; ex:k "1"^^xsd:int .""")


@pytest.mark.parametrize(
    ("iri", "strict"),
    [
        ("http://example.org/a?b=c#d", True), ("urn:a:b", True), ("http://[::1]:80/", True), ("mailto:a@b", True),
        ("http://Zürich.ch/é", True), ("file:///a%20b", True), ("http://[::g]/", False), ("file:///100%", False),
        ("http://a/[b]", False), ("a b:c", False), ("relative", False), ("http://a/b\u2028c", True), ("a://b c", False),
    ],
)  # fmt: skip
def test_an_iri_is_what_others_take_for_one(iri: str, strict: bool) -> None:
    assert is_strict(iri) is strict
    try:
        list(ox.parse(f"<{iri}> <a:b> <c:d> .", format=ox.RdfFormat.N_TRIPLES))
    except SyntaxError:
        assert not strict
    else:
        assert strict


@example("x:/[")
@given(st.text(st.sampled_from("a:/?#[]@%0F.é \\^\ue000\ufffe"), max_size=10).map(lambda t: "x:" + t))
def test_no_iri_is_written_that_others_refuse(iri: str) -> None:
    (quad,) = ox.parse(lines(Thing("Entity", iri)), format=ox.RdfFormat.N_QUADS)
    if is_strict(iri):
        assert quad.subject == ox.NamedNode(iri)


@given(st.text())
def test_any_text_is_read_as_it_was(text: str) -> None:
    (quad,) = ox.parse(f"<a:b> <c:d> {term(text)} .", format=ox.RdfFormat.N_TRIPLES)
    assert quad.object == ox.Literal(text)


def test_what_is_no_iri_and_no_language_is_a_typed_text() -> None:
    assert term({"$": "a b", "type": QUALIFIED_NAME}) == f'"a b"^^<{PROV}QUALIFIED_NAME>'
    assert term({"$": "a", "lang": "x_y"}) == f'"a@x_y"^^<{PREFIXES["rdf"]}PlainLiteral>'


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib warns of itself
@settings(max_examples=30, suppress_health_check=SLOW)
@given(document=documents())
def test_two_libraries_read_the_same_in_the_lines(document: pm.ProvDocument) -> None:
    text = document.serialize(format="json") or ""
    data = b"".join(lines(r) for r in prov_json.read(text.encode()) if not isinstance(r, Heading))
    read = quads(data)
    ours, theirs = Dataset(), Dataset()
    ours.parse(io.BytesIO(data), format="nquads")
    theirs.parse(ox.serialize(read, format=ox.RdfFormat.N_QUADS), format="nquads")
    assert set(ours.quads()) == set(theirs.quads())
    assert len(set(ours.quads())) == len(read)
