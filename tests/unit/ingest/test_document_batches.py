"""What a large document says, packed and in parts: nothing is lost, and an activity is in one of them."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.graph_schema.statements import (
    NOWHERE,
    AnyStatement,
    Context,
    Description,
    Ended,
    Position,
    Relation,
    Started,
)
from begat.ingest.documents.batches import EACH, SMALL, WAITING, Batches

HERE = Context("wells", "http://example.org/bundle")
NAMES = st.sampled_from([f"http://example.org/{n}" for n in range(6)])
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.text("ab\u00fc", max_size=2), st.booleans(), st.integers(-(2**63), 2**63), st.floats(allow_nan=False),
    st.fixed_dictionaries({"$": st.just("1.50"), "type": st.just("xsd:decimal")}),
)  # fmt: skip
ATTRIBUTES = st.dictionaries(st.sampled_from(["size", "prov:label"]), st.lists(VALUES, min_size=1), max_size=2)
POSITIONS = st.builds(lambda t: NOWHERE if t is None else Position(t, "", 0), st.none() | st.integers(-9, 9))
RELATIONS = st.builds(
    Relation, st.just(HERE), POSITIONS, st.sampled_from(["used", "wasGeneratedBy", "wasDerivedFrom"]),
    st.none() | NAMES, st.none() | NAMES, attributes=ATTRIBUTES, arguments=st.dictionaries(st.just("plan"), NAMES),
)  # fmt: skip
STATEMENTS: st.SearchStrategy[list[AnyStatement]] = st.lists(
    st.one_of(
        RELATIONS,
        st.builds(Description, st.just(HERE), POSITIONS, NAMES, st.just(("Entity",)), name=st.none() | st.just("a")),
        st.builds(Started, st.just(HERE), POSITIONS, NAMES),
        st.builds(Ended, st.just(HERE), POSITIONS, NAMES, st.sampled_from(["finished", "failed"])),
    ),
    max_size=30,
)


@given(STATEMENTS)
def test_parts_have_what_was_said_and_all_that_an_activity_did(said: list[AnyStatement]) -> None:
    batches = Batches(SMALL + 1)
    for s in said:
        batches.add((s,))
    parts = list(batches)
    assert Counter(map(repr, said)) == Counter(repr(s) for part in parts for s in part)
    found: dict[str, set[int]] = defaultdict(set)
    for number, part in enumerate(parts):
        for s in part:
            if isinstance(s, Started | Ended):
                found[s.node].add(number)
            elif isinstance(s, Relation) and s.relation == "used" and s.source:
                found[s.source].add(number)
            elif isinstance(s, Relation) and s.relation == "wasGeneratedBy" and s.target:
                found[s.target].add(number)
    assert all(len(numbers) == 1 for numbers in found.values())


def test_a_small_document_has_one_part_and_a_large_one_parts_of_a_size() -> None:
    many = [Description(HERE, NOWHERE, f"http://example.org/{n}") for n in range(2 * WAITING + 1)]
    for size, parts in ((0, 1), (SMALL, 1), (10 * EACH, 10)):
        batches = Batches(size)
        batches.add(many)
        found = [len(part) for part in batches]
        assert (len(found), sum(found)) == (parts, len(many))
        assert max(found) < 1.1 * len(many) / parts


def test_what_no_store_holds_is_told_while_a_large_document_is_read() -> None:
    batches = Batches(SMALL + 1)
    with pytest.raises(FormatError, match="more than 64 bits"):
        batches.add([Description(HERE, NOWHERE, "a", attributes={"size": 2**70})] * WAITING)
