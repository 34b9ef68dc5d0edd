"""PROV-O comes out of a store as it went in, in every form of RDF; what RDF itself does not tell apart is told here."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import prov.model as pm
import pytest
from hypothesis import assume, given, settings

from begat.graph_schema.documents.records import Record, Related
from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import open_store
from begat.ingest.documents import prov_json as read_json
from begat.ingest.documents import prov_o
from begat.queries.documents import prov_json as write_json
from begat.queries.documents.export import FORMS
from tests.conformance.documents import documents
from tests.conformance.test_round_trips import SLOW, held

#: Those that have named graphs, and those that have one graph.
BUNDLES = ("trig", "n-quads", "json-ld")
ONE = ("turtle", "n-triples", "rdf-xml")


def told_apart(records: Iterable[Record]) -> Iterator[Record]:
    """Without what RDF does not tell: an edge beside a node that says the same and more, a second mention."""
    every = list(records)
    nodes = {_edge(x) for x in every if isinstance(x, Related) and _is_more(x)}
    mentions: set[tuple[str, str]] = set()
    for x in every:
        if isinstance(x, Related):
            if not _is_more(x) and _edge(x) in nodes:
                continue
            if x.relation == "mentionOf":
                subject = (x.bundle, x.arguments["source"])
                if subject in mentions:
                    continue
                mentions.add(subject)
        yield x


def _edge(x: Related) -> tuple[str, ...]:
    return x.bundle, x.relation, x.arguments["source"], x.arguments.get("target", "")


def _is_more(x: Related) -> bool:
    more = len(x.arguments) > 2 and x.relation != "mentionOf"
    return more or x.id is not None or x.time is not None or bool(x.attributes)


def json_of(records: Iterable[Record]) -> pm.ProvDocument:
    return pm.ProvDocument.deserialize(content=write_json.write(records).decode())


def given_records(document: pm.ProvDocument) -> list[Record]:
    read = read_json.read((document.serialize(format="json") or "").encode())
    return list(told_apart(held(open_store("memory:"), read)))


def through(records: list[Record], form: str) -> list[Record]:
    """Records written in a form, read, and held by a store."""
    data = b"".join(FORMS[form](records, {}))
    return list(held(open_store("memory:"), prov_o.read(data, form)))


@pytest.mark.parametrize("form", BUNDLES)
@settings(max_examples=60, suppress_health_check=SLOW)
@given(document=documents())
def test_any_document_comes_back_from_a_form_with_bundles(form: str, document: pm.ProvDocument) -> None:
    records = given_records(document)
    assert json_of(through(records, form)) == json_of(records)


@pytest.mark.parametrize("form", ONE)
@settings(max_examples=30, suppress_health_check=SLOW)
@given(document=documents())
def test_any_document_comes_back_from_a_form_with_one_graph(form: str, document: pm.ProvDocument) -> None:
    records = [r for r in given_records(document) if not r.bundle]
    try:
        back = through(records, form)
    except UsageError:
        assert form == "rdf-xml"
        assume(False)
    assert json_of(back) == json_of(records)


@settings(max_examples=10, suppress_health_check=SLOW)
@given(document=documents())
def test_also_from_the_embedded_store(tmp_path_factory: pytest.TempPathFactory, document: pm.ProvDocument) -> None:
    records = given_records(document)
    folder: Path = tmp_path_factory.mktemp("store")
    store = open_store(f"sqlite:///{folder}/graph.db")
    out = list(held(store, prov_o.read(b"".join(FORMS["trig"](records, {})), "trig")))
    store.close()
    assert json_of(out) == json_of(records)
