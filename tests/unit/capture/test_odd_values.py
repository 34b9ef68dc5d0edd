"""What hooks do with what nobody meant to hand to them: they raise nothing, and keep what can be kept."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import begat
from begat.capture import values
from begat.capture.activities import Activity
from begat.graph_schema.events import End, Generated, Metric, Setting, Start, Used

Told = Callable[[], Any]

BAD_TEXT = "caf\udce9"


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError("no text for you")


@pytest.mark.parametrize("name", [5, Path("x"), BAD_TEXT, Unspeakable(), "n" * 100_000])
def test_names_that_are_no_names_are_made_ones(told: Told, name: Any) -> None:
    """A name comes out as text that every reader of the journal takes, of bounded length."""
    Path("x.csv").write_text("1")
    with begat.run(name, type=name, experiment=name, about=name, **{str(values.name(name)): name}) as run:
        run.metric(name, 1.0, step=1, split=name)
        run.params({name: name})
        run.used("x.csv", role=name, type=name, name=name)
        run.generated("x.csv", role=name, type=[name], name=name)
        run.evaluated("x.csv", split=name, accuracy=name)
        with begat.activity(name, type=name):
            pass
        for _ in run.epochs(1, name=name):
            pass
    events = told()
    text = values.name(name)
    start = events.of(Start)[0]
    assert start.name == start.experiment == text
    assert start.types == [text]
    assert events.one(Metric).name == text
    assert events.one(Setting).name == text
    assert events.all(Used, role=text)
    assert events.all(Generated, role=text)
    assert len(text) <= values.LONGEST_NAME + 3
    text.encode()


def test_containers_that_hold_each_other_end_soon() -> None:
    wide: dict[str, Any] = {}
    wide.update({f"k{i}": wide for i in range(20)})
    long: list[Any] = []
    long.extend([long] * 20)
    began = time.perf_counter()
    assert len(str(values.plain(wide))) < 3 * values.MOST_IN_ALL
    assert len(str(values.plain(long))) < 3 * values.MOST_IN_ALL
    assert len(str(list(values.settings({"wide": wide})))) < 3 * values.MOST_IN_ALL
    assert time.perf_counter() - began < 10


def test_one_bad_name_costs_no_other_setting(told: Told) -> None:
    with begat.run("r") as run:
        run.params({Unspeakable(): 1, "lr": 0.1})
    assert [e.name for e in told().of(Setting)] == ["<Unspeakable: RuntimeError>", "lr"]


def test_secrets_in_lists_are_masked_too(told: Told) -> None:
    with begat.run("r", servers=[{"host": "a", "password": "hunter2"}]) as run:
        run.params(databases=[{"user": "ada", "password": "hunter2"}])
    events = told()
    assert events.one(Setting).value == [{"user": "ada", "password": values.MASK}]
    assert "hunter2" not in str(events)


def test_epochs_take_any_count(told: Told) -> None:
    class Count:
        def __index__(self) -> int:
            return 2

    with begat.run("r") as run:
        assert list(run.epochs(Count())) == [0, 1]  # type: ignore[call-overload]
    assert list(begat.epochs(Count())) == [0, 1]  # type: ignore[call-overload]
    assert len(told().all(Start, name="epoch")) == 2


def test_what_is_no_function_is_a_name(told: Told) -> None:
    block = begat.activity(7)  # type: ignore[call-overload]
    assert isinstance(block, Activity)
    with block:
        pass
    assert told().of(Start)[0].name == "7"


def test_a_text_too_long_for_a_path_is_told_and_no_more(told: Told) -> None:
    with begat.run("r") as run:
        run.used("x" * 1_000_000)
        run.used("ok.csv")
    assert len(told().all(Used, role=None)) == 1


def test_a_keyword_with_broken_bytes_costs_neither_start_nor_setting(told: Told) -> None:
    @begat.activity
    def train(**settings: float) -> None:
        pass

    train(**{BAD_TEXT: 0.1})
    events = told()
    assert events.one(Start).name == "train"
    assert events.one(Setting).value == 0.1


def test_what_cannot_be_encoded_costs_neither_start_nor_end(told: Told) -> None:
    """An object that says odd things of itself."""

    class Odd:
        shape = (2**70,)

    @begat.activity
    def make(x: Odd) -> Odd:
        return Odd()

    make(Odd())
    events = told()
    assert events.one(Start).name == "make"
    assert events.one(End).outcome == "finished"
