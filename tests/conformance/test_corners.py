"""Corners of documents, each a story: what stands in one, and what the graph says of it."""

from collections.abc import Iterator

import prov.model as pm
import pytest

from begat.graph_schema.documents.mapping import statements, told
from begat.graph_schema.documents.records import QUALIFIED_NAME, TYPE, Heading, Record, Related, Thing
from begat.graph_schema.errors import UsageError
from begat.graph_schema.events import Value
from begat.graph_schema.statements import Context, Position, Relation
from begat.graph_schema.store import Batch, Store, open_store
from begat.ingest.documents import prov_json as read_json
from begat.ingest.documents import prov_n as read_n
from begat.ingest.documents import prov_xml as read_xml
from begat.ingest.documents.load import said
from begat.queries.documents import prov_n as write_n
from begat.queries.documents import prov_xml as write_xml
from begat.queries.subgraph import subgraph

E = "http://example.org/"
PROV = "http://www.w3.org/ns/prov#"
EX = "document\n  prefix ex <http://example.org/>\n"


def store_of(text: str) -> Store:
    """A store that has taken a document in PROV-N."""
    store = open_store("memory:")
    records = [r for r in read_n.read(text) if not isinstance(r, Heading)]
    store.write(Batch([s for r in records for s in statements(r, "default")]))
    store.settle()
    return store


def out(store: Store) -> Iterator[Record]:
    return (record for scanned in store.scan() for record in told(scanned))


@pytest.mark.parametrize("keyword", ["prov:mentionOf", "mentionOf"])
def test_a_mention_is_a_specialization_that_lineage_follows(keyword: str) -> None:
    store = store_of(f"{EX} entity(ex:seen) entity(ex:thing) {keyword}(ex:seen, ex:thing, ex:bundle) endDocument")
    rows = subgraph(store, "http://example.org/seen", side="up").rows
    assert {str(r["id"]) for r in rows if r["part"] == "node"} == {"http://example.org/seen", "http://example.org/thing"}
    text = "".join(write_n.write(out(store), {"ex": "http://example.org/"}))
    assert "prov:mentionOf(ex:seen, ex:thing, ex:bundle)" in text
    mention = list(pm.ProvDocument.deserialize(content=text, format="provn").get_records(pm.ProvMention))
    assert len(mention) == 1


def test_a_mention_and_the_specialization_of_the_same_two_are_two() -> None:
    store = store_of(EX + "specializationOf(ex:a, ex:b) mentionOf(ex:a, ex:b, ex:c) endDocument")
    assert sorted(r.relation for r in out(store) if isinstance(r, Related)) == ["mentionOf", "specializationOf"]


def test_a_generation_that_its_derivations_explain_stays_one() -> None:
    here = Context("default", "")
    saved = Relation(here, Position(None, "", 0), "wasGeneratedBy", "http://e/model", "http://e/save", exact=True)
    (record,) = told(saved)
    assert list(statements(record, "default")) == [saved]


def of_xml(inner: str, declared: str = "") -> list[Record]:
    """The records of a document in PROV-XML."""
    text = f'<p:document xmlns:p="{PROV}" xmlns:ex="{E}" {declared}>{inner}</p:document>'
    return [r for r in read_xml.read(text.encode()) if not isinstance(r, Heading)]


def typed(iri: str) -> tuple[str, Value]:
    return TYPE, {"$": iri, "type": QUALIFIED_NAME}


@pytest.mark.parametrize(
    ("element", "kind", "type_"),
    [
        ("person", "Agent", "Person"), ("organization", "Agent", "Organization"),
        ("softwareAgent", "Agent", "SoftwareAgent"), ("plan", "Entity", "Plan"), ("bundle", "Entity", "Bundle"),
        ("collection", "Entity", "Collection"), ("emptyCollection", "Entity", "EmptyCollection"),
    ],
)  # fmt: skip
def test_an_element_of_xml_may_be_a_type(element: str, kind: str, type_: str) -> None:
    (thing,) = of_xml(f'<p:{element} p:id="ex:a"/>')
    assert thing == Thing(kind, E + "a", [typed(PROV + type_)])


@pytest.mark.parametrize(
    ("element", "type_"),
    [("wasRevisionOf", "Revision"), ("wasQuotedFrom", "Quotation"), ("hadPrimarySource", "PrimarySource")],
)
def test_a_revision_is_a_derivation_of_that_type(element: str, type_: str) -> None:
    inner = '<p:generatedEntity p:ref="ex:b"/><p:usedEntity p:ref="ex:a"/>'
    (derived,) = of_xml(f'<p:{element} p:id="ex:d">{inner}</p:{element}>')
    ends = {"source": E + "b", "target": E + "a"}
    assert derived == Related("wasDerivedFrom", ends, E + "d", None, [typed(PROV + type_)])


def test_a_record_may_have_its_type_as_schema_types_have_it() -> None:
    (thing,) = of_xml('<p:entity p:id="ex:a" x:type="p:Plan"/>', 'xmlns:x="http://www.w3.org/2001/XMLSchema-instance"')
    assert thing == Thing("Entity", E + "a", [typed(PROV + "Plan")])


def test_members_of_a_collection_may_stand_together() -> None:
    members = "".join(f'<p:entity p:ref="ex:{n}"/>' for n in "abc")
    # The last way is ProvToolbox's: a reference within a reference.
    within = '<p:entity><p:entity p:ref="ex:d"/></p:entity>'
    told = of_xml(f'<p:hadMember><p:collection p:ref="ex:all"/>{members}{within}</p:hadMember>')
    assert told == [Related("hadMember", {"source": E + "all", "target": E + n}) for n in "abcd"]


def test_names_are_those_of_where_they_stand() -> None:
    inner = f"""
      <entity xmlns="{PROV}" p:id="ex:a"><ex:seen xmlns:ex="urn:x:" xmlns:t="urn:t:">1</ex:seen></entity>
      <p:entity p:id="b" xmlns="urn:d:"/>"""
    assert of_xml(inner) == [Thing("Entity", E + "a", [("urn:x:seen", "1")]), Thing("Entity", "urn:d:b")]


def test_what_is_not_prov_in_a_document_of_xml_is_passed_over() -> None:
    text = f'<p:document xmlns:p="{PROV}"><p:other/><p:other/></p:document>'
    assert said(text.encode(), "prov-xml", "default").remarks == [
        "2 elements <prov:other> were passed over: they are not PROV"
    ]
    told = of_xml('<p:other><ex:a><ex:b>text</ex:b></ex:a></p:other><p:entity p:id="ex:a"/>')
    assert told == [Thing("Entity", E + "a")]


@pytest.mark.parametrize("text", ["a\r\nb", "]]>", "<&>\"'", " two ", "\t", "\u0085\u2028", "_x0041_", "&amp;"])
def test_text_in_xml_is_what_it_was(text: str) -> None:
    thing = Thing("Entity", E + "a", [(E + "k", text), (E + "k", {"$": text, "lang": "en"}), (PROV + "label", text)])
    (read,) = [r for r in read_xml.read("".join(write_xml.write([thing])).encode()) if isinstance(r, Thing)]
    assert sorted(map(str, read.attributes)) == sorted(map(str, thing.attributes))


@pytest.mark.parametrize(
    "iri",
    [
        E + "1st", E + "v1.2", E + "Zürich", E + "Zürich/1", E + "a%20b", E + "123", E, "urn:uuid:0190-12", "urn:a:b#",
        E + "_x0041_", E + "_x0041_/1", E + "a,b(c)'d", "wandb:x%20y", E + "\U0001f9ea",
    ],
)  # fmt: skip
def test_names_that_xml_has_not_come_back(iri: str) -> None:
    text = "".join(write_xml.write([Thing("Entity", iri, [(iri, "1")])]))
    (thing,) = [r for r in read_xml.read(text.encode()) if isinstance(r, Thing)]
    assert (thing.id, thing.attributes) == (iri, [(iri, "1")])
    theirs = next(iter(pm.ProvDocument.deserialize(content=text, format="xml").get_records(pm.ProvEntity)))
    assert [str(theirs.identifier and theirs.identifier.uri), *(key.uri for key, _ in theirs.attributes)] == [iri, iri]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ufffe"])
def test_signs_that_xml_has_not_are_refused(sign: str) -> None:
    with pytest.raises(UsageError, match=f"{E}k: there is the sign U\\+{ord(sign):04X} in .*: export in another form"):
        list(write_xml.write([Thing("Entity", E + "a", [(E + "k", f"red {sign}")])]))


def test_a_time_that_an_entity_has_is_an_attribute_of_it() -> None:
    thing = Thing("Entity", E + "a", [(PROV + "startTime", "once")])
    store = open_store("memory:")
    store.write(Batch(list(statements(thing, "default"))))
    assert list(out(store)) == [thing]


def test_a_time_that_a_relation_without_time_has_is_an_attribute_of_it() -> None:
    informed = Related("wasInformedBy", {"source": E + "b", "target": E + "a"}, attributes=[(PROV + "time", "once")])
    store = open_store("memory:")
    store.write(Batch(list(statements(informed, "default"))))
    assert [r for r in out(store) if isinstance(r, Related)] == [informed]


def test_of_members_of_json_that_stand_twice_the_last_counts() -> None:
    """As every reader of JSON has it; the prefixes may stand behind what they are for."""
    text = b"""{"entity": {"ex:gone": {}}, "agent": {"ex:ada": {"prov:label": "Ada"}},
        "entity": {"ex:a": {"prov:label": "first", "prov:label": "second"}, "ex:b": {},
            "ex:a": {"prov:label": "third"}},
        "prefix": {"ex": "http://example.org/"}}"""
    things = [(r.id, r.attributes) for r in read_json.read(text) if isinstance(r, Thing)]
    assert things == [
        ("http://example.org/a", [("http://www.w3.org/ns/prov#label", "third")]), ("http://example.org/b", []),
        ("http://example.org/ada", [("http://www.w3.org/ns/prov#label", "Ada")]),
    ]  # fmt: skip
