"""What the models are used for: scores, a composed model, predictions, a service, publications.

    ens.pt has the members a.pt and pair.pt; pair.pt has the members b.pt and base.pt

    rmse         test-mulde.npz  test-havel.npz
    a.pt              0.3             0.5
    b.pt              0.4             0.2
    base.pt           0.6
    ens.pt            0.25
"""

from collections.abc import Iterator
from typing import Final

from begat.api.demo.study.teller import Teller
from begat.graph_schema import events as ev

#: When, model, data, measures.
SCORES: Final = (
    ("14:31", "a", "mulde", {"rmse": 0.3, "nse": 0.8}),
    ("14:32", "a", "havel", {"rmse": 0.5}),
    ("14:33", "b", "mulde", {"rmse": 0.4, "nse": 0.7}),
    ("14:34", "b", "havel", {"rmse": 0.2}),
    ("14:35", "base", "mulde", {"rmse": 0.6}),
    ("14:36", "ens", "mulde", {"rmse": 0.25}),
)


def results() -> Iterator[Teller]:
    """One process a step."""
    yield combine()
    yield evaluate()
    yield forecast()
    yield serve()
    yield publish()


def combine() -> Teller:
    say = Teller("combine").at("14:20")
    say.start("combine", "combine", experiment="floods")
    say.by("combine", "person:ada", "author", "org:lab")
    say.uses("combine", "b.pt", "base.pt", role="member")
    say.at("14:22").file("pair.pt", "Model", "models/pair.pt")
    say.makes("combine", "pair.pt")
    say.uses("combine", "a.pt", role="member")
    say.at("14:24").file("ens.pt", "Model", "models/ens.pt")
    say.makes("combine", "ens.pt")
    for whole, members in (("pair.pt", ("b.pt", "base.pt")), ("ens.pt", ("a.pt", "pair.pt"))):
        say(ev.Node, id=whole, kind="Collection")
        for member in members:
            say.relate(whole, "hadMember", member)
    say.at("14:25").end("combine")
    return say


def evaluate() -> Teller:
    say = Teller("evaluate").at("14:30")
    say.start("evaluate", "evaluate", "Evaluation", experiment="floods")
    say.by("evaluate", "person:ada", "author", "org:lab")
    say.relate("evaluate", "hadPlan", "protocol.md")
    for clock, model, area, measures in SCORES:
        say.at(clock).uses("evaluate", f"{model}.pt")
        say.uses("evaluate", f"test-{area}.npz", role="test")
        for measure, value in measures.items():
            score = f"{measure}:{model}:{area}"
            say(
                ev.Node, id=score, kind="Entity", types=["ModelEvaluation"], name=measure, value=value,
                attributes={"split": "test"},
            )  # fmt: skip
            say.makes("evaluate", score)
            say.relate(score, "evaluationOf", f"{model}.pt")
            say.relate(score, "onData", f"test-{area}.npz")
    say.at("14:40").end("evaluate")
    return say


def forecast() -> Teller:
    """The flood of the day after, predicted for the Mulde from what Grimma had measured the day before."""
    say = Teller("forecast").at("15:00")
    say.start("forecast", "forecast", "Inference", experiment="floods")
    say.by("forecast", "person:bob", "forecaster", "org:agency")
    say.uses("forecast", "a.pt", role="model")
    say.uses("forecast", "now.csv", role="input")
    say.at("15:04").file("flood-mulde.csv", "Prediction", "out/flood-mulde.csv")
    say.makes("forecast", "flood-mulde.csv")
    say.about("flood-mulde.csv", "area:mulde", since="2026-03-02", until="2026-03-03")
    say.at("15:05").end("forecast")
    return say


def serve() -> Teller:
    """Still at work in the evening."""
    say = Teller("serve", "node2", lives=True).at("15:30")
    say.start("serve", "serve", "Serving", attributes={"address": "https://floods.lab/v1"})
    say.relate("serve", "ranOn", "node:2")
    say.uses("serve", "ens.pt", role="model")
    say.at("15:40").file("alert.csv", "Prediction", "out/alert.csv")
    say.makes("serve", "alert.csv")
    say.about("alert.csv", "basin:elbe", since="2026-03-02", until="2026-03-03")
    say.at("18:00")(ev.Beat)
    return say


def publish() -> Teller:
    say = Teller("publish").at("15:50")
    for paper, title, model in (
        ("https://doi.org/10.1000/floods", "Floods of the Elbe", "ens.pt"),
        ("https://doi.org/10.1000/poster", "A poster on the Mulde", "a.pt"),
    ):
        say.node(paper, "Entity", "Publication", title)
        say.relate(paper, "wasDerivedFrom", model)
        say.relate(paper, "wasAttributedTo", "person:ada", "author")
    return say
