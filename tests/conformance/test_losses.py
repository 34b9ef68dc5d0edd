"""What a form cannot hold, or the oracle does not read: each of docs/reference/conformance.md, with its reason."""

import prov.model as pm
import pytest

from begat.graph_schema.documents.records import QUALIFIED_NAME, Record, Related, Thing
from begat.graph_schema.errors import UsageError
from begat.ingest.documents.forms import FORMS as READ
from begat.queries.documents.export import FORMS as WRITE

E = "http://example.org/"


def again(form: str, *records: Record) -> list[Record]:
    """Records, written and read."""
    data = b"".join(WRITE[form](records, {}))
    return [r for r in READ[form].read(data) if isinstance(r, Record)]


@pytest.mark.xfail(reason="XML 1.0 has no control characters (section 2.2)", raises=UsageError)
def test_a_control_character_in_xml() -> None:
    thing = Thing("Entity", E + "a", [(E + "k", "\x1b[31mred")])
    assert again("prov-xml", thing) == [thing]


@pytest.mark.xfail(reason="PROV-JSONLD has no term for mentionOf: it is a specialization, which prov reads it as")
def test_a_mention_in_json_ld_by_prov() -> None:
    mention = Related("mentionOf", {"source": E + "a", "target": E + "b", "bundle": E + "c"})
    assert again("prov-jsonld", mention) == [mention]
    text = b"".join(WRITE["prov-jsonld"]([mention], {}))
    assert list(pm.ProvDocument.deserialize(content=text, format="jsonld").get_records(pm.ProvMention))


@pytest.mark.xfail(reason="prov writes an entity of the type prov:Person as <prov:person>, which is an agent")
def test_a_person_that_is_an_entity_by_prov_in_xml() -> None:
    document = pm.ProvDocument()
    document.add_namespace("ex", E)
    document.entity("ex:a", {"prov:type": pm.PROV["Person"]})
    assert pm.ProvDocument.deserialize(content=document.serialize(format="xml"), format="xml") == document


RDF = ("n-quads", "trig", "json-ld", "turtle", "n-triples", "rdf-xml")
AN_EDGE = {"source": E + "a", "target": E + "b"}


@pytest.mark.xfail(reason="RDF: an edge that a node tells is not told twice", strict=True)
@pytest.mark.parametrize("form", RDF)
def test_a_usage_beside_one_of_which_more_is_known(form: str) -> None:
    bare, more = Related("used", AN_EDGE), Related("used", AN_EDGE, attributes=[(E + "k", 1)])
    assert again(form, more, bare) == [more, bare]


@pytest.mark.xfail(reason="RDF: prov:asInBundle is of the entity, not of its mention", strict=True)
@pytest.mark.parametrize("form", RDF)
def test_two_mentions_by_one_entity(form: str) -> None:
    mentions = [Related("mentionOf", {"source": E + "a", "target": E + n, "bundle": E + n}) for n in ("b", "c")]
    assert again(form, *mentions) == mentions


@pytest.mark.xfail(reason="RDF: a property has one meaning, whoever uses it", strict=True)
@pytest.mark.parametrize("form", RDF)
def test_an_attribute_that_is_named_as_a_relation(form: str) -> None:
    thing = Thing("Activity", E + "a", [("http://www.w3.org/ns/prov#used", {"$": E + "b", "type": QUALIFIED_NAME})])
    assert again(form, thing) == [thing]


@pytest.mark.xfail(reason="RDF: a class is of a thing, whether as its kind or as its type", strict=True)
@pytest.mark.parametrize("form", RDF)
def test_an_entity_of_the_type_agent(form: str) -> None:
    kind = {"$": "http://www.w3.org/ns/prov#Agent", "type": QUALIFIED_NAME}
    thing = Thing("Entity", E + "a", [("http://www.w3.org/ns/prov#type", kind)])
    assert again(form, thing) == [thing]


@pytest.mark.xfail(reason="RDF 1.1, section 3.3: language tags may be lower-cased", strict=True)
@pytest.mark.parametrize("form", RDF)
def test_a_language_tag_in_other_letters(form: str) -> None:
    thing = Thing("Entity", E + "a", [(E + "k", {"$": "colour", "lang": "EN-gb"})])
    assert again(form, thing) == [thing]


@pytest.mark.xfail(reason="rdfs:label is what PROV-O calls prov:label", strict=True)
@pytest.mark.parametrize("form", RDF)
def test_a_label_that_is_not_of_prov(form: str) -> None:
    thing = Thing("Entity", E + "a", [("http://www.w3.org/2000/01/rdf-schema#label", "A")])
    assert again(form, thing) == [thing]


@pytest.mark.xfail(reason="RDF/XML: XML has no control characters, nor names of digits", raises=UsageError)
@pytest.mark.parametrize(("key", "value"), [(E + "k", "\x1b[31mred"), (E + "123", "a")])
def test_what_xml_has_no_way_to_write(key: str, value: str) -> None:
    thing = Thing("Entity", E + "a", [(key, value)])
    assert again("rdf-xml", thing) == [thing]
