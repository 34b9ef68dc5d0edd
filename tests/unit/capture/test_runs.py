"""Runs and their hooks: what is stated, in which order, and that the user's own exceptions are left alone."""

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest

import begat
from begat.capture import epochs, problems
from begat.graph_schema.events import End, Generated, Metric, Node, Relate, Setting, Start, Used

Told = Callable[[], Any]


def test_a_run_tells_its_name_types_experiment_concepts_and_attributes(told: Told) -> None:
    with begat.run("train", "Training", experiment="digits", about=["domain:handwriting"], seed=7) as run:
        pass
    events = told()
    start = events.one(Start)
    assert (start.run, start.name, start.types, start.experiment) == (run.id, "train", ["Training"], "digits")
    assert start.attributes == {"seed": 7}
    assert start.parent is None
    assert events.one(Relate, relation="about").target == "domain:handwriting"


def test_a_run_in_a_run_is_its_part(told: Told) -> None:
    with begat.run("study") as study, begat.run("trial") as trial:
        pass
    assert told().one(Start, run=trial.id).parent == study.id


def test_a_parent_may_be_named(told: Told) -> None:
    with begat.run("a") as a:
        pass
    with begat.run("b", parent=a):
        pass
    with begat.run("c", parent="urn:uuid:x"):
        pass
    starts = told().of(Start)
    assert [s.parent for s in starts] == [None, a.id, "urn:uuid:x"]


def test_the_environment_names_the_parent_of_a_process(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEGAT_PARENT", "urn:uuid:job")
    with begat.run("train") as run, begat.activity("fit"):
        pass
    top, part = told().of(Start)
    assert (top.parent, part.parent) == ("urn:uuid:job", run.id)


def test_hooks_without_a_run_belong_to_the_innermost(told: Told) -> None:
    with begat.run("study"):
        begat.metric("m", 1)
        with begat.activity("trial", type="Training"):
            begat.metric("m", 2)
        begat.metric("m", 3)
    events = told()
    names = {s.run: s.name for s in events.of(Start)}
    assert [(names[m.run], m.value) for m in events.of(Metric)] == [("study", 1), ("trial", 2), ("study", 3)]


def test_hooks_outside_of_any_run_are_told_once_and_harm_nothing(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.csv").write_text("1")
    begat.metric("m", 1)
    begat.metric("m", 2)
    begat.params(lr=0.1)
    assert Path(begat.used("x.csv")).read_text() == "1"
    assert list(epochs(2)) == [0, 1]
    assert capsys.readouterr().err.count("begat.metric(...) outside of any run") == 1
    assert told() == []


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(ValueError("bad"), "failed"), (KeyboardInterrupt(), "killed"), (SystemExit(0), "finished"),
     (SystemExit(), "finished"), (SystemExit(2), "failed"), (SystemExit("no data"), "failed")],
)  # fmt: skip
def test_an_exception_ends_the_run_and_goes_on_unchanged(told: Told, error: BaseException, outcome: str) -> None:
    with pytest.raises(type(error)) as caught, begat.run("train"):
        raise error
    assert caught.value is error
    assert error.__context__ is None
    end = told().one(End)
    assert end.outcome == outcome


def test_a_failure_has_its_error_in_a_line_and_its_trace(told: Told) -> None:
    with pytest.raises(ValueError, match="bad value"), begat.run("train"):
        raise ValueError("bad value")
    end = told().one(End)
    assert end.error == "ValueError: bad value"
    assert "test_runs.py" in end.trace


def test_an_exception_whose_text_raises_is_still_the_users(told: Told) -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    with pytest.raises(Odd), begat.run("train"):
        raise Odd
    assert told().one(End).outcome == "failed"


def test_metrics_are_numbers_of_any_kind(told: Told) -> None:
    values = (1, True, Fraction(1, 2), 0.25, float("nan"), float("inf"), -float("inf"))
    with begat.run("train") as run:
        for step, value in enumerate(values):
            run.metric("loss", value, step, split="train")
        run.metric("loss", "text")
    events = told()
    assert [m.value for m in events.of(Metric)] == [1, 1, 0.5, 0.25, "NaN", "INF", "-INF"]
    assert all(m.context == {"split": "train"} for m in events.of(Metric))
    assert [m.step for m in events.of(Metric)] == list(range(7))


class Tensor:
    """As torch's that has a gradient: it warns who converts it, and filters make errors of warnings."""

    def __init__(self, held: float) -> None:
        self.held = held

    def __float__(self) -> float:
        raise UserWarning("Converting a tensor with requires_grad=True to a scalar")

    def item(self) -> float:
        return self.held


def test_what_holds_one_number_is_a_number(told: Told) -> None:
    """Elsewhere a loss that is still a tensor ends the training, or warns of a line that is not the user's."""
    with begat.run("train") as run:
        run.metric("loss", Tensor(0.5), step=Tensor(3))
        run.metric("loss", numpy.array([0.25]), step=numpy.array(4))
        run.metrics({"loss": Tensor(0.0)}, step=numpy.array([5]))
        run.metric("loss", numpy.zeros(2))
        assert problems.count() == 1
    assert [(m.value, m.step) for m in told().of(Metric)] == [(0.5, 3), (0.25, 4), (0.0, 5)]


def test_numpy_scalars_are_the_numbers_they_are(told: Told) -> None:
    with begat.run("train") as run:
        run.metric("loss", numpy.float32(0.5), numpy.int64(3))
        run.params(n=numpy.int64(4), f=numpy.float64(0.1), flag=numpy.bool_(True), a=numpy.arange(3))
    events = told()
    metric = events.one(Metric)
    assert (metric.value, metric.step) == (0.5, 3)
    assert {s.name: s.value for s in events.of(Setting)} == {"n": 4, "f": 0.1, "flag": True, "a": [0, 1, 2]}


class Mode(Enum):
    FAST = 1


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_settings_of_any_kind(told: Told) -> None:
    given = {
        "model": {"layers": {"size": 3}, "empty": {}},
        "zero": 0, "false": False, "blank": "", "none": None, "nan": float("nan"), "big": 2**80,
        "mode": Mode.FAST, "path": Path("a/b"), "when": datetime(2026, 1, 2, tzinfo=UTC), "raw": b"\x01",
        "set": {2, 1}, "tuple": (1, "a"), "long": "x" * 70_000, "many": list(range(5000)), "broken": Broken(),
        "function": json.dumps, "odd \udcff": 1,
    }  # fmt: skip
    with begat.run("train") as run:
        run.params(given, lr=0.1)
    found = {s.name: s.value for s in told().of(Setting)}
    assert found["model.layers.size"] == 3
    assert found["model.empty"] == {}
    assert (found["zero"], found["false"], found["blank"], found["none"]) == (0, False, "", None)
    assert found["nan"]["$"] == "NaN"
    assert found["big"] == str(2**80)
    assert (found["mode"], found["path"], found["when"]) == ("FAST", "a/b", "2026-01-02T00:00:00+00:00")
    assert (found["raw"], found["set"], found["tuple"]) == ("01", [1, 2], [1, "a"])
    assert len(found["long"]) < 66_000
    assert found["long"].endswith("[cut, 70000 characters]")
    assert found["many"] == "<list of 5000>"
    assert found["broken"] == "<Broken: RuntimeError>"
    assert found["function"] == "json.dumps"
    assert found["lr"] == 0.1


def test_a_mapping_changed_after_the_hook_changes_nothing(told: Told) -> None:
    given = {"layers": [1, 2]}
    with begat.run("train") as run:
        run.params(given)
        given["layers"].append(3)
    assert told().one(Setting).value == [1, 2]


@pytest.mark.parametrize("name", ["password", "api_key", "hf_token", "db.password", "AWS_SECRET_ACCESS_KEY", "token"])
def test_secrets_are_masked(told: Told, name: str) -> None:
    with begat.run("train") as run:
        run.params({name: "hush"})
    assert told().one(Setting).value == "***"


@pytest.mark.parametrize("name", ["max_tokens", "tokenizer", "pad_token", "n_tokens", "author", "sort_key"])
def test_settings_of_language_models_are_no_secrets(told: Told, name: str) -> None:
    with begat.run("train") as run:
        run.params({name: "said"})
    assert told().one(Setting).value == "said"


def test_epochs_are_sections_with_their_own_settings(told: Told) -> None:
    with begat.run("train") as run:
        run.params(lr=0.1)
        for epoch in run.epochs(2):
            run.params(rate=epoch)
            run.metric("loss", 1.0, step=epoch)
        run.metric("loss", 0.0)
    events = told()
    first, second = events.all(Start, section_of=run.id)
    assert (first.name, first.types, first.attributes) == ("epoch", ["LearningStageSection"], {"index": 0})
    assert [s.run for s in events.of(Setting)] == [run.id, first.run, second.run]
    assert [m.section for m in events.of(Metric)] == [first.run, second.run, None]
    assert [type(e).__name__ for e in events.of(Start, End)] == ["Start", "Start", "End", "Start", "End", "End"]


def test_epochs_yield_the_items_of_any_iterable(told: Told) -> None:
    with begat.run("train") as run:
        assert list(run.epochs(iter("ab"))) == ["a", "b"]
    assert len(told().of(Start)) == 3


def test_a_break_ends_its_epoch(told: Told) -> None:
    with begat.run("train") as run:
        for _ in run.epochs(5):
            break
        run.metric("after", 1.0)
    events = told()
    assert [type(e).__name__ for e in events.of(Start, End, Metric)] == ["Start", "Start", "End", "Metric", "End"]
    assert events.one(Metric).section is None


def test_an_exception_ends_its_epoch(told: Told) -> None:
    def script() -> None:
        with begat.run("train") as run:
            for _ in run.epochs(5):
                raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        script()
    ends = told().of(End)
    assert len(ends) == 2
    assert ends[-1].outcome == "failed"


def test_a_loop_that_is_never_finished_ends_with_its_run(told: Told) -> None:
    with begat.run("train") as run:
        loop = run.epochs(3)
        next(loop)
    loop.close()
    assert len(told().of(End)) == 2


def test_files_used_and_generated_in_an_epoch_name_it(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1")
    (tmp_path / "m.pt").write_text("2")
    with begat.run("train") as run:
        for _ in run.epochs(1):
            run.used("x.csv")
            run.generated("m.pt")
    events = told()
    section = events.one(Start, section_of=run.id).run
    assert events.all(Used)[-1].section == section
    assert events.one(Generated).section == section


def test_an_evaluation_states_what_it_is_of_in_order(told: Told, tmp_path: Path) -> None:
    (tmp_path / "m.pt").write_text("m")
    (tmp_path / "test.csv").write_text("t")
    with begat.run("report") as run:
        accuracy, f1 = run.evaluated("m.pt", on="test.csv", split="test", accuracy=0.97, f1=float("nan"))
    events = told()
    model, data = events.id_of("m.pt"), events.id_of("test.csv")
    told_of = [e for e in events.of(Used, Generated, Relate) if getattr(e, "role", None) not in ("code", "environment")
               and getattr(e, "relation", "evaluationOf") in ("evaluationOf", "onData")]  # fmt: skip
    assert [(type(e).__name__, getattr(e, "relation", ""), getattr(e, "entity", "") or (e.source, e.target))
            for e in told_of] == [
        ("Used", "", model), ("Used", "", data),
        ("Generated", "", accuracy.id),
        ("Relate", "evaluationOf", (accuracy.id, model)), ("Relate", "onData", (accuracy.id, data)),
        ("Generated", "", f1.id),
        ("Relate", "evaluationOf", (f1.id, model)), ("Relate", "onData", (f1.id, data)),
    ]  # fmt: skip
    node = events.one(Node, id=accuracy.id)
    assert (node.name, node.value, node.types) == ("accuracy", 0.97, ["ModelEvaluation"])
    assert node.attributes == {"split": "test"}
    assert events.one(Node, id=f1.id).value["$"] == "NaN"


def test_a_thread_belongs_to_what_is_open_in_the_main_thread(told: Told) -> None:
    with begat.run("train"), begat.activity("fit"):
        thread = threading.Thread(target=lambda: begat.metric("loss", 1.0))
        thread.start()
        thread.join()
    events = told()
    assert events.one(Metric).run == events.one(Start, name="fit").run


def test_tasks_do_not_see_each_others_runs(told: Told) -> None:
    async def work(name: str) -> None:
        with begat.run(name):
            await asyncio.sleep(0.01)
            begat.metric(name, 1.0)
            await asyncio.sleep(0.01)

    async def main() -> None:
        await asyncio.gather(work("a"), work("b"))

    asyncio.run(main())
    events = told()
    names = {s.run: (s.name, s.parent) for s in events.of(Start)}
    assert [(names[m.run], m.name) for m in events.of(Metric)] == [(("a", None), "a"), (("b", None), "b")]


def test_many_threads_keep_numbers_and_times_in_order(told: Told) -> None:
    def work() -> None:
        for _ in range(500):
            run.metric("loss", 1.0)

    with begat.run("train") as run:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    assert len(told().of(Metric)) == 2000


def test_sections_in_sections_end_with_their_run(told: Told) -> None:
    """The loops are held by someone else, so nobody lets go of them."""
    with begat.run("r") as run:
        outer = run.epochs(2)
        next(outer)
        inner = run.epochs(2, "batch")
        next(inner)
    events = told()
    names = events.names()
    assert [names[e.run] for e in events.of(End)] == ["batch", "epoch", "r"]
    del outer, inner


def test_a_run_is_resumed_under_its_id_and_name(told: Told) -> None:
    """Elsewhere a resumed training is a second run that knows nothing of the first, or wipes what the first had."""
    with begat.run("train", lr=0.1) as first:
        first.metric("loss", 0.5, step=29)
    with begat.run(resume=first.id) as second:
        assert list(second.epochs(range(30, 32))) == [30, 31]
        second.metric("loss", 0.25, step=30)
    events = told()
    assert second.id == first.id
    assert [s.name for s in events.all(Start, run=first.id)] == ["train", None]
    assert [e.outcome for e in events.all(End, run=first.id)] == ["finished", "resumed", "finished"]
    assert [s.attributes["index"] for s in events.all(Start, section_of=first.id)] == [30, 31]
    assert [m.step for m in events.all(Metric, run=first.id)] == [29, 30]


def test_a_run_that_is_resumed_by_no_whole_id_is_a_new_one(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with begat.run("train", resume="1a2b3c4d") as run:
        assert run.id.startswith("urn:uuid:")
    assert "names no run" in capsys.readouterr().err
    assert [e.outcome for e in told().of(End)] == ["finished"]


def test_of_many_ranks_the_first_says_that_they_resume(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with begat.run("train") as first:
        pass
    for name, value in (("TORCHELASTIC_RUN_ID", "j"), ("WORLD_SIZE", "2"), ("RANK", "1")):
        monkeypatch.setenv(name, value)
    with begat.run(resume=first):
        pass
    assert [e.outcome for e in told().of(End)] == ["finished", "finished"]


def test_sections_have_the_numbers_of_range_and_enumerate(told: Told) -> None:
    """Iteration 0 is an iteration; elsewhere `if epoch:` loses it, and a resumed loop begins at 0 again."""
    with begat.run("train") as run:
        for _ in run.epochs(2):
            pass
        for _, letter in run.epochs(enumerate("ab", start=5)):
            run.params(letter=letter)
        for size in run.epochs([16, 32], name="batch size"):
            run.params(size=size)
    indexes = [s.attributes["index"] for s in told().of(Start) if s.section_of]
    assert indexes == [0, 1, 5, 6, 0, 1]


def test_thirty_of_a_hundred_epochs_are_thirty(told: Told) -> None:
    """Elsewhere the loop that `break` leaves has 100 epochs, or one that never ends."""
    with begat.run("train") as run:
        for epoch in run.epochs(100):
            run.metric("loss", 1 / (epoch + 1), step=epoch)
            if epoch == 29:
                break
    events = told()
    sections = [s.run for s in events.of(Start) if s.section_of]
    assert len(sections) == 30
    assert [e.run for e in events.of(End)] == [*sections, run.id]
    assert [m.step for m in events.of(Metric)] == list(range(30))


def test_a_plain_loop_needs_no_sections(told: Told) -> None:
    with begat.run("train") as run:
        for epoch in range(100):
            run.metrics({"loss": 0, "done": False}, step=epoch)
            if epoch == 2:
                break
    assert [(m.name, m.value, m.step) for m in told().of(Metric)] == [
        (name, 0.0, step) for step in range(3) for name in ("loss", "done")
    ]


def test_a_run_that_is_started_twice_is_one(told: Told) -> None:
    run = begat.run("train").start()
    with begat.activity("part") as part:
        assert run.start() is run
        with run, part:
            begat.metric("inside", 1)
    run.finish()
    begat.metric("after", 2)
    events = told()
    assert [e.name for e in events.of(Start)] == ["train", "part"]
    assert len(events.of(End)) == 2
    assert [(m.name, m.run) for m in events.of(Metric)] == [("inside", part.id)]


def test_a_file_keeps_the_run_for_the_next_attempt(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same line in each attempt. Elsewhere the last run of that name is taken, which may be another's."""
    kept = Path("run.id")
    ids = []
    for epoch in range(3):
        with begat.run("train", resume=kept) as run:
            ids.append(run.id)
            run.metric("loss", 0.5, step=epoch)
    assert set(ids) == {kept.read_text().strip()}
    weights = tmp_path / "weights.pt"
    weights.write_bytes(b"\xff\x00weights")
    with begat.run("train", resume=weights) as other:
        assert other.id not in ids
    with begat.run("train", resume=tmp_path / "nowhere" / "run.id"):
        pass
    assert weights.read_bytes() == b"\xff\x00weights", "a file that is for something else is left as it is"
    assert "names no run" in capsys.readouterr().err
    events = told()
    assert [e.outcome for e in events.all(End, run=ids[0])] == ["finished", *["resumed", "finished"] * 2]
    assert [m.step for m in events.all(Metric, run=ids[0])] == [0, 1, 2]


@pytest.mark.parametrize("how", [True, "train", "", 3, b"x"])
def test_what_names_no_run_is_told_with_what_would(told: Told, capsys: pytest.CaptureFixture[str], how: Any) -> None:
    with begat.run("train", resume=how):
        pass
    assert ("resume=Path('run.id')" in capsys.readouterr().err) is (how != "")
    assert [e.outcome for e in told().of(End)] == ["finished"]


def test_a_run_that_is_open_is_joined_by_who_resumes_it(told: Told) -> None:
    with begat.run("study"), begat.run("train") as run:
        with begat.run(resume=run.id) as again:
            again.metric("loss", 0.5)
        run.metric("loss", 0.25)
    events = told()
    assert again is run
    assert len(events.of(Start)) == len(events.of(End)) == 2
    assert {m.run for m in events.of(Metric)} == {run.id}
