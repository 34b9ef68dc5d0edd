"""Trainings, beyond the sheets: at earlier times, what cannot be asked, and what only some hooks tell."""

from typing import TYPE_CHECKING, Any

import pytest

from begat.api.demo.study.teller import Teller
from begat.graph_schema.errors import NotFound, UsageError
from begat.graph_schema.store import Store
from begat.queries import ask, runs
from begat.queries.diff import diff
from tests.contract.thirty.sheet import moment

if TYPE_CHECKING:
    from tests.contract.conftest import Load


def test_what_was_tried_is_scored_by_what_had_been_measured_by_then(told: Store) -> None:
    """At 10:30 train-a has made no model yet, and of the later trainings with that rate nobody knew."""
    asked = {"settings": ["lr=0.1"], "measure": "loss", "split": "train"}
    answer = ask(told, "did_you_consider", asked, as_of=moment("10:30"))
    assert [(r["training"], r["status"], r["value"]) for r in answer.rows] == [
        ("train-o", "FINISHED", 0.5),
        ("base", "FINISHED", 0.8),
        ("train-a", "RUNNING", None),
    ]
    assert [r["match"] for r in answer.rows] == ["all"] * 3


def test_runs_were_compared_by_their_last_points_by_then(told: Store) -> None:
    answer = ask(told, "comparable_runs", {"thing": "floods"}, as_of=moment("10:30"))
    assert [(r["group"], r["split"], r["training"], r["value"]) for r in answer.rows] == [
        (1, "train", "train-a", 0.4),
        (1, "train", "train-b", 0.5),
        (2, "val", "train-a", 0.5),
        (2, "val", "train-b", 0.6),
    ]


def test_the_best_by_then_is_the_best_of_the_models_there_were(told: Store) -> None:
    asked = {"thing": "floods", "measure": "rmse", "top": 9}
    answer = ask(told, "best_model_settings", asked, as_of=moment("14:32"))
    assert [(r["model"], r["value"]) for r in answer.rows] == [("a.pt", 0.3)]


def test_fewer_than_were_asked_for_by_top_are_told(told: Store) -> None:
    asked = {"thing": "floods", "measure": "rmse", "top": 2}
    assert not ask(told, "best_model_settings", asked).truncated
    assert ask(told, "best_model_settings", asked, limit=1).truncated
    assert not ask(told, "best_model_settings", {**asked, "top": 9}, limit=3).truncated


def test_data_is_named_as_it_was_asked_for(told: Store) -> None:
    """What is asked for twice counts once, and a feature is found by its id as well."""
    asked = {"settings": ["layers=2", "layers=2"], "features": ["feature:level"], "data": "data/base-train.npz"}
    answer = ask(told, "did_you_consider", asked)
    assert [(r["training"], r["equal"], r["of"], r["differs"]) for r in answer.rows] == [
        ("base", 2, 3, ["feature:level"]),
        ("train-a", 2, 3, ["data/base-train.npz"]),
        ("train-b", 2, 3, ["data/base-train.npz"]),
        ("train-c", 2, 3, ["data/base-train.npz"]),
    ]


@pytest.mark.parametrize(
    ("setting", "tried"),
    [
        ("note=", ["train-a"]),
        ('note=""', ["train-a"]),
        ("seed=0.0", ["train-a", "train-b"]),
        ("shuffle=false", ["train-a"]),
        ("shuffle=0", []),  # false is no number
        ('seed="0"', []),  # nor is text
        ("seed=99999999999999999999999999", []),  # more than a store holds
    ],
)
def test_a_setting_matches_by_its_value(setting: str, tried: list[str], told: Store) -> None:
    assert [r["training"] for r in ask(told, "did_you_consider", {"settings": [setting]}).rows] == tried


@pytest.mark.parametrize(
    ("name", "params", "says"),
    [
        ("did_you_consider", {}, "did_you_consider needs settings, features or data: name at least one"),
        ("did_you_consider", {"settings": ["lr"]}, "settings has 'lr': write NAME=VALUE"),
        ("did_you_consider", {"settings": ["=1"]}, "settings has '=1': write NAME=VALUE"),
        ("settings_for_features", {"features": [], "measure": "loss"}, "features has none: name at least one feature"),
        ("best_model_settings", {"thing": "floods", "measure": "f1", "best": "x"}, "best is 'x': give min or max"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(name: str, params: dict[str, Any], says: str, told: Store) -> None:
    with pytest.raises(UsageError) as e:
        ask(told, name, params)
    assert str(e.value) == says


def two_of_each() -> Teller:
    """Two trainings without data, and two with a measure of one name in folds; a model with two kinds of scores."""
    say = Teller("folds").at("08:00")
    say.file("all.npz", "Dataset", "all.npz")
    for run in ("blind-1", "blind-2", "fold-1", "fold-2"):
        say.start(run, run, "Training")
        say.params(run, depth=3)
        if run.startswith("fold"):
            say.uses(run, "all.npz")
        for n in (1, 2):
            say.metric(run, "loss", n / 10, n, fold=n)
        say.file(f"{run}.pt", "Model", f"{run}.pt")
        say.makes(run, f"{run}.pt")
        say.end(run)
    say.node("score", "Entity", "ModelEvaluation", "loss", split="test")
    say.relate("score", "evaluationOf", "fold-1.pt")
    return say


def test_without_data_nothing_is_compared(store: Store, load: "Load") -> None:
    """Data that was used in no role counts as well; every series has its row."""
    load(store, two_of_each().statements())
    rows = ask(store, "comparable_runs").rows
    assert [(r["group"], r["training"], r["split"], r["value"]) for r in rows] == [
        (1, "fold-1", None, 0.1), (1, "fold-1", None, 0.2), (1, "fold-2", None, 0.1), (1, "fold-2", None, 0.2),
    ]  # fmt: skip


def test_an_evaluation_without_a_number_is_no_score(store: Store, load: "Load") -> None:
    """The series count then, of whatever fold; of a split that none of them has, nothing does."""
    load(store, two_of_each().statements())
    asked = {"settings": ["depth=3"], "measure": "loss"}
    assert {r["value"] for r in ask(store, "did_you_consider", asked).rows} == {0.1}
    assert {r["value"] for r in ask(store, "did_you_consider", {**asked, "best": "max"}).rows} == {0.2}
    assert {r["value"] for r in ask(store, "did_you_consider", {**asked, "split": "test"}).rows} == {None}


def a_function_writes() -> Teller:
    """A script has the command, the code and a seed; its function `fit` reads data without a digest and writes."""
    say = Teller("script").at("08:00")
    say.start("script", "script", "Training", attributes={"command": "python fit.py"})
    say.node("fit.py", "Entity", "Code", "fit.py", digest="blake2b:fit")
    say.uses("script", "fit.py", role="code")
    say.params("script", **{"seeds.torch": 7, "lr": 0.1})
    say.start("fit", "fit", parent="script")
    say.params("fit", lr=0.1)
    say.node("table", "Entity", "Dataset", "table")
    say.uses("fit", "table")
    say.at("08:01").file("fit.pt", "Model", "fit.pt")
    say.makes("fit", "fit.pt")
    say.at("08:02").file("later.csv", "Dataset", "later.csv")
    say.uses("script", "later.csv")
    say.end("fit")
    say.end("script")
    return say


def test_what_a_function_wrote_is_made_again_with_its_script(store: Store, load: "Load") -> None:
    """The command and the code are the script's; what it used after the model was written is not needed."""
    load(store, a_function_writes().statements())
    rows = ask(store, "reproduce", {"thing": "fit.pt"}).rows
    assert [(r["what"], r["name"], r["value"], r["id"], r["state"]) for r in rows] == [
        ("code", "fit.py", "blake2b:fit", "fit.py", "known"),
        ("command", None, "python fit.py", "script", "known"),
        ("data", "table", None, "table", "missing"),
        ("environment", None, None, None, "missing"),
        ("job", None, None, None, "missing"),
        ("seed", "seeds.torch", 7, None, "known"),
        ("setting", "lr", 0.1, None, "known"),
    ]
    of_the_run = ask(store, "reproduce", {"thing": "script"}).rows
    assert [r["id"] for r in of_the_run if r["what"] == "data"] == ["later.csv"]
    assert ask(store, "reproduce", {"thing": "table"}).rows == []


def from_one_commit() -> Teller:
    """Four trainings of one commit: as committed, edited, edited again, and where git did not tell what differs."""
    say = Teller("edits").at("08:00")
    for run, told in (
        ("as-it-is", {"dirty": False}), ("edited", {"dirty": True}), ("again", {"dirty": True}),
        ("slow", {"problem": "x"}),
    ):  # fmt: skip
        say.start(run, run, "Training")
        say.node(f"code-{run}", "Entity", "Code", "train.py", commit="1" * 40, **told)
        say.uses(run, f"code-{run}", role="code")
        say.end(run)
    say.start("edited-too", "edited-too", "Training")
    say.uses("edited-too", "code-edited", role="code")
    say.end("edited-too")
    return say


def test_code_with_uncommitted_changes_is_not_told_by_its_commit_alone(store: Store, load: "Load") -> None:
    load(store, from_one_commit().statements())

    def code(thing: str, other: str) -> list[tuple[Any, ...]]:
        rows = ask(store, "compare", {"thing": thing, "other": other}).rows
        return [(r["name"], r["left"], r["right"]) for r in rows if r["what"] == "code"]

    commit = "1" * 40
    edited, again, slow = (f"{commit} with uncommitted changes, code-{run}" for run in ("edited", "again", "slow"))
    assert code("as-it-is", "edited") == [("train.py", [commit], [edited])]
    assert code("edited", "again") == [("train.py", [edited], [again])]
    assert code("slow", "as-it-is") == [("train.py", [slow], [commit])]
    assert code("edited", "edited-too") == []


def test_two_are_compared_and_never_one(told: Store) -> None:
    for thing, measure in (("a.pt", "loss"), ("oder", "loss"), ("floods", "none")):  # oder has one model
        with pytest.raises(NotFound, match="no two models to compare"):
            ask(told, "compare", {"thing": thing, "measure": measure})
    assert ask(told, "compare", {"thing": "floods", "other": "oder"}).rows == []


def measured() -> Teller:
    """Two points at one time, the last of which is NaN in one run; one that grew beyond all numbers."""
    say = Teller("points").at("08:00")
    for run, last in (("well", 0.25), ("lost", "NaN"), ("beyond", "INF")):
        say.start(run, run, "Training")
        for step, value in ((2, last), (1, 0.5)):  # told the wrong way round, at one time
            say.metric(run, "loss", value, step)
    say.at("09:00").metric("well", "loss", 0.125, 3)
    return say


def test_what_a_series_had_last_is_the_same_in_all_answers(store: Store, load: "Load") -> None:
    """As of a time when there were several: the last step. NaN and infinities by name."""
    load(store, measured().statements())
    then = moment("08:30")
    table = {r["name"]: (r["metrics.loss"], r["metrics.loss.min"]) for r in runs(store, as_of=then).rows}
    assert table == {"well": (0.25, 0.25), "lost": ("NaN", 0.5), "beyond": ("INF", 0.5)}
    for other, (last, _) in table.items():
        if other != "well":
            told = diff(store, "well", other, only=["results"], as_of=then).rows
            assert [(r["a"], r["b"]) for r in told if r["name"] == "loss, last"] == [(0.25, last)]
            compared = ask(store, "compare", {"thing": "well", "other": other}, as_of=then).rows
            assert [(r["left"], r["right"]) for r in compared if r["name"] == "loss"] == [([0.25], [last])]
