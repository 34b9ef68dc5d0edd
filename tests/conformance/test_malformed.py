"""What is no document is told in one line, with the place; nothing of it is in the store then."""

import pytest

from begat.graph_schema.errors import FormatError
from begat.ingest.documents.forms import FORMS, form_of
from begat.ingest.documents.load import said

EX = "document\n  prefix ex <http://example.org/>\n"
P, A, B = 'xmlns:p="http://www.w3.org/ns/prov#"', '<p:activity p:ref="p:a"/>', '<p:bundleContent p:id="p:b">'
C = '{"@context": [{"ex": "http://e/"}], "@graph": ['
#: Entities that name entities: were they expanded, they would be a thousand million times as long.
LAUGHS = "".join(f'<!ENTITY l{n} "{10 * f"&l{n - 1};"}">' for n in range(1, 10))

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'

#: The form, a document, and what is told of it.
MALFORMED: dict[str, tuple[str, str | bytes, str]] = {
    "cut": ("prov-json", '{"entity": {"a": {', "no PROV-JSON: Input data was truncated"),
    "no JSON": ("prov-json", '{"entity":\n  {"a" 1}}', "no PROV-JSON: line 2, column 8: JSON is malformed"),
    "no object": ("prov-json", "[1, 2]", "the document is no object"),
    "records in a list": ("prov-json", '{"entity": []}', '"entity" is []: an object is expected'),
    "a record that is text": (
        "prov-json", '{"prefix": {"ex": "http://e/"}, "entity": {"ex:a": "b"}}', 'entity "ex:a" is "b"',
    ),
    "an unknown kind": ("prov-json", '{"entities": {}}', '"entities" is no kind of record'),
    "no such prefix": ("prov-json", '{"entity": {"ex:a": {}}}', "the prefix of 'ex:a' is not declared"),
    "no default namespace": ("prov-json", '{"entity": {"a": {}}}', "there is no default namespace"),
    "a prefix that is a number": ("prov-json", '{"prefix": {"ex": 1}}', "'ex' is 1: an IRI is expected"),
    "no argument at all": (
        "prov-json", '{"wasInformedBy": {"_:1": {"prov:label": "a"}}}', 'wasInformedBy "_:1": prov:informed is missing',
    ),
    "two values for one": (
        "prov-json", '{"used": {"_:1": {"prov:activity": ["prov:a", "prov:b"]}}}',
        'used "_:1", prov:activity: there are 2 values, and one is expected',
    ),
    "a value without its text": (
        "prov-json", '{"entity": {"prov:a": {"prov:label": {"lang": "en"}}}}', 'a value has its text as "$"',
    ),
    "a value with something else": (
        "prov-json", '{"entity": {"prov:a": {"prov:label": {"$": "a", "x": 1}}}}', 'a value has no "x"',
    ),
    "a bundle in a bundle": (
        "prov-json", '{"bundle": {"prov:b": {"bundle": {}}}}', 'bundle "prov:b": a bundle has no bundles in it',
    ),
    "a time that is a number": (
        "prov-json", '{"activity": {"prov:a": {"prov:startTime": 12}}}', "12 is no time: an xsd:dateTime is expected",
    ),
    "a time that is none": (
        "prov-json", '{"activity": {"prov:a": {"prov:startTime": "noon"}}}', "'noon' is no xsd:dateTime",
    ),
    "bytes that are no text": (
        "prov-json", b'{"entity": {"prov:a": {}},\n "agent": {"prov:b": {"prov:label": "\xff"}}}',
        "no PROV-JSON: line 2, column 38: byte 64 is no UTF-8",
    ),
    "a number beyond all": ("prov-json", '{"entity": {"prov:a": {"prov:value": 1e999}}}', "no PROV-JSON: Number out"),
    "no document": ("prov-n", "entity(ex:a)", "line 1, column 1: document is expected, near 'entity(ex:a)'"),
    "no end": ("prov-n", EX + "entity(ex:a)\n", "line 4, column 1: a statement, as entity(e) is expected"),
    "something behind the end": ("prov-n", "document endDocument x", "column 22: nothing comes after endDocument"),
    "an unknown statement": ("prov-n", EX + "  entty(ex:a)\nendDocument", "line 3, column 3: 'entty' is no kind of"),
    "an unknown prefix": ("prov-n", EX + "  entity(x:a)\nendDocument", "line 3, column 10: the prefix of 'x:a'"),
    "no bracket": ("prov-n", EX + "  entity(ex:a\nendDocument", "line 4, column 1: , is expected"),
    "too many arguments": ("prov-n", EX + "used(ex:a, ex:b, -, ex:c) endDocument", "used has 3 arguments at most"),
    "markers for all arguments": ("prov-n", EX + "used(-, -, -) endDocument", "used: activity is missing"),
    "too few arguments": ("prov-n", EX + "wasInformedBy(ex:a) endDocument", "wasInformedBy: informant is missing"),
    "a name for a time": ("prov-n", EX + "used(ex:a, ex:b, ex:c) endDocument", "a time is expected"),
    "a time for a name": (
        "prov-n", EX + "wasAttributedTo(ex:a, 2024-01-01T00:00:00) endDocument",
        "wasAttributedTo: agent is a name, and 2024-01-01T00:00:00 is a time",
    ),
    "a thirteenth month": (
        "prov-n", EX + "activity(ex:a, 2024-13-01T00:00:00Z, -) endDocument", "'2024-13-01T00:00:00Z' is no xsd:date",
    ),
    "text without its quote": ("prov-n", EX + 'entity(ex:a, [ex:k="b])\nendDocument', "a value: text in quotes, a"),
    "a name without its quote": ("prov-n", EX + "entity(ex:a, [ex:k='ex:b])\nendDocument", "the quote behind a name"),
    "bundles in bundles": (
        "prov-n", EX + "bundle ex:b\nbundle ex:c\nendBundle\nendBundle\nendDocument", "a bundle has no bundles in it",
    ),
    "JSON-LD that is cut": ("prov-jsonld", '{"@context": [', "no PROV-JSONLD: Input data was truncated"),
    "JSON-LD that is none": ("prov-jsonld", '{"@context":\n  x', "no PROV-JSONLD: line 2, column 3: JSON is malformed"),
    "no context": ("prov-jsonld", '{"@graph": []}', 'no PROV-JSONLD: the document has no "@context"'),
    "no graph": ("prov-jsonld", '{"@context": []}', 'no PROV-JSONLD: the document has no "@graph"'),
    "a context of somebody else's": (
        "prov-jsonld", '{"@context": "http://127.0.0.1:9/c", "@graph": []}', "is not known, and nothing is fetched",
    ),
    "a graph that is text": ("prov-jsonld", '{"@context": [], "@graph": "a"}', '"@graph" is "a": a list is expected'),
    "a number in a graph": ("prov-jsonld", C + "5]}", '"@graph" 1 is 5: an object is expected'),
    "an object without a type": ("prov-jsonld", C + "{}]}", '"@graph" 1: "@type" is null: the type of a record is'),
    "an object of no type": ("prov-jsonld", C + '{"@type": "Thing"}]}', '"@graph" 1: "Thing" is no type of a record'),
    "an entity without a name": ("prov-jsonld", C + '{"@type": "Entity"}]}', 'an Entity has its name as "@id"'),
    "a name whose prefix JSON-LD has not": (
        "prov-jsonld", C + '{"@type": "Agent", "@id": "x:a"}]}', "1 (x:a): the prefix of 'x:a' is not declared",
    ),
    "a property that nobody knows": (
        "prov-jsonld", C + '{"@type": "Agent", "@id": "ex:a", "colour": "red"}]}', '"colour" is no property of this',
    ),
    "a derivation of nothing from nothing": (
        "prov-jsonld", C + '{"@type": "Derivation"}]}', '"@graph" 1 (Derivation): generatedEntity is missing',
    ),
    "two activities": (
        "prov-jsonld", C + '{"@type": "Usage", "activity": ["ex:a", "ex:b"]}]}', "there are 2 values, and one is exp",
    ),
    "an argument that is a number": ("prov-jsonld", C + '{"@type": "Usage", "activity": 5}]}', "5 is no qualified na"),
    "an end at noon": (
        "prov-jsonld", C + '{"@type": "Activity", "@id": "ex:a", "endTime": "noon"}]}', "endTime: 'noon' is no xsd:dat",
    ),
    "a value without its value": (
        "prov-jsonld", C + '{"@type": "Agent", "@id": "ex:a", "label": [{"@language": "en"}]}]}', 'text as "@value"',
    ),
    "a list in a list": ("prov-jsonld", C + '{"@type": "Agent", "@id": "ex:a", "ex:k": [[1]]}]}', "[1] is no value"),
    "a bundle of JSON-LD in a bundle": (
        "prov-jsonld", C + 2 * '{"@type": "Bundle", "@id": "ex:b", "@graph": [' + 2 * "]}" + "]}",
        '"@graph" 1, "@graph" 1: a bundle has no bundles in it',
    ),
    "no root": ("prov-xml", "<document/>", "line 1, column 1: <document> is not of PROV's namespace"),
    "another root": ("prov-xml", f"<p:entity {P}/>", "<prov:document> is expected, and not <prov:entity>"),
    "XML that is cut": ("prov-xml", f"<p:document {P}>\n  <p:entity", "line 2, column 3: unclosed token"),
    "an end without its beginning": ("prov-xml", f"<p:document {P}>\n</p:entity>", "line 2, column 3: mismatched tag"),
    "a prefix that XML has not": ("prov-xml", "<p:document/>", "line 1, column 1: unbound prefix"),
    "an element of no kind": ("prov-xml", f"<p:document {P}><p:x/></p:document>", "column 50: <prov:x> is no kind of"),
    "somebody else's element": ("prov-xml", f"<p:document {P}>\n<a/></p:document>", "line 2, column 1: <a> is not of"),
    "no id": ("prov-xml", f"<p:document {P}>\n<p:entity/></p:document>", "line 2, column 1: <prov:entity> has no prov"),
    "an id of no namespace": (
        "prov-xml", f'<p:document {P}><p:entity id="p:a"/></p:document>', "has no attribute id: prov:id is meant?",
    ),
    "a name whose prefix XML has not": (
        "prov-xml", f'<p:document {P}><p:entity p:id="x:a"/></p:document>', "the prefix of 'x:a' is not declared",
    ),
    "text among elements": ("prov-xml", f"<p:document {P}>\nhello</p:document>", "an element is expected, and not 'h"),
    "an element in text": (
        "prov-xml", f'<p:document {P}><p:entity p:id="p:a"><p:label><b/></p:label></p:entity></p:document>',
        "<b> is in an attribute, where text is expected",
    ),
    "no reference": (
        "prov-xml", f"<p:document {P}><p:used><p:activity/></p:used></p:document>", "<prov:activity> has no prov:ref",
    ),
    "two references": (
        "prov-xml", f"<p:document {P}><p:used>{2 * A}</p:used></p:document>",
        "<prov:activity> is there twice, and one is expected",
    ),
    "neither informed nor informant": (
        "prov-xml", f"<p:document {P}><p:wasInformedBy/></p:document>",
        "<prov:wasInformedBy>: <prov:informed> is missing",
    ),
    "noon": (
        "prov-xml", f'<p:document {P}><p:activity p:id="p:a"><p:endTime>noon</p:endTime></p:activity></p:document>',
        "<prov:endTime>: 'noon' is no xsd:dateTime",
    ),
    "an attribute that nobody knows": (
        "prov-xml", f'<p:document {P}><p:entity p:id="p:a"><p:label x="1"/></p:entity></p:document>',
        "<prov:label> has no attribute x",
    ),
    "a bundle without a name": (
        "prov-xml", f"<p:document {P}><p:bundleContent/></p:document>", "<prov:bundleContent> has no prov:id",
    ),
    "a bundle of XML in a bundle": (
        "prov-xml", f"<p:document {P}>{2 * B}{2 * '</p:bundleContent>'}</p:document>",
        "a bundle has no bundles in it",
    ),
    "an encoding that nobody knows": ("prov-xml", "<?xml version='1.0' encoding='x'?><a/>", "no PROV-XML: line 1"),
    "bytes of no encoding": ("prov-xml", f"<p:document {P}>".encode() + b"\xff", "line 1, column 50: not well-formed"),
    "UTF-16 that is cut": ("prov-xml", b"\xff\xfe<", "no PROV-XML: byte 2 is no UTF-16"),
    "no UTF-8": ("prov-n", EX.encode() + b"\nentity(ex:\xff)", "line 4: byte 54 is no UTF-8"),
    "Turtle that is cut": ("turtle", "<a:b> <c:d>\n  <e:f>", "no Turtle: line 2, column 8: Unexpected end"),
    "Turtle without its prefix": (
        "turtle", "ex:a ex:b ex:c .", "line 1, column 1: The prefix ex: has not been declared",
    ),
    "Turtle with what is relative": ("turtle", "<a:b> <c:d> <e> .", "line 1, column 13: No scheme found"),
    "Turtle that is no UTF-8": ("turtle", b"<a:b> <c:d> '\xff' .", "no Turtle: line 1, column 14: Invalid UTF-8"),
    "TriG that is cut": ("trig", "<a:b> { <a:b> <c:d>\n'x'", "no TriG: line 2, column 4"),
    "N-Triples with a graph": ("n-triples", "<a:b> <c:d> <e:f> <g:h> .", "no N-Triples: line 1, column 19: "),
    "N-Quads with what is no IRI": (
        "n-quads", "<a:b> <c:d> <e:f> .\n<a b> <c:d> <e:f> .", "no N-Quads: line 2, column 1: ",
    ),
    "XML that is none": (
        "rdf-xml", RDF + "<rdf:Description>\n</rdf:Descriptio>", "no RDF/XML: line 3, column 17: ill-",
    ),
    "RDF/XML of no length": ("rdf-xml", " ", "no RDF/XML: there is nothing in it"),
    "RDF/XML with what is no IRI": (
        "rdf-xml", RDF + '<rdf:Description rdf:about="a b"/>', "line 2, column 34: error while",
    ),
    "RDF/XML of another document": (
        "rdf-xml", "<!DOCTYPE a SYSTEM 'http://e/'>" + RDF + "&x;", "no RDF/XML: ",
    ),
    "RDF in JSON that is none": ("json-ld", '{"@context":\n {"a" 5}', "no JSON-LD: line 2, column 7: Object keys must"),
    "JSON-LD with a context elsewhere": (
        "json-ld", '{"@context": "http://x/y"}', "line 1, column 26: its @context is an address, and nothing is",
    ),
    "JSON-LD with an id that is a number": (
        "json-ld", '[{"@id": "a:b"},\n{"@id": 5}]', "line 2, column 10: @id value must",
    ),
    "JSON-LD with what is relative": (
        "json-ld", '{"@id": "b", "http://e/": "x"}', "<b> is a relative IRI, and there is no",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_no_document(what: str) -> None:
    form, text, told = MALFORMED[what]
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FormatError) as wrong:
        said(data, form, "default")
    assert told in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize(
    "declared",
    [
        f'<!DOCTYPE p:document [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE p:document SYSTEM "http://127.0.0.1:9/p.dtd">',
        '<!DOCTYPE p:document [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        "<!-- first --> <?and this?>\n<!DOCTYPE p:document>",
    ],
)
def test_xml_that_declares_a_document_type_is_not_read(declared: str, encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{encoding.removesuffix('-sig')}'?>"
    text = f'{head}{declared}<p:document {P}><p:entity p:id="p:a"><p:label>&l9;</p:label></p:entity></p:document>'
    with pytest.raises(FormatError, match="a document type is declared, which is not read"):
        said(text.encode(encoding), "prov-xml", "default")


def test_deep_nesting_is_told_too() -> None:
    with pytest.raises(FormatError, match="nested too deeply"):
        said(b'{"a":' * 100_000, "prov-json", "default")


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.json", b"{}", "prov-json"),
        ("a.json", b'{"@context": {}}', "json-ld"),
        ("a.ttl", b"", "turtle"),
        ("a.trig", b"", "trig"),
        ("a.nt", b"", "n-triples"),
        ("a.nq", b"", "n-quads"),
        ("a.rdf", b"", "rdf-xml"),
        ("a.jsonld", b"[]", "json-ld"),
        ("a.xml", b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "b">]>\n<rdf:RDF xmlns:rdf="">', "rdf-xml"),
        ("-", b'[\n  {"@id": "http://example.org/a"}]', "json-ld"),
        ("-", b"# a comment\n@prefix ex: <http://example.org/> .", "trig"),
        ("-", b"PREFIX ex: <http://example.org/>\nex:a a ex:b .", "trig"),
        ("-", b"<a:b> a <c:d> ;", "trig"),
        ("-", b"<a:b> <c:d> <e:f> .\n", "n-quads"),
        ("-", b'_:a <c:d> "x" <g:h> .', "n-quads"),
        ("a.PROVN", b"", "prov-n"),
        ("-", b"\xef\xbb\xbf  {}", "prov-json"),
        ("-", b"// a comment\ndocument\nendDocument", "prov-n"),
        ("a.txt", b" document endDocument", "prov-n"),
        ("a.json", b'\xef\xbb\xbf{"@context": [], "@graph": [{"@type": "Entity"}]}', "prov-jsonld"),
        ("a.json", b'{\n  "prefix": {"ex": "https://openprovenance.org/"}}', "prov-json"),
        ("-", b'{"@context": "https://openprovenance.org/prov-jsonld/context.json", "@graph": []}', "prov-jsonld"),
        ("a.jsonld", b'{"@graph": [], "@context": ["http://openprovenance.org/prov.jsonld"]}', "prov-jsonld"),
        ("a.xml", b"<prov:document>", "prov-xml"),
        ("-", b'<?xml version="1.0"?>\n<!-- a --><prov:document/>', "prov-xml"),
        ("-", b"<document xmlns='http://www.w3.org/ns/prov#'/>", "prov-xml"),
    ],
)
def test_the_form_is_told_by_name_or_content(name: str, data: bytes, form: str) -> None:
    assert form_of(name, data) == form
    assert form in FORMS


def test_what_is_of_no_form() -> None:
    with pytest.raises(FormatError, match="give its format"):
        form_of("a.txt", b"hello")
