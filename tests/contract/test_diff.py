"""What is different between two runs, models or datasets, the answers written by hand; the same on every store.

    raw.csv <- prepare <- train.npz <- train <- model.pt <- scored on test.npz
                          train.py, Python <-/

Each test tells this twice, as a and as b, with something changed, and says what `begat diff` must find.
"""

from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.errors import Ambiguous, NotFound, UsageError
from begat.graph_schema.store import Store
from begat.queries.diff import diff
from begat.queries.diff.diff import differs
from tests.contract.test_questions import Script

if TYPE_CHECKING:
    from tests.contract.conftest import Load

C1: Final = "1" * 40
C2: Final = "2" * 40


class Sides(Script):
    """Tells the picture for one side; what is not given is the same on both."""

    def version(self, id: str, name: str, digest: str | None, kind: str = "Dataset", **attributes: Any) -> str:
        """A file version: its id is its name and digest, as two sides that see the same file agree on it."""
        held = {"path": f"/lab/{name}", "uri": f"file://lab/{name}", **attributes}
        if digest is not None:
            held["digest"] = f"blake2b:{digest}"
        self(ev.Node, id=id, kind="Entity", types=[kind], name=name, attributes=held)
        return id

    def setting(self, run: str, **values: Any) -> None:
        for name, value in values.items():
            self(ev.Setting, run=run, name=name.replace("__", "."), value=value)

    def code(
        self, run: str, commit: str = C1, changes: str | None = None, digest: str = "c0de", problem: str | None = None,
        cut: bool = False,
    ) -> None:  # fmt: skip
        version = f"train.py at {commit} {digest} {changes} {run if problem else ''}"
        attributes = {"commit": commit, "digest": f"blake2b:{digest}", "script": "train.py", "repository": "r"}
        if problem is not None:
            attributes["problem"] = problem
        self(ev.Node, id=version, kind="Entity", types=["Code"], name="train.py", attributes=attributes)
        self(ev.Used, run=run, entity=version, role="code")
        if changes is not None:
            part = f"changes {changes} {commit}"
            told: dict[str, Any] = {"digest": f"blake2b:{hash_of(changes)}", "content": changes}
            if cut:
                told["cut"] = True
            self(ev.Node, id=part, kind="Entity", types=["Code"], name="uncommitted changes", attributes=told)
            self(ev.Relate, relation="partOf", source=part, target=version, role="changes")

    def environment(self, run: str, *packages: str, python: str = "3.11.7") -> None:
        version = f"environment {python} {packages}"
        attributes = {"python": python, "packages": list(packages)}
        self(
            ev.Node, id=version, kind="Entity", types=["Environment"], name=f"Python {python}", attributes=attributes
        )
        self(ev.Used, run=run, entity=version, role="environment")

    def machine(self, run: str, name: str, **hardware: Any) -> None:
        self(ev.Node, id=name, kind="Agent", types=["Node"], name=name, attributes=hardware)
        self(ev.Relate, relation="ranOn", source=run, target=name)

    def tell(
        self, side: str, *, raw: str = "raw0", threshold: Any = 0.5, prepared: str | None = None, model: str = "m",
        settings: dict[str, Any] | None = None, code: dict[str, Any] | None = None,
        packages: tuple[str, ...] = ("numpy==1.0",), machine: str = "node7", loss: tuple[float, ...] = (0.5, 0.25),
        accuracy: Any = 0.9, test: str = "test0", outcome: ev.Outcome = "finished", augment: bool = False,
    ) -> None:  # fmt: skip
        """One side. Digests are words; `prepared` is what prepare made, else it follows from what it used."""
        prepare, train = f"prepare-{side}", f"train-{side}"
        self(ev.Start, run=prepare, name="prepare", types=["Preparation"])
        self.setting(prepare, threshold=threshold)
        self.uses(prepare, self.version(f"raw.csv {raw}", "raw.csv", raw))
        made = prepared or f"of-{raw}-{threshold}"
        data = self.version(f"train.npz {made} {side if prepared else ''}", "train.npz", made, "LearningDataset")
        self(ev.Generated, run=prepare, entity=data)
        self(ev.End, run=prepare)
        if augment:
            self(ev.Start, run=f"augment-{side}", name="augment", types=["Preparation"])
            self.uses(f"augment-{side}", data)
            data = self.version(f"more.npz {made}", "more.npz", f"more-{made}", "LearningDataset")
            self(ev.Generated, run=f"augment-{side}", entity=data)
            self(ev.End, run=f"augment-{side}")
        self(ev.Start, run=train, name="train", types=["Training"])
        self.setting(train, **{"lr": 0.1} | (settings or {}))
        self.code(train, **code or {})
        self.environment(train, *packages)
        self.machine(train, machine, memory={"node7": 64, "node8": 128}[machine])
        self.uses(train, data, role="train")
        for step, value in enumerate(loss):
            self(ev.Metric, run=train, name="loss", value=value, step=step)
        of = self.version(f"model.pt {model} {side}", f"{side}.pt", model, "Model")
        self(ev.Generated, run=train, entity=of)
        self.uses(train, of, self.version(f"test.npz {test}", "test.npz", test))
        score = f"accuracy-{side}"
        self(
            ev.Node, id=score, kind="Entity", types=["ModelEvaluation"], name="accuracy", value=accuracy,
            attributes={"split": "test"},
        )  # fmt: skip
        self(ev.Generated, run=train, entity=score)
        self(ev.Relate, relation="evaluationOf", source=score, target=of)
        self(ev.Relate, relation="onData", source=score, target=f"test.npz {test}")
        self(ev.End, run=train, outcome=outcome, error="ValueError: no" if outcome == "failed" else None)


def hash_of(text: str) -> str:
    return f"{len(text)}-{sum(map(ord, text))}"


class Pair:
    """A store that was told both sides."""

    def __init__(self, store: Store, load: "Load") -> None:
        self.store, self._load = store, load

    def tell(self, a: dict[str, Any] | None = None, b: dict[str, Any] | None = None) -> "Pair":
        say = Sides()
        say.tell("a", **a or {})
        say.tell("b", **b or {})
        self._load(self.store, say.said)
        return self

    def models(self, *only: str) -> list[tuple[Any, ...]]:
        """The differences of the two models, without durations and ids."""
        return told(self.store, "a.pt", "b.pt", *only)

    def runs(self, *only: str) -> list[tuple[Any, ...]]:
        return told(self.store, "train-a", "train-b", *only)


def told(store: Store, a: str, b: str, *only: str) -> list[tuple[Any, ...]]:
    rows = diff(store, a, b, only=only).rows
    return [
        (r["aspect"], r["step"], r["name"], r["change"], r["a"], r["b"]) for r in rows if r["name"] != "duration"
    ]


@pytest.fixture
def pair(store: Store, load: "Load") -> Pair:
    return Pair(store, load)


def test_two_that_were_made_alike(pair: Pair) -> None:
    """Another run of the same: not a difference, and no cause, though runs, models and scores are others."""
    assert pair.tell().models() == []
    assert pair.runs() == []
    answer = diff(pair.store, "a.pt", "b.pt")
    assert [(r["name"], r["change"], r["unit"]) for r in answer.rows] in ([], [("duration", "noted", "s")])
    assert not differs(answer)


def test_another_raw_file(pair: Pair) -> None:
    """The same path with another digest is changed; it is the cause, and all that was made of it is not."""
    pair.tell(b={"raw": "raw1", "model": "n"})
    assert pair.models("data", "settings", "cause") == [
        ("data", "prepare", "raw.csv", "changed", "blake2b:raw0", "blake2b:raw1"),
        ("data", "train", "train.npz", "changed", "blake2b:of-raw0-0.5", "blake2b:of-raw1-0.5"),
        ("cause", "Dataset", "raw.csv", "changed", "blake2b:raw0", "blake2b:raw1"),
    ]
    (row,) = diff(pair.store, "a.pt", "b.pt", only=["cause"]).rows
    assert row["path_a"] == ["raw.csv", "prepare", "train.npz", "train", "a.pt"]
    assert row["path_b"] == ["raw.csv", "prepare", "train.npz", "train", "b.pt"]
    assert (row["id_a"], row["id_b"]) == ("raw.csv raw0", "raw.csv raw1")


def test_another_setting_of_a_step_before(pair: Pair) -> None:
    pair.tell(b={"threshold": 0.7, "model": "n"})
    assert pair.models("settings", "data", "cause") == [
        ("settings", "prepare", "threshold", "changed", 0.5, 0.7),
        ("data", "train", "train.npz", "changed", "blake2b:of-raw0-0.5", "blake2b:of-raw0-0.7"),
        ("cause", "Preparation", "prepare", "changed", {"settings": {"threshold": 0.5}},
         {"settings": {"threshold": 0.7}}),
    ]  # fmt: skip


def test_steps_of_two_names_are_called_by_both(store: Store, load: "Load") -> None:
    """What only the first run had set is not told as if the second had."""
    say = Sides()
    for run, settings in (("fast", {"lr": 0.1, "note": "first"}), ("slow", {"lr": 0.01})):
        say(ev.Start, run=run, name=run, types=["Training"])
        say.setting(run, **settings)
        say(ev.End, run=run)
    load(store, say.said)
    assert told(store, "fast", "slow") == [
        ("settings", "fast | slow", "lr", "changed", 0.1, 0.01),
        ("settings", "fast | slow", "note", "removed", "first", None),
        ("cause", "Training", "fast | slow", "changed", {"settings": {"lr": 0.1, "note": "first"}},
         {"settings": {"lr": 0.01}}),
    ]  # fmt: skip


def test_a_run_that_reads_what_it_wrote_is_not_hidden_by_that(pair: Pair) -> None:
    """train scored its own model: that differs, as the run does, but only because the run did."""
    pair.tell(b={"settings": {"lr": 0.2}, "model": "n"})
    because = ("cause", "Training", "train", "changed", {"settings": {"lr": 0.1}}, {"settings": {"lr": 0.2}})
    assert pair.runs("cause") == [because]
    assert pair.models("cause") == [because]


def test_two_causes_at_once_and_neither_behind_the_other(pair: Pair) -> None:
    pair.tell(b={"raw": "raw1", "code": {"commit": C2, "digest": "c0d2"}})
    assert [row[2:4] for row in pair.models("cause")] == [("raw.csv", "changed"), ("train.py", "changed")]


def test_a_cause_without_effect_is_told_last_as_such(pair: Pair) -> None:
    """prepare made the same of another raw file: what differs further up shows nowhere."""
    pair.tell(a={"prepared": "p"}, b={"raw": "raw1", "prepared": "p", "settings": {"lr": 0.2}})
    rows = diff(pair.store, "a.pt", "b.pt", only=["cause"]).rows
    assert [(r["name"], r["detail"]) for r in rows] == [
        ("train", None),
        ("raw.csv", "no effect is seen: what was made of it is equal"),
    ]
    assert pair.models("data") == [("data", "prepare", "raw.csv", "changed", "blake2b:raw0", "blake2b:raw1")]


def test_values_that_other_tools_take_for_one(pair: Pair) -> None:
    """0, false, "" and null are four values and none of them is a setting that is not there; 1 and 1.0 are two."""
    pair.tell(
        a={"settings": {"p": 0, "q": False, "r": "", "s": None, "t": 1, "u": 1, "v": 1, "gone": None}},
        b={"settings": {"p": False, "q": "", "r": None, "s": 0, "t": 1.0, "u": "1", "v": True, "new": None}},
    )
    found = pair.models("settings")
    assert [(name, change, repr(a), repr(b)) for _, _, name, change, a, b in found] == [
        ("gone", "removed", "None", "None"),
        ("new", "added", "None", "None"),
        ("p", "changed", "0", "False"),
        ("q", "changed", "False", "''"),
        ("r", "changed", "''", "None"),
        ("s", "changed", "None", "0"),
        ("t", "changed", "1", "1.0"),
        ("u", "changed", "1", "'1'"),
        ("v", "changed", "1", "True"),
    ]
    (cause,) = pair.models("cause")
    assert cause[4]["settings"].keys() == {"gone", "p", "q", "r", "s", "t", "u", "v"}


def test_equal_content_is_equal_wherever_it_lies(store: Store, load: "Load") -> None:
    """b read a copy under another path; c another file under the first path."""
    say = Sides()
    for side, file, name, digest in (
        ("a", "one", "raw.csv", "same"), ("b", "two", "copy.csv", "same"), ("c", "three", "raw.csv", "other")
    ):  # fmt: skip
        say(ev.Start, run=f"train-{side}", name="train", types=["Training"])
        say.uses(f"train-{side}", say.version(file, name, digest), role="train")
        say(ev.Generated, run=f"train-{side}", entity=say.version(f"{side}.pt", f"{side}.pt", "m", "Model"))
        say(ev.End, run=f"train-{side}")
    load(store, say.said)
    assert told(store, "a.pt", "b.pt") == []
    assert told(store, "train-a", "train-b") == []
    assert told(store, "a.pt", "c.pt", "data") == [
        ("data", "train", "raw.csv", "changed", "blake2b:same", "blake2b:other")
    ]
    assert told(store, "b.pt", "c.pt", "data") == [
        ("data", "train", "copy.csv", "removed", "blake2b:same", None),
        ("data", "train", "raw.csv", "added", None, "blake2b:other"),
    ]


def test_a_version_that_is_not_known_is_never_equal(store: Store, load: "Load") -> None:
    """Read too late to be known: the same path, and nobody can say whether the same content."""
    say = Sides()
    for side in "ab":
        say(ev.Start, run=side, name="train", types=["Training"])
        say.uses(side, say.version(f"raw as {side} saw it", "raw.csv", None))
        say(ev.End, run=side)
    load(store, say.said)
    assert told(store, "a", "b", "data") == [
        ("data", "train", "raw.csv", "changed", "version unknown", "version unknown")
    ]


def test_a_step_that_only_one_has(pair: Pair) -> None:
    pair.tell(b={"augment": True, "model": "n"})
    assert pair.models("data", "cause") == [
        ("data", "train", "more.npz", "added", None, "blake2b:more-of-raw0-0.5"),
        ("cause", "Preparation", "augment", "added", None, {"inputs": ["train.npz"]}),
        ("cause", "Training", "train", "changed", {"inputs": ["train.npz"]}, {"inputs": ["more.npz"]}),
    ]


def test_code(pair: Pair) -> None:
    pair.tell(a={"code": {"commit": C1}}, b={"code": {"commit": C2, "digest": "c0d2"}})
    assert pair.models("code", "cause") == [
        ("code", None, "train.py: commit", "changed", C1, C2),
        ("code", None, "train.py: content", "changed", "blake2b:c0de", "blake2b:c0d2"),
        ("cause", "Code", "train.py", "changed", f"commit {C1}", f"commit {C2}"),
    ]


PATCH: Final = """\
diff --git a/train.py b/train.py
index 1..2 100644
--- a/train.py
+++ b/train.py
@@ -1,3 +1,3 @@
 import begat
-rate = 0.1
+rate = {rate}
 epochs = 3"""


def test_differences_from_one_commit_are_told_as_one_text(pair: Pair) -> None:
    a, b = (PATCH.format(rate=rate) for rate in ("0.2", "0.35"))
    pair.tell(a={"code": {"changes": a, "digest": "x"}}, b={"code": {"changes": b, "digest": "y"}})
    rows = diff(pair.store, "a.pt", "b.pt", only=["code"]).rows
    assert [(r["name"], r["change"]) for r in rows] == [
        ("train.py: content", "changed"),
        ("train.py: uncommitted changes", "changed"),
    ]
    assert rows[1]["detail"].split("\n") == [
        "diff --git a/train.py b/train.py",
        "--- a/train.py",
        "+++ b/train.py",
        "@@ -1,3 +1,3 @@",
        " import begat",
        "-rate = 0.2",
        "+rate = 0.35",
        " epochs = 3",
    ]


def test_differences_from_two_commits_are_told_each(pair: Pair) -> None:
    a, b = (PATCH.format(rate=rate) for rate in ("0.2", "0.35"))
    pair.tell(a={"code": {"changes": a}}, b={"code": {"changes": b, "commit": C2}})
    rows = diff(pair.store, "a.pt", "b.pt", only=["code"]).rows
    assert [r["name"] for r in rows] == ["train.py: commit", "train.py: uncommitted changes"]
    assert rows[1]["detail"] == f"uncommitted changes of a:\n{a}\nuncommitted changes of b:\n{b}"


def test_code_of_which_git_did_not_tell_is_never_equal(pair: Pair) -> None:
    pair.tell(a={"code": {"problem": "git did not tell"}}, b={"code": {"problem": "git did not tell"}})
    assert [(row[2], row[3]) for row in pair.models("code", "cause")] == [
        ("train.py", "changed"), ("train.py", "changed"),
    ]  # fmt: skip


def test_long_differences_are_told_as_a_part(pair: Pair) -> None:
    pair.tell(b={"code": {"changes": PATCH.format(rate="0.2"), "digest": "x", "cut": True}})
    row = diff(pair.store, "a.pt", "b.pt", only=["code"]).rows[-1]
    assert row["detail"].endswith("\n epochs = 3\nonly a part: of long differences the beginning is kept")


def test_environment_and_machine(pair: Pair) -> None:
    pair.tell(
        a={"packages": ("numpy==1.0", "Scikit_Learn==1.5", "gone==1")},
        b={"packages": ("numpy==2.0", "scikit-learn==1.5", "new==3"), "machine": "node8"},
    )
    rows = diff(pair.store, "a.pt", "b.pt", only=["environment"]).rows
    assert [(r["step"], r["name"], r["change"], r["a"], r["b"], r["unit"]) for r in rows] == [
        ("packages", "gone", "removed", "1", None, None),
        ("packages", "new", "added", None, "3", None),
        ("packages", "numpy", "changed", "1.0", "2.0", None),
        ("machine", "name", "changed", "node7", "node8", None),
        ("machine", "memory", "changed", 64, 128, "B"),
    ]
    assert [row[:4] for row in pair.models("cause")] == [("cause", "Environment", "Python 3.11.7", "changed")]


def test_the_environments_of_the_runs_belong_together(store: Store, load: "Load") -> None:
    """b was started from a model that was trained in a's environment: its own is another all the same."""
    say = Sides()
    say.tell("old", model="base")
    say.tell("a")
    say(ev.Start, run="tune", name="train", types=["Training"])
    say.environment("tune", "numpy==2.0")
    say.uses("tune", "model.pt base old", role="base_model")
    say(ev.Generated, run="tune", entity=say.version("tuned", "b.pt", "n", "Model"))
    say(ev.End, run="tune")
    load(store, say.said)
    assert [row[1:] for row in told(store, "a.pt", "b.pt", "environment") if row[1] == "packages"] == [
        ("packages", "numpy", "changed", "1.0", "2.0")
    ]


def test_results(pair: Pair) -> None:
    pair.tell(
        a={"loss": (0.5, 0.25)},
        b={"loss": (0.5, 0.125, float("nan")), "accuracy": 0.95, "model": "n", "outcome": "failed", "test": "test1"},
    )
    assert pair.models("results") == [
        ("results", None, "content", "changed", "blake2b:m", "blake2b:n"),
        ("results", None, "accuracy split=test on test.npz", "changed", 0.9, 0.95),
        ("results", None, "loss, last", "changed", 0.25, "NaN"),
        ("results", None, "loss, least", "changed", 0.25, 0.125),
        ("results", None, "loss, NaN points", "changed", 0, 1),
        ("results", None, "status", "changed", "FINISHED", "FAILED"),
    ]
    rows = diff(pair.store, "a.pt", "b.pt", only=["results"]).rows
    assert [r["detail"] for r in rows if r["name"].startswith("accuracy")] == ["on another version of that data"]


def test_a_runs_sections_are_compared_in_their_order(store: Store, load: "Load") -> None:
    say = Sides()
    for side, last in (("a", 0.05), ("b", 0.01)):
        say(ev.Start, run=side, name="train", types=["Training"])
        for epoch, rate in enumerate((0.1, last)):
            say(ev.Start, run=f"{side}{epoch}", name="epoch", types=["LearningStageSection"], section_of=side)
            say.setting(f"{side}{epoch}", lr=rate)
            say(ev.End, run=f"{side}{epoch}")
        say(ev.End, run=side)
    load(store, say.said)
    assert told(store, "a", "b") == [
        ("settings", "train/epoch", "lr", "changed", [0.1, 0.05], [0.1, 0.01]),
        ("cause", "Training", "train", "changed", {"settings": {"epoch: lr": [0.1, 0.05]}},
         {"settings": {"epoch: lr": [0.1, 0.01]}}),
    ]  # fmt: skip


def test_steps_of_one_name_are_numbered_equal_ones_first(store: Store, load: "Load") -> None:
    """Two trials on either side: one did the same, the other is compared with the other."""
    say = Sides()
    for side, rates in (("a", (0.1, 0.2)), ("b", (0.3, 0.1))):
        say(ev.Start, run=side, name="study", types=["Training"])
        for n, rate in enumerate(rates):
            say(ev.Start, run=f"{side}{n}", name="trial", types=["Training"], parent=side)
            say.setting(f"{side}{n}", lr=rate)
            say(ev.End, run=f"{side}{n}")
        say(ev.End, run=side)
    load(store, say.said)
    assert told(store, "a", "b") == [
        ("settings", "trial #2", "lr", "changed", 0.2, 0.3),
        ("cause", "Training", "trial", "changed", {"settings": {"lr": 0.2}}, {"settings": {"lr": 0.3}}),
    ]


def test_two_versions_of_a_dataset(pair: Pair) -> None:
    pair.tell(b={"threshold": 0.7})
    assert told(pair.store, "train.npz of-raw0-0.5 ", "train.npz of-raw0-0.7 ", "results", "cause") == [
        ("results", None, "content", "changed", "blake2b:of-raw0-0.5", "blake2b:of-raw0-0.7"),
        ("cause", "Preparation", "prepare", "changed", {"settings": {"threshold": 0.5}},
         {"settings": {"threshold": 0.7}}),
    ]  # fmt: skip


def test_two_files_that_nobody_made_are_their_own_cause(pair: Pair) -> None:
    pair.tell(b={"raw": "raw1"})
    assert told(pair.store, "raw.csv raw0", "raw.csv raw1") == [
        ("results", None, "content", "changed", "blake2b:raw0", "blake2b:raw1"),
        ("cause", "Dataset", "raw.csv", "changed", "blake2b:raw0", "blake2b:raw1"),
    ]


def test_the_same_thing_twice(pair: Pair) -> None:
    answer = diff(pair.tell().store, "a.pt", "model.pt m a")
    assert answer.rows == []
    assert answer.notes == ["a.pt and model.pt m a are the same thing, model.pt m a"]
    assert not differs(answer)


def test_what_cannot_be_compared_is_told_in_a_line(pair: Pair) -> None:
    store = pair.tell().store
    with pytest.raises(UsageError, match=r"^train.npz of-raw0-0.5  is a LearningDataset, train-a is a Training: "):
        diff(store, "train.npz of-raw0-0.5 ", "train-a")
    with pytest.raises(UsageError, match="node7 is a Node"):
        diff(store, "node7", "node7")
    with pytest.raises(NotFound, match=r"nothing is called 'c.pt'; did you mean"):
        diff(store, "a.pt", "c.pt")
    with pytest.raises(Ambiguous, match="'train' names 2 things"):
        diff(store, "train", "train-a")
    with pytest.raises(UsageError, match="there is no 'setings' to compare: give some of code, environment"):
        diff(store, "a.pt", "b.pt", only=["setings"])
    with pytest.raises(UsageError, match="limit is 0"):
        diff(store, "a.pt", "b.pt", limit=0)
    with pytest.raises(UsageError, match="depth is 0"):
        diff(store, "a.pt", "b.pt", depth=0)
    for odd in ("' OR 1=1 --", '"}) DETACH DELETE n //', "\ud800", "\0", ""):
        with pytest.raises(NotFound):
            diff(store, odd, "a.pt")


def test_limits_are_told(pair: Pair) -> None:
    pair.tell(b={"raw": "raw1", "settings": {"lr": 0.2, "more": 1}})
    whole = diff(pair.store, "a.pt", "b.pt")
    assert not whole.truncated
    part = diff(pair.store, "a.pt", "b.pt", limit=2)
    assert (part.rows, part.truncated) == (whole.rows[:2], True)
    near = diff(pair.store, "a.pt", "b.pt", depth=2, only=["cause"])
    assert near.truncated
    assert [r["name"] for r in near.rows] == ["train.npz"]
    assert diff(pair.store, "a.pt", "b.pt", depth=10**6).rows == whole.rows


def test_as_of_a_time_only_what_was_known_by_then_is_compared(store: Store, load: "Load") -> None:
    """b measured again and was scored after the asked time."""
    say = Sides()
    moments = []
    for side in "ab":
        say(ev.Start, run=side, name="train", types=["Training"])
        say.setting(side, lr=0.1)
        say(ev.Metric, run=side, name="loss", value=0.5, step=0)
        moments.append(say(ev.End, run=side))
    say.setting("b", lr=0.2)
    say(ev.Metric, run="b", name="loss", value=float("inf"), step=1)
    say(ev.Metric, run="b", name="loss", value=0.25, step=2)
    load(store, say.said)
    assert [r["name"] for r in diff(store, "a", "b", as_of=moments[1]).rows] == []
    later = diff(store, "a", "b", only=["settings", "results"], as_of=moments[1] + 9 * 10**6)
    assert [(r["name"], r["a"], r["b"]) for r in later.rows] == [
        ("lr", 0.1, 0.2), ("loss, last", 0.5, 0.25), ("loss, least", 0.5, 0.25),
    ]  # fmt: skip
    assert later.rows == diff(store, "a", "b", only=["settings", "results"]).rows


@pytest.mark.parametrize("trials", [1, 30])
def test_the_number_of_statements_does_not_grow(store: Store, load: "Load", trials: int) -> None:
    say = Sides()
    for side in "ab":
        for n in range(trials):
            run = f"{side}{n}"
            say(ev.Start, run=run, name=f"step {n}", types=["Preparation"])
            say.setting(run, n=n, side=side)
            say.uses(run, say.version(f"{side} {n}", f"{n}.csv", f"{side}{n}"))
            say(ev.Generated, run=run, entity=say.version(f"{side} {n + 1}", f"{n + 1}.csv", f"{side}{n + 1}"))
            say(ev.End, run=run)
    load(store, say.said)
    asked = Counted(store)
    answer = diff(asked.store, f"a {trials}", f"b {trials}")
    assert len([r for r in answer.rows if r["aspect"] == "settings"]) == trials
    assert asked.count <= 26


class Counted:
    """Counts what is asked of a store."""

    def __init__(self, store: Store) -> None:
        self.count = 0
        read = store.read

        def counted(*arguments: Any, **named: Any) -> Any:
            self.count += 1
            return read(*arguments, **named)

        store.read = counted  # type: ignore[method-assign]
        self.store = store
