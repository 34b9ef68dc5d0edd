"""The wide table of runs on a small study, rows written by hand; the same from every store.

    study (experiment "digits", by ada on node7, code at a commit): trial-0 and trial-1 are parts of it, with settings,
    measures and data; load is a call of a function in trial-0; each trial has two epochs. report failed, other runs on
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from begat.api.graphql import asking
from begat.api.graphql.execute import Request, execute
from begat.graph_schema import events as ev
from begat.graph_schema.errors import NotFound, UsageError
from begat.graph_schema.sqlite.sheets import MOST_SETTINGS
from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation, Started
from begat.graph_schema.store import Batch, Store
from begat.queries import find, runs
from begat.queries.engine import look
from begat.queries.runs import generic, quick
from begat.queries.runs.cells import Table, table
from begat.queries.runs.facts import Wanted
from tests.contract.test_diff import Counted
from tests.contract.test_questions import SECOND, START, Script

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

WHOLE: Final = Wanted()
DIGEST: Final = "blake2b:" + "0123456789abcdef" * 4


def study(project: str = "default") -> Script:
    say = Script(project=project)
    say(ev.Start, run="study", name="search", types=["Training"], experiment="digits")
    say.file("code.py", "Code", commit="c0ffee")
    say.uses("study", "code.py", role="code")
    say.by("study")
    for n in range(2):
        trial(say, n)
    say(ev.End, run="study")
    say(ev.Start, run="report", name="report", types=["Evaluation"])
    say.uses("report", "test.npz")
    say(ev.End, run="report", outcome="failed", error="ValueError: no")
    say(ev.Start, run="other", name="other", types=[])
    say(ev.Setting, run="other", name="opt", value="sgd")
    say(ev.Metric, run="other", name="loss", value="NaN")
    return say


def trial(say: Script, n: int) -> None:
    run = f"trial-{n}"
    say(ev.Start, run=run, name=run, types=["Training"], parent="study")
    say(ev.Setting, run=run, name="lr", value=0.1 + n)
    say(ev.Setting, run=run, name="opt", value="adam")
    say(ev.Setting, run=run, name="deep", value=n == 1)
    say.file("train.npz", "Dataset", digest=DIGEST)
    say.file("test.npz", "Dataset")
    say.uses(run, "train.npz", role="train")
    say(ev.Start, run=f"{run}/load", name="load", types=[], parent=run)
    say(ev.Setting, run=f"{run}/load", name="path", value="x")
    say(ev.End, run=f"{run}/load")
    for epoch in range(2):
        section = f"{run}/{epoch}"
        say(ev.Start, run=section, name=f"epoch {epoch}", types=["LearningStageSection"], section_of=run)
        say(ev.Metric, run=run, name="loss", value=1.0 / (1 + n + epoch), step=epoch, section=section)
        say(ev.Metric, run=run, name="loss", value=2.0 + epoch, step=epoch, section=section, context={"split": "val"})
        say(ev.End, run=section)
    score = f"{run}/accuracy"
    say(ev.Node, id=score, kind="Entity", types=["ModelEvaluation"], name="accuracy", value=(0.9, 0.95)[n],
        attributes={"split": "test"})
    say(ev.Generated, run=run, entity=score)
    say(ev.End, run=run)


@pytest.fixture
def told(store: Store, load: "Load") -> Store:
    """A store that was told the study."""
    return load(store, study().said)


def column(answer: Any, name: str) -> list[Any]:
    return [r[name] for r in answer.rows]


def test_one_row_a_run_with_all_that_it_had(told: Store) -> None:
    answer = runs(told)
    assert column(answer, "name") == ["other", "report", "trial-1", "trial-0", "search"]
    assert [c.name for c in answer.columns] == [
        "id", "name", "type", "kind", "status", "started_at", "ended_at", "duration", "outcome", "error", "experiment",
        "params.deep", "params.lr", "params.opt",
        "metrics.accuracy[split=test]", "metrics.loss", "metrics.loss.max", "metrics.loss.min",
        "metrics.loss[split=val]", "metrics.loss[split=val].max", "metrics.loss[split=val].min",
        "data", "code", "commit", "who", "machine", "job",
    ]  # fmt: skip
    row = answer.rows[2]
    assert {k: v for k, v in row.items() if k not in ("started_at", "ended_at")} == {
        "id": "trial-1", "name": "trial-1", "type": "Training", "kind": "Activity", "status": "FINISHED",
        "duration": 20.0, "outcome": "finished", "error": None, "experiment": "digits",
        "params.deep": True, "params.lr": 1.1, "params.opt": "adam",
        "metrics.accuracy[split=test]": 0.95, "metrics.loss": 1 / 3, "metrics.loss.max": 0.5, "metrics.loss.min": 1 / 3,
        "metrics.loss[split=val]": 3.0, "metrics.loss[split=val].max": 3.0, "metrics.loss[split=val].min": 2.0,
        "data": ["train.npz@01234567"], "code": "code.py", "commit": "c0ffee", "who": "ada@lab", "machine": "node7",
        "job": None,
    }  # fmt: skip
    assert column(answer, "status")[:2] == ["RUNNING", "FAILED"]
    assert (answer.rows[1]["error"], answer.rows[1]["data"]) == ("ValueError: no", ["test.npz"])
    assert (answer.rows[0]["metrics.loss"], answer.rows[0]["params.lr"], answer.rows[0]["who"]) == ("NaN", None, None)


def test_columns_have_types_and_units(told: Store) -> None:
    held = {c.name: c for c in runs(told).columns}
    assert (held["duration"].type, held["duration"].unit) == ("number", "s")
    assert [held[f"params.{p}"].type for p in ("lr", "deep", "opt")] == ["number", "json", "json"]
    assert held["metrics.loss.min"].type == "number"


def test_the_runs_of_an_experiment_are_its_members_and_their_parts(told: Store) -> None:
    assert column(runs(told, experiment="digits"), "name") == ["trial-1", "trial-0", "search"]
    with pytest.raises(NotFound, match="is no experiment"):
        runs(told, experiment="study")
    with pytest.raises(NotFound, match="nothing is called"):
        runs(told, experiment="x') OR 1=1 --")


def test_calls_of_functions_are_steps(told: Store) -> None:
    """Parts without a type are no runs; a section never is."""
    with_steps = runs(told, experiment="digits", steps=True)
    assert column(with_steps, "name") == ["load", "trial-1", "load", "trial-0", "search"]
    assert "params.path" in [c.name for c in runs(told, steps=True).columns]
    assert len(runs(told, steps=True).rows) == 7


def commented(say: Script) -> None:
    """Somebody cleans a file, which is a run, and then tags what came of it, which is none."""
    say(ev.Start, run="clean", name="clean", types=["Curation"])
    say(ev.Node, id="clean.csv", kind="Entity", types=["Dataset"], name="clean.csv")
    say(ev.Generated, run="clean", entity="clean.csv")
    say(ev.Relate, relation="wasInfluencedBy", source="clean.csv", target="other")
    say(ev.Start, run="remark", name="tag", types=["Curation"])
    say(ev.Node, id="clean.csv", kind="Entity", types=[], name=None, attributes={"tag": ["good"]})
    say(ev.Relate, relation="wasInfluencedBy", source="clean.csv", target="remark", attributes={"tag": ["good"]})
    say(ev.End, run="remark")


def test_what_is_only_said_of_a_thing_is_no_run(store: Store, load: "Load") -> None:
    """Unless its type is asked for."""
    say = study()
    commented(say)
    load(store, say.said)
    for answer in (
        runs(store), runs(store, steps=True), runs(store, sort="name"), runs(store, where="type = 'Curation'"),
        runs(store, as_of=START + 99 * SECOND),
    ):  # fmt: skip
        found = column(answer, "name")
        assert ("clean" in found, "tag" in found) == (True, False), answer.params
    assert column(runs(store, types=("Curation",)), "name") == ["tag", "clean"]
    assert column(find(store, "Curation"), "name") == ["tag", "clean"]
    asked = "{ runs RUNS { totalCount nodes { name } } activities RUNS { totalCount } }"
    for where, names, activities in (
        ("", ["clean", "other", "report", "trial-1", "trial-0", "search"], 13),
        ('(where: {name: {in: ["clean", "tag"]}})', ["clean"], 2),
        ('(where: {types: ["Curation"]})', ["tag", "clean"], 2),
    ):
        reply = execute(Request(asked.replace("RUNS", where)), asking.Context(store)).body
        told = msgspec.json.decode(reply)["data"]
        assert [n["name"] for n in told["runs"]["nodes"]] == names
        assert told["runs"]["totalCount"] == len(names)
        assert told["activities"]["totalCount"] == activities


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ({"where": "lr > 1"}, ["trial-1"]),
        ({"where": "params.opt = 'adam' and metrics.loss.min < 0.4"}, ["trial-1"]),
        ({"where": "status = 'FAILED'"}, ["report"]),
        ({"where": "status != 'FAILED' and params.opt = 'sgd'"}, ["other"]),
        ({"where": "accuracy >= 0.9", "sort": "accuracy"}, ["trial-0", "trial-1"]),
        ({"types": ("evaluation",)}, ["report"]),
        ({"types": ("Training",), "sort": "params.lr"}, ["trial-0", "trial-1", "search"]),
        ({"sort": "-metrics.loss[split=val].max,-name"}, ["trial-1", "trial-0", "search", "report", "other"]),
        ({"sort": "name", "after": "report"}, ["search", "trial-0", "trial-1"]),
        ({"experiment": "digits", "where": "lr < 1", "sort": "-started_at"}, ["trial-0"]),
        ({"where": "name = \"'; DROP TABLE node --\""}, []),
    ],
)
def test_which_runs_and_in_which_order(told: Store, how: dict[str, Any], found: list[str]) -> None:
    assert column(runs(told, **how), "name") == found


def test_only_some_columns(told: Store) -> None:
    few = runs(told, only=("name", "metrics.loss*", "params.lr"), types=("Training",))
    assert list(few.rows[0]) == [c.name for c in few.columns] == [
        "name", "metrics.loss", "metrics.loss.max", "metrics.loss.min", "metrics.loss[split=val]",
        "metrics.loss[split=val].max", "metrics.loss[split=val].min", "params.lr",
    ]  # fmt: skip
    assert [c.name for c in runs(told, only=("metrics.accuracy[split=test]", "who")).columns] == [
        "metrics.accuracy[split=test]", "who",
    ]  # fmt: skip
    assert runs(told, only=("nothing*",)).columns == []
    with pytest.raises(UsageError, match=r"no run has a column 'params\.lrr'; did you mean params\.lr"):
        runs(told, only=("params.lrr",))


def test_a_cross_table(told: Store) -> None:
    answer = runs(told, pivot=("params.opt", "params.deep", "metrics.loss.min"))
    assert [c.name for c in answer.columns] == ["params.opt", "deep=false", "deep=true", "deep=null"]
    assert answer.rows == [
        {"params.opt": "adam", "deep=false": 0.5, "deep=true": 1 / 3, "deep=null": None},
        {"params.opt": "sgd", "deep=false": None, "deep=true": None, "deep=null": None},
        {"params.opt": None, "deep=false": None, "deep=true": None, "deep=null": None},
    ]
    counted = runs(told, pivot=("type", "status", "name", "count"))
    assert {r["type"]: r["status=FINISHED"] for r in counted.rows} == {"Evaluation": None, "Training": 3, None: None}
    cut = runs(told, pivot=("type", "status", "name", "count"), limit=3)
    assert (cut.truncated, cut.next, cut.notes) == (True, None, ["of 3 runs only: raise --limit for all"])
    assert counted.notes == []
    of_duration = ("type", "status", "duration")
    for wrong in (("a", "b"), ("type", "status", "name"), (*of_duration, "best"), ("x", "type", "name")):
        with pytest.raises(UsageError, match="--pivot"):
            runs(told, pivot=wrong)


def test_limits_are_told(told: Store) -> None:
    cut = runs(told, limit=2)
    assert (column(cut, "name"), cut.truncated) == (["other", "report"], True)
    assert not runs(told, limit=5).truncated
    with pytest.raises(UsageError, match="limit is 0"):
        runs(told, limit=0)
    assert runs(told, types=("Serving",)).rows == []


def test_as_it_was_known_then(told: Store) -> None:
    """In the first trial's second epoch: one point of each series, no score, no end."""
    ends = [s for s in study().said if getattr(s, "node", None) == "trial-0/0" and s.__class__.__name__ == "Ended"]
    answer = runs(told, types=("Training",), as_of=ends[0].position.time)
    assert column(answer, "name") == ["trial-0", "search"]
    row = answer.rows[0]
    assert (row["status"], row["outcome"], row["ended_at"], row["metrics.loss"]) == ("RUNNING", None, None, 1.0)
    assert [c.name for c in answer.columns if c.name.startswith("metrics")] == [
        "metrics.loss", "metrics.loss[split=val]",
    ]  # fmt: skip
    assert runs(told, as_of=START - SECOND).rows == []


def test_a_resumed_run_goes_on_until_it_ends_again(store: Store, load: "Load") -> None:
    say = Script()
    say(ev.Start, run="r", name="r", types=["Training"])
    say(ev.End, run="r", outcome="failed", error="no")
    say(ev.End, run="r", outcome="resumed")
    say(ev.Start, run="r", name=None)
    (row,) = runs(load(store, say.said)).rows
    assert (row["status"], row["outcome"], row["ended_at"], row["duration"]) == ("RUNNING", None, None, None)
    say(ev.End, run="r")
    (row,) = runs(load(store, say.said)).rows
    assert (row["status"], row["outcome"], row["error"], row["duration"]) == ("FINISHED", "finished", None, 4.0)


def test_a_project_sees_its_own(store: Store, load: "Load") -> None:
    theirs = Script("v", "theirs")
    theirs(ev.Start, run="secret", name="secret", types=["Training"])
    theirs(ev.Setting, run="secret", name="key", value=1)
    load(store, [*study().said, *theirs.said])
    assert "secret" not in column(runs(store), "name")
    assert "params.key" not in [c.name for c in runs(store).columns]
    assert column(runs(store, project="theirs"), "name") == ["secret"]


def tables(store: Store, steps: bool, wanted: Wanted = WHOLE) -> list[Table]:
    """The table of all runs, read by hand and by plans."""
    scope = look(store)
    assert quick.suits(store, scope)
    found = quick.latest(store, scope, steps, -1, wanted)
    by_hand, _ = quick.read(store, scope, found, wanted)
    return [table(facts, {}) for facts in (by_hand, generic.read(store, scope, by_hand.base.ids, wanted))]


def equal(one: Table, other: Table) -> bool:
    return one.columns == other.columns and {c: [*v] for c, v in one.cells.items()} == {
        c: [*v] for c, v in other.cells.items()
    }


def test_what_is_read_by_hand_is_what_the_plans_read(new_store: "NewStore", load: "Load") -> None:
    """Also where another project is in the store."""
    other = Script("v", "theirs")
    other(ev.Start, run="secret", name="secret", types=["Training"])
    mine = study()
    commented(mine)
    for said in (mine.said, [*mine.said, *other.said]):
        store = load(new_store("sqlite"), said)
        for steps in (False, True):
            by_hand, by_plan = tables(store, steps)
            assert len(by_hand.cells["id"]) == (8 if steps else 6)
            assert equal(by_hand, by_plan)


def test_settings_are_read_from_sheets_and_never_from_old_ones(new_store: "NewStore", load: "Load") -> None:
    """A new run has its sheet at once. It goes with any change, until the pass is settled; nothing differs without."""
    store = new_store("sqlite")
    say = study()

    def sheets() -> list[str]:
        by_hand, by_plan = tables(store, True)
        assert equal(by_hand, by_plan)
        return [i for (i,) in store.read("SELECT i.id FROM sheet c CROSS JOIN ident i ON i.nid = c.nid ORDER BY 1", {})]

    every = ["other", "trial-0", "trial-0/load", "trial-1", "trial-1/load"]
    store.write(Batch(say.said))
    assert sheets() == every
    store.settle()
    assert sheets() == every
    told = len(say.said)
    say(ev.Setting, run="other", name="opt", value="adam")
    say(ev.Setting, run="trial-0", name="more", value=[1])
    say(ev.Start, run="new", name="new", types=[])
    for value in (1, 2):
        say(ev.Setting, run="new", name="again", value=value)
    store.write(Batch(say.said[told:]))
    assert sheets() == ["new", "trial-0/load", "trial-1", "trial-1/load"]
    assert column(runs(store, only=("params.opt", "params.again"), limit=2), "params.opt") == [None, "adam"]
    store.settle()
    assert sheets() == ["new", *every]
    assert column(runs(store, limit=1), "params.again") == [2]
    assert column(runs(store, where="name = 'trial-0'"), "params.more") == [[1]]


def test_a_setting_that_is_named_only_later_is_on_its_sheet(new_store: "NewStore", load: "Load") -> None:
    """Relation, value and name come in any order, each in a pass of its own; two of one name are on no sheet."""
    at = [Position(START + n * SECOND, "w", n) for n in range(9)]
    said: list[AnyStatement] = [
        Started(Context(), at[1], "run"),
        Relation(Context(), at[2], "hasSetting", "run", "s"),
        Description(Context(), at[3], "s", ("Entity",), value="1", number=1.0),
        Description(Context(), at[4], "s", name="lr"),
        Description(Context(), at[5], "s", name="rate"),
        Relation(Context(), at[6], "hasSetting", "run", "r"),
        Description(Context(), at[7], "r", ("Entity",), name="rate", value="2", number=2.0),
    ]
    store = new_store("sqlite")
    names = []
    for statement in said:
        load(store, [statement])
        names.append((*store.read("SELECT names, cells FROM sheet", {}), None)[0])
        by_hand, by_plan = tables(store, True)
        if statement is not said[-1]:  # of two settings of one name either may be shown
            assert equal(by_hand, by_plan)
    assert names == [None, None, None, ('["lr"]', "[1]"), ('["rate"]', "[1]"), ('["rate"]', "[1]"), None]


def test_a_run_of_very_many_settings_has_no_sheet(new_store: "NewStore", load: "Load") -> None:
    say = Script()
    for run, settings in (("few", 3), ("many", MOST_SETTINGS + 1)):
        say(ev.Start, run=run, name=run, types=["Training"])
        for n in range(settings):
            say(ev.Setting, run=run, name=f"p{n}", value=n)
    store = load(new_store("sqlite"), say.said)
    assert store.read("SELECT i.id FROM sheet c CROSS JOIN ident i ON i.nid = c.nid", {}) == [("few",)]
    many, few = runs(store).rows
    assert (many[f"params.p{MOST_SETTINGS}"], many["params.p1"], few["params.p1"]) == (MOST_SETTINGS, 1, 1)


ASKED: Final = {"ids": "[]", "nids": "[]", "most": 1, "steps": 0, "settings": 1, "near": 1}


def test_what_is_read_by_hand_is_found_by_index(new_store: "NewStore", load: "Load") -> None:
    """Runs are read in the order of their starts: no more of them than are asked for, and nothing else is."""
    store = load(new_store("sqlite"), study().said)
    scope = look(store)
    for name in quick.STATEMENTS:
        plan = quick.rows(store, scope, f"EXPLAIN QUERY PLAN {quick.text(name)}", ASKED)
        scanned = [step.removeprefix("SCAN ") for *_, step in plan if step.startswith("SCAN")]
        assert not {s.split()[0] for s in scanned if s != "n USING INDEX node_run"} - {"j", "json_each", "up"}, name
        assert not [step for *_, step in plan if "BLOOM" in step or ("FOR ORDER BY" in step and name == "latest")], name


def test_a_table_of_many_runs_takes_few_statements(new_store: "NewStore", load: "Load") -> None:
    """However many runs there are, and only what the asked columns need is read."""
    store = load(new_store("sqlite"), study().said)
    asked: tuple[tuple[dict[str, Any], int], ...] = (
        ({}, 9),
        ({"only": ("name", "params.lr", "metrics.loss*")}, 6),
        ({"only": ("name", "status")}, 3),
    )
    counted = Counted(store)
    for how, most in asked:
        counted.count = 0
        assert len(runs(counted.store, **how).rows) == 5
        assert counted.count <= most, how


def test_only_the_asked_series_are_read(told: Store) -> None:
    """By the beginning of their names; a name may hold what columns are written with."""
    for words, held in (
        (("metrics.loss.min",), ["metrics.loss.min"]),
        (("metrics.loss[split=val].max", "metrics.acc*"), [
            "metrics.loss[split=val].max", "metrics.accuracy[split=test]"
        ]),
        (("metrics.*",), [c.name for c in runs(told).columns if c.name.startswith("metrics.")]),
        (("*loss", "metrics.l?ss"), ["metrics.loss"]),
    ):  # fmt: skip
        few = runs(told, only=words)
        assert [c.name for c in few.columns] == held
        assert few.rows == [{c: r[c] for c in held} for r in runs(told).rows]
    with pytest.raises(UsageError, match=r"no run has a column 'metrics\.los'; did you mean metrics\.loss"):
        runs(told, only=("metrics.los",))


def test_a_bare_name_is_looked_for_by_name(new_store: "NewStore", load: "Load") -> None:
    """Of a setting nobody has called so the runs are asked for attributes and series only."""
    store = load(new_store("sqlite"), study().said)
    asked: list[str] = []
    read = store.read

    def listening(statement: Any, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        asked.append(statement)
        return read(statement, params, limit_s)

    store.read = listening  # type: ignore[method-assign]
    assert runs(store, where="nothing > 1").notes == [
        "nothing here has an attribute, setting or measure called 'nothing'"
    ]
    whether = [s for s in asked if s.endswith("LIMIT 1")]
    assert len(whether) == 5
    assert len([s for s in whether if "kinds & 2" in s]) == 2


def test_a_setting_is_known_by_its_relation(store: Store, load: "Load") -> None:
    """Also where a document gave it no type, as a measure is known by what it is of."""
    at = [Position(START + n * SECOND, "w", n) for n in range(9)]
    said: list[AnyStatement] = [
        Started(Context(), at[1], "run"),
        Relation(Context(), at[2], "hasSetting", "run", "s"),
        Description(Context(), at[3], "s", ("Entity",), name="depth", value="3", number=3.0),
        Relation(Context(), at[4], "evaluationOf", "v", "run"),
        Description(Context(), at[5], "v", ("Entity",), name="score", value="0.5", number=0.5),
    ]
    load(store, said)
    assert column(runs(store, where="depth = 3"), "id") == ["run"]
    assert column(find(store, "Activity", "depth = 3"), "id") == ["run"]
    assert find(store, "Activity", "score = 0.5").notes == [
        "nothing here has an attribute, setting or measure called 'score'"
    ]
