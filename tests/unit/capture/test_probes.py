"""Probes of captured functions. Each names what a peer does wrong there.

Further ones are beside what they probe: an input that is changed after the call, numpy scalars, NaN, dates, paths,
enums, bytes and sets in test_odd_values.py; a workflow that dies of an exception in test_failures.py; loops that
`break` leaves in test_runs.py; generators that are not run to their end, or whose input changes before their first
item, in test_kinds_of_functions.py; objects that share an address in test_flow.py; ids of many processes, and workers
that fail, in test_processes.py; kill -9 and signals in test_death.py; frames that differ in row 15,001 in
test_content.py; files that change while they are read in test_digests.py; bits that flip in
tests/unit/ingest/test_ingest.py.
"""

import types
from collections.abc import Callable
from typing import Any

import pytest

import begat
from begat.graph_schema.events import End, Generated, Node, Setting, Start, Used

Told = Callable[[], Any]


class Frame: ...


def settings(events: Any) -> dict[str, Any]:
    return {s.name: s.value for s in events.of(Setting)}


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((1, 2), {}), ((1,), {"b": 2}), ((), {"b": 2, "a": 1}), ((1,), {})],
    ids=["by position", "mixed", "by keyword", "by default"],
)
def test_an_argument_has_its_name_however_it_is_given(told: Told, args: Any, kwargs: Any) -> None:
    # Elsewhere arguments by position are arg_0, arg_1, and a default that was left to itself is not recorded at all.
    @begat.activity
    def work(a: int, b: int = 2) -> None: ...

    work(*args, **kwargs)
    assert settings(told()) == {"a": 1, "b": 2}


def test_args_and_kwargs_of_any_number(told: Told) -> None:
    # Elsewhere zip() ends at the last name: what *args holds beyond it is lost.
    @begat.activity
    def work(a: int, /, *rest: Any, flag: bool = False, **more: Any) -> None: ...

    frame = Frame()
    work(0, "", frame, flag=True, a="another", data=frame)
    events = told()
    assert settings(events) == {"a": 0, "rest[0]": "", "flag": True, "kwargs.a": "another"}
    assert len({e.entity for e in events.of(Used) if e.role is None}) == 1


def test_parents_are_those_that_called(told: Told) -> None:
    # Flowcept and provlake take the workflow for everybody's parent, or the task that was started last.
    @begat.activity
    def inner() -> None: ...

    @begat.activity
    def middle() -> None:
        inner()

    @begat.activity
    def outer() -> None:
        middle()
        inner()

    with begat.run("r") as run:
        outer()
        inner()
    starts = told().of(Start)
    names = {s.run: s.name for s in starts} | {run.id: "r"}
    assert [(s.name, names.get(s.parent)) for s in starts] == [
        ("r", None), ("outer", "r"), ("middle", "outer"), ("inner", "middle"), ("inner", "outer"), ("inner", "r"),
    ]  # fmt: skip


def test_recursion_is_a_call_in_a_call(told: Told) -> None:
    # Where a record is kept under the function's name, the inner call overwrites the outer one.
    @begat.activity
    def factorial(n: int) -> int:
        return 1 if n == 0 else n * factorial(n - 1)

    assert factorial(5) == 120
    events = told()
    starts = events.of(Start)
    assert [s.parent for s in starts] == [None, *(s.run for s in starts[:-1])]
    assert [s.value for s in events.of(Setting)] == [5, 4, 3, 2, 1, 0]
    assert [e.run for e in events.of(End)] == [s.run for s in reversed(starts)]


def test_functions_of_one_name_in_two_modules_are_two(told: Told) -> None:
    # Where the name is the key, the second one replaces the first, and both runs are the second one's.
    def load(thing: Any = None) -> Any:
        return thing or Frame()

    made = {}
    for place in ("first", "second"):
        function = types.FunctionType(load.__code__, globals(), "load", (None,))
        function.__module__, function.__qualname__ = place, "load"
        made[place] = begat.activity(function)
    with begat.run("r"):
        made["second"](made["first"]())
    events = told()
    first, second = events.all(Start, name="load")
    assert first.run != second.run
    assert (first.attributes["function"], second.attributes["function"]) == ("first.load", "second.load")
    (used,) = [e for e in events.of(Used) if e.role is None]
    made_by = {e.entity: e.run for e in events.of(Generated)}
    assert (used.run, made_by[used.entity]) == (second.run, first.run)


def test_a_task_that_raises_is_failed_and_its_exception_is_the_callers(told: Told) -> None:
    # Flowcept records such a task as FINISHED; others wrap the exception, or lose its notes and cause.
    cause = KeyError("column")
    error = ValueError("bad frame")
    error.add_note("in row 7")

    @begat.activity
    def fails() -> None:
        raise error from cause

    @begat.activity
    def calls() -> None:
        fails()

    with pytest.raises(ValueError, match="bad frame") as caught, begat.run("r"):
        calls()
    assert caught.value is error
    assert caught.value.__cause__ is cause
    assert caught.value.__notes__ == ["in row 7"]
    ends = told().of(End)
    assert [e.outcome for e in ends] == ["failed"] * 3
    for end in ends:
        assert end.error.startswith("ValueError: bad frame")
        assert "raise error from cause" in end.trace
        assert "KeyError: 'column'" in end.trace


def test_an_exception_that_is_caught_fails_its_own_task_alone(told: Told) -> None:
    # Where failing is the workflow's, a retry that succeeds leaves a failed run.
    @begat.activity
    def fails() -> None:
        raise ValueError("once")

    with begat.run("r"), pytest.raises(ValueError, match="once"):
        fails()
    assert [e.outcome for e in told().of(End)] == ["failed", "finished"]


@pytest.mark.parametrize("value", [0, 0.0, False, "", b"", None])
def test_a_value_that_is_false_is_a_value(told: Told, value: Any) -> None:
    # `if value:` leaves iteration 0, a loss of 0.0, False and "" out of the record.
    @begat.activity
    def work(value: Any) -> Any:
        return value

    with begat.run("r") as run:
        run.params(here=value)
        assert work(value) is value
        if isinstance(value, int | float):
            run.metric("loss", value, step=0)
    kept = "" if value == b"" else value
    found = told().of(Setting)
    assert [s.value for s in found] == [kept, kept]
    assert all(type(s.value) is type(kept) for s in found)


def test_a_result_is_what_the_function_returned(told: Told) -> None:
    # A tracked result elsewhere is a proxy: `is None` is false, and isinstance fails.
    results = [None, 0, Frame(), (Frame(), 1), {"a": Frame()}, [Frame()]]

    @begat.activity
    def work(i: int) -> Any:
        return results[i]

    with begat.run("r"):
        assert all(work(i) is results[i] for i in range(len(results)))
    assert len([n for n in told().of(Node) if n.name.startswith("work()")]) == 4
