"""What dies, and how: the user's exception, result and exit code are the user's; what happened is recorded."""

from collections.abc import Callable
from typing import Any

import pytest

import begat
from begat.graph_schema.events import End, Gap, Metric, Node, Start

Played = Any
Play = Callable[..., Played]
Told = Callable[[], Any]


def outcomes(played: Played) -> dict[str, str]:
    names = played.events.names()
    return {names[e.run]: e.outcome for e in played.events.of(End)}


@pytest.mark.parametrize(
    ("ending", "code", "outcome", "last"),
    [
        ("raise ValueError('bad')", 1, "failed", "ValueError: bad"),
        ("sys.exit(3)", 3, "failed", ""),
        ("sys.exit('no data')", 1, "failed", "no data"),
        ("sys.exit()", 0, "finished", ""),
        ("raise SystemExit(0)", 0, "finished", ""),
        ("raise KeyboardInterrupt", -2, "killed", "KeyboardInterrupt"),
        ("raise type('Stop', (BaseException,), {})('now')", 1, "failed", "Stop: now"),
    ],
)
def test_a_workflow_that_dies_tells_how(play: Play, ending: str, code: int, outcome: str, last: str) -> None:
    """Elsewhere a workflow that dies of an exception is FINISHED, or stays RUNNING, or exits with 0."""
    played = play(f"""
        @begat.activity
        def step():
            {ending}
        with begat.run("train") as run:
            run.metric("loss", 0)
            step()
    """)
    assert played.code == code
    assert (played.err.splitlines() or [""])[-1] == last
    assert "begat: " not in played.err
    assert outcomes(played) == {"step": outcome, "train": outcome}


def test_os_exit_loses_nothing_that_returned(play: Play) -> None:
    """The run has no end: its process is gone, which is LOST."""
    played = play("""
        with begat.run("train") as run:
            for i in range(100):
                run.metrics({"loss": i, "f1": 0})
            os._exit(7)
    """)
    assert played.code == 7
    assert len(played.events.of(Metric)) == 200
    assert played.events.of(End) == []


def test_a_cause_and_a_group_are_in_the_trace(told: Told) -> None:
    group = ExceptionGroup("two trials failed", [ValueError("first"), KeyError("second")])
    with pytest.raises(RuntimeError) as caught, begat.run("train"):
        raise RuntimeError("study failed") from group
    assert caught.value.__cause__ is group
    with pytest.raises(ExceptionGroup) as whole, begat.run("train"):
        raise group
    assert whole.value is group
    first, second = told().of(End)
    assert first.error == "RuntimeError: study failed"
    assert all(text in first.trace for text in ("ValueError: first", "KeyError: 'second'", "direct cause"))
    assert second.error == "ExceptionGroup: two trials failed (2 sub-exceptions)"


def test_an_exception_that_is_handled_is_no_failure_of_the_whole(told: Told) -> None:
    """A task that raises is FAILED, whoever catches it; elsewhere the caller's `except` makes it FINISHED."""

    @begat.activity
    def step() -> None:
        raise ValueError("bad")

    with begat.run("train"):
        try:
            step()
        except ValueError:
            pass
    events = told()
    names = events.names()
    assert {names[e.run]: e.outcome for e in events.of(End)} == {"step": "failed", "train": "finished"}


def test_a_run_changes_nothing_of_the_exception(told: Told) -> None:
    error = ValueError("bad")
    with pytest.raises(ValueError, match="bad") as caught, begat.run("study"), begat.run("train"):
        raise error
    assert caught.value is error
    assert (error.__context__, error.__cause__, vars(error)) == (None, None, {})
    told()


def test_what_could_not_be_recorded_is_told_once_with_its_run(play: Play) -> None:
    played = play("""
        with begat.run("train") as run:
            for epoch in range(50):
                run.metric("loss", "high", step=epoch)
        print("after", file=sys.stderr)
    """)
    assert played.code == 0
    first, after = played.err.splitlines()
    assert first.startswith("begat: 50 hooks could not record what was given; the first: TypeError: 'high' is text")
    assert after == "after"


def test_the_journal_tells_how_much_was_not_recorded(play: Play) -> None:
    """So that `begat doctor` knows it when the screen is long gone."""
    played = play("""
        for n in range(3):
            with begat.run("train") as run:
                run.metric("loss", "high")
                run.metric("loss", n)
    """)
    assert max(gap.dropped for gap in played.events.of(Gap)) == 3
    assert played.events.of(Gap)[0].reason == "TypeError"
    assert len(played.events.of(Metric)) == 3
    assert played.err.count("begat: ") == 2, "the first, and the others when the process ends"


def test_a_run_that_has_ended_says_nothing_more(told: Told) -> None:
    with begat.run("train") as run:
        pass
    begat.tag("late")
    run.finish(ValueError("late"))
    events = told()
    assert [e.outcome for e in events.of(End)] == ["finished"]
    assert len(events.of(Start)) == 1


def test_hooks_that_no_file_can_be_opened_for_leave_the_script_as_it_is(play: Play) -> None:
    """What a hook needs is loaded with its first call: that may be when the training has opened all that it may."""
    played = play("""
        import resource
        open("x.csv", "w").write("1")
        with begat.run("train") as run:
            kept = []
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
            try:
                while True: kept.append(open(os.devnull))
            except OSError: pass
            assert [e for e in run.epochs(2)] == [0, 1]
            assert [e for e in begat.epochs([5])] == [5]
            run.params(lr=0.1)
            assert str(run.used("x.csv")) == str(run.generated("x.csv")) == "x.csv"
            assert len(run.evaluated("x.csv", on="x.csv", accuracy=1, f1=0)) == 2
            run.tag("early")
            begat.note("early")
            assert str(begat.artifact("x.csv")) == "x.csv"
            kept.clear()
            run.tag("late")
            begat.note("late")
            run.metric("loss", 0.5)
            run.params(lr=0.2)
            assert [e for e in run.epochs(2)] == [0, 1]
    """)
    assert played.code == 0, played.err
    assert "could not record" in played.err
    assert [m.value for m in played.events.of(Metric)] == [0.5]
    said = [n.attributes for n in played.events.of(Node) if {"tag", "note"} & n.attributes.keys()]
    assert said == [{"tag": ["late"]}, {"note": "late"}]
    assert outcomes(played)["train"] == "finished"
    assert len([s for s in played.events.of(Start) if s.section_of]) == 2
