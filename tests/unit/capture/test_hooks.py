"""The hooks that say more than what was used and made: metrics, tags, notes, concepts, agents, plans, checkpoints."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import begat
from begat.capture import Entity, person, problems
from begat.graph_schema.events import Generated, Metric, Node, Relate, Start, Used

Told = Callable[[], Any]


class Model:
    def fit(self) -> "Model":
        return self

    def predict(self) -> None: ...


def test_many_metrics_at_once(told: Told) -> None:
    with begat.run("train") as run:
        run.metrics({"loss": 0.5, "f1": {"macro": 0.25, "micro": 0}}, step=3, split="test", rank=1)
        begat.metrics({"loss": 0.0})
    points = [(m.name, m.value, m.step, m.context) for m in told().of(Metric)]
    where = {"split": "test", "rank": 1}
    assert points == [
        ("loss", 0.5, 3, where), ("f1.macro", 0.25, 3, where), ("f1.micro", 0.0, 3, where), ("loss", 0.0, None, None),
    ]  # fmt: skip


def test_one_value_that_is_no_number_costs_no_other(told: Told) -> None:
    """Elsewhere a batch with one bad value is lost as a whole, or raises into the loop."""
    with begat.run("train") as run:
        run.metrics({"a": 1, "b": "high", "c": None, "d": float("nan"), "e": float("-inf")})
        run.metrics(7)  # type: ignore[arg-type]
        assert problems.count() == 3
    assert [(m.name, m.value) for m in told().of(Metric)] == [("a", 1), ("d", "NaN"), ("e", "-INF")]


def test_tags_and_notes_are_the_runs_or_the_things(told: Told) -> None:
    with begat.run("train") as run:
        model = begat.generated(Model())
        run.tag("baseline", "v2", stage="draft", api_token="abc")
        begat.note("the loss rose at epoch 7")
        begat.tag("gold", of=model)
        run.note("scored by hand", of=model)
    said = [(n.id, n.kind, n.attributes) for n in told().of(Node) if n.name is None]
    assert said == [
        (run.id, "Activity", {"stage": "draft", "api_token": "***", "tag": ["baseline", "v2"]}),
        (run.id, "Activity", {"note": "the loss rose at epoch 7"}),
        (model.id, "Entity", {"tag": ["gold"]}),
        (model.id, "Entity", {"note": "scored by hand"}),
    ]


def test_concepts_of_a_run_and_of_a_handle(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1")
    with begat.run("train", about="domain:rivers") as run:
        data = begat.used("x.csv").about("basin:elbe", "domain:rain")
        begat.about("domain:floods")
        begat.about(["domain:dikes"], of=data)
    said = [(r.source, r.target) for r in told().all(Relate, relation="about")]
    assert said == [
        (run.id, "domain:rivers"), (data.id, "basin:elbe"), (data.id, "domain:rain"), (run.id, "domain:floods"),
        (data.id, "domain:dikes"),
    ]  # fmt: skip


MARCH = 1_709_251_200_000_000


@pytest.mark.parametrize(
    "said",
    [
        "2024-03-01", "2024-03-01T00:00Z", "2024-03-01T01:00+01:00", date(2024, 3, 1),
        datetime(2024, 3, 1),  # noqa: DTZ001 without an offset it is UTC
        datetime(2024, 3, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    ],
)  # fmt: skip
def test_of_which_time_data_has_values(told: Told, tmp_path: Path, said: Any) -> None:
    (tmp_path / "x.csv").write_text("1")
    with begat.run("clean") as run:
        data = run.used("x.csv").about("gauge:ketzin", since=said)
        run.about("gauge:grimma", of=data, until=said)
        begat.excluded("gauge:ketzin", "gauge:grimma", since=said, until="2024-04-01", reason="ice")
    events = told()
    assert [(r.source, r.target, r.attributes) for r in events.all(Relate, relation="about")] == [
        (data.id, "gauge:ketzin", {"from": MARCH}),
        (data.id, "gauge:grimma", {"to": MARCH}),
    ]
    april = MARCH + 31 * 86_400_000_000
    assert [(r.source, r.target, r.attributes) for r in events.all(Relate, relation="excluded")] == [
        (run.id, gauge, {"reason": "ice", "from": MARCH, "to": april}) for gauge in ("gauge:ketzin", "gauge:grimma")
    ]


def test_a_time_that_is_none_is_told_and_nothing_is_said(told: Told) -> None:
    with begat.run("clean"):
        begat.about("gauge:ketzin", since="in March")
        begat.about("gauge:ketzin", since=20240301)
        begat.excluded("gauge:ketzin", since="2024-03-01", until="2024-03-01")
        assert problems.count() == 3
    assert told().all(Relate, relation="about") == []


def test_a_thing_of_the_world_has_a_kind_and_a_place(told: Told) -> None:
    with begat.run("vocabulary"):
        places = ["area:havel", "state:brandenburg"]
        begat.domain("gauge:ketzin", "Ketzin", is_a="class:rain-gauge", within=places, depth=3)
    events = told()
    ketzin = events.one(Node, id="gauge:ketzin")
    assert (ketzin.types, ketzin.name, ketzin.attributes) == (["DomainEntity"], "Ketzin", {"depth": 3})
    assert events.one(Relate, relation="instanceOf").target == "class:rain-gauge"
    assert [r.target for r in events.all(Relate, relation="locatedIn")] == ["area:havel", "state:brandenburg"]


def test_whose_a_thing_is(told: Told, tmp_path: Path) -> None:
    """Who owns data took no part in the run that uses it."""
    (tmp_path / "x.csv").write_text("1")
    with begat.run("clean") as run:
        data = run.used("x.csv", license="CC-BY-4.0")
        owner = begat.agent("River Agency", type="Organization", role="rights holder", of=data)
    events = told()
    assert events.one(Node, id=data.id).attributes["license"] == "CC-BY-4.0"
    (said,) = events.all(Relate, relation="wasAttributedTo")
    assert (said.source, said.target, said.role) == (data.id, owner.id, "rights holder")
    assert owner.id not in {r.target for r in events.all(Relate, relation="wasAssociatedWith")}


def test_a_label_is_used_and_a_feature_of_its_data(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1")
    with begat.run("train") as run:
        data = run.used("x.csv")
        run.label("species", of=data, classes=["setosa", "virginica"])
    events = told()
    label = events.one(Node, name="species")
    assert (label.types, label.attributes) == (["Label"], {"classes": ["setosa", "virginica"]})
    assert events.one(Relate, relation="hasFeature").source == data.id
    assert events.one(Used, entity=label.id).role == "label"


def test_agents_and_whom_they_act_for(told: Told) -> None:
    with begat.run("train") as run:
        lab = run.agent("Lab of Rivers", type="Organization")
        begat.agent("ada@lab", role="annotator", on_behalf_of=lab)
        begat.agent("cleaner 2.1", type="Software", on_behalf_of="Ministry")
        begat.agent("https://orcid.org/0000-0002-1825-0097")
        begat.agent("x", type="Dataset")
        assert problems.count() == 1
    events = told()
    agents = {n.name: n for n in events.of(Node) if n.kind == "Agent"}
    assert agents["cleaner 2.1"].types == ["SoftwareAgent"]
    assert agents["Ministry"].types == ["Organization"]
    assert agents["https://orcid.org/0000-0002-1825-0097"].id == "https://orcid.org/0000-0002-1825-0097"
    took_part = [(r.target, r.role) for r in events.all(Relate, relation="wasAssociatedWith") if r.role != "author"]
    assert (agents["ada@lab"].id, "annotator") in took_part
    assert len(took_part) == 4
    acted = {r.source: r for r in events.all(Relate, relation="actedOnBehalfOf")}
    assert acted[agents["ada@lab"].id].target == lab.id
    assert acted[agents["ada@lab"].id].arguments == {"activity": run.id}
    assert "x" not in agents


def test_the_account_that_runs_it_is_the_person_of_that_name(told: Told) -> None:
    me = person.person()
    with begat.run("train") as run:
        assert run.agent(me.name, role="annotator").id == me.id
    told()


def test_a_plan_is_a_text_a_file_or_an_address(told: Told, tmp_path: Path) -> None:
    (tmp_path / "protocol v1.md").write_text("Leave out the Elbe")
    with begat.run("train") as run:
        begat.plan("Leave out the Elbe,\ntune on the Oder")
        file = run.plan("protocol v1.md")
        run.plan("https://example.org/protocol")
    events = told()
    targets = [r.target for r in events.all(Relate, relation="hadPlan", source=run.id)]
    assert targets[1:] == [file.id, "https://example.org/protocol"]
    (text,) = events.all(Node, id=targets[0])
    assert (text.kind, text.name) == ("Plan", "Leave out the Elbe,")
    assert text.attributes == {"text": "Leave out the Elbe,\ntune on the Oder"}
    assert all("Plan" in {n.kind for n in events.all(Node, id=t)} for t in targets)
    assert events.of(Used)[2:] == []  # after code and environment: a plan is no input


def test_a_checkpoint_is_made_in_its_epoch(told: Told, tmp_path: Path) -> None:
    file = tmp_path / "model.pt"
    with begat.run("train") as run:
        for epoch in run.epochs(range(30, 33)):
            file.write_text(f"weights {epoch}")
            begat.checkpoint("model.pt")
        run.checkpoint(Model(), epoch=31, loss=0.5)
        run.checkpoint(file, epoch=99)
    events = told()
    sections = [(s.run, s.attributes["index"]) for s in events.of(Start) if s.section_of]
    made = events.of(Generated)
    assert [(g.section, n) for g, (n) in zip(made, (30, 31, 32, None, None), strict=True)] == [
        (sections[0][0], 30), (sections[1][0], 31), (sections[2][0], 32), (None, None), (None, None),
    ]  # fmt: skip
    assert len({g.entity for g in made[:3]}) == 3, "written anew in place: a version each"
    assert all(events.all(Node, id=g.entity)[0].types == ["Checkpoint"] for g in made)
    # An epoch that has ended did not make what comes later (PROV's generation lies within its activity).
    influence = events.one(Relate, relation="wasInfluencedBy")
    assert (influence.source, influence.target) == (made[3].entity, sections[1][0])
    epochs = [n.attributes["epoch"] for n in events.of(Node) if n.types == ["Checkpoint"]]
    assert epochs == [30, 31, 32, 31, 99]


def test_an_artifact_is_made_unless_it_was_used(told: Told, tmp_path: Path) -> None:
    """Elsewhere whatever is logged is an output: the run's configuration becomes its product."""
    (tmp_path / "config.yaml").write_text("lr: 0.1")
    (tmp_path / "report.html").write_text("<p>")
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "loss.png").write_text("png")
    with begat.run("train") as run:
        config = run.used("config.yaml")
        assert run.artifact("config.yaml", type="Configuration") == config
        assert isinstance(begat.artifact("report.html", type="Report", role="summary"), Entity)
        run.artifact("plots")
    events = told()
    names = events.names()
    made = [(names[g.entity], g.role) for g in events.of(Generated)]
    assert made == [("report.html", "summary"), ("plots/loss.png", None), ("plots", "artifact")]
    assert ["Configuration"] in [n.types for n in events.all(Node, id=config.id)]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("10.1000/ABC.182", "https://doi.org/10.1000/abc.182"),
        ("doi:10.1000/abc.182", "https://doi.org/10.1000/abc.182"),
        ("DOI: 10.1000/abc.182", "https://doi.org/10.1000/abc.182"),
        ("http://dx.doi.org/10.1000/abc.182", "https://doi.org/10.1000/abc.182"),
        ("https://doi.org/10.1000/abc.182", "https://doi.org/10.1000/abc.182"),
        ("arXiv:2101.00001", "https://arxiv.org/abs/2101.00001"),
        ("https://example.org/Paper", "https://example.org/Paper"),
    ],
)
def test_a_publication_rests_on_what_it_is_of(told: Told, given: str, address: str) -> None:
    with begat.run("train") as run:
        model = run.generated(Model())
        paper = run.publication(given, of=model, title="Rivers")
        begat.publication(given)
    events = told()
    assert paper.id == address
    assert events.all(Node, id=address)[0].types == ["Publication"]
    assert events.one(Relate, relation="wasDerivedFrom", source=address).target == model.id
    assert events.one(Relate, relation="wasInfluencedBy", source=address).target == run.id


def test_a_role_says_what_a_thing_is(told: Told, tmp_path: Path) -> None:
    (tmp_path / "resnet").write_text("w")
    with begat.run("tune") as run:
        base = run.used("resnet", role="base_model")
        run.params(frozen=["conv1", "conv2"])
        run.used("https://doi.org/10.1000/182", role="publication")
    events = told()
    assert events.one(Node, id=base.id).types == ["Model"]
    assert events.one(Used, entity=base.id).role == "base_model"
    assert events.one(Node, id="https://doi.org/10.1000/182").types == ["Publication"]


HOOKS: tuple[Callable[[], Any], ...] = (
    lambda: begat.metrics({"a": 1}),
    lambda: begat.tag("x"),
    lambda: begat.note("x"),
    lambda: begat.about("x"),
    lambda: begat.label("x"),
    lambda: begat.excluded("x"),
    lambda: begat.domain("x"),
    lambda: begat.agent("x"),
    lambda: begat.plan("x y"),
    lambda: begat.artifact("x.csv"),
    lambda: begat.checkpoint("x.csv"),
    lambda: begat.publication("10.1/2"),
)


def test_without_a_run_they_are_told_once_and_harm_nothing(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.csv").write_text("1")
    for hook in HOOKS * 2:
        hook()
    assert Path(begat.artifact("x.csv")).read_text() == "1"
    assert capsys.readouterr().err.count("outside of any run") == len(HOOKS)
    assert told() == []


class Bad:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


def test_what_they_cannot_record_raises_nothing(told: Told) -> None:
    odd: Any = Bad()
    with begat.run("train") as run:
        run.metrics(odd)
        run.metrics({odd: odd}, step=odd)
        run.tag(odd, x=odd)
        run.note(odd)
        run.about(odd)
        run.label(odd, of=3)
        run.agent(odd, on_behalf_of=odd)
        run.plan(3)
        assert str(run.artifact("gone.txt")) == "gone.txt"
        run.artifact(3)
        run.checkpoint(3, epoch=odd)
        run.publication(3)
        run.publication("10.1/2", of=3)
    assert told().story()[-1] == "end train"
