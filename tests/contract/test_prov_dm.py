"""All of PROV-DM goes into a store and comes out equal: by scan, and in the canonical dump."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pytest

from begat.graph_schema.events import Attributes
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import (
    NOWHERE,
    AnyStatement,
    Context,
    Description,
    Folded,
    Position,
    Relation,
    Scanned,
    canonical,
)
from begat.graph_schema.store import Store
from begat.graph_schema.terms import KINDS, RELATIONS, TIMED, TYPES, XSD

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE = Context()
NOON = 1_750_000_000_000_000


class RoundTrip(Protocol):
    def __call__(self, *statements: AnyStatement) -> list[Scanned]: ...


@pytest.fixture
def roundtrip(store: Store, load: "Load", dump: Callable[[Store], list[str]]) -> RoundTrip:
    """Writes statements and scans them; the dump must be the memory store's, whichever statement came first."""

    def write(*statements: AnyStatement) -> list[Scanned]:
        load(store, statements, "in order")
        assert dump(store) == dump(load(MemoryStore(), statements, "reversed"))
        assert all(json.loads(line) for line in dump(store))
        return list(store.scan())

    return write


def node(id: str = "e", context: Context = HERE, **said: Any) -> Description:
    return Description(context, NOWHERE, id, **said)


def nodes(scanned: list[Scanned]) -> dict[tuple[str, Context], Folded]:
    return {(s.node, s.context): s for s in scanned if isinstance(s, Folded)}


def relations(scanned: list[Scanned]) -> list[Relation]:
    return sorted((s for s in scanned if isinstance(s, Relation)), key=lambda r: canonical(msgspec.to_builtins(r)))


def attributes(roundtrip: RoundTrip, given: Attributes) -> dict[str, list[Any]]:
    return nodes(roundtrip(node(kinds=("Entity",), attributes=given)))["e", HERE].attributes


# -- values


@pytest.mark.parametrize(
    "value",
    [
        {"$": "2026-01-31T12:00:00", "type": XSD + "dateTime"},
        {"$": "0042", "type": XSD + "integer"},
        {"$": "NaN", "type": XSD + "double"},
        {"$": "Guten Tag", "lang": "de"},
        {"$": "ex:picture", "type": "prov:QUALIFIED_NAME"},
        {"$": "POINT(1 2)", "type": "http://www.opengis.net/ont/geosparql#wktLiteral"},
        {"$": "", "type": XSD + "string"},
    ],
)
def test_typed_literals(roundtrip: RoundTrip, value: dict[str, str]) -> None:
    assert attributes(roundtrip, {"ex:said": value}) == {"ex:said": [value]}


def test_several_values_a_key(roundtrip: RoundTrip) -> None:
    english, german = {"$": "model", "lang": "en"}, {"$": "Modell", "lang": "de"}
    found = attributes(roundtrip, {"prov:label": [german, english, "model", german], "ex:size": 3})
    assert found == {"ex:size": [3], "prov:label": ["model", german, english]}


def test_values_of_several_descriptions_are_united(roundtrip: RoundTrip) -> None:
    found = nodes(roundtrip(node(attributes={"k": 1}), node(attributes={"k": [2, 1]}), node(attributes={"l": "x"})))
    assert found["e", HERE].attributes == {"k": [1, 2], "l": ["x"]}


def test_one_is_not_one_point_zero_is_not_true_is_not_text(roundtrip: RoundTrip) -> None:
    found = attributes(roundtrip, {"k": [1, 1.0, True, "1", "true", None, 0, 0.0, False, "", -0.0]})["k"]
    assert {(type(v), repr(v)) for v in found} == {
        (int, "1"), (float, "1.0"), (bool, "True"), (str, "'1'"), (str, "'true'"), (type(None), "None"),
        (int, "0"), (float, "0.0"), (bool, "False"), (str, "''"), (float, "-0.0"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", " ", "Grüße, 数据, 🧪", "a\u0301", "\x00", "a\x00b", "tab\tline\n", "'; DROP TABLE node; --", "x" * 1_000_000],
)
def test_text_of_any_kind(roundtrip: RoundTrip, text: str) -> None:
    found = nodes(roundtrip(node(name=text, value=canonical(text), attributes={"k": text, text: "v"})))["e", HERE]
    assert (found.name, found.value) == (text, canonical(text))
    assert found.attributes == {"k": [text], text: ["v"]}


@pytest.mark.parametrize("number", [0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1, 1e-300, 1e300, 0.1, 5e-324])
def test_numbers_of_any_size(roundtrip: RoundTrip, number: float) -> None:
    said = node(kinds=("Entity",), attributes={"k": number}, value=canonical(number), number=float(number))
    found = nodes(roundtrip(said))["e", HERE]
    assert (found.attributes, found.value, found.number) == ({"k": [number]}, canonical(number), float(number))


@pytest.mark.parametrize("value", [True, "1", None, [1], {"a": 1}, "NaN"])
def test_what_is_no_number_has_none(roundtrip: RoundTrip, value: object) -> None:
    found = nodes(roundtrip(node(value=canonical(value))))["e", HERE]
    assert (found.value, found.number) == (canonical(value), None)


# -- nodes


@pytest.mark.parametrize(
    "id",
    [
        "with space", 'with "quotes" and \'these\'', "new\nline", "tab\t", "Robert'); DROP TABLE ident;--", "%",
        "_", "*", "[1]", "\\", "{}", " e", "e ", "ex:täst", "数据", "http://example.org/a?b=c&d=%20#e",
        "x" * 10_000, "a\x00b", "null", "0",
    ],
)  # fmt: skip
def test_odd_ids(roundtrip: RoundTrip, id: str) -> None:
    scanned = roundtrip(
        node(id, kinds=("Entity",)),
        node("e", kinds=("Entity",)),
        Relation(HERE, NOWHERE, "wasDerivedFrom", id, "e"),
        Relation(HERE, NOWHERE, "wasGeneratedBy", "e", id + " too"),
        node(id, name="again"),
    )
    assert {n for n, _ in nodes(scanned)} == {id, "e"}
    assert [(r.source, r.target) for r in relations(scanned)] == [(id, "e"), ("e", id + " too")]


def test_ids_that_differ_in_little_are_different(roundtrip: RoundTrip) -> None:
    ids = ["e", "E", "e ", " e", "é", "e\u0301", "e\x00", "e\x00f", "ｅ"]
    assert {n for n, _ in nodes(roundtrip(*(node(i) for i in ids)))} == set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_kind_it_specialises(roundtrip: RoundTrip, kind: str) -> None:
    within = KINDS[kind].within
    found = nodes(roundtrip(node(kinds=(kind,))))["e", HERE]
    assert set(found.kinds) == {kind} | ({within} if within else set())


@pytest.mark.parametrize("name", TYPES)
def test_every_type_gives_its_kind(roundtrip: RoundTrip, name: str) -> None:
    found = nodes(roundtrip(node(types=(name,))))["e", HERE]
    assert (found.types, found.kinds) == ((name,), (TYPES[name].kind,))


def test_a_node_of_several_kinds_and_types(roundtrip: RoundTrip) -> None:
    said = (
        node(kinds=("Agent",), types=("prov:SoftwareAgent", "Person")),
        node(kinds=("Entity", "Plan"), types=("ex:Recipe", "Model", "Dataset")),
    )
    found = nodes(roundtrip(*said))["e", HERE]
    assert found.kinds == ("Entity", "Agent", "Plan")
    assert found.types == ("Dataset", "Model", "Person", "ex:Recipe", "prov:SoftwareAgent")


def test_the_same_node_described_differently_in_two_bundles(roundtrip: RoundTrip) -> None:
    ours, theirs = Context("default", "ex:ours"), Context("default", "ex:theirs")
    found = nodes(
        roundtrip(
            node(context=ours, kinds=("Entity",), name="model", attributes={"ex:good": True}),
            node(context=theirs, kinds=("Collection",), name="Modell", attributes={"ex:good": False}),
            node("ex:ours", kinds=("Bundle",)),
        )
    )
    assert found["e", ours].attributes == {"ex:good": [True]}
    assert found["e", theirs].attributes == {"ex:good": [False]}
    assert (found["e", ours].name, found["e", theirs].name) == ("model", "Modell")
    assert found["ex:ours", HERE].kinds == ("Entity", "Bundle")


def test_what_was_only_named_is_a_placeholder(roundtrip: RoundTrip) -> None:
    scanned = roundtrip(Relation(HERE, NOWHERE, "used", "a", "e"))
    assert nodes(scanned) == {}
    assert len(relations(scanned)) == 1


# -- relations


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_with_all_it_may_have(roundtrip: RoundTrip, name: str) -> None:
    said = Relation(
        HERE,
        Position(NOON, "", 0),
        name,
        "s",
        "t",
        role="ex:role",
        id="ex:relation",
        time=NOON + 1 if name in TIMED else None,
        arguments={"activity": "a"},
        attributes={"prov:label": [{"$": "wie", "lang": "de"}], "ex:k": [1, 1.5]},
    )
    assert relations(roundtrip(said)) == [said]


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("ends", [("s", None), (None, "t"), ("s", "t")])
def test_every_relation_bare_and_without_an_argument(
    roundtrip: RoundTrip, name: str, ends: tuple[str | None, str | None]
) -> None:
    said = Relation(HERE, NOWHERE, name, *ends)
    assert relations(roundtrip(said)) == [said]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("wasDerivedFrom", {"activity": "a", "generation": "g", "usage": "u"}),
        ("wasAssociatedWith", {"plan": "p"}),
        ("wasStartedBy", {"starter": "a"}),
        ("wasEndedBy", {"ender": "a"}),
        ("actedOnBehalfOf", {"activity": "a"}),
    ],
)
def test_further_arguments(roundtrip: RoundTrip, name: str, arguments: dict[str, str]) -> None:
    whole = Relation(HERE, NOWHERE, name, "s", "t", arguments=arguments)
    open_ = Relation(HERE, NOWHERE, name, "s", None, arguments=arguments)
    plain = Relation(HERE, NOWHERE, name, "s", "t")
    parts = [Relation(HERE, NOWHERE, name, "s", "t", arguments={k: v}) for k, v in arguments.items()]
    expected = {canonical(msgspec.to_builtins(r)) for r in (whole, open_, plain, *parts)}
    assert {canonical(msgspec.to_builtins(r)) for r in relations(roundtrip(whole, open_, plain, *parts))} == expected


def test_the_same_two_nodes_related_twice(roundtrip: RoundTrip) -> None:
    """By its own id, role, time, attributes or arguments a relation is another one; said again it is the same."""

    def used(**how: Any) -> Relation:
        return Relation(HERE, NOWHERE, "used", "a", "e", **how)

    different = [
        used(),
        used(role="train"),
        used(role="test"),
        used(time=NOON),
        used(time=NOON + 1),
        used(id="ex:u1"),
        used(id="ex:u2"),
        used(attributes={"k": [1]}),
        used(attributes={"k": [1.0]}),
        used(attributes={"k": [True]}),
        used(attributes={"k": ["1"]}),
        used(role="train", time=NOON),
    ]
    assert len(relations(roundtrip(*different, *different))) == len(different)


def test_attributes_in_another_order_are_no_other_relation(roundtrip: RoundTrip) -> None:
    one = Relation(HERE, NOWHERE, "used", "a", "e", attributes={"k": [1, 2], "l": "x"})
    two = Relation(HERE, NOWHERE, "used", "a", "e", attributes={"l": ["x", "x"], "k": [2, 1]})
    assert [r.attributes for r in relations(roundtrip(one, two))] == [{"k": [1, 2], "l": ["x"]}]


def test_a_relation_said_twice_stands_at_its_earliest(roundtrip: RoundTrip) -> None:
    late, early = (Relation(HERE, Position(t, w, 1), "about", "a", "e") for t, w in ((NOON + 9, "w"), (NOON, "v")))
    assert relations(roundtrip(late, early)) == [early]


def test_a_relation_in_two_bundles(roundtrip: RoundTrip) -> None:
    said = [Relation(Context("default", b), NOWHERE, "used", "a", "e", role="r") for b in ("", "ex:b1", "ex:b2")]
    assert relations(roundtrip(*said)) == said


def test_a_relation_of_a_thing_to_itself(roundtrip: RoundTrip) -> None:
    said = [Relation(HERE, NOWHERE, name, "e", "e") for name in ("alternateOf", "specializationOf", "wasDerivedFrom")]
    assert {r.relation for r in relations(roundtrip(*said))} == {s.relation for s in said}


def test_two_accounts_of_one_relation_are_both_kept(roundtrip: RoundTrip) -> None:
    """The same own id, told twice and differently: neither takes the other's place, in any order."""
    one = Relation(HERE, NOWHERE, "used", "a", "e", role="train", id="ex:u", attributes={"k": [1]})
    two = Relation(HERE, NOWHERE, "used", "a", "e", role="test", id="ex:u", time=NOON)
    assert relations(roundtrip(one, two, one)) == sorted([one, two], key=lambda r: canonical(msgspec.to_builtins(r)))


def test_an_open_relation_said_twice_is_one(roundtrip: RoundTrip) -> None:
    said = Relation(HERE, NOWHERE, "wasGeneratedBy", "e", None, time=NOON, attributes={"k": ["v"]})
    assert relations(roundtrip(said, said)) == [said]


def test_times_before_the_epoch_and_far_from_it(roundtrip: RoundTrip) -> None:
    times = (None, -1, 0, 253_402_300_799_999_999, -(10**16))
    said = [Relation(HERE, NOWHERE, "used", "a", "e", time=t) for t in times]
    assert {r.time for r in relations(roundtrip(*said))} == {s.time for s in said}


def test_the_dump_tells_equal_graphs_apart_in_one_attribute(
    load: "Load", dump: Callable[[Store], list[str]]
) -> None:
    one, other = (load(MemoryStore(), [node(attributes={"k": v})]) for v in (1, 1.0))
    assert dump(one) != dump(other)
