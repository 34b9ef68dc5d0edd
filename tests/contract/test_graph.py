"""A lineage answer as a graph, on every store: all links between what is shown, drawn by hand, and no other."""

from itertools import count
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation, Started
from begat.graph_schema.store import Store
from begat.queries import ancestors, ask, descendants
from begat.queries.answer import Answer
from begat.queries.graph import graph

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE = Context()
KINDS = {"Preparation": "Activity", "Training": "Activity", "Person": "Agent"}


class Story:
    """What happened, in order: nodes by name, then what each did."""

    def __init__(self, **types: str) -> None:
        self._seq = count(1)
        self.said: list[AnyStatement] = [
            Description(HERE, self._at(), name, (KINDS.get(what, "Entity"),), (what,), name)
            for name, what in types.items()
        ]

    def _at(self) -> Position:
        n = next(self._seq)
        return Position(1_750_000_000_000_000 + n, "w", n)

    def __call__(self, relation: str, source: str, target: str, role: str | None = None) -> None:
        if relation == "partOf":
            self.said.append(Started(HERE, self._at(), source))
        self.said.append(Relation(HERE, self._at(), relation, source, target, role))


@pytest.fixture
def store(store: Store, load: "Load") -> Store:
    """raw <- prep <- clean <- train, with a part fold, by ada. train wrote model, then used it and test for score."""
    story = Story(
        ada="Person", raw="Dataset", prep="Preparation", clean="Dataset", train="Training", fold="Training",
        lr="HyperparameterSetting", model="Model", test="Dataset", score="ModelEvaluation",
    )  # fmt: skip
    story("used", "prep", "raw", "source")
    story("wasGeneratedBy", "clean", "prep")
    story("wasAssociatedWith", "train", "ada", "author")
    story("hasSetting", "train", "lr")
    story("used", "train", "clean", "train")
    story("partOf", "fold", "train", "part")
    story("used", "fold", "clean", "validation")
    story("wasGeneratedBy", "model", "train")
    story("used", "train", "model", "model")
    story("used", "train", "test", "test")
    story("wasGeneratedBy", "score", "train")
    return load(store, story.said)


def links(store: Store, answer: Answer) -> set[str]:
    """`effect relation role cause`; `..` where it goes through what is not shown."""
    told = graph(store, answer)
    assert [n["id"] for n in told.nodes][: len(answer.starts)] == answer.starts
    assert {n["id"] for n in told.nodes} == {*answer.starts, *(r["id"] for r in answer.rows)}
    words = [(k.source, ".." if k.through else k.relation or "-", k.role, k.target) for k in told.links]
    return {" ".join(w for w in some if w) for some in words}


def test_behind_a_model(store: Store) -> None:
    assert links(store, ask(store, "how_created", {"thing": "model"})) == {
        "model wasGeneratedBy train",
        "train used train clean",
        "clean wasGeneratedBy prep",
        "prep used source raw",
        "train hasSetting lr",
        "train wasAssociatedWith author ada",
    }  # the model was written before train used it and test, and while fold had not ended


def test_on_test_data(store: Store) -> None:
    answer = ask(store, "impact", {"thing": "test"})
    assert links(store, answer) == {"train used test test", "score wasGeneratedBy train"}


def test_on_raw_data(store: Store) -> None:
    assert links(store, descendants(store, "raw")) == {
        "prep used source raw",
        "clean wasGeneratedBy prep",
        "train used train clean",
        "fold used validation clean",
        "fold partOf part train",
        "model wasGeneratedBy train",
        "train used model model",
        "score wasGeneratedBy train",
    }


def test_through_what_is_not_shown(store: Store) -> None:
    assert links(store, ask(store, "raw_sources", {"thing": "model"})) == {
        "model wasGeneratedBy train",
        "train .. prep",
        "prep used source raw",
    }
    assert links(store, ancestors(store, "score", types=("Dataset",))) == {
        "score .. clean",
        "score .. test",
        "clean .. raw",
    }


def test_as_far_as_asked(store: Store) -> None:
    assert links(store, ancestors(store, "model", depth=2)) == {"model wasGeneratedBy train", "train used train clean"}
    assert links(store, ask(store, "how_created", {"thing": "model"}, limit=1)) == {"model wasGeneratedBy train"}


def test_as_of_a_time(store: Store) -> None:
    then = 1_750_000_000_000_019  # the model is written, test not yet used
    answer = descendants(store, "clean", as_of=then)
    told = graph(store, answer, as_of=then)
    assert [(k.source, k.target) for k in told.links] == [("fold", "clean"), ("fold", "train"), ("model", "train"),
                                                         ("train", "clean")]  # fmt: skip


def test_a_thing_of_which_nothing_is_known_in_a_project(store: Store) -> None:
    answer = ask(store, "how_created", {"thing": "model"})
    told = graph(store, answer, project="theirs")
    assert told.nodes[0]["name"] is None
    assert {k.source for k in told.links} >= {"train"}  # by `via`, as the answer has it
