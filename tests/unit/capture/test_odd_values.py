"""What hooks do with what nobody meant to hand to them: they raise nothing, and keep what can be kept."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from pathlib import Path
from threading import Event, Lock
from typing import Any
from unittest.mock import Mock
from uuid import UUID

import numpy
import pytest

import begat
from begat.capture import guard, values
from begat.capture.activities import Activity
from begat.graph_schema.events import XSD_DOUBLE, End, Generated, Metric, Setting, Start, Used

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


class Color(Enum):
    RED = 1


class Level(IntEnum):
    HIGH = 3


@dataclass
class Ring:
    inner: Any = None


def ring() -> list[Any]:
    made: list[Any] = []
    made.append(made)
    return made


ODD: list[tuple[Any, Any]] = [
    (0, 0),
    (False, False),
    ("", ""),
    (None, None),
    (-0.0, -0.0),
    (float("nan"), {"$": "NaN", "type": XSD_DOUBLE}),
    (float("-inf"), {"$": "-INF", "type": XSD_DOUBLE}),
    (numpy.float32(0.5), 0.5),
    (numpy.float64("nan"), {"$": "NaN", "type": XSD_DOUBLE}),
    (numpy.float16("inf"), {"$": "INF", "type": XSD_DOUBLE}),
    (numpy.int64(7), 7),
    (numpy.uint64(2**64 - 1), str(2**64 - 1)),
    (numpy.bool_(False), False),
    (numpy.str_("a"), "a"),
    (numpy.bytes_(b"\x01"), "01"),
    (numpy.datetime64("2026-01-02T03:04:05.123456789"), "2026-01-02T03:04:05.123456789"),
    (numpy.array(3), 3),
    (numpy.array([1.5, float("nan")]), [1.5, {"$": "NaN", "type": XSD_DOUBLE}]),
    (numpy.zeros(5000), "<ndarray of 5000>"),
    (datetime(2026, 1, 2, 3, 4, 5, 6, UTC), "2026-01-02T03:04:05.000006+00:00"),
    (date(2026, 1, 2), "2026-01-02"),
    (timedelta(days=1, seconds=2), "1 day, 0:00:02"),
    (Path("a/b"), "a/b"),
    (Color.RED, "RED"),
    (Level.HIGH, "HIGH"),
    (b"\x00\xff", "00ff"),
    (bytearray(b"\x01"), "01"),
    ({3, 1, 2}, [1, 2, 3]),
    (frozenset("b"), ["b"]),
    (deque([1, 2]), [1, 2]),
    (Decimal("0.10"), "0.10"),
    (Fraction(1, 3), "1/3"),
    (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (1 + 2j, "(1+2j)"),
    (range(3), "range(0, 3)"),
    (10**5_000_000, "<int of 16609641 bits>"),
    (len, "builtins.len"),
    (BAD_TEXT, "caf\\udce9"),
    (object(), "<builtins.object>"),
]


@pytest.mark.parametrize(("given", "kept"), ODD, ids=[type(given).__name__ for given, _ in ODD])
def test_an_odd_value_is_kept_by_every_hook(told: Told, given: Any, kept: Any) -> None:
    """Every peer gets one of these wrong: numpy scalars end a task in a TypeError, 0 and "" count as absent."""

    @begat.activity
    def work(value: Any) -> Any:
        return value

    with begat.run("r") as run:
        run.params(value=given)
        run.params({"nested": {"value": given}})
        if type(given).__weakrefoffset__ == 0 or isinstance(given, Path | Enum | UUID | set | frozenset):
            assert work(given) is given
        run.metric("loss", 1.0, split=given)
    events = told()
    found = events.of(Setting)
    assert len(found) >= 2
    for setting in found:
        assert setting.value == kept
        assert type(setting.value) is type(kept)
    assert events.one(Metric).context == {"split": kept}
    assert all(end.outcome == "finished" for end in events.of(End))


class Raising:
    """All that Python may ask of a value raises."""

    def _raises(self, *args: Any) -> Any:
        raise RuntimeError("no")

    __repr__ = __str__ = __eq__ = __getattr__ = __len__ = __iter__ = __bool__ = __format__ = _raises
    __hash__ = object.__hash__


class RaisingMapping(dict[str, Any]):
    def __len__(self) -> int:
        raise RuntimeError("no")

    def items(self) -> Any:
        raise RuntimeError("no")

    __iter__ = keys = items


@pytest.mark.parametrize("make", [Raising, RaisingMapping, Unspeakable, ring, lambda: Ring(ring()), Lock, Mock])
def test_a_value_that_answers_nothing_harms_neither_the_call_nor_the_next_setting(told: Told, make: Any) -> None:
    given = make()

    @begat.activity
    def work(value: Any, lr: float) -> Any:
        return value

    with begat.run("r") as run:
        run.params(value=given, lr=0.1)
        assert work(given, lr=0.1) is given
        assert work({"inside": given}, lr=0.1)["inside"] is given
        run.used(given)
        run.generated(given)
        run.evaluated(given, on=given, score=0.5)
        run.metric("loss", 1.0, split=given)
    events = told()
    assert [s.value for s in events.all(Setting, name="lr")] == [0.1] * 3
    assert len(events.all(Start, name="work")) == 2
    assert {end.outcome for end in events.of(End)} == {"finished"}


def test_a_value_that_never_answers_costs_a_second_once(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `__repr__` that waits for a server that is gone: elsewhere the training waits with it."""
    monkeypatch.setattr(guard, "PATIENCE", 0.2)
    ends = Event()

    class Endless:
        def __repr__(self) -> str:
            ends.wait(60)
            return "at last"

    began = time.perf_counter()
    with begat.run("r") as run:
        for i in range(20):
            run.params({f"value{i}": Endless()}, lr=0.1)
    took = time.perf_counter() - began
    ends.set()
    assert took < 5
    found = told().of(Setting)
    assert found[0].value == "<Endless: TimeoutError>"
    assert len(found) == 40


@pytest.mark.parametrize(
    "make",
    [lambda: "x" * 100_000_000, lambda: "\u00e9" * 50_000_000, lambda: b"x" * 100_000_000,
     lambda: list(range(3_000_000)), lambda: numpy.zeros(12_500_000)],
    ids=["text", "wide text", "bytes", "list", "array"],
)  # fmt: skip
def test_a_value_of_a_hundred_megabytes_is_cut_and_costs_no_time(told: Told, make: Any) -> None:
    given = make()
    with begat.run("r") as run:
        began = time.process_time()
        run.params(value=given)
        assert time.process_time() - began < 0.5
    value = told().one(Setting).value
    assert len(value) < 70_000
    assert any(mark in value for mark in ("[cut, ", "<list of", "<ndarray of"))


def test_an_argument_changed_after_the_call_keeps_its_value_at_the_call(told: Told) -> None:
    """Elsewhere the record holds the dict itself, and tells what the function or its caller made of it later."""

    @begat.activity
    def train(config: dict[str, Any]) -> None:
        config["lr"] = 99
        config["sizes"].append(99)

    given = {"lr": 0.1, "sizes": [1]}
    train(given)
    given["lr"] = 77
    assert {s.name: s.value for s in told().of(Setting)} == {"config.lr": 0.1, "config.sizes": [1]}
