"""PROV-JSONLD as what it is besides: JSON-LD 1.1, by the submission's context as the `prov` library ships it."""

import json
import re
from typing import Any

import prov.model as pm
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from prov.serializers.provjsonld import load_vendored_context

from begat.graph_schema.documents.jsonld_terms import CONTEXT, TERMS
from begat.graph_schema.documents.records import QUALIFIED_NAME, Heading, Record, Related, Thing
from begat.ingest.documents import prov_json as read_json
from begat.ingest.documents import prov_jsonld as read_jsonld
from begat.ingest.documents import prov_n as read_n
from begat.queries.documents import prov_jsonld as write_jsonld
from tests.conformance.documents import documents
from tests.conformance.test_round_trips import SLOW

E = "http://example.org/"


def written(*records: Record) -> str:
    return b"".join(write_jsonld.write(records, {"ex": E})).decode()


def resolved(text: str) -> str:
    """A document with the context itself instead of its address, which nobody fetches."""
    document = json.loads(text)
    assert document["@context"][1] == CONTEXT
    document["@context"][1] = load_vendored_context()
    return json.dumps(document)


def canonical(data: str | bytes, form: ox.RdfFormat) -> ox.Dataset:
    """RDF whose blank nodes are named by what is said of them."""
    dataset = ox.Dataset(ox.parse(data, form))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def test_an_example_is_the_prov_o_that_it_stands_for() -> None:
    text = f"""
      document
        prefix ex <{E}>
        entity(ex:data, [prov:label="data"@en, prov:value="5" %% xsd:int])
        entity(ex:report, [prov:type='prov:Plan', ex:pages=12])
        activity(ex:write, 2024-01-31T12:00:00Z, -)
        agent(ex:derek, [prov:type='prov:Person'])
        used(ex:u1; ex:write, ex:data, 2024-01-31T12:30:00Z, [prov:role='ex:input'])
        wasGeneratedBy(ex:report, ex:write, -)
        wasDerivedFrom(ex:report, ex:data, ex:write, -, ex:u1)
        wasAssociatedWith(ex:write, ex:derek, ex:report)
        hadMember(ex:all, ex:report)
        bundle ex:b
          specializationOf(ex:report, ex:draft)
        endBundle
      endDocument"""
    expected = f"""
      @prefix ex: <{E}> .
      @prefix prov: <http://www.w3.org/ns/prov#> .
      @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
      @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
      @prefix ext: <https://openprovenance.org/ns/provext#> .
      ex:data a prov:Entity ; rdfs:label "data"@en ; prov:value "5"^^xsd:int .
      ex:report a prov:Entity, prov:Plan ; ex:pages "12"^^xsd:int ;
        prov:qualifiedGeneration [ a prov:Generation ; prov:activity ex:write ] ;
        prov:qualifiedDerivation
          [ a prov:Derivation ; prov:entity ex:data ; prov:hadActivity ex:write ; prov:hadUsage ex:u1 ] .
      ex:write a prov:Activity ; prov:startedAtTime "2024-01-31T12:00:00Z"^^xsd:dateTime ;
        prov:qualifiedUsage ex:u1 ;
        prov:qualifiedAssociation [ a prov:Association ; prov:agent ex:derek ; prov:hadPlan ex:report ] .
      ex:u1 a prov:Usage ; prov:entity ex:data ; prov:hadRole ex:input ;
        prov:atTime "2024-01-31T12:30:00Z"^^xsd:dateTime .
      ex:derek a prov:Agent, prov:Person .
      ex:all ext:qualifiedMembership [ a ext:Membership ; ext:member ex:report ] .
      ex:b a prov:Bundle .
      ex:b {{ ex:report ext:qualifiedSpecialization [ a ext:Specialization ; ext:generalEntity ex:draft ] . }}"""
    out = written(*(r for r in read_n.read(text) if not isinstance(r, Heading)))
    assert canonical(resolved(out), ox.RdfFormat.JSON_LD) == canonical(expected, ox.RdfFormat.TRIG)


def by_rdflib(data: str | bytes, form: str) -> ox.Dataset:
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=form)
    return canonical(dataset.serialize(format="nquads"), ox.RdfFormat.N_QUADS)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib warns of itself
@settings(max_examples=30, suppress_health_check=SLOW)
@given(document=documents())
def test_any_document_is_json_ld_that_others_read_alike(document: pm.ProvDocument) -> None:
    text = (document.serialize(format="json") or "").replace('"de-CH"', '"de-ch"')  # in RDF their case does not count
    out = resolved(written(*(r for r in read_json.read(text.encode()) if not isinstance(r, Heading))))
    quads = ox.serialize(ox.parse(out, ox.RdfFormat.JSON_LD), format=ox.RdfFormat.N_QUADS)
    assert by_rdflib(out, "json-ld") == by_rdflib(quads or b"", "nquads")


#: What each object may have by the submission's schema, beside type, label and names with a prefix.
SHAPES = {
    "Entity": {"value", "location"}, "Activity": {"startTime", "endTime", "location"}, "Agent": {"location"},
    "Usage": {"entity", "activity", "time", "role", "location"},
    "Generation": {"entity", "activity", "time", "role", "location"},
    "Invalidation": {"entity", "activity", "time", "role", "location"},
    "Start": {"activity", "starter", "trigger", "time", "role", "location"},
    "End": {"activity", "ender", "trigger", "time", "role", "location"},
    "Attribution": {"entity", "agent"}, "Association": {"activity", "agent", "plan", "role"},
    "Delegation": {"delegate", "responsible", "activity"}, "Communication": {"informant", "informed"},
    "Derivation": {"activity", "generation", "usage", "generatedEntity", "usedEntity"},
    "Alternate": {"alternate1", "alternate2"}, "Specialization": {"generalEntity", "specificEntity"},
    "Membership": {"entity", "collection"}, "Influence": {"influencer", "influencee"},
}  # fmt: skip
LISTS = {"type", "label", "role", "location", "value"}


@settings(max_examples=30, suppress_health_check=SLOW)
@given(document=documents())
def test_any_document_has_the_shape_of_the_schema(document: pm.ProvDocument) -> None:
    text = document.serialize(format="json") or ""
    out = json.loads(written(*(r for r in read_json.read(text.encode()) if not isinstance(r, Heading))))
    assert out.keys() == {"@context", "@graph"}
    assert all(isinstance(iri, str) for iri in out["@context"][0].values())
    for held in out["@graph"]:
        if held["@type"] == "Bundle":
            assert held.keys() == {"@type", "@id", "@context", "@graph"}
        for one in held.get("@graph", [held]):
            terms = SHAPES[one["@type"]] | {"type", "label"}
            for key, value in one.items():
                assert key in terms or key in ("@type", "@id") or re.match("[A-Za-z0-9_]+:", key)
                if key in LISTS or ":" in key:
                    assert all(is_value(v, key) for v in value)
                else:
                    assert isinstance(value, str)


def is_value(held: Any, key: str) -> bool:
    """A name, a text, a text with its language or, where it is no label, with its type."""
    if isinstance(held, str):
        return key != "label"
    keys = [{"@value"}, {"@value", "@language"}, *([] if key == "label" else [{"@value", "@type"}])]
    return held.keys() in keys and all(isinstance(v, str) for v in held.values())


def of(*objects: dict[str, Any], context: Any = None) -> list[Record]:
    """The records of a document."""
    text = json.dumps({"@context": context or [{"ex": E, "@vocab": "urn:d:"}, CONTEXT], "@graph": objects})
    return [r for r in read_jsonld.read(text.encode()) if not isinstance(r, Heading)]


def test_a_mention_is_a_specialization_with_its_bundle_beside_it() -> None:
    mention = Related("mentionOf", {"source": E + "a", "target": E + "b", "bundle": E + "c"})
    text = written(mention)
    assert json.loads(text)["@graph"] == [
        {
            "@type": "Specialization", "specificEntity": "ex:a", "generalEntity": "ex:b",
            "prov:asInBundle": [{"@value": "ex:c", "@type": "prov:QUALIFIED_NAME"}],
        }
    ]  # fmt: skip
    assert [r for r in read_jsonld.read(text.encode()) if isinstance(r, Related)] == [mention]


def test_members_may_stand_together() -> None:
    told = of({"@type": "Membership", "collection": "ex:all", "entity": ["ex:a", "ex:b"]})
    assert told == [Related("hadMember", {"source": E + "all", "target": E + n}) for n in "ab"]


def test_values_may_be_written_in_several_ways() -> None:
    held = {
        "@type": "prov:Entity", "@id": "thing", "type": ["prov:Plan", {"@id": "ex:type"}], "label": "a",
        "prov:value": [{"@value": "1", "@type": "xsd:int"}, 1.5, True],
        "ex:k": [{"@value": "ex:a", "@type": "xsd:QName"}, {"@value": "b", "@language": "de"}, "ex:c", {"@value": 2}],
    }  # fmt: skip
    (thing,) = of(held)
    prov, name = "http://www.w3.org/ns/prov#", QUALIFIED_NAME
    assert thing == Thing("Entity", "urn:d:thing", [
        (prov + "type", {"$": prov + "Plan", "type": name}), (prov + "type", {"$": E + "type", "type": name}),
        (prov + "label", "a"), (prov + "value", 1), (prov + "value", 1.5), (prov + "value", True),
        (E + "k", {"$": E + "a", "type": name}), (E + "k", {"$": "b", "lang": "de"}), (E + "k", "ex:c"), (E + "k", 2),
    ])  # fmt: skip


@pytest.mark.parametrize("type_", ["provext:QualifiedSpecialization", "prov:Specialization", "Specialization"])
def test_types_may_have_the_prefixes_of_drafts(type_: str) -> None:
    (told,) = of({"@type": type_, "specificEntity": "ex:a", "generalEntity": "ex:b"})
    assert told == Related("specializationOf", {"source": E + "a", "target": E + "b"})


def test_the_context_may_be_in_the_document() -> None:
    told = of({"@type": "Agent", "@id": "ex:a"}, context=[{"ex": E}, load_vendored_context()])
    assert told == [Thing("Agent", E + "a")]


def test_prefixes_that_are_words_of_the_context_are_not_used() -> None:
    assert {"entity", "type", "Usage"} <= TERMS
    thing = Thing("Entity", E + "a", [("urn:t#k", "1")])
    text = b"".join(write_jsonld.write([thing], {"type": E, "a-b": "urn:t#"})).decode()
    assert json.loads(text)["@context"][0] == {"ns1": E, "ns2": "urn:t#"}
    said = canonical(resolved(text), ox.RdfFormat.JSON_LD).quads_for_predicate(ox.NamedNode("urn:t#k"))
    assert [str(quad.object) for quad in said] == ['"1"']
