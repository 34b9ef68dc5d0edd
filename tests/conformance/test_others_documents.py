"""Documents that others wrote: those that the library `prov` brings along, of ProvToolbox and of W3C's own test suites.

Each is read, put into a store, written in each form, and read again by `prov`: it says what `prov` reads in the file.
"""

from collections import Counter
from pathlib import Path
from typing import Any, Final

import prov.tests
import pytest
from prov.model import ProvDocument

from begat.graph_schema.documents.records import Heading, Related
from begat.graph_schema.errors import FormatError
from begat.graph_schema.memory import MemoryStore
from begat.ingest.documents.forms import FORMS, form_of
from begat.ingest.documents.load import said
from begat.queries.constraints.check import check
from begat.queries.documents import export

OTHERS: Final = Path(prov.tests.__file__).parent
#: By folder: how its files end, what `prov` calls their form, and how many there are at least.
FOLDERS: Final = {
    "json": (".json", "json", 390),
    "xml": (".xml", "xml", 40),
    "jsonld": (".jsonld", "jsonld", 5),
    "provn/spec": (".provn", "provn", 120),
    "provn/provtoolbox": (".provn", "provn", 5),
    "provn/provtoolbox-corpus": (".provn", "provn", 380),
    "unification/constraints": (".xml", "xml", 150),
}
#: The forms that are written, and what `prov` calls them.
WRITTEN: Final = {"prov-json": "json", "prov-n": "provn", "prov-xml": "xml", "prov-jsonld": "jsonld"}
#: What `prov` reads otherwise.
READ_OTHERWISE: Final = {
    "example_33": "a membership of several entities: prov takes the first",
    "mention1": "a mention of no bundle is a specialization (PROV-LINKS, section 2)",
    "mention-fail3": "the same",
}
#: What is refused, and why.
REFUSED: Final = {
    **dict.fromkeys(
        ("prov-n-example-52", "prov-n-example-53", "prov-n-example-54", "prov-n-example-55", "prov-n-example-56",
         "prov-dm-example-57", "prov-dm-example-58", "prov-dm-example-59"), "a statement"),
    **dict.fromkeys(("prov-n-example-59", "prov-dm-example-05", "prov-dm-example-06"), "a statement"),  # dots
    **dict.fromkeys(("prov-n-example-34", "prov-n-example-35", "prov-dm-example-27", "prov-dm-example-31",
                     "prov-dm-example-61", "prov-dm-example-62"), "is not declared"),
    **dict.fromkeys(("prov-n-example-63", "prov-n-example-64", "prov-family", "prov-family-graphics"), "no kind of"),
    "prov-n-example-16": "a time is expected",
    "prov-n-example-61": "there is no default namespace",
    "prov-dm-example-19": ", is expected",
    "container0": "there is no default namespace",
    "container1": ", is expected",
    "container2": "a datatype is expected",
}  # fmt: skip


def files(folder: str) -> list[Path]:
    suffix, _, least = FOLDERS[folder]
    found = sorted((OTHERS / folder).rglob(f"*{suffix}"))
    assert len(found) >= least
    return found


def theirs(path: Path, form: str) -> ProvDocument | None:
    """None where `prov` cannot read it."""
    try:
        return ProvDocument.deserialize(str(path), format=form)
    except Exception:
        return None


def facts(document: ProvDocument) -> set[Any]:
    """What a document says, said once: a store has no second time, and puts the attributes of a thing together."""
    found: set[Any] = set()
    for part in (document, *document.bundles):
        where = part.identifier and part.identifier.uri
        for record in part.get_records():
            own = record.identifier and record.identifier.uri
            names = Counter((key.uri, repr(getattr(value, "uri", value))) for key, value in record.attributes)
            if record.is_element():
                found.add((where, type(record), own))
                found |= {(where, own, *name) for name in names}
            else:
                found.add((where, type(record), own, frozenset(names.items())))
    return found


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.filterwarnings("ignore")
def test_what_others_wrote_comes_back(folder: str) -> None:
    _, form, _ = FOLDERS[folder]
    compared = 0
    for path in files(folder):
        data = path.read_bytes()
        if path.stem in REFUSED:
            with pytest.raises(FormatError, match=REFUSED[path.stem]):
                said(data, form_of(path.name, data), "default")
            continue
        told = said(data, form_of(path.name, data), "default")
        original = theirs(path, form)
        if original is None or path.stem in READ_OTHERWISE:
            continue
        store = MemoryStore()
        store.write_document(told.statements)
        store.settle()
        records = list(export.exported(store, None))
        for name, their_name in WRITTEN.items():
            if name == "prov-jsonld" and any(r.relation == "mentionOf" for r in records if isinstance(r, Related)):
                continue  # it has no term for that
            text = b"".join(export.FORMS[name](records, told.prefixes)).decode()
            back = ProvDocument.deserialize(content=text, format=their_name)
            assert back == original or facts(back) == facts(original), (path.name, name)
            compared += 1
    assert compared


@pytest.mark.filterwarnings("ignore")
def test_what_others_wrote_comes_back_from_rdf() -> None:
    """By way of triples, in which two statements of one id are one node: such documents are left out."""
    for path in files("json"):
        if path.name.startswith("scruffy"):
            continue
        told = list(FORMS["prov-json"].read(path.read_bytes()))
        records = [r for r in told if not isinstance(r, Heading)]
        triples = b"".join(export.FORMS["trig"](records, {}))
        back = [r for r in FORMS["trig"].read(triples) if not isinstance(r, Heading)]
        again, original = (
            ProvDocument.deserialize(content=b"".join(export.FORMS["prov-json"](these, {})).decode())
            for these in (back, records)
        )
        assert again == original, path.name


@pytest.mark.filterwarnings("ignore")
def test_the_same_in_rdf_says_the_same() -> None:
    """What ProvToolbox wrote as Turtle and TriG beside PROV-JSON. Turtle has no bundles."""
    compared = 0
    for path in sorted((OTHERS / "rdf").glob("*.t*")):
        beside = OTHERS / "json" / f"{path.stem}.json"
        no_bundles = path.suffix == ".ttl" and path.stem.startswith("bundle")
        if no_bundles or not beside.exists() or path.stem.startswith("scruffy") or path.stem in READ_OTHERWISE:
            continue
        heading, *told = FORMS["trig"].read(path.read_bytes())
        assert isinstance(heading, Heading)
        records = [r for r in told if not isinstance(r, Heading)]
        text = b"".join(export.FORMS["prov-json"](records, heading.prefixes)).decode()
        ours = ProvDocument.deserialize(content=text)
        assert facts(ours) == facts(ProvDocument.deserialize(str(beside))), path.name
        compared += 1
    assert compared > 350


def test_records_that_lack_what_they_must_have_are_kept_and_told() -> None:
    told = said((OTHERS / "json" / "attribution1.json").read_bytes(), "prov-json", "default")
    assert told.relations == 1
    assert told.remarks == [
        "kept although they lack what they must have: 1 (as wasAttributedTo <http://example.org/attr1>, no agent)"
    ]


#: Documents that are valid by the recommendation, and not by ProvToolbox.
NOT_BY_THE_TEXT: Final = {
    "delegation-fail4": "the activity of a delegation may be left out (definition 4, table of expandable parameters)",
    "delegation-fail5": "the same",
    "mention-fail4": "a mention is none of the recommendation's, but PROV-LINKS'",
    "usage-fail1": "an activity may use an entity twice: generations, starts and ends are unique (24 to 27)",
    "usage-fail5": "the same",
    "usage-fail6": "the same",
    "usage-fail7": "the same",
}


def suite() -> list[Path]:
    return sorted(p for p in (OTHERS / "unification").rglob("*") if p.suffix in (".xml", ".provx", ".json"))


def test_the_suite_is_there() -> None:
    assert len(suite()) >= 170


@pytest.mark.parametrize("path", suite(), ids=lambda p: p.stem)
def test_validity_as_the_working_group_has_it(path: Path) -> None:
    data = path.read_bytes()
    records = [r for r in FORMS[form_of(path.name, data)].read(data) if not isinstance(r, Heading)]
    expected = "fail" not in path.stem.lower() or path.stem in NOT_BY_THE_TEXT
    assert (check(records).violations == []) is expected
