"""Free lineage and finding on one small study, answers written by hand; the same rows from every store.

    raw.csv <- prepare <- train.npz, test.npz
    train-0, train-1 (experiment "digits"): use train.npz, have lr, write m0.pt, m1.pt; each is about basin or well
    report uses m1.pt and test.npz, writes report.md; other.pt comes from elsewhere
"""

from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.errors import Ambiguous, NotFound, UsageError
from begat.graph_schema.store import Store
from begat.queries import ancestors, descendants, find, path, subgraph
from begat.queries.answer import Answer
from tests.contract.test_questions import START, Script

if TYPE_CHECKING:
    from tests.contract.conftest import Load

ACCURACIES: Final = (0.9, 0.97)
LEARNING_RATES: Final = (0.5, 0.1)


def study() -> Script:
    say = Script()
    say(ev.Start, run="prepare", name="prepare", types=["Preparation"])
    say.file("raw.csv", "Dataset")
    say.uses("prepare", "raw.csv")
    for part in ("train.npz", "test.npz"):
        say.makes("prepare", part, "LearningDataset")
    say(ev.End, run="prepare")
    for place, within in (("basin", None), ("well", "basin")):
        say(ev.Node, id=place, kind="Entity", types=["DomainEntity"], name=place)
        if within:
            say(ev.Relate, relation="locatedIn", source=place, target=within)
    for n in range(2):
        training(say, n)
    say(ev.Start, run="report", name="report", types=["Evaluation"])
    say.uses("report", "m1.pt", "test.npz")
    say.makes("report", "report.md", "Publication")
    say(ev.End, run="report")
    say(ev.Start, run="other", name="other", types=["Training"])
    say(ev.Setting, run="other", name="lr", value="auto")
    say.makes("other", "other.pt", "Model")
    say(ev.End, run="other", outcome="failed", error="ValueError: no")
    return say


def training(say: Script, n: int) -> None:
    run, model = f"train-{n}", f"m{n}.pt"
    say(ev.Start, run=run, name=run, types=["Training"], experiment="digits")
    say(ev.Relate, relation="about", source=run, target=("basin", "well")[n])
    say(ev.Setting, run=run, name="lr", value=LEARNING_RATES[n])
    say(ev.Setting, run=run, name="learning rate", value=LEARNING_RATES[n])
    say(ev.Setting, run=run, name="opt", value="adam" if n else "sgd")
    say.uses(run, "train.npz", role="train")
    for step, loss in enumerate((1.0 - n / 10, 0.4 + n / 10, 0.5)):
        say(ev.Metric, run=run, name="loss", value=loss, step=step)
        say(ev.Metric, run=run, name="loss", value=loss + 1, step=step, context={"split": "val", "fold": 1})
    say.makes(run, model, "Model")
    score = f"{run}/accuracy"
    say(ev.Node, id=score, kind="Entity", types=["ModelEvaluation"], name="accuracy", value=ACCURACIES[n],
        attributes={"split": "test"})
    say(ev.Relate, relation="evaluationOf", source=score, target=model)
    say(ev.Generated, run=run, entity=score)
    say(ev.End, run=run)


@pytest.fixture
def told(store: Store, load: "Load") -> Store:
    """A store that was told the study."""
    return load(store, study().said)


def names(answer: Answer) -> list[Any]:
    return [r["name"] for r in answer.rows]


def at(event: str) -> int:
    """When a run started."""
    return next(s.position.time or 0 for s in study().said if getattr(s, "node", None) == event)


# -- ancestors, descendants


def test_a_walk_tells_the_nearest_first(told: Store) -> None:
    assert names(ancestors(told, "m0.pt")) == ["train-0", "train.npz", "prepare", "raw.csv"]
    assert [r["depth"] for r in ancestors(told, "m0.pt").rows] == [1, 2, 3, 4]
    below = descendants(told, "train.npz")
    assert [(r["depth"], r["name"]) for r in below.rows] == [
        (1, "train-0"), (1, "train-1"), (2, "accuracy"), (2, "accuracy"), (2, "m0.pt"), (2, "m1.pt"), (3, "report"),
        (4, "report.md"),
    ]  # fmt: skip


def test_types_choose_what_is_told_not_where_the_walk_goes(told: Store) -> None:
    assert names(ancestors(told, "report.md", types=("dataset",))) == ["test.npz", "raw.csv", "train.npz"]
    assert names(ancestors(told, "report.md", types=("Model", "Preparation"))) == ["m1.pt", "prepare"]
    with pytest.raises(NotFound, match="did you mean Dataset"):
        ancestors(told, "report.md", types=("Datasett",))


def test_a_walk_stops_at_a_type_or_where_something_holds(told: Store) -> None:
    """What is stopped at is told, what lies behind it is not; the asked thing itself stops nothing."""
    assert names(ancestors(told, "report.md", stop=("Model",))) == ["report", "m1.pt", "test.npz", "prepare", "raw.csv"]
    assert names(ancestors(told, "m0.pt", stop=("name = 'train.npz'",))) == ["train-0", "train.npz"]
    assert names(ancestors(told, "m0.pt", stop=("Model",))) == ["train-0", "train.npz", "prepare", "raw.csv"]
    assert names(descendants(told, "raw.csv", stop=("params.lr > 0.2", "LearningDataset"))) == [
        "prepare", "test.npz", "train.npz",
    ]  # fmt: skip
    assert names(descendants(told, "train.npz", stop=("params.lr = 0.1",), types=("Model",))) == ["m0.pt"]


def test_a_walk_along_named_relations_is_no_lineage(told: Store) -> None:
    assert names(ancestors(told, "well", relations=("locatedIn",))) == ["basin"]
    assert names(ancestors(told, "train-1", relations=("about", "LocatedIn"))) == ["well", "basin"]
    assert names(descendants(told, "basin", relations=("about", "locatedIn"))) == ["train-0", "well", "train-1"]
    with pytest.raises(UsageError, match="no relation 'use'; did you mean used"):
        ancestors(told, "m0.pt", relations=("use",))


def test_a_window_tells_what_was_at_work_or_made_then(told: Store) -> None:
    """A training is at work from start to end; a file counts when it was made, or used where nobody made it."""
    then = at("train-0")
    assert names(ancestors(told, "m0.pt", since=then)) == ["train-0"]
    assert names(ancestors(told, "m0.pt", until=then)) == ["train.npz", "prepare", "raw.csv"]
    assert names(ancestors(told, "m0.pt", since=START, until=START + 1)) == []
    with pytest.raises(UsageError, match="--since comes before --until"):
        ancestors(told, "m0.pt", since=then, until=then)


def test_limits_and_depths_are_told(told: Store) -> None:
    cut = ancestors(told, "report.md", limit=2)
    assert (names(cut), cut.truncated) == (["report", "m1.pt"], True)
    near = ancestors(told, "m0.pt", depth=2)
    assert (names(near), near.truncated) == (["train-0", "train.npz"], True)
    whole = ancestors(told, "m0.pt", depth=10**6)
    assert (len(whole.rows), whole.truncated) == (4, False)
    for wrong in ({"limit": 0}, {"depth": 0}, {"depth": -1}):
        with pytest.raises(UsageError, match="from 1"):
            ancestors(told, "m0.pt", **wrong)  # type: ignore[arg-type]


# -- path


def test_a_path_is_a_shortest_way_step_by_step(told: Store) -> None:
    answer = path(told, "report.md", "raw.csv")
    assert [(r["depth"], r["name"], r["relation"]) for r in answer.rows] == [
        (0, "report.md", None),
        (1, "report", "wasGeneratedBy"),
        (2, "test.npz", "used"),
        (3, "prepare", "wasGeneratedBy"),
        (4, "raw.csv", "used"),
    ]
    assert [r["via"] for r in answer.rows] == [None, "report.md", "report", "test.npz", "prepare"]


def test_no_path_is_an_answer_and_never_a_way_against_the_arrows(told: Store) -> None:
    """Two models of one dataset are not connected, nor is a cause to its effect."""
    for a, b in (("m0.pt", "m1.pt"), ("other.pt", "raw.csv"), ("train-0", "train-1")):
        answer = path(told, a, b)
        assert (answer.rows, answer.notes) == ([], [f"no path: {a} does not depend on {b}"])
    back = path(told, "raw.csv", "m0.pt")
    assert back.rows == []
    assert back.notes[1] == "but m0.pt depends on raw.csv: ask for the path from m0.pt to raw.csv"


def test_the_path_from_a_thing_to_itself_is_the_thing(told: Store) -> None:
    answer = path(told, "m0.pt", "m0.pt")
    assert (names(answer), answer.notes) == (["m0.pt"], ["m0.pt and m0.pt are the same thing"])


def test_a_path_does_not_pass_through_what_came_later(store: Store, load: "Load") -> None:
    """A run makes a, then uses late, then makes b: a does not stand on late, although both are the run's."""
    say = Script()
    say.file("late", "Dataset")
    say(ev.Start, run="r", name="r", types=["Training"])
    say.makes("r", "a", "Model")
    say.uses("r", "late")
    say.makes("r", "b", "Model")
    say(ev.End, run="r")
    load(store, say.said)
    assert path(store, "a", "late").rows == []
    assert names(path(store, "b", "late")) == ["b", "r", "late"]


def test_a_path_along_relations(told: Store) -> None:
    assert names(path(told, "train-1", "basin", relations=("about", "locatedIn"))) == ["train-1", "well", "basin"]
    assert path(told, "train-1", "basin").rows == []


# -- subgraph


def test_a_subgraph_has_nodes_and_the_relations_among_them(told: Store) -> None:
    answer = subgraph(told, "m1.pt", depth=2)
    nodes = {(r["name"], r["side"], r["depth"]) for r in answer.rows if r["part"] == "node"}
    assert nodes == {
        ("m1.pt", "self", 0), ("train-1", "up", 1), ("train.npz", "up", 2), ("report", "down", 1),
        ("report.md", "down", 2),
    }  # fmt: skip
    edges = [(r["source"], r["relation"], r["target"]) for r in answer.rows if r["part"] == "edge"]
    assert edges == [
        ("m1.pt", "wasGeneratedBy", "train-1"),
        ("report", "used", "m1.pt"),
        ("report.md", "wasGeneratedBy", "report"),
        ("train-1", "used", "train.npz"),
    ]
    assert answer.truncated
    assert {r["side"] for r in subgraph(told, "m1.pt", side="up").rows if r["part"] == "node"} == {"self", "up"}


def test_a_subgraph_is_bounded(told: Store) -> None:
    for limit in (1, 2, 3):
        answer = subgraph(told, "train.npz", limit=limit)
        assert sum(r["part"] == "node" for r in answer.rows) == limit
        assert answer.rows[0]["name"] == "train.npz"
        assert answer.truncated
    with pytest.raises(UsageError, match="side is 'left'"):
        subgraph(told, "m1.pt", side="left")  # type: ignore[arg-type]


# -- find


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("accuracy > 0.95 and lr <= 0.1", ["m1.pt"]),
        ("metrics.accuracy > 0.95", ["m1.pt"]),
        ("params.lr <= 0.5", ["m1.pt", "m0.pt"]),
        ("params.`learning rate` = 0.5", ["m0.pt"]),
        ("lr = 'auto'", ["other.pt"]),
        ("params.opt = 'sgd' or accuracy >= 0.97", ["m1.pt", "m0.pt"]),
        ("not lr = 0.1", ["other.pt", "m0.pt"]),
        ("not (lr = 0.1 or lr = 0.5)", ["other.pt"]),
        ("metrics.loss.min = 0.4", ["m0.pt"]),
        ("metrics.loss.max = 1.0", ["m0.pt"]),
        ("metrics.loss.first < 1", ["m1.pt"]),
        ("metrics.loss = 1.5", ["m1.pt", "m0.pt"]),
        ("metrics.loss[split=val,fold=1].min = 1.4", ["m0.pt"]),
        ("metrics.loss[] = 1.5", []),
        ("metrics.loss[] = 0.5", ["m1.pt", "m0.pt"]),
        ("metrics.accuracy[split=test] = 0.9", ["m0.pt"]),
        ("metrics.accuracy[split=val] = 0.9", []),
        ("about = 'well'", ["m1.pt"]),
        ("concept = 'basin'", ["m1.pt", "m0.pt"]),
        ("about != 'basin'", ["other.pt"]),
        ("name = 'm0.pt' and accuracy > 0", ["m0.pt"]),
        ("name = \"x' OR 1=1 --\"", []),
        ("params.`lr') OR 1=1 --` = 1", []),
        ("metrics.`x'}) MATCH (n) DETACH DELETE n //` > 1", []),
    ],
)
def test_models_by_the_settings_and_measures_of_their_runs(told: Store, where: str, found: list[str]) -> None:
    assert names(find(told, "model", where)) == found


def test_the_same_conditions_hold_of_runs_and_of_the_past(told: Store) -> None:
    assert names(find(told, "Training", "lr <= 0.1 and metrics.loss < 1")) == ["train-1"]
    assert names(find(told, "Entity", "params.lr = 0.5 and type = 'Model'")) == ["m0.pt"]
    now = max(s.position.time or 0 for s in study().said)
    of_val = "metrics.loss[split=val,fold=1] = 1.5 and lr = 0.5"
    for where in ("metrics.loss.min = 0.4", "metrics.loss.max = 1.0", of_val):
        assert names(find(told, "Model", where, as_of=now)) == ["m0.pt"]
    first = next(s.position.time or 0 for s in study().said if s.__class__.__name__ == "Point")
    assert names(find(told, "Training", "metrics.loss = 1.0", as_of=first)) == ["train-0"]
    assert names(find(told, "Training", "metrics.loss.min < 1", as_of=first)) == []


def test_a_bare_name_is_never_guessed(store: Store, load: "Load") -> None:
    say = Script()
    say(ev.Start, run="r", name="r", types=["Training"], attributes={"alpha": 3})
    say(ev.Setting, run="r", name="alpha", value=1)
    say(ev.Setting, run="r", name="beta", value=1)
    say(ev.Metric, run="r", name="alpha", value=2.0)
    load(store, say.said)
    with pytest.raises(UsageError, match=r"'alpha' .* write attributes.alpha or params.alpha or metrics.alpha"):
        find(store, "Training", "alpha = 1")
    assert names(find(store, "Training", "params.alpha = 1 and metrics.alpha = 2 and tags.alpha = 3")) == ["r"]
    assert names(find(store, "Training", "beta = 1")) == ["r"]
    nothing = find(store, "Training", "gamma = 1")
    assert (nothing.rows, nothing.notes) == ([], ["nothing here has an attribute, setting or measure called 'gamma'"])


def test_found_things_in_any_order(told: Store) -> None:
    assert names(find(told, "Model", sort="-accuracy")) == ["m1.pt", "m0.pt", "other.pt"]
    assert names(find(told, "Model", sort="accuracy")) == ["m0.pt", "m1.pt", "other.pt"]
    assert names(find(told, "Model", sort="-params.lr,name")) == ["m0.pt", "m1.pt", "other.pt"]
    assert names(find(told, "Model", sort="metrics.loss.min")) == ["m0.pt", "m1.pt", "other.pt"]
    assert names(find(told, "Training", sort="-started_at,name")) == ["other", "train-1", "train-0"]
    assert [r["accuracy"] for r in find(told, "Model", sort="-accuracy").rows] == [0.97, 0.9, None]
    for wrong in ("", ",", "name,-", "colour", ",".join(["name"] * 11)):
        with pytest.raises(UsageError, match="--sort"):
            find(told, "Model", sort=wrong)


@pytest.mark.parametrize("sort", [None, "-accuracy", "accuracy,-name", "kind,-started_at", "-ended_at", "params.lr"])
def test_pages_of_one_are_the_whole(told: Store, sort: str | None) -> None:
    """Nulls last, ties by the id: each page begins after the last thing of the one before."""
    for kind in ("Model", "Entity", "Activity"):
        whole = [r["id"] for r in find(told, kind, sort=sort).rows]
        pages: list[str] = []
        while True:
            page = find(told, kind, sort=sort, after=pages[-1] if pages else None, limit=1)
            pages += [r["id"] for r in page.rows]
            if not page.truncated:
                break
        assert pages == whole


def test_what_a_page_cannot_come_after(told: Store) -> None:
    with pytest.raises(NotFound, match="is no Model"):
        find(told, "Model", after="raw.csv")
    with pytest.raises(Ambiguous):
        find(told, "ModelEvaluation", after="accuracy")
    with pytest.raises(NotFound, match="no kind or type 'Modell'; did you mean Model"):
        find(told, "Modell")
