"""What is no document is told in one line, with the place; nothing of it is in the store then."""

import pytest

from begat.graph_schema.errors import FormatError
from begat.ingest.documents.forms import FORMS, form_of
from begat.ingest.documents.load import said

EX = "document\n  prefix ex <http://example.org/>\n"

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
    "an argument that is missing": (
        "prov-json", '{"wasInformedBy": {"_:1": {"prov:informed": "prov:a"}}}',
        'wasInformedBy "_:1": prov:informant is missing',
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
    "no document": ("prov-n", "entity(ex:a)", "line 1, column 1: document is expected, near 'entity(ex:a)'"),
    "no end": ("prov-n", EX + "entity(ex:a)\n", "line 4, column 1: a statement, as entity(e) is expected"),
    "something behind the end": ("prov-n", "document endDocument x", "column 22: nothing comes after endDocument"),
    "an unknown statement": ("prov-n", EX + "  entty(ex:a)\nendDocument", "line 3, column 3: 'entty' is no kind of"),
    "an unknown prefix": ("prov-n", EX + "  entity(x:a)\nendDocument", "line 3, column 10: the prefix of 'x:a'"),
    "no bracket": ("prov-n", EX + "  entity(ex:a\nendDocument", "line 4, column 1: , is expected"),
    "too many arguments": ("prov-n", EX + "used(ex:a, ex:b, -, ex:c) endDocument", "used has 3 arguments at most"),
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
    "no UTF-8": ("prov-n", EX.encode() + b"\nentity(ex:\xff)", "line 4: byte 54 is no UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_no_document(what: str) -> None:
    form, text, told = MALFORMED[what]
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FormatError) as wrong:
        said(data, form, "default")
    assert told in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_deep_nesting_is_told_too() -> None:
    with pytest.raises(FormatError, match="nested too deeply"):
        said(b'{"a":' * 100_000, "prov-json", "default")


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.json", b"", "prov-json"),
        ("a.PROVN", b"", "prov-n"),
        ("-", b"\xef\xbb\xbf  {}", "prov-json"),
        ("-", b"// a comment\ndocument\nendDocument", "prov-n"),
        ("a.txt", b" document endDocument", "prov-n"),
    ],
)
def test_the_form_is_told_by_name_or_content(name: str, data: bytes, form: str) -> None:
    assert form_of(name, data) == form
    assert form in FORMS


def test_what_is_of_no_form() -> None:
    with pytest.raises(FormatError, match="--format says which one it is"):
        form_of("a.txt", b"hello")
