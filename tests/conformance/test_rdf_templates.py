"""Lines of N-Quads by templates are those of the records, whatever is stored."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import prov.model as pm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from begat.graph_schema.documents.iris import iri_of_id
from begat.graph_schema.documents.n_triples import iri, of_id
from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.documents.records import QUALIFIED_NAME
from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import (
    Context,
    Description,
    Folded,
    Overruled,
    Point,
    Position,
    Relation,
    Started,
    Stop,
    canonical,
)
from begat.graph_schema.store import Batch, Store, open_store
from begat.graph_schema.terms import KINDS, RELATIONS, XSD
from begat.ingest.documents import prov_json
from begat.queries.documents.export import FORMS, exported, written
from begat.queries.documents.n_quads import LINES
from begat.queries.documents.templates import Templates
from begat.queries.documents.told import Held, records_of
from tests.conformance.documents import TEXTS, documents
from tests.conformance.test_round_trips import SLOW, held

BASE = "https://lab.example/begat/"
IDS = st.one_of(
    st.sampled_from(("a", "b", "run 1", "100%", "urn:uuid:0-1", "http://example.org/a", "x:[", "a|b", "é")),
    TEXTS.filter(bool),
)
BUNDLES = st.sampled_from(("", "", "http://example.org/bundle", "a bundle", "https://w3id.org/begat/id/b", "x:["))
CONTEXTS = st.builds(Context, st.just("default"), BUNDLES)
TIMES = st.one_of(st.none(), st.integers(-(2**55), 2**55))
PLACES = st.builds(Position, TIMES, st.sampled_from(("", "w", "v")), st.integers(0, 3))
NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats())
NAME = {"$": "http://example.org/T", "type": QUALIFIED_NAME}
VALUES: st.SearchStrategy[Any] = st.one_of(
    TEXTS, st.booleans(), NUMBERS,
    st.sampled_from((
        NAME, {"$": "a", "lang": "de-CH"}, {"$": "2024-02-29T00:00:00", "type": XSD + "dateTime"},
        {"$": "1.50", "type": XSD + "decimal"},
    )),
)  # fmt: skip
KEYS = ("rows", "a key", "http://example.org/k", "prov:type", "prov:role", "prov:label", "prov:startTime", "prov:time")
ATTRIBUTES = st.dictionaries(st.sampled_from(KEYS), st.lists(VALUES, min_size=1, max_size=3), max_size=3)
BEGAN = {"prov:startTime": [{"$": "2024-02-29T00:00:00", "type": XSD + "dateTime"}]}
FEW: st.SearchStrategy[Any] = st.one_of(st.just({}), st.just(BEGAN), ATTRIBUTES)
ROLES = st.one_of(st.none(), TEXTS)

NODES = st.builds(
    Folded, CONTEXTS, IDS,
    st.lists(st.sampled_from([*KINDS]), unique=True, max_size=3).map(tuple),
    st.lists(st.sampled_from(("Model", "Dataset", "http://example.org/T", "odd type")), unique=True).map(tuple),
    name=st.one_of(st.none(), TEXTS),
    value=st.one_of(st.none(), st.one_of(VALUES, st.just([1, {"a": "b"}]), st.just({"a": None})).map(canonical)),
    attributes=FEW,
    starts=st.lists(PLACES, max_size=2).map(tuple),
    ends=st.lists(
        st.builds(Stop, PLACES, st.sampled_from(("finished", "failed")), st.sampled_from((None, "no disk")), st.none()),
        max_size=2,
    ).map(tuple),
    history=st.sampled_from(((), (), (Overruled("name", "as it was", Position(1, "w", 1)),))),
)  # fmt: skip
RELATED = st.builds(
    Relation, CONTEXTS, PLACES, st.sampled_from([*RELATIONS]),
    st.one_of(IDS, IDS, st.none()), st.one_of(IDS, IDS, st.none()), ROLES,
    id=st.one_of(st.none(), st.none(), IDS), time=TIMES,
    arguments=st.sampled_from(({}, {}, {"activity": "run 1"})), attributes=FEW, exact=st.booleans(),
)  # fmt: skip
POINTS = st.builds(
    Point, CONTEXTS, PLACES, IDS, TEXTS, st.floats(),
    st.sampled_from(("", '{"split":"test"}', '{"lr":0.5,"split":"test","epoch":1}')), st.one_of(st.none(), NUMBERS),
)  # fmt: skip


def each_changed(one: Held, other: Held) -> list[Held]:
    """Statements that share all but one thing, of which templates must not take one for the other."""
    of_other = [(field, getattr(other, field)) for field in one.__struct_fields__]
    of_one = [(field, getattr(one, field)) for field in one.__struct_fields__]
    return [one, *(replace(one, **{f: v}) for f, v in of_other), other, *(replace(other, **{f: v}) for f, v in of_one)]



def by_records(held: Iterable[Held], base: str | None = None) -> list[str]:
    """A text for each, without templates."""
    return [b"".join(map(lines, records_of(s, base))).decode() for s in held]


HERE, AT = Context(), Position(1_750_000_000_000_000, "w", 1)
LATER = Position(1_750_000_000_000_007, "v", 2)
IN_BUNDLE = Context("default", "http://example.org/bundle")
#: Two of each kind that have little in common, and no unusual shape.
PAIRS: dict[str, tuple[Held, Held]] = {
    "nodes": (
        Folded(HERE, "a", ("Entity",), ("Dataset",)),
        Folded(
            IN_BUNDLE, "b", ("Activity",), ("Training",), "", value="0.5", attributes={"rows": [1, 2]},
            starts=(AT,), ends=(Stop(LATER, "finished", None, None),),
        ),
    ),
    "relations": (
        Relation(HERE, AT, "used", "a", "b"),
        Relation(IN_BUNDLE, LATER, "partOf", "c", "d", "part", time=5, exact=True),
    ),
    "points": (
        Point(HERE, AT, "a", "", 0.5),
        Point(IN_BUNDLE, Position(None, "v", 2), "b", "loss", -0.0, '{"split":"test","x":0.5}', 3),
    ),
}  # fmt: skip
DRAWN: dict[str, st.SearchStrategy[Any]] = {"nodes": NODES, "relations": RELATED, "points": POINTS}


def the_same(some: list[Held], base: str | None) -> None:
    templates = Templates(base)
    expected = by_records(some, base)
    # The second time all templates are there, and have been filled with the terms of others.
    assert list(templates.lines(some)) == list(templates.lines(some)) == expected


@pytest.mark.parametrize("base", [None, BASE])
@pytest.mark.parametrize("kind", PAIRS)
def test_templates_tell_each_thing_that_may_be_said(kind: str, base: str | None) -> None:
    one, other = PAIRS[kind]
    the_same(each_changed(one, other), base)
    the_same(each_changed(other, one), base)


@pytest.mark.parametrize("kind", DRAWN)
@settings(max_examples=200, suppress_health_check=SLOW)
@given(data=st.data(), base=st.sampled_from((None, BASE)))
def test_the_lines_are_those_of_the_records(kind: str, data: st.DataObject, base: str | None) -> None:
    the_same(each_changed(data.draw(DRAWN[kind]), data.draw(DRAWN[kind])), base)


@given(id=st.one_of(IDS, st.text(), st.text("urn:id:0af-%/", max_size=20)))
def test_an_id_has_the_iri_that_it_has_in_records(id: str) -> None:
    assert of_id(id) == iri(iri_of_id(id))


def test_most_statements_share_few_templates() -> None:
    some: list[Held] = []
    for n in range(100):
        run, at = f"run {n}", Position(AT.time and AT.time + n, "w", n)
        some += [
            Folded(HERE, run, ("Activity",), ("Training",), starts=(at,), attributes={"seed": [n]}),
            Relation(HERE, at, "used", run, f"data-{n}.csv", f"role {n}", time=at.time),
            Point(Context("default", f"bundle {n}"), at, run, f"loss {n}", n / 7, f'{{"batch":{n}}}', n),
        ]
    templates = Templates()
    assert list(templates.lines(some)) == by_records(some)
    assert len(templates._known) == 3


@pytest.fixture(params=["memory:", "sqlite:///{}/graph.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = open_store(request.param.format(tmp_path))
    store.write(Batch([
        Description(HERE, AT, "data.csv", ("Entity",), ("Dataset",), "the data", {"rows": 12}),
        Description(Context("other"), AT, "theirs.csv", ("Entity",), ("Dataset",)),
        Started(HERE, AT, "run"), Started(HERE, Position(AT.time, "v", 7), "run"),
        Relation(HERE, AT, "used", "run", "data.csv"),
        Relation(HERE, AT, "wasGeneratedBy", "model.pt", "run", time=AT.time),
        Relation(HERE, Position(AT.time, "w", 5), "wasGeneratedBy", "model.pt", "run", time=5),
        Relation(HERE, AT, "about", "model.pt", "well 7", attributes={"from": [1]}),
        Point(HERE, Position(AT.time, "w", 9), "run", "loss", 0.25, "", 3),
    ]))  # fmt: skip
    store.settle()
    yield store
    store.close()


@pytest.mark.parametrize("form", LINES)
@pytest.mark.parametrize(
    "what",
    [
        {"project": "default"}, {"project": None}, {"project": "default", "points": False},
        {"project": "default", "depends_on": True}, {"project": "default", "base": BASE},
        {"project": "default", "only": {"run", "data.csv"}},
    ],
    ids=["a project", "all", "no points", "depends_on", "base", "only"],
)  # fmt: skip
def test_what_is_written_of_a_store_is_what_its_records_are(store: Store, form: str, what: dict[str, Any]) -> None:
    expected = b"".join(FORMS[form](exported(store, **what), {}))
    assert b"".join(written(form, store, **what)) == expected
    assert expected.count(b"\n") > 6


@settings(max_examples=50, suppress_health_check=SLOW)
@given(document=documents())
def test_any_document_is_written_of_a_store_as_its_records_are(document: pm.ProvDocument) -> None:
    store = open_store("memory:")
    list(held(store, prov_json.read((document.serialize(format="json") or "").encode())))
    expected = b"".join(FORMS["n-quads"](exported(store, None), {}))
    assert b"".join(written("n-quads", store, None)) == expected


def test_n_triples_of_a_store_has_no_bundles() -> None:
    store = open_store("memory:")
    store.write(Batch([Description(Context("default", "b"), AT, "a", ("Entity",))]))
    with pytest.raises(UsageError, match=r"n-triples has one graph, and <https://w3id\.org/begat/id/b> is a bundle"):
        b"".join(written("n-triples", store, None))
