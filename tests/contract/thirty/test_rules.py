"""What every answer must satisfy beyond the sheets: names of several, and bad input that goes in circles."""

from typing import TYPE_CHECKING

import pytest

from begat.api.demo.study.teller import Teller
from begat.graph_schema.errors import Ambiguous
from begat.graph_schema.store import Store
from begat.queries import QUESTIONS, ask
from tests.contract.thirty.sheet import parameters_of

if TYPE_CHECKING:
    from tests.contract.conftest import Load


def test_a_name_of_several_is_never_guessed(told: Store) -> None:
    """Two trainings are called retry, three scripts train.py."""
    with pytest.raises(Ambiguous) as retry:
        ask(told, "loss_curve", {"thing": "retry"})
    assert {node for node, _ in retry.value.matches} == {"train-d", "train-e"}
    with pytest.raises(Ambiguous) as code:
        ask(told, "impact", {"thing": "train.py"})
    assert {node for node, _ in code.value.matches} == {"train.py@1", "train.py@2", "train.py@oder"}


def test_a_path_of_two_versions_is_the_latest_and_says_so(told: Store) -> None:
    answer = ask(told, "impact", {"thing": "data/rain.csv"})
    assert answer.rows == ask(told, "impact", {"thing": "rain.csv@2"}).rows
    (note,) = answer.notes
    assert "the latest of 2 known" in note


def circle() -> Teller:
    """x was derived from y, y from z, z from x; and work used x and made y."""
    say = Teller("circle").at("08:00")
    for node in "xyz":
        say.file(node, "Dataset", f"{node}.csv")
    say.start("work", "work", "Preparation")
    say.uses("work", "x")
    say.at("08:01").makes("work", "y")
    for effect, cause in ("xy", "yz", "zx"):
        say.relate(effect, "wasDerivedFrom", cause)
    say.at("08:02").end("work")
    return say


def test_circles_end(store: Store, load: "Load") -> None:
    """Each of the three stands behind all three, itself included, and has a depth."""
    load(store, circle().statements())
    for start, behind in (("x", "yzx"), ("y", "zxy"), ("z", "xyz")):
        answer = ask(store, "how_created", {"thing": start})
        entities = {r["id"]: r["depth"] for r in answer.rows if r["kind"] == "Entity"}
        assert entities == {node: depth for depth, node in enumerate(behind, 1)}
        assert not answer.truncated
    assert ask(store, "raw_sources", {"thing": "x"}).rows == []


def test_circles_end_for_every_question_about_one_thing(store: Store, load: "Load") -> None:
    load(store, circle().statements())
    about_one = [q for q in QUESTIONS.values() if [p for p in parameters_of(q) if "!" in p] == ["thing:thing!"]]
    assert about_one
    for q in about_one:
        for node in ("x", "work"):
            other = {"other": "z"} if "other" in {p.name for p in q.parameters} else {}
            assert not ask(store, q.name, {"thing": node, **other}).truncated
