"""PROV-O of other people: each a story of what stands in a document, and which records it is."""

from collections.abc import Iterable

import pytest

from begat.graph_schema.documents.records import Heading, Record, Related
from begat.graph_schema.errors import FormatError
from begat.graph_schema.store import open_store
from begat.ingest.documents import prov_n, prov_o
from begat.ingest.documents.load import said
from begat.queries.documents.prov_n import write
from tests.conformance.test_round_trips import held

PREFIXES = {
    "prov": "http://www.w3.org/ns/prov#", "ex": "http://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "foaf": "http://xmlns.com/foaf/0.1/",
    "begat": "https://w3id.org/begat/ns#", "mls": "http://www.w3.org/ns/mls#",
}  # fmt: skip
TURTLE = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
PROV_N = "document\n" + "".join(f"prefix {p} <{iri}>\n" for p, iri in PREFIXES.items() if p not in ("prov", "xsd"))


def lines(records: Iterable[Heading | Record]) -> set[str]:
    """Records in PROV-N, after they were in a store."""
    text = "".join(write(held(open_store("memory:"), records), PREFIXES))
    return {line.strip() for line in text.splitlines() if "(" in line or "undle" in line}


def read(turtle: str) -> set[str]:
    return lines(prov_o.read((TURTLE + turtle).encode(), "trig"))


def records(text: str) -> set[str]:
    """What is expected, as PROV-N has it."""
    return lines(prov_n.read(f"{PROV_N}{text}\nendDocument"))


#: What stands in a document, and what it says.
STORIES: dict[str, tuple[str, str]] = {
    "an edge and its node are one relation": (
        "ex:a prov:used ex:e ; prov:qualifiedUsage [ a prov:Usage ; prov:entity ex:e ; prov:hadRole ex:input ] .",
        "used(ex:a, ex:e, -, [prov:role='ex:input'])",
    ),
    "a node without its edge": (
        """ex:e prov:qualifiedGeneration ex:g . ex:g a prov:Generation ; prov:activity ex:a ; rdfs:label "G"@en ;
        prov:atTime "2024-01-01T00:00:00Z"^^xsd:dateTime ; prov:atLocation "here" ; ex:k 1 .""",
        """wasGeneratedBy(ex:g; ex:e, ex:a, 2024-01-01T00:00:00Z, [prov:label="G"@en, prov:location="here",
        ex:k="1" %% xsd:integer])""",
    ),
    "two nodes of one edge are two relations": (
        """ex:a prov:used ex:e ; prov:qualifiedUsage [ prov:entity ex:e ; prov:hadRole "x" ],
        [ prov:entity ex:e ; prov:hadRole "y" ] .""",
        'used(ex:a, ex:e, -, [prov:role="x"]) used(ex:a, ex:e, -, [prov:role="y"])',
    ),
    "an edge that no node tells stays": (
        'ex:a prov:used ex:e, ex:f ; prov:qualifiedUsage [ prov:entity ex:e ; prov:hadRole "x" ] .',
        'used(ex:a, ex:e, -, [prov:role="x"]) used(ex:a, ex:f, -)',
    ),
    "all further arguments": (
        """ex:e prov:qualifiedDerivation ex:d . ex:d prov:entity ex:f ; prov:hadActivity ex:a ;
        prov:hadGeneration ex:g ; prov:hadUsage ex:u .
        ex:a prov:qualifiedAssociation [ prov:agent ex:p ; prov:hadPlan ex:plan ] ;
        prov:qualifiedStart [ prov:entity ex:t ; prov:hadActivity ex:b ] ; prov:qualifiedEnd [ prov:hadActivity ex:c ] .
        ex:p prov:qualifiedDelegation [ prov:agent ex:q ; prov:hadActivity ex:a ] .""",
        """wasDerivedFrom(ex:d; ex:e, ex:f, ex:a, ex:g, ex:u) wasAssociatedWith(ex:a, ex:p, ex:plan)
        wasStartedBy(ex:a, ex:t, ex:b, -) wasEndedBy(ex:a, -, ex:c, -) actedOnBehalfOf(ex:p, ex:q, ex:a)""",
    ),
    "a node that others name has a name": (
        """ex:e prov:qualifiedDerivation [ prov:entity ex:f ; prov:hadGeneration ex:g ] ;
        prov:qualifiedGeneration ex:g . ex:g prov:activity ex:a .""",
        "wasDerivedFrom(ex:e, ex:f, -, ex:g, -) wasGeneratedBy(ex:g; ex:e, ex:a, -)",
    ),
    "inverses": (
        """ex:a prov:generated ex:e . ex:f prov:hadDerivation ex:e . ex:x prov:wasMemberOf ex:c .
        ex:u prov:qualifiedUsingActivity ex:a ; prov:entity ex:f .
        ex:p prov:contributed ex:e ; prov:wasAssociateFor ex:a ; prov:hadDelegate ex:q .""",
        """wasGeneratedBy(ex:e, ex:a, -) wasDerivedFrom(ex:e, ex:f) hadMember(ex:c, ex:x) used(ex:u; ex:a, ex:f, -)
        wasAttributedTo(ex:e, ex:p) wasAssociatedWith(ex:a, ex:p, -) actedOnBehalfOf(ex:q, ex:p)""",
    ),
    "subproperties are derivations of a type": (
        """ex:e prov:wasRevisionOf ex:f ; prov:wasDerivedFrom ex:f ; prov:wasQuotedFrom ex:g .
        ex:h prov:qualifiedPrimarySource [ a prov:PrimarySource ; prov:entity ex:i ] .""",
        """wasDerivedFrom(ex:e, ex:f, [prov:type='prov:Revision'])
        wasDerivedFrom(ex:e, ex:g, [prov:type='prov:Quotation'])
        wasDerivedFrom(ex:h, ex:i, [prov:type='prov:PrimarySource'])""",
    ),
    "an influence by an agent": (
        "ex:e prov:qualifiedInfluence [ a prov:Influence, prov:AgentInfluence ; prov:agent ex:p ; ex:k true ] .",
        'wasInfluencedBy(ex:e, ex:p, [ex:k="true" %% xsd:boolean])',
    ),
    "times of the entity itself": (
        """ex:e a prov:Entity ; prov:wasGeneratedBy ex:a ; prov:generatedAtTime "2024-01-01T00:00:00Z"^^xsd:dateTime ;
        prov:invalidatedAtTime "2025-01-01T00:00:00Z"^^xsd:dateTime .""",
        """entity(ex:e) wasGeneratedBy(ex:e, ex:a, 2024-01-01T00:00:00Z)
        wasInvalidatedBy(ex:e, -, 2025-01-01T00:00:00Z)""",
    ),
    "an activity and its times": (
        """ex:a a prov:Activity ; prov:startedAtTime "2024-01-01T00:00:00+02:00"^^xsd:dateTime ;
        prov:endedAtTime "2024-01-01T00:00:01"^^xsd:dateTime .""",
        "activity(ex:a, 2024-01-01T00:00:00+02:00, 2024-01-01T00:00:01)",
    ),
    "a time that is none stays as it is": (
        'ex:a a prov:Activity ; prov:startedAtTime "noon" .', 'activity(ex:a, [prov:startedAtTime="noon"])',
    ),
    "subclasses tell the kind": (
        """ex:p a prov:Person ; foaf:name "Ada" . ex:c a prov:Collection . ex:b a prov:Bundle . ex:o a prov:Agent,
        prov:Organization . ex:m a mls:Model .""",
        """agent(ex:p, [prov:type='prov:Person', foaf:name="Ada"]) entity(ex:c, [prov:type='prov:Collection'])
        entity(ex:b, [prov:type='prov:Bundle']) agent(ex:o, [prov:type='prov:Organization'])
        entity(ex:m, [prov:type='mls:Model'])""",
    ),
    "a person that is said to be an entity is no agent": (
        "ex:p a prov:Entity, prov:Person .", "entity(ex:p, [prov:type='prov:Person'])",
    ),
    "relations tell the kind of what is described": (
        'ex:a prov:used ex:e ; foaf:name "run" . ex:e foaf:name "data" .',
        'activity(ex:a, -, -, [foaf:name="run"]) entity(ex:e, [foaf:name="data"]) used(ex:a, ex:e, -)',
    ),
    "what nobody classes is an entity": ("ex:x foaf:name 'x' .", 'entity(ex:x, [foaf:name="x"])'),
    "a node without what it needs stays an attribute": (
        "ex:e a prov:Entity ; prov:qualifiedAttribution ex:n . ex:n ex:k 'v' .",
        "entity(ex:e, [prov:qualifiedAttribution='ex:n']) entity(ex:n, [ex:k=\"v\"])",
    ),
    "a text where a thing is expected": ('ex:a a prov:Activity ; prov:used "x" .', 'activity(ex:a, [prov:used="x"])'),
    "bundles": (
        "ex:b a prov:Bundle . ex:b { ex:e a prov:Entity . ex:e prov:mentionOf ex:f ; prov:asInBundle ex:c . }",
        """entity(ex:b, [prov:type='prov:Bundle'])
        bundle ex:b entity(ex:e) mentionOf(ex:e, ex:f, ex:c) endBundle""",
    ),
    "a mention of no bundle is a specialization": ("ex:e prov:mentionOf ex:f .", "specializationOf(ex:e, ex:f)"),
    "names and texts": (
        """ex:e a prov:Entity, ex:T ; prov:type "t" ; rdfs:label "E", "Ä"@de-ch ; prov:value 1.5e0 ; ex:l ex:x ;
        ex:old "1"^^<http://www.w3.org/2000/10/XMLSchema#date> .""",
        """entity(ex:e, [prov:type='ex:T', prov:type="t", prov:label="E", prov:label="Ä"@de-CH, ex:l='ex:x',
        prov:value="1.5e0" %% xsd:double, ex:old="1" %% xsd:date])""",
    ),
    "begat's own edges": (
        "ex:a begat:hasSetting ex:s ; prov:wasInfluencedBy ex:s .",
        "wasInfluencedBy(ex:a, ex:s, [prov:type='begat:hasSetting'])",
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_what_a_document_says(story: str) -> None:
    turtle, expected = STORIES[story]
    assert read(turtle) == records(expected)


def remarks(turtle: str) -> list[str]:
    return said((TURTLE + turtle).encode(), "trig", "default").remarks


def test_what_is_kept_otherwise_or_not_is_counted() -> None:
    assert remarks("ex:a prov:used ex:e . ex:e a prov:Entity .") == []
    assert remarks("ex:x foaf:name 'x' . ex:y foaf:name 'y' .") == [
        "2 things without a class of PROV-O, kept as entities"
    ]
    assert remarks("ex:a begat:dependsOn ex:b . ex:a prov:wasInfluencedBy ex:b .") == [
        "1 edges begat:dependsOn, which are derived"
    ]
    assert remarks("ex:e a prov:Entity ; ex:says <<( ex:a ex:b ex:c )>> .") == ["1 triples about triples"]


def test_a_blank_node_that_is_a_thing_has_a_name_that_stays() -> None:
    turtle = "ex:e prov:wasAttributedTo [ a prov:Agent ; foaf:name 'Ada' ] ."
    name = attributed(turtle)
    assert name.startswith("https://w3id.org/.well-known/genid/begat/")
    assert attributed(turtle) == name
    assert attributed(turtle + " ex:f a prov:Entity .") != name, "another document, another node"


def attributed(turtle: str) -> str:
    found = prov_o.read((TURTLE + turtle).encode(), "turtle")
    return next(r.arguments["target"] for r in found if isinstance(r, Related))


def test_prefixes_are_known_afterwards() -> None:
    heading, *_ = prov_o.read((TURTLE + "ex:e a prov:Entity .").encode(), "turtle")
    assert isinstance(heading, Heading)
    assert heading.prefixes == PREFIXES


NAMESPACE = (
    '<!DOCTYPE rdf:RDF [<!ENTITY ex "http://example.org/">]><rdf:RDF xmlns:prov="http://www.w3.org/ns/prov#" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><prov:Entity rdf:about="&ex;e"/></rdf:RDF>'
)


def test_an_entity_of_xml_may_be_a_namespace() -> None:
    assert lines(prov_o.read(NAMESPACE.encode(), "rdf-xml")) == {"entity(ex:e)"}


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a "b"><!ENTITY c "&a;&a;">', '<!ENTITY % a "b">', '<!ENTITY a "' + "b" * 1000 + '">']
)
def test_entities_that_make_a_document_grow_are_refused(entity: str) -> None:
    document = f"<!DOCTYPE a [{entity}]><a>{'&a;' * 10_000}</a>"
    with pytest.raises(FormatError, match="line 1: entities that make a document grow are not expanded"):
        list(prov_o.read(document.encode(), "rdf-xml"))


@pytest.mark.parametrize("predicate", ["ex:k", "prov:entity"])
def test_a_node_of_many_relations_is_refused_where_it_says_much(predicate: str) -> None:
    node = "ex:n a prov:Usage ; " + " ; ".join(f"{predicate} ex:v{n}" for n in range(2000))
    links = " ".join(f"ex:a{n} prov:qualifiedUsage ex:n ." for n in range(2000))
    with pytest.raises(FormatError, match=r"<http://example\.org/n> qualifies too many relations for what it says"):
        list(prov_o.read(f"{TURTLE}{node} . {links}".encode(), "turtle"))


def test_a_node_of_two_relations_is_both() -> None:
    turtle = "ex:n prov:entity ex:e ; ex:k 'v' . ex:a prov:qualifiedUsage ex:n . ex:b prov:qualifiedUsage ex:n ."
    assert read(turtle) == records('used(ex:n; ex:a, ex:e, -, [ex:k="v"]) used(ex:n; ex:b, ex:e, -, [ex:k="v"])')


def test_many_mentions_and_many_targets_are_read() -> None:
    mentions = " ".join(f"ex:e prov:mentionOf ex:m{n} ; prov:asInBundle ex:b{n} ." for n in range(20_000))
    targets = "ex:a prov:qualifiedUsage ex:n . ex:n prov:entity " + ", ".join(f"ex:e{n}" for n in range(20_000))
    found = list(prov_o.read(f"{TURTLE}{mentions} {targets} .".encode(), "turtle"))
    assert sum(isinstance(r, Related) for r in found) == 40_000
