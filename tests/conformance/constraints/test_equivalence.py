"""Which documents say the same (PROV-CONSTRAINTS, section 7)."""

from itertools import count
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from begat.graph_schema.documents.records import Heading, Record, Related, Thing
from begat.graph_schema.errors import UsageError
from begat.ingest.documents.prov_n import read
from begat.queries.constraints import normal
from begat.queries.constraints.check import check
from begat.queries.constraints.equivalence import differences
from begat.queries.constraints.instance import IDENTIFIED
from tests.conformance.constraints import naive
from tests.conformance.constraints.test_chase import DOCUMENTS, EX, SLOW

#: Two documents that say the same, or do not.
STORIES = {
    "order and repetition": (
        "entity(ex:d) used(ex:a, ex:d, -)", "used(ex:a, ex:d, -) used(ex:a, ex:d, -) entity(ex:d)", True,
    ),
    "what is left out and what is a placeholder": ("used(ex:a, ex:d)", "used(ex:a, ex:d, -)", True),
    "a plan that is not named and none": ("wasAssociatedWith(ex:a, ex:x)", "wasAssociatedWith(ex:a, ex:x, -)", True),
    "one generation in two places": (
        "wasGeneratedBy(ex:g; ex:e, ex:a, 2024-01-01T00:00:00Z)",
        "wasGeneratedBy(ex:g; ex:e, -, 2024-01-01T00:00:00Z) wasGeneratedBy(ex:g; ex:e, ex:a, -)",
        True,
    ),
    "a generation that is unique": (
        "wasGeneratedBy(ex:g; ex:e, ex:a, 2024-01-01T00:00:00Z)",
        "wasGeneratedBy(ex:g; ex:e, ex:a, -) wasGeneratedBy(ex:e, ex:a, 2024-01-01T00:00:00Z)",
        True,
    ),
    "the other time": (
        "wasGeneratedBy(ex:e, ex:a, 2024-01-01T00:00:00Z)", "wasGeneratedBy(ex:e, ex:a, 2024-01-02T00:00:00Z)", False,
    ),
    "the same moment": ("used(ex:a, ex:e, 2024-01-01T00:00:00Z)", "used(ex:a, ex:e, 2024-01-01T01:00:00+01:00)", True),
    "an influence that follows": (
        "used(ex:u; ex:a, ex:e, -)", "used(ex:u; ex:a, ex:e, -) wasInfluencedBy(ex:u; ex:a, ex:e)", True,
    ),
    "an influence of its own": (
        "used(ex:u; ex:a, ex:e, -)", "used(ex:u; ex:a, ex:e, -) wasInfluencedBy(ex:i; ex:a, ex:e)", False,
    ),
    "a communication that follows": (
        "wasGeneratedBy(ex:e, ex:a, -) used(ex:b, ex:e, -)",
        "wasGeneratedBy(ex:e, ex:a, -) used(ex:b, ex:e, -) wasInformedBy(ex:b, ex:a)",
        True,
    ),
    "alternates": ("alternateOf(ex:d, ex:e)", "alternateOf(ex:e, ex:d)", True),
    "specializations": (
        "specializationOf(ex:c, ex:d) specializationOf(ex:d, ex:e)",
        "alternateOf(ex:e, ex:c) specializationOf(ex:c, ex:d) specializationOf(ex:d, ex:e)",
        True,
    ),
    "attributes that a specialization has": (
        "entity(ex:d, [ex:size=1]) specializationOf(ex:e, ex:d)",
        "entity(ex:d, [ex:size=1]) entity(ex:e, [ex:size=1]) specializationOf(ex:e, ex:d)",
        True,
    ),
    "another attribute": ("entity(ex:d, [ex:size=1])", "entity(ex:d, [ex:size=2])", False),
    "what events an activity has": (
        "activity(ex:a)", "activity(ex:a) wasStartedBy(ex:a, -, -, -) wasEndedBy(ex:a, -, -, -)", True,
    ),
    "two usages and one": ("used(ex:a, ex:e, -)", "used(ex:u; ex:a, ex:e, -) used(ex:v; ex:a, ex:e, -)", False),
    "the same in a bundle": ("entity(ex:e)", "bundle ex:b entity(ex:e) endBundle", False),
}  # fmt: skip


#: Statements that follow from no document of the others' names.
MORE = (Thing("Agent", EX + "new"), Related("wasInformedBy", {"source": EX + "a", "target": EX + "new"}))


def document(text: str) -> list[Record]:
    told = read(f"document prefix ex <{EX}> {text} endDocument")
    return [record for record in told if not isinstance(record, Heading)]


@pytest.mark.parametrize("story", STORIES)
def test_what_says_the_same(story: str) -> None:
    one, other, same = STORIES[story]
    assert (differences(document(one), document(other)) == []) == same
    assert (differences(document(other), document(one)) == []) == same


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_what_is_said_otherwise_is_the_same(stated: list[Record], random: Random) -> None:
    assume(check(stated).valid)
    assert differences(stated, otherwise(stated, random)) == []


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(DOCUMENTS)
def test_what_follows_without_a_variable_is_what_the_text_says(stated: list[Record]) -> None:
    """What has variables depends on the order of inferences; this does not."""
    assume(check(stated).valid)
    numbers = count()
    facts = naive.normal(set(naive.stated(stated, numbers.__next__)), naive.ALL, numbers.__next__)
    told = {(f[0], *(t.removesuffix("+00:00") for t in f[1:] if isinstance(t, str))) for f in facts if _named(f)}
    found = {
        (f.name if f.name in naive.ARGUMENTS else f.name.lower(), *(str(t).removesuffix("Z") for t in f.terms))
        for f in normal.normal_form(stated)
        if not any(isinstance(t, int) for t in f.terms)
    }
    assert found == told


def _named(fact: naive.Fact) -> bool:
    return fact[0] != "typed" and not any(isinstance(t, int) for t in fact)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(DOCUMENTS, st.sampled_from(MORE))
def test_more_is_not_the_same(stated: list[Record], more: Record) -> None:
    assume(check([*stated, more]).valid)
    assert differences(stated, [*stated, more]) != []


def otherwise(stated: list[Record], random: Random) -> list[Record]:
    """In another order, some of it twice, activities in two places, and with what follows from ids."""
    found: list[Record] = [*stated, *random.choices(stated, k=3)] if stated else []
    for record in stated:
        if isinstance(record, Thing) and record.start and record.end:
            found.remove(record)
            found += [replace(record, end=None), replace(record, start=None, attributes=[])]
        elif isinstance(record, Related) and record.id and {"source", "target"} <= record.arguments.keys():
            assert record.relation in IDENTIFIED
            ends = {field: record.arguments[field] for field in ("source", "target")}
            found.append(Related("wasInfluencedBy", ends, record.id))
        elif isinstance(record, Related) and record.relation in ("alternateOf", "specializationOf"):
            a, b = record.arguments["source"], record.arguments["target"]
            found.append(Related("alternateOf", {"source": b, "target": a}))
    random.shuffle(found)
    return found


def test_what_follows_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normal, "MOST", 10)
    chain = document(" ".join(f"alternateOf(ex:e{n}, ex:e{n + 1})" for n in range(5)))
    with pytest.raises(UsageError, match="more than 10 statements follow"):
        differences(chain, chain)
