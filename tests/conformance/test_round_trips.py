"""What goes in comes out, in every form: the `prov` library says what is equal."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import prov.model as pm
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from begat.graph_schema.documents.mapping import statements, told
from begat.graph_schema.documents.records import Heading, Record
from begat.graph_schema.store import Batch, Store, open_store
from begat.ingest.documents import prov_json as read_json
from begat.ingest.documents import prov_jsonld as read_jsonld
from begat.ingest.documents import prov_n as read_n
from begat.ingest.documents import prov_xml as read_xml
from begat.queries.documents import prov_json as write_json
from begat.queries.documents import prov_jsonld as write_jsonld
from begat.queries.documents import prov_n as write_n
from begat.queries.documents import prov_xml as write_xml
from tests.conformance.documents import documents

#: Documents are large things to draw.
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
Read = Callable[[str], Iterable[Heading | Record]]
Write = Callable[[Iterable[Record]], str]
FORMS: dict[str, tuple[Read, Write]] = {
    "json": (lambda text: read_json.read(text.encode()), lambda records: write_json.write(records).decode()),
    "xml": (lambda text: read_xml.read(text.encode()), lambda records: "".join(write_xml.write(records))),
    "jsonld": (lambda text: read_jsonld.read(text.encode()), lambda r: b"".join(write_jsonld.write(r)).decode()),
    "provn": (read_n.read, lambda records: "".join(write_n.write(records))),
}


def held(store: Store, records: Iterable[Heading | Record]) -> Iterator[Record]:
    """What a store tells of records that it was given."""
    store.write(Batch([s for r in records if not isinstance(r, Heading) for s in statements(r, "default")]))
    store.settle()
    return (record for scanned in store.scan() for record in told(scanned))


@pytest.mark.parametrize("written", FORMS)
@pytest.mark.parametrize("read", FORMS)
@settings(max_examples=30, suppress_health_check=SLOW)
@given(data=st.data())
def test_any_document_comes_out_of_a_store_as_it_went_in(read: str, written: str, data: st.DataObject) -> None:
    document = data.draw(documents(without="mentionOf" if "jsonld" in (read, written) else ""))
    text = document.serialize(format=read) or ""
    out = FORMS[written][1](held(open_store("memory:"), FORMS[read][0](text)))
    assert pm.ProvDocument.deserialize(content=out, format=written) == pm.ProvDocument.deserialize(
        content=text, format=read
    )


@settings(max_examples=60, suppress_health_check=SLOW)
@given(document=documents())
def test_what_is_written_in_any_form_is_read_as_it_was(document: pm.ProvDocument) -> None:
    records = list(held(open_store("memory:"), read_json.read((document.serialize(format="json") or "").encode())))
    for form, (read, write) in FORMS.items():
        again = [r for r in read(write(records)) if not isinstance(r, Heading)]
        assert sorted(map(told_whole, again)) == sorted(map(told_whole, records)), form


def told_whole(record: Record) -> str:
    """A record as text, whatever the order of its attributes."""
    return repr(replace(record, attributes=sorted(record.attributes, key=repr)))


@settings(max_examples=10, suppress_health_check=SLOW)
@given(document=documents(without="mentionOf"))
def test_also_from_the_embedded_store(tmp_path_factory: pytest.TempPathFactory, document: pm.ProvDocument) -> None:
    text = document.serialize(format="json") or ""
    folder: Path = tmp_path_factory.mktemp("store")
    store = open_store(f"sqlite:///{folder}/graph.db")
    records = list(held(store, FORMS["json"][0](text)))
    store.close()
    known = pm.ProvDocument.deserialize(content=text)
    for form, (_, write) in FORMS.items():
        assert pm.ProvDocument.deserialize(content=write(records), format=form) == known, form
