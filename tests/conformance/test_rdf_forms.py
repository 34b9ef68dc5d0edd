"""The forms of RDF say one and the same graph, by the reading of rdflib and of pyoxigraph."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping

import prov.model as pm
import pyoxigraph as ox
import pytest
from hypothesis import assume, given, settings
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.documents.records import QUALIFIED_NAME, Heading, Record, Related, Thing
from begat.graph_schema.errors import UsageError
from begat.graph_schema.terms import PROV
from begat.ingest.documents import prov_json
from begat.queries.documents.n_quads import n_quads, n_triples
from begat.queries.documents.rdf import json_ld, rdf_xml
from begat.queries.documents.turtle import trig, turtle
from tests.conformance.documents import documents
from tests.conformance.test_round_trips import SLOW

Write = Callable[[Iterable[Record], Mapping[str, str]], Iterator[bytes]]
EX = "http://example.org/"
F = ox.RdfFormat
#: With bundles, and without: the writer, and the form's names in both libraries.
WITH: dict[str, tuple[Write, F, str]] = {
    "trig": (trig, F.TRIG, "trig"),
    "n-quads": (n_quads, F.N_QUADS, "nquads"),
    "json-ld": (json_ld, F.JSON_LD, "json-ld"),
}
WITHOUT: dict[str, tuple[Write, F, str]] = {
    "turtle": (turtle, F.TURTLE, "turtle"),
    "n-triples": (n_triples, F.N_TRIPLES, "nt"),
    "rdf-xml": (rdf_xml, F.RDF_XML, "xml"),
}


def written(write: Write, records: Iterable[Record]) -> bytes:
    return b"".join(write(records, {"ex": EX, "odd prefix": "x:", "bad": "no iri"}))


def records_of(document: pm.ProvDocument) -> list[Record]:
    text = document.serialize(format="json") or ""
    return [r for r in prov_json.read(text.encode()) if not isinstance(r, Heading)]


@pytest.mark.parametrize("form", WITH)
@settings(max_examples=25, suppress_health_check=SLOW)
@given(document=documents())
def test_pyoxigraph_reads_the_same_in_each_form_with_bundles(form: str, document: pm.ProvDocument) -> None:
    write, name, _ = WITH[form]
    records = records_of(document)
    expected = set(ox.parse(b"".join(map(lines, records)), format=F.N_QUADS))
    assert set(ox.parse(written(write, records), format=name)) == expected


@pytest.mark.parametrize("form", WITHOUT)
@settings(max_examples=25, suppress_health_check=SLOW)
@given(document=documents())
def test_pyoxigraph_reads_the_same_in_each_form_without_bundles(form: str, document: pm.ProvDocument) -> None:
    write, name, _ = WITHOUT[form]
    records = [r for r in records_of(document) if not r.bundle]
    expected = set(ox.parse(b"".join(map(lines, records)), format=F.N_TRIPLES))
    try:
        data = written(write, records)
    except UsageError:
        assert form == "rdf-xml"
        assume(False)
    assert set(ox.parse(data, format=name)) == expected


def story() -> list[Record]:
    """Of everything something, twice: in no bundle, and in one."""
    kind = {"$": "https://w3id.org/begat/ns#hasSetting", "type": QUALIFIED_NAME}
    found: list[Record] = []
    for bundle in ("", EX + "bundle"):
        found += [
            Thing(
                "Entity", EX + "e",
                [
                    (PROV + "label", 'Grüße "\\\r\n\t🧪'), (EX + "k", 1), (EX + "k", {"$": "a", "lang": "en"}),
                    (EX + "typed", {"$": "1.50", "type": "http://www.w3.org/2001/XMLSchema#decimal"}),
                    (PROV + "type", {"$": EX + "a/b?c=d", "type": QUALIFIED_NAME}),
                ],
                bundle=bundle,
            ),
            Thing("Activity", "https://w3id.org/begat/id/run%201", [], "2024-01-01T00:00:00Z", bundle=bundle),
            Related("used", {"source": EX + "a.", "target": EX + "e"}, attributes=[(EX + "k", True)], bundle=bundle),
            Related("wasInfluencedBy", {"source": EX + "a", "target": EX + "s"}, None, None, [(PROV + "type", kind)],
                    bundle),
        ]  # fmt: skip
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib warns of itself
@pytest.mark.parametrize("form", WITH)
def test_rdflib_reads_the_same_in_each_form_with_bundles(form: str) -> None:
    write, _, name = WITH[form]
    expected, found = Dataset(), Dataset()
    expected.parse(io.BytesIO(b"".join(map(lines, story()))), format="nquads")
    found.parse(io.BytesIO(written(write, story())), format=name)
    assert set(found.quads()) == set(expected.quads())
    assert len(set(found.quads())) == 30


@pytest.mark.parametrize("form", WITHOUT)
def test_rdflib_reads_the_same_in_each_form_without_bundles(form: str) -> None:
    write, _, name = WITHOUT[form]
    expected, found = Graph(), Graph()
    records = [r for r in story() if not r.bundle]
    expected.parse(io.BytesIO(b"".join(map(lines, records))), format="nt")
    found.parse(io.BytesIO(written(write, records)), format=name)
    assert isomorphic(found, expected)
    assert len(found) == 15


def test_turtle_as_people_read_it() -> None:
    bundle = EX + "b"
    used = Related("used", {"source": EX + "a", "target": EX + "e"}, EX + "u", "2024-01-01T00:00:00Z", [], bundle)
    text = written(trig, [Thing("Entity", EX + "e", [(PROV + "label", "E"), (EX + "n", 1)], bundle=bundle), used])
    assert text.decode().endswith("""@prefix ex: <http://example.org/> .

ex:b {

ex:e a prov:Entity ;
    rdfs:label "E" ;
    ex:n "1"^^xsd:int .

ex:a prov:used ex:e ;
    prov:qualifiedUsage ex:u .

ex:u a prov:Usage ;
    prov:entity ex:e ;
    prov:atTime "2024-01-01T00:00:00Z"^^xsd:dateTime .
}
""")


@pytest.mark.parametrize("form", WITHOUT)
def test_a_form_with_one_graph_has_no_bundles(form: str) -> None:
    with pytest.raises(UsageError, match=f"{form} has one graph, and <{EX}b> is a bundle: n-quads, trig and json-ld"):
        written(WITHOUT[form][0], [Thing("Entity", EX + "e", bundle=EX + "b")])


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        (EX + "k", "a\x01", r"rdf-xml cannot hold U\+0001, in 'a\\x01': write turtle"),
        (EX + "k", "\ufffe", r"rdf-xml cannot hold U\+FFFE"),
        (EX + "123", "a", "rdf-xml has no name for the attribute <http://example.org/123>: write turtle"),
    ],
)
def test_what_rdf_xml_cannot_hold_is_told(key: str, value: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        written(rdf_xml, [Thing("Entity", EX + "e", [(key, value)])])
    assert len(written(turtle, [Thing("Entity", EX + "e", [(key, value)])])) > 0
