"""What a form cannot hold, or the oracle does not read: each of docs/reference/conformance.md, with its reason."""

import prov.model as pm
import pytest

from begat.graph_schema.documents.records import Record, Related, Thing
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
