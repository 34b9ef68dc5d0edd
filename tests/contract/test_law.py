"""The lineage law, rule by rule, in sentences: by the naive law, and as reachability in every store.

A sentence is an event; they happen in the order in which they are said. Activities are written in capitals.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

import pytest

from begat.graph_schema.law import ancestors
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import AnyStatement, Context, Ended, Position, Relation, Started
from begat.graph_schema.store import Store
from begat.graph_schema.terms import RELATIONS

if TYPE_CHECKING:
    from tests.contract.conftest import Load, Reach

HERE = Context()

#: The relation behind a verb between two names.
VERBS = {
    "uses": "used",
    "derived-from": "wasDerivedFrom",
    "special": "specializationOf",
    "has": "hadMember",
    "informed-by": "wasInformedBy",
}


def understood(sentences: tuple[str, ...]) -> Iterator[AnyStatement]:
    """The statements of some sentences, each at a position of its own."""
    for n, sentence in enumerate(sentences, 1):
        at = Position(n, "w", n)
        match sentence.split():
            case [a, "starts", *whole]:
                yield Started(HERE, at, a)
                if whole:
                    yield Relation(HERE, at, "partOf", a, whole[-1], role="part")
            case [a, "ends"]:
                yield Ended(HERE, at, a)
            case [a, "makes", e]:
                yield Relation(HERE, at, "wasGeneratedBy", e, a)
            case [a, "makes", e, "of", x]:
                yield Relation(HERE, at, "wasGeneratedBy", e, a, exact=True)
                yield Relation(HERE, at, "wasDerivedFrom", e, x, arguments={"activity": a})
            case [a, "makes", e, "in", section]:
                yield Relation(HERE, at, "partOf", section, a, role="section")
                yield Relation(HERE, at, "wasGeneratedBy", e, a)
                yield Relation(HERE, at, "wasGeneratedBy", e, section, exact=True)
            case [s, verb, o]:
                yield Relation(HERE, at, VERBS[verb], s, o)


class Behind(Protocol):
    def __call__(self, name: str, *sentences: str) -> set[str]: ...


def asked(
    name: str, statements: list[AnyStatement], store: Store, load: "Load", reach: "type[Reach]", order: str
) -> dict[str, int]:
    """What is behind a thing, by law and by reachability alike; and that the other direction is the inverse."""
    history = load(MemoryStore(), statements).history()
    by_law = ancestors(history, name)
    found = reach(load(store, statements, order))
    assert found.ancestors(name, activity=name in history.activities) == by_law
    for other in history.nodes():
        assert found.descendants(other, history.activities).get(name) == by_law.get(other)
    return by_law


@pytest.fixture
def behind(store: Store, load: "Load", reach: "type[Reach]", order: str) -> Behind:
    """What is behind a thing after some sentences."""

    def ask(name: str, *sentences: str) -> set[str]:
        return set(asked(name, list(understood(sentences)), store, load, reach, order))

    return ask


def test_1_what_was_used_before_and_not_what_is_used_later(behind: Behind) -> None:
    assert behind("model", "A starts", "A uses train", "A makes model", "A uses test") == {"A", "train"}


def test_1_an_activity_depends_on_all_it_used(behind: Behind) -> None:
    assert behind("A", "A starts", "A uses train", "A makes model", "A uses test") == {"train", "test"}


def test_2_a_part_depends_on_its_whole_and_what_that_had_used_before(behind: Behind) -> None:
    story = ("S starts", "S uses data", "T starts in S", "S uses late", "T makes model", "S uses later")
    assert behind("model", *story) == {"T", "S", "data"}


def test_2_and_on_the_whole_of_its_whole(behind: Behind) -> None:
    story = ("S starts", "S uses data", "T starts in S", "T uses more", "U starts in T", "S uses late", "U makes model")
    assert behind("model", *story) == {"U", "T", "S", "data", "more"}


def test_3_a_whole_depends_on_its_parts_that_have_ended(behind: Behind) -> None:
    story = (
        "S starts", "T starts in S", "T uses one", "T ends", "U starts in S", "U uses two", "S makes best", "U ends",
    )  # fmt: skip
    assert behind("best", *story) == {"S", "T", "one"}
    assert behind("last", *story, "S makes last") == {"S", "T", "one", "U", "two"}


def test_3_a_part_that_never_ended_is_behind_nothing_of_its_whole(behind: Behind) -> None:
    assert behind("best", "S starts", "T starts in S", "T uses one", "S makes best") == {"S"}


def test_4_parts_are_not_behind_each_other(behind: Behind) -> None:
    story = ("S starts", "T starts in S", "T uses one", "T makes x", "T ends", "U starts in S", "U makes y", "U ends")
    assert behind("y", *story) == {"U", "S"}
    assert behind("x", *story) == {"T", "one", "S"}


def test_4_but_what_really_flowed_is(behind: Behind) -> None:
    story = ("S starts", "T starts in S", "T uses one", "T makes x", "T ends", "U starts in S", "U uses x", "U makes y")
    assert behind("y", *story) == {"U", "S", "x", "T", "one"}


def test_5_a_section_is_named_by_what_was_made_in_it_and_by_nothing_else(behind: Behind) -> None:
    story = ("A starts", "A uses data", "A makes one in E1", "A uses more", "A makes two in E2", "A makes model")
    assert behind("one", *story) == {"A", "E1", "data"}
    assert behind("two", *story) == {"A", "E2", "data", "more"}
    assert behind("model", *story) == {"A", "data", "more"}


def test_5_parts_started_in_a_section_are_parts_of_the_run(behind: Behind) -> None:
    story = ("A starts", "A uses data", "A makes one in E1", "T starts in A", "T uses x", "T ends", "A makes two in E1")
    assert behind("two", *story) == {"A", "E1", "data", "T", "x"}


def test_6_what_is_made_of_something_depends_on_that_alone(behind: Behind) -> None:
    story = ("A starts", "A uses train", "A makes net", "A uses test", "A makes file of net", "A makes report")
    assert behind("file", *story) == {"A", "net", "train"}
    assert behind("report", *story) == {"A", "train", "test"}


def test_6_a_derivation_said_apart_adds_to_what_its_activity_had_used(behind: Behind) -> None:
    assert behind("model", "A starts", "A uses train", "A makes model", "model derived-from idea") == {
        "A", "train", "idea",
    }  # fmt: skip


@pytest.mark.parametrize("verb", ["derived-from", "special", "has"])
def test_7_relations_between_entities_are_followed_as_they_stand(behind: Behind, verb: str) -> None:
    assert behind("x", f"x {verb} y", f"y {verb} z", f"other {verb} z") == {"y", "z"}


def test_7_a_member_does_not_depend_on_its_folder(behind: Behind) -> None:
    assert behind("one", "folder has one", "folder has two", "A makes folder") == set()
    assert behind("folder", "folder has one", "folder has two", "A makes folder") == {"one", "two", "A"}


def test_7_who_was_informed_depends_on_all_the_other_used(behind: Behind) -> None:
    story = ("A uses one", "A makes x", "A uses two", "B informed-by A", "B makes y")
    assert behind("y", *story) == {"B", "A", "one", "two"}
    assert behind("x", *story) == {"A", "one"}


def test_8_a_usage_depends_on_the_last_making_before_it(behind: Behind) -> None:
    story = ("A uses a", "A makes x", "C uses x", "C makes y", "B uses b", "B makes x", "D uses x", "D makes z")
    assert behind("y", *story) == {"C", "x", "A", "a"}
    assert behind("z", *story) == {"D", "x", "B", "b"}


def test_8_a_question_starts_at_the_last_making(behind: Behind) -> None:
    assert behind("x", "A uses a", "A makes x", "B uses b", "B makes x") == {"B", "b"}


def test_8_a_usage_before_any_making_depends_on_the_first(behind: Behind) -> None:
    assert behind("y", "C uses x", "C makes y", "A uses a", "A makes x", "B makes x") == {"C", "x", "A", "a"}


@pytest.mark.parametrize("relation", [r.name for r in RELATIONS.values() if not r.lineage])
@pytest.mark.parametrize("role", [None, "experiment", "section"])
def test_9_nothing_else_is_lineage(
    relation: str, role: str | None, store: Store, load: "Load", reach: "type[Reach]"
) -> None:
    load(store, [Relation(HERE, Position(1, "w", 1), relation, s, "shared", role=role) for s in ("A", "B", "x")])
    assert reach(store).places == {}


def document(time: int | None, relation: str, source: str, target: str) -> Relation:
    return Relation(HERE, Position(time, "", 0), relation, source, target)


def test_10_without_times_what_was_used_counts(
    store: Store, load: "Load", reach: "type[Reach]", order: str
) -> None:
    said: list[AnyStatement] = [
        document(None, "wasGeneratedBy", "model", "A"),
        document(None, "used", "A", "data"),
        document(None, "partOf", "A", "S"),
        Relation(HERE, Position(None, "", 0), "partOf", "T", "S", role="part"),
        document(None, "used", "T", "more"),
        document(None, "wasGeneratedBy", "best", "S"),
    ]
    assert set(asked("model", said, store, load, reach, order)) == {"A", "data"}
    assert set(asked("best", said, store, load, reach, order)) == {"S", "T", "more"}


def test_10_with_times_they_are_what_counts_and_at_one_time_usage_comes_first(
    store: Store, load: "Load", reach: "type[Reach]", order: str
) -> None:
    said: list[AnyStatement] = [
        document(5, "wasGeneratedBy", "model", "A"),
        document(5, "used", "A", "now"),
        document(4, "used", "A", "before"),
        document(6, "used", "A", "after"),
        document(None, "used", "A", "ever"),
    ]
    assert set(asked("model", said, store, load, reach, order)) == {"A", "now", "before", "ever"}


def test_a_thing_is_behind_itself_only_on_a_cycle(behind: Behind) -> None:
    assert behind("x", "x derived-from y", "y derived-from x", "z derived-from x") == {"x", "y"}
    assert behind("z", "x derived-from y", "y derived-from x", "z derived-from x") == {"x", "y"}


@pytest.mark.parametrize(
    "story",
    [
        ("A starts", "A makes model", "A uses model", "A uses test", "A makes report", "A ends"),
        ("A starts", "T starts in A", "T uses test", "T ends", "A makes report", "A ends"),
        ("A starts", "T starts in A", "T makes model", "A uses model", "A uses test", "T ends", "A makes report"),
        ("B starts", "B informed-by A", "B makes model", "A uses model", "A uses test", "A makes report"),
    ],
    ids=["tests what it made", "has parts", "tests what a part made", "a loop of activities"],
)
def test_an_activity_is_not_behind_itself(behind: Behind, story: tuple[str, ...]) -> None:
    assert "A" not in behind("A", *story)
    assert "test" in behind("A", *story)
    assert "A" in behind("report", *story)


def test_a_thing_made_again_from_itself_is_behind_itself(behind: Behind) -> None:
    story = ("A starts", "A makes x", "A ends", "B starts", "B uses x", "B makes x", "B ends")
    assert behind("x", *story) == {"B", "x", "A"}
    assert behind("B", *story) == {"x", "A"}


def test_depth_is_the_least_number_of_entities_and_activities(
    store: Store, load: "Load", reach: "type[Reach]", order: str
) -> None:
    """Phases inside an activity or an entity count nothing."""
    story = (
        "S starts", "S uses a", "T starts in S", "T uses b", "T makes c", "T ends", "S uses c", "U starts in S",
        "U makes d", "U uses a", "U ends", "S makes best", "S uses e", "S makes last",
    )  # fmt: skip
    found = asked("last", list(understood(story)), store, load, reach, order)
    assert found == {"S": 1, "a": 2, "c": 2, "e": 2, "T": 2, "U": 2, "b": 3}
