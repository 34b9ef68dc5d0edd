"""The tables of words: codes that are stored stay apart, and lineage is one range of them."""

import re
from typing import Any

import pytest

from begat.graph_schema.terms import (
    ALIASES,
    BEGAT,
    KINDS,
    MLS,
    PROV,
    RDF,
    RELATIONS,
    SECTION_TYPE,
    TIMED,
    TYPES,
    kind_bits,
    kind_of,
    kinds_in,
    subtypes,
)


@pytest.mark.parametrize("table", [TYPES, RELATIONS])
def test_codes_and_iris_are_unique(table: dict[str, Any]) -> None:
    assert len({row.code for row in table.values()}) == len(table)
    assert len({row.iri for row in table.values()}) == len(table)
    assert all(row.iri.startswith((PROV, MLS, RDF, BEGAT)) for row in table.values())
    assert all(name == row.name for name, row in table.items())


def test_stored_codes_have_not_moved() -> None:
    """Stores keep these numbers: append, never renumber."""
    assert list(RELATIONS)[:8] == [
        "used", "wasGeneratedBy", "wasDerivedFrom", "wasInformedBy", "specializationOf", "hadMember", "alternateOf",
        "wasInvalidatedBy",
    ]  # fmt: skip
    assert [r.code for r in RELATIONS.values()] == list(range(28))
    assert [t.code for t in TYPES.values()] == list(range(1, 35))
    assert {n: k.bit for n, k in KINDS.items()} == {
        "Entity": 1, "Activity": 2, "Agent": 4, "Bundle": 8, "Collection": 16, "Plan": 32,
    }  # fmt: skip
    assert (RELATIONS["partOf"].code, RELATIONS["instanceOf"].code) == (15, 27)
    assert (TYPES["Model"].code, TYPES["DomainEntity"].code) == (8, 34)


def test_lineage_is_what_has_a_code_up_to_five() -> None:
    assert {r.code for r in RELATIONS.values() if r.lineage} == set(range(6))


def test_all_of_prov_dm_is_there() -> None:
    assert {
        "used", "wasGeneratedBy", "wasDerivedFrom", "wasInformedBy", "specializationOf", "hadMember", "alternateOf",
        "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasAttributedTo", "wasAssociatedWith", "actedOnBehalfOf",
        "wasInfluencedBy",
    } <= {n for n, r in RELATIONS.items() if r.iri.startswith(PROV)}  # fmt: skip
    assert set(RELATIONS) >= TIMED


def test_relations_have_one_inverse_each_and_join_kinds() -> None:
    inverses = [r.inverse for r in RELATIONS.values()]
    assert len(set(inverses)) == len(inverses)
    assert not (set(inverses) - {"alternateOf"}) & set(RELATIONS)
    ends = {r.domain for r in RELATIONS.values()} | {r.range for r in RELATIONS.values()}
    assert ends <= {*KINDS, "Resource"}


def test_names_have_the_form_of_their_use() -> None:
    assert all(re.fullmatch("[A-Z][A-Za-z]+", n) for n in (*KINDS, *TYPES))
    assert all(re.fullmatch("[a-z][A-Za-z]+", n) for n in RELATIONS)


def test_every_type_has_a_kind_and_a_known_parent_of_that_kind() -> None:
    for t in TYPES.values():
        assert t.kind in KINDS
        assert t.parent is None or TYPES[t.parent].kind == t.kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Model", "Entity"),
        ("Training", "Activity"),
        ("Person", "Agent"),
        ("Entity", "Entity"),
        ("Plan", "Plan"),
        ("Epoch", "Activity"),
        ("Software", "Agent"),
        ("ex:thing", None),
        ("model", None),
        ("", None),
    ],
)
def test_kind_of(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_subtypes_of_a_type_are_it_and_all_below() -> None:
    assert subtypes("Model") == ("Model", "Checkpoint")
    assert subtypes("Dataset") == ("Dataset", "LearningDataset")
    assert subtypes("Checkpoint") == ("Checkpoint",)
    assert subtypes("Epoch") == (SECTION_TYPE,)
    assert subtypes("ex:thing") == ("ex:thing",)


def test_shorthand_stands_for_types() -> None:
    assert set(ALIASES.values()) <= set(TYPES)
    assert not set(ALIASES) & set(TYPES)


def test_kinds_as_bits_and_back() -> None:
    assert kind_bits(()) == 0
    assert kind_bits(("Bundle",)) == 9
    assert kinds_in(kind_bits(("Plan", "Agent"))) == ("Entity", "Agent", "Plan")
    assert [kinds_in(kind_bits((k,)))[-1] for k in KINDS] == list(KINDS)
