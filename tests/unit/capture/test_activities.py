"""Captured functions: arguments, results, and objects that flow from one to the next by their identity."""

import argparse
import asyncio
import gc
from collections.abc import Callable, Iterator
from typing import Any

import numpy
import pytest
from sklearn.linear_model import LogisticRegression

import begat
from begat.capture import Entity, objects, problems
from begat.graph_schema.events import End, Generated, Node, Relate, Setting, Start, Used

Told = Callable[[], Any]


class Frame:
    def __init__(self, rows: int = 1) -> None:
        self.rows = rows


class Model:
    def fit(self) -> "Model":
        return self

    def predict(self) -> None: ...


@begat.activity
def load(rows: int = 3) -> Frame:
    return Frame(rows)


@begat.activity(type="Preparation")
def prepare(frame: Frame, *, scale: float = 1.0) -> tuple[Frame, Frame]:
    return Frame(frame.rows), Frame(frame.rows)


@begat.activity(type="Training")
def train(frame: Frame, lr: float = 0.1) -> Model:
    return Model()


@begat.activity
def score(model: Model, frame: Frame) -> float:
    return 0.5


def test_objects_flow_from_function_to_function(told: Told) -> None:
    """load -> frame -> prepare -> (train part, test part); train -> model; score(model, test part)."""
    with begat.run("pipeline"):
        frame = load(rows=5)
        a, b = prepare(frame, scale=2.0)
        model = train(a)
        assert score(model, b) == 0.5
    assert told().story() == [
        "start pipeline",
        "start load", "load generated load()", "end load",
        "start prepare", "prepare used load()", "prepare generated prepare()[0]", "prepare generated prepare()[1]",
        "end prepare",
        "start train", "train used prepare()[0]", "train generated train()", "end train",
        "start score", "score used train()", "score used prepare()[1]", "end score",
        "end pipeline",
    ]  # fmt: skip


def test_scalars_and_defaults_are_settings(told: Told) -> None:
    with begat.run("pipeline"):
        train(Frame(), lr=0.5)
        load()
    assert [(s.name, s.value) for s in told().of(Setting)] == [("lr", 0.5), ("rows", 3)]


def test_types_and_parents(told: Told) -> None:
    with begat.run("pipeline") as run:
        train(Frame())
    start = told().one(Start, name="train")
    assert (start.types, start.parent) == (["Training"], run.id)


def test_what_is_given_in_any_way_is_recorded_under_its_name(told: Told) -> None:
    @begat.activity
    def work(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> None: ...

    work(1, 20, 30, 40, c=50, d=60)
    found = {s.name: s.value for s in told().of(Setting)}
    assert found == {"a": 1, "b": 20, "rest[0]": 30, "rest[1]": 40, "c": 50, "d": 60}


def test_containers_are_looked_into_one_level(told: Told) -> None:
    frames = [Frame(), Frame()]

    @begat.activity
    def join(frames: list[Frame], config: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
        return {"joined": Frame(), "count": 2, "deep": [Frame()]}

    with begat.run("pipeline"):
        out = join(frames, {"lr": 0.1, "net": {"size": 3}}, argparse.Namespace(seed=1))
        train(out["joined"])
    events = told()
    assert [line for line in events.story() if "used" in line or "generated" in line] == [
        "join used frames[0]", "join used frames[1]", "join generated join()['joined']",
        "train used join()['joined']", "train generated train()",
    ]  # fmt: skip
    settings = {s.name: s.value for s in events.of(Setting)}
    assert settings == {"config.lr": 0.1, "config.net.size": 3, "options.seed": 1, "lr": 0.1}


def test_functions_and_classes_are_settings_not_things_that_flow(told: Told) -> None:
    @begat.activity
    def work(loss: Callable[..., Any], optimizer: type) -> None: ...

    work(gc.collect, Frame)
    events = told()
    assert [s.value for s in events.of(Setting)] == ["gc.collect", f"{__name__}.Frame"]


def test_an_argument_that_comes_back_is_a_new_version(told: Told) -> None:
    @begat.activity
    def fit(model: Model) -> Model:
        return model.fit()

    with begat.run("train"):
        model = Model()
        assert fit(fit(model)) is model
    events = told()
    used = [e.entity for e in events.of(Used) if e.role is None]
    made = [e.entity for e in events.of(Generated)]
    # The first version is the run's own, for want of a better maker; each fit uses one version and makes the next.
    assert used == made[:2]
    assert len(set(made)) == 3


def test_an_object_is_forgotten_when_it_is_gone(told: Told) -> None:
    with begat.run("train"):
        for _ in range(50):
            train(Frame())
    gc.collect()
    used = [e.entity for e in told().of(Used) if e.role is None]
    assert len(set(used)) == 50


def test_the_registry_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "MOST", 10)
    kept = [Frame() for _ in range(30)]
    for i, frame in enumerate(kept):
        objects.register(frame, f"urn:{i}")
    assert objects.find(kept[-1], None) == "urn:29"
    assert objects.find(kept[0], None) is None


def test_equal_objects_are_not_the_same(told: Told) -> None:
    class Same:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    @begat.activity
    def use(x: Same) -> None: ...

    first, second = Same(), Same()
    with begat.run("r"):
        use(first)
        use(second)
        use(first)
    a, b, c = [e.entity for e in told().of(Used) if e.role is None]
    assert a == c != b


def test_saved_after_it_was_tested_depends_on_the_model_alone(told: Told, tmp_path: Any) -> None:
    (tmp_path / "test.csv").write_text("t")
    with begat.run("train") as run:
        model = train(Frame())
        run.evaluated(model, on="test.csv", accuracy=0.9)
        (tmp_path / "m.pt").write_text("m")
        run.generated("m.pt", type="Model", of=model)
    assert "train generated m.pt of train()" in told().story()


def test_a_model_of_plain_code_is_its_runs_from_before_the_test_data(told: Told, tmp_path: Any) -> None:
    (tmp_path / "train.csv").write_text("x")
    (tmp_path / "test.csv").write_text("t")
    (tmp_path / "m.pt").write_text("m")
    with begat.run("fit") as run:
        run.used("train.csv")
        model = Model()
        run.evaluated(model, on="test.csv", accuracy=0.9)
        run.generated("m.pt", of=model)
    assert [line for line in told().story() if "accuracy" not in line] == [
        "start fit", "fit used train.csv", "fit generated Model", "fit used Model", "fit used test.csv",
        "fit generated m.pt of Model", "end fit",
    ]  # fmt: skip


def test_two_runs_are_not_linked_by_an_assumption(told: Told) -> None:
    """A model that was there before both: neither run is taken to have made the other's."""
    model = Model()
    for name in ("a", "b"):
        with begat.run(name) as run:
            run.evaluated(model, accuracy=0.9)
    events = told()
    (first, second) = [e.entity for e in events.of(Used) if e.role is None]
    assert first != second


def test_of_something_begat_does_not_know_is_told_and_recorded_plainly(
    told: Told, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.pt").write_text("m")
    with begat.run("train") as run:
        run.generated("m.pt", of=Model())
        run.generated("m.pt", of="never-seen.pt")
    err = capsys.readouterr().err
    assert "has not seen a Model" in err
    assert "has not seen 'never-seen.pt'" in err
    assert [e.of for e in told().of(Generated)] == [[], []]


def test_of_handles_paths_and_several(told: Told, tmp_path: Any) -> None:
    for name in ("a.pt", "b.pt", "ensemble.pt", "report.md"):
        (tmp_path / name).write_text(name)
    with begat.run("train") as run:
        a = run.generated("a.pt")
        run.generated("b.pt")
        run.generated("ensemble.pt", of=[a, "b.pt"])
        scores = run.evaluated("ensemble.pt", accuracy=0.9, f1=0.8)
        run.generated("report.md", of=scores)
    events = told()
    assert "train generated ensemble.pt of a.pt of b.pt" in events.story()
    assert "train generated report.md of accuracy of f1" in events.story()


def test_an_exception_of_a_function_goes_on_unchanged(told: Told) -> None:
    error = ValueError("bad")

    @begat.activity
    def fail() -> None:
        raise error

    with pytest.raises(ValueError, match="bad") as caught, begat.run("r"):
        fail()
    assert caught.value is error
    assert [e.outcome for e in told().of(End)] == ["failed", "failed"]


def test_a_wrong_call_is_the_functions_own_type_error(told: Told) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        train()  # type: ignore[call-arg, unused-ignore]
    assert told().one(End).outcome == "failed"


def test_methods_coroutines_and_generators(told: Told) -> None:
    class Trainer:
        @begat.activity
        def fit(self, lr: float) -> Model:
            return Model()

    @begat.activity
    async def fetch(n: int) -> Frame:
        await asyncio.sleep(0)
        return Frame()

    @begat.activity
    def batches(n: int) -> Iterator[int]:
        for i in range(n):
            begat.metric("made", i)
            yield i

    async def both() -> None:
        await asyncio.gather(fetch(1), fetch(2))

    with begat.run("r") as run:
        assert isinstance(Trainer().fit(0.1), Model)
        asyncio.run(both())
        for i in batches(2):
            begat.metric("taken", i)
    events = told()
    assert {s.name for s in events.of(Start)} == {"r", "fit", "fetch", "batches"}
    assert all(s.parent == run.id for s in events.of(Start) if s.name != "r")
    names = {s.run: s.name for s in events.of(Start)}
    metrics = [(names[e.run], e.name) for e in events if type(e).__name__ == "Metric"]
    assert metrics == [("batches", "made"), ("r", "taken")] * 2
    assert len(events.of(End)) == 5


def test_a_function_keeps_its_name_and_documentation() -> None:
    assert train.__name__ == "train"


def test_arrays_and_frames_tell_their_shape(told: Told) -> None:
    @begat.activity
    def make() -> Any:
        return numpy.zeros((3, 2), dtype="float32")

    with begat.run("r"):
        make()
    node = told().one(Node, name="make()")
    digest = node.attributes.pop("digest")
    assert digest.startswith("blake2b:")
    assert node.attributes == {"class": "numpy.ndarray", "shape": [3, 2], "dtype": "float32"}


def test_estimators_are_models(told: Told) -> None:
    @begat.activity
    def make() -> Any:
        return LogisticRegression()

    with begat.run("r"):
        make()
    assert told().one(Node, name="make()").types == ["Model"]


def test_handles_given_to_a_function_are_used_by_it(told: Told, tmp_path: Any) -> None:
    (tmp_path / "x.csv").write_text("x")
    (tmp_path / "m.pt").write_text("m")

    @begat.activity
    def learn(data: Entity) -> Entity:
        return begat.generated("m.pt", type="Model")

    with begat.run("r") as run:
        model = learn(run.used("x.csv"))
        run.evaluated(model, accuracy=1.0)
    assert told().story()[1:7] == [
        "r used x.csv", "start learn", "learn used x.csv", "learn generated m.pt", "end learn", "r used m.pt",
    ]  # fmt: skip


def test_an_evaluation_on_several_objects(told: Told) -> None:
    with begat.run("r") as run:
        model, x, y = train(Frame()), Frame(), Frame()
        (score,) = run.evaluated(model, on=(x, y), split="test", accuracy=1.0)
    on = told().all(Relate, relation="onData", source=score.id)
    assert len({e.target for e in on}) == 2


def test_an_activity_block_can_be_entered_again(told: Told) -> None:
    block = begat.activity("step", type="Preparation", n=1)
    with begat.run("r"):
        with block as a:
            a.metric("m", 1)
        with block, block:
            pass
    assert [(s.name, s.types) for s in told().of(Start)][1:] == [("step", ["Preparation"])] * 3


def test_a_run_that_is_handed_on_is_no_thing(told: Told) -> None:
    """Functions are given the run so that they can call its hooks; it is neither used nor scored."""

    @begat.activity
    def fit(run: Any, frame: Any) -> Any:
        run.metric("loss", 1.0)
        return run

    with begat.run("r") as run, begat.activity("part") as part:
        fit(run, Frame())
        run.used(run)
        run.evaluated(part, score=1.0)
        assert problems.count() == 2
    events = told()
    assert [line for line in events.story() if "start" not in line and "end" not in line] == ["fit used frame"]
    assert events.of(Setting) == []
