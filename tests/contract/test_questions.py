"""The questions on one small study, the answers written by hand; the same rows from every store.

    raw.csv <- prepare <- train.npz, val.npz, test.npz
    study "digits": trial-0 and trial-1 are parts of it; each uses train.npz, writes m0/m1, then scores it on val.npz
    study writes best.pt when both have ended; report uses best.pt and test.npz, writes report.md
    other: has lr=0.1 like trial-0, the same author and node, and nothing else in common
"""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.errors import NotFound, UsageError
from begat.graph_schema.statements import AnyStatement
from begat.graph_schema.store import Store
from begat.ingest.resolve import resolve
from begat.queries import ancestors, ask, descendants, find, show
from begat.queries.answer import iso

if TYPE_CHECKING:
    from tests.contract.conftest import Load

START: Final = 1_750_000_000_000_000
SECOND: Final = 1_000_000


class Script:
    """What hooks in scripts say, a second after each other: calls are events, later ones come later."""

    def __init__(self, writer: str = "w", project: str = "default") -> None:
        self.writer, self.project = writer, project
        self._seq = count(1)
        self.said: list[AnyStatement] = []

    def __call__(self, event: Callable[..., ev.Wire], **fields: Any) -> int:
        """Say it; returns its time."""
        n = next(self._seq)
        said = event(seq=n, at=START + n * SECOND, **fields)
        self.said += resolve(said, self.writer, self.project)
        return said.at

    def file(self, id: str, type: str, **attributes: Any) -> None:
        self(ev.Node, id=id, kind="Entity", types=[type], name=id, attributes=attributes)

    def uses(self, run: str, *files: str, role: str | None = None) -> None:
        for f in files:
            self(ev.Used, run=run, entity=f, role=role)

    def makes(self, run: str, id: str, type: str, **fields: Any) -> None:
        self.file(id, type)
        self(ev.Generated, run=run, entity=id, **fields)

    def by(self, run: str) -> None:
        self(ev.Node, id="ada@lab", kind="Agent", types=["Person"], name="ada@lab")
        self(ev.Relate, relation="wasAssociatedWith", source=run, target="ada@lab", role="author")
        self(ev.Node, id="node7", kind="Agent", types=["Node"], name="node7")
        self(ev.Relate, relation="ranOn", source=run, target="node7")


def study() -> Script:
    """The script of the picture above."""
    say = Script()
    say(ev.Start, run="prepare", name="prepare", types=["Preparation"])
    say.file("raw.csv", "Dataset")
    say.uses("prepare", "raw.csv")
    for part in ("train.npz", "val.npz", "test.npz"):
        say.makes("prepare", part, "LearningDataset")
    say(ev.End, run="prepare")
    say(ev.Start, run="study", name="digits", types=["Training"])
    say.file("code.py", "Code")
    say.uses("study", "code.py", role="code")
    say.by("study")
    for n in range(2):
        trial(say, n)
    say.makes("study", "best.pt", "Model")
    say(ev.End, run="study")
    say(ev.Start, run="report", name="report", types=["Evaluation"])
    say.uses("report", "best.pt", "test.npz")
    say.makes("report", "report.md", "Publication")
    say(ev.End, run="report")
    say(ev.Start, run="other", name="other", types=["Training"])
    say(ev.Setting, run="other", name="lr", value=0.1)
    say.by("other")
    say.makes("other", "other.pt", "Model")
    say(ev.End, run="other", outcome="failed", error="ValueError: no")
    return say


def trial(say: Script, n: int) -> None:
    run = f"trial-{n}"
    say(ev.Start, run=run, name=run, types=["Training"], parent="study")
    say(ev.Setting, run=run, name="lr", value=0.1 + n)
    say.uses(run, "train.npz", role="train")
    for epoch in range(2):
        section = f"{run}/{epoch}"
        say(ev.Start, run=section, name=f"epoch {epoch}", types=["LearningStageSection"], section_of=run)
        say(ev.Setting, run=section, name="momentum", value=epoch)
        say(ev.Metric, run=run, name="loss", value=1.0 / (1 + n + epoch), step=epoch, section=section)
        say(ev.End, run=section)
    say.makes(run, f"m{n}", "Model")
    say.uses(run, "val.npz", role="validation")
    say(ev.End, run=run)


@pytest.fixture
def told(store: Store, load: "Load") -> Store:
    """A store that was told the study."""
    return load(store, study().said)


def names(store: Store, question: str, thing: str, **how: Any) -> set[str]:
    return {r["name"] for r in ask(store, question, {"thing": thing}, **how).rows}


def test_how_the_best_was_created(told: Store) -> None:
    """From every trial, since they had ended and it was chosen by their scores; not from the test part."""
    answer = ask(told, "how_created", {"thing": "best.pt"})
    assert [(r["name"], r["depth"], r["via"], r["relation"], r["role"] or r["value"]) for r in answer.rows] == [
        ("digits", 1, "best.pt", "wasGeneratedBy", None),
        ("trial-0", 2, "study", None, None),
        ("trial-1", 2, "study", None, None),
        ("ada@lab", 2, "study", "wasAssociatedWith", "author"),
        ("code.py", 2, "study", "used", "code"),
        ("node7", 2, "study", "ranOn", None),
        ("lr", 3, "trial-0", "hasSetting", 0.1),
        ("lr", 3, "trial-1", "hasSetting", 1.1),
        ("momentum", 3, "trial-0", "hasSetting", 0),
        ("momentum", 3, "trial-0", "hasSetting", 1),
        ("momentum", 3, "trial-1", "hasSetting", 0),
        ("momentum", 3, "trial-1", "hasSetting", 1),
        ("train.npz", 3, "trial-0", "used", "train"),
        ("val.npz", 3, "trial-0", "used", "validation"),
        ("prepare", 4, "train.npz", "wasGeneratedBy", None),
        ("raw.csv", 5, "prepare", "used", None),
    ]
    assert answer.params == {"thing": "best.pt"}
    assert not answer.truncated
    assert answer.pending == 0


def test_how_a_candidate_was_created(told: Store) -> None:
    """Not from the validation part, which came later; not from the other candidate; its whole's code is behind it."""
    assert names(told, "how_created", "m0") == {
        "trial-0", "lr", "momentum", "train.npz", "prepare", "raw.csv", "digits", "code.py", "ada@lab", "node7",
    }  # fmt: skip


def test_how_a_run_came_about_is_asked_of_a_run_too(told: Store) -> None:
    rows = ask(told, "how_created", {"thing": "trial-1"}).rows
    assert [(r["name"], r["value"]) for r in rows if r["via"] == "trial-1"] == [
        ("digits", None), ("lr", 1.1), ("momentum", 0), ("momentum", 1), ("train.npz", None), ("val.npz", None),
    ]  # fmt: skip


def test_equal_settings_authors_and_nodes_link_nothing(told: Store) -> None:
    assert names(told, "how_created", "other.pt") == {"other", "lr", "ada@lab", "node7"}
    assert names(told, "impact", "ada@lab") == set()
    (setting,) = [r["id"] for r in ask(told, "how_created", {"thing": "other"}).rows if r["name"] == "lr"]
    assert names(told, "impact", setting) == set()


def test_impact_of_the_test_part_names_the_report_and_no_model(told: Store) -> None:
    answer = ask(told, "impact", {"thing": "test.npz"})
    assert [(r["name"], r["type"], r["depth"], r["via"], r["status"]) for r in answer.rows] == [
        ("report", "Evaluation", 1, "test.npz", "FINISHED"),
        ("report.md", "Publication", 2, "report", None),
    ]


def test_impact_of_the_raw_file(told: Store) -> None:
    assert names(told, "impact", "raw.csv") == {
        "prepare", "train.npz", "val.npz", "test.npz", "trial-0", "trial-1", "m0", "m1", "digits", "best.pt",
        "report", "report.md",
    }  # fmt: skip
    near = ask(told, "impact", {"thing": "raw.csv", "depth": 2})
    assert {r["name"] for r in near.rows} == {"prepare", "train.npz", "val.npz", "test.npz"}
    assert near.truncated


def test_raw_sources_and_the_steps_from_them(told: Store) -> None:
    """The file that nobody made, then the steps in time order; code is no raw data."""
    rows = ask(told, "raw_sources", {"thing": "m1"}).rows
    assert [(r["name"], r["kind"], r["depth"]) for r in rows] == [
        ("raw.csv", "Entity", 4),
        ("prepare", "Activity", 3),
        ("trial-1", "Activity", 1),
    ]
    assert rows[1]["started_at"] == iso(START + SECOND)
    assert names(told, "raw_sources", "raw.csv") == set()


def test_the_loss_curve_of_a_training(told: Store) -> None:
    answer = ask(told, "loss_curve", {"thing": "trial-1"})
    assert [(r["step"], r["name"], r["context"], r["value"]) for r in answer.rows] == [
        (0, "loss", None, 0.5),
        (1, "loss", None, 1 / 3),
    ]
    assert answer.rows == ask(told, "loss_curve", {"thing": "m1"}).rows  # the model's training is meant
    assert {r["activity"] for r in ask(told, "loss_curve", {"thing": "best.pt"}).rows} == {"trial-0", "trial-1"}
    assert {r["activity"] for r in ask(told, "loss_curve", {"thing": "study"}).rows} == {"trial-0", "trial-1"}


def test_of_the_measures_of_a_training_some(store: Store, load: "Load") -> None:
    say = Script()
    say(ev.Start, run="t", name="t", types=["Training"])
    for step in range(3):
        for name in ("loss", "accuracy", "rate"):
            say(ev.Metric, run="t", name=name, value=float(step), step=step)
    load(store, say.said)
    answer = ask(store, "loss_curve", {"thing": "t", "names": ["loss", "rate", "no such"]}, limit=4)
    rest = ask(store, "loss_curve", {"thing": "t", "names": ["loss", "rate", "no such"]}, after=answer.next)
    told = [(r["name"], r["step"]) for r in (*answer.rows, *rest.rows)]
    assert told == [(name, step) for name in ("loss", "rate") for step in range(3)]
    assert ask(store, "loss_curve", {"thing": "t", "names": ["no such"]}).rows == []


def test_the_loss_of_a_training_that_still_runs(store: Store, load: "Load") -> None:
    """Step 0, NaN and infinity are kept; a metric with a context is a series of its own."""
    say = Script()
    say(ev.Start, run="study", name="study", types=["Training"])
    say(ev.Start, run="t", name="t", types=["Training"], parent="study")
    say(ev.Metric, run="t", name="loss", value="NaN", step=0)
    say(ev.Metric, run="t", name="loss", value="INF", step=1)
    say(ev.Metric, run="t", name="loss", value=0.0, step=2)
    at = say(ev.Metric, run="t", name="loss", value=0.25, step=0.5, context={"split": "val"})
    load(store, say.said)
    for thing in ("t", "study"):
        rows = ask(store, "loss_curve", {"thing": thing}).rows
        assert [(r["step"], r["context"], r["value"]) for r in rows] == [
            (0, None, "NaN"), (1, None, "INF"), (2, None, 0.0), (0.5, {"split": "val"}, 0.25),
        ]  # fmt: skip
        assert rows[-1]["at"] == iso(at)
    assert find(store, "Training", 'status = "RUNNING"').rows[0]["status"] == "RUNNING"


def test_values_that_look_alike_stay_apart(store: Store, load: "Load") -> None:
    say = Script()
    say(ev.Start, run="t", name="t")
    values = {"a": 0, "b": False, "c": "", "d": 1, "e": True, "f": 1.0, "g": None, "h": [1, "x"], "i": 0.1 + 0.2}
    for name, value in values.items():
        say(ev.Setting, run="t", name=name, value=value)
    load(store, say.said)
    found = {r["name"]: r["value"] for r in ask(store, "how_created", {"thing": "t"}).rows}
    assert {k: (type(v), v) for k, v in found.items()} == {k: (type(v), v) for k, v in values.items()}
    assert {r["name"] for r in find(store, "HyperparameterSetting", "value = 1").rows} == {"d", "f"}
    assert {r["name"] for r in find(store, "HyperparameterSetting", "value = true").rows} == {"e"}
    assert {r["name"] for r in find(store, "Setting", 'value = ""').rows} == {"c"}
    assert {r["name"] for r in find(store, "Setting", "value > 0.3 and value < 0.5").rows} == {"i"}


def test_a_file_overwritten_in_place(store: Store, load: "Load") -> None:
    """Who used the old version did not use the new one."""
    say = Script()
    for version in ("v1", "v2"):
        say(ev.Node, id=version, kind="Entity", types=["Dataset"], name="x.csv", attributes={"path": "/gone/x.csv"})
        say(ev.Start, run=f"train {version}", name=f"train {version}")
        say.uses(f"train {version}", version)
    load(store, say.said)
    assert names(store, "impact", "v1") == {"train v1"}
    by_name = ask(store, "impact", {"thing": "x.csv"})
    assert [r["name"] for r in by_name.rows] == ["train v2"]
    (note,) = by_name.notes
    assert "the latest of 2 known" in note


def test_another_projects_statements_are_not_seen(store: Store, load: "Load") -> None:
    """`theirs` used our shared.csv and made theirs.pt from it; we made ours.pt."""
    say, theirs = Script(), Script("v", "theirs")
    say.file("shared.csv", "Dataset")
    say(ev.Start, run="ours", name="ours")
    say.uses("ours", "shared.csv")
    say.makes("ours", "ours.pt", "Model")
    theirs(ev.Node, id="shared.csv", kind="Entity", types=["Dataset"], name="their name for it")
    theirs(ev.Start, run="theirs", name="theirs")
    theirs.uses("theirs", "shared.csv")
    theirs.makes("theirs", "theirs.pt", "Model")
    load(store, [*say.said, *theirs.said])
    assert names(store, "impact", "shared.csv") == {"ours", "ours.pt"}
    assert names(store, "impact", "shared.csv", project="theirs") == {"theirs", "theirs.pt"}
    assert ask(store, "raw_sources", {"thing": "ours.pt"}).rows[0]["name"] == "shared.csv"
    assert [r["name"] for r in find(store, "Model").rows] == ["ours.pt"]
    assert show(store, "shared.csv").name == "shared.csv"
    with pytest.raises(NotFound):
        ask(store, "impact", {"thing": "theirs.pt"})
    with pytest.raises(NotFound):
        show(store, "theirs")


def test_as_of_a_time_later_statements_are_not_known(told: Store) -> None:
    started = ask(told, "how_created", {"thing": "report.md"}).rows[0]["started_at"]
    (before,) = find(told, "Activity", f'started = "{started}"').rows
    assert before["name"] == "report"
    then = START + 10 * SECOND  # prepare has ended, nothing else began
    answer = ask(told, "impact", {"thing": "raw.csv"}, as_of=then)
    assert {r["name"] for r in answer.rows} == {"prepare", "train.npz", "val.npz", "test.npz"}
    assert answer.as_of == iso(then)
    (row,) = ask(told, "impact", {"thing": "raw.csv"}, as_of=START + 3 * SECOND).rows
    assert (row["name"], row["status"], row["ended_at"]) == ("prepare", "RUNNING", None)
    assert [r["name"] for r in find(told, "Training", as_of=then).rows] == []


def test_ancestors_and_descendants_of_types(told: Store) -> None:
    assert [r["name"] for r in ancestors(told, "m0", types=("Dataset",)).rows] == ["train.npz", "raw.csv"]
    assert {r["name"] for r in descendants(told, "train.npz", types=("Model",)).rows} == {"m0", "m1", "best.pt"}
    assert [r["name"] for r in ancestors(told, "m0", depth=1).rows] == ["trial-0"]


def test_find_takes_kinds_types_subtypes_and_conditions(told: Store) -> None:
    assert {r["name"] for r in find(told, "Dataset").rows} == {"raw.csv", "train.npz", "val.npz", "test.npz"}
    assert {r["name"] for r in find(told, "Agent").rows} == {"ada@lab", "node7"}
    assert [r["name"] for r in find(told, "Training").rows] == ["other", "trial-1", "trial-0", "digits"]
    assert [r["name"] for r in find(told, "Training", 'status = "FAILED"').rows] == ["other"]
    assert len(find(told, "Training", 'not status = "FAILED" and name != "digits"').rows) == 2
    assert find(told, "Model", 'name = "m0" or name = "m1"', limit=1).truncated
    assert len(find(told, "Epoch", 'name = "epoch 1" and started > "2025-06-15"').rows) == 2
    with pytest.raises(NotFound, match="did you mean Training"):
        find(told, "Trainning")
    with pytest.raises(UsageError, match="expected a comparison"):
        find(told, "Model", "name")


def test_show_tells_everything_about_a_node(told: Store) -> None:
    run = show(told, "trial-1")
    assert (run.kind, run.types, run.status) == ("Activity", ["Training"], "FINISHED")
    assert run.settings == [{"name": "lr", "value": 1.1}]
    assert [(r["relation"], r["role"], r["name"]) for r in run.relations_out if r["relation"] != "hasSetting"] == [
        ("used", "train", "train.npz"),
        ("used", "validation", "val.npz"),
        ("partOf", "part", "digits"),
    ]
    assert [r["relation"] for r in run.relations_in] == ["wasGeneratedBy", "partOf", "partOf"]
    (series,) = run.series
    assert (series["name"], series["count"], series["min"], series["argmin"]) == ("loss", 2, 1 / 3, 1)
    assert show(told, "other").error == "ValueError: no"


def test_a_limit_of_show_cuts_lists_and_nothing_else(store: Store, load: "Load") -> None:
    say = Script()
    for error in (None, "ValueError: no"):  # of two ranks
        say(ev.End, run="r", outcome="failed", error=error)
    for kind, tag in (("Training", "a"), ("Preparation", "b")):
        say(ev.Start, run="r", name="r", types=[kind], attributes={"tag": tag})
    say(ev.Setting, run="r", name="lr", value=1)
    say(ev.Setting, run="r", name="opt", value="adam")
    load(store, say.said)
    whole, part = show(store, "r"), show(store, "r", limit=1)
    assert (part.error, part.types, part.attributes) == (whole.error, whole.types, whole.attributes)
    assert (whole.error, whole.types) == ("ValueError: no", ["Preparation", "Training"])
    assert [s["name"] for s in part.settings] == ["lr"]
    assert (part.truncated, whole.truncated) == (True, False)


def test_names_that_changed_are_history(store: Store, load: "Load") -> None:
    say = Script()
    for name in ("first", "second"):
        say(ev.Node, id="x", kind="Entity", name=name, types=["Dataset"], attributes={"tag": [name, "both"]})
    load(store, say.said)
    node = show(store, "x")
    assert (node.name, node.attributes) == ("second", {"tag": ["both", "first", "second"]})
    assert [(h["key"], h["value"]) for h in node.history] == [("name", "first")]
    assert [r["id"] for r in find(store, "Dataset", 'tag = "first"').rows] == ["x"]
    assert find(store, "Dataset", 'tag = "other"').rows == []
    (row,) = find(store, "Dataset", as_of=START + SECOND).rows
    assert row["name"] == "first"


def test_what_was_only_ever_named_is_a_row_too(store: Store, load: "Load") -> None:
    say = Script()
    say(ev.Start, run="t", name="t")
    say.uses("t", "urn:unknown")
    load(store, say.said)
    (row,) = ask(store, "how_created", {"thing": "t"}).rows
    assert (row["id"], row["name"], row["kind"], row["relation"]) == ("urn:unknown", None, None, "used")
    assert names(store, "impact", "urn:unknown") == {"t"}
    assert show(store, "urn:unknown").kind is None


def test_wrong_words_get_one_clear_line(told: Store) -> None:
    for call, error, words in WRONG:
        with pytest.raises(error) as caught:
            call(told)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)


WRONG: Final[list[tuple[Callable[[Store], object], type[Exception], str]]] = [
    (lambda s: ask(s, "how_crated", {"thing": "m0"}), NotFound, "did you mean how_created"),
    (lambda s: ask(s, "impact", {"thing": "m9"}), NotFound, "did you mean m"),
    (lambda s: ask(s, "impact", {"thing": "m0", "dept": 2}), UsageError, "did you mean depth"),
    (lambda s: ask(s, "impact", {"thing": "m0", "depth": "far"}), UsageError, "give a whole number"),
    (lambda s: ask(s, "impact", {"thing": "m0", "depth": 0}), UsageError, "from 1"),
    (lambda s: ask(s, "impact"), UsageError, "impact needs thing"),
    (lambda s: ask(s, "impact", {"thing": "m0"}, limit=0), UsageError, "from 1"),
]


def test_who_reads_no_more_of_somebody_who_did_much_else(store: Store, load: "Load") -> None:
    """For whom an agent acted in other activities is left where it is: as many rows are read of a month as of a day."""
    say = Script()

    def read_after(runs: range) -> tuple[list[tuple[Any, ...]], int]:
        for n in runs:
            say(ev.Start, run=f"run {n}", name="train", types=["Training"])
            say.by(f"run {n}")
            said = {"relation": "actedOnBehalfOf", "source": "ada@lab", "target": f"customer {n % 3}"}
            say(ev.Relate, **said, arguments={"activity": f"run {n}"})
            say.makes(f"run {n}", f"model {n}", "Model")
            say(ev.End, run=f"run {n}")
        load(store, say.said)
        counting: Any = Counting(store)
        rows = ask(counting, "who", {"thing": "model 2"}).rows
        return [(r["agent_name"], r["activity"], r["step"], r["behalf"]) for r in rows], counting.rows

    say(ev.Relate, relation="actedOnBehalfOf", source="customer 2", target="group")
    few_runs, many_runs = read_after(range(3)), read_after(range(3, 40))
    assert few_runs[0] == [("ada@lab", "run 2", 1, "customer 2"), ("ada@lab", "run 2", 2, "group")]
    assert few_runs == many_runs


class Counting:
    """A store that counts the rows that it gives."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.rows = 0

    def read(self, *said: Any) -> list[tuple[Any, ...]]:
        found = self._store.read(*said)
        self.rows += len(found)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
