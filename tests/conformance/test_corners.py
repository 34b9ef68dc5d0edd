"""Corners of documents, each a story: what stands in one, and what the graph says of it."""

from collections.abc import Iterator

import prov.model as pm
import pytest

from begat.graph_schema.documents.mapping import statements, told
from begat.graph_schema.documents.records import Heading, Record, Related
from begat.graph_schema.statements import Context, Position, Relation
from begat.graph_schema.store import Batch, Store, open_store
from begat.ingest.documents import prov_n as read_n
from begat.queries.documents import prov_n as write_n
from begat.queries.subgraph import subgraph

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
