"""What comes of an experiment: jobs' books, scores, a composed model, predictions, a service, a publication."""

from begat.graph_schema import events as ev
from benchmarks.laboratory.data import UNTIL, Data
from benchmarks.laboratory.places import field, person, wells
from benchmarks.laboratory.process import MINUTE, Process
from benchmarks.laboratory.trainings import Job, Training

STATES = {"finished": "COMPLETED", "failed": "FAILED", "killed": "TIMEOUT"}


def accounting(n: int, jobs: list[Job]) -> Process:
    """In the order of what happened."""
    happened = [(j.started, 0, j) for j in jobs] + [(j.ended, 1, j) for j in jobs if j.ended is not None]
    say = Process(f"{n}-accounting", min(j.started for j in jobs))
    for at, over, job in sorted(happened):
        node, name = f"job:{job.number}", f"Slurm job {job.number}"
        say.now = max(say.now, at)
        if over:
            say.node(node, "Activity", "Job", name, state=STATES[job.outcome], exit_code=int(job.outcome == "failed"))
            say.end(node, job.outcome)
        else:
            say.start(node, name, "Job", attributes={"nodes": 1 + job.number % 2, "gpus": 4, "scheduler": "Slurm"})
    return say


def best(made: list[Training]) -> list[str]:
    """The models, the one with the least error first."""
    return [t.model for t in sorted(made, key=lambda t: t.rmse) if t.model is not None]


def results(n: int, now: int, data: Data, made: list[Training]) -> Process:
    """Ten of the models are scored on the data held out, the three best ones put together, twice."""
    say = Process(f"{n}-results", now)
    models = best(made)
    _scores(say, n, data, {t.model: t.rmse for t in made if t.model is not None})
    _compose(say, n, models)
    _predict(say, n, models[0], data.raw[0])
    serving = f"{n}/serve"
    say.start(serving, f"serve {n}", "Serving", attributes={"address": f"https://laboratory/{n}"})
    say.uses(serving, f"{n}/ensemble.pt", models[0], role="model")
    say.node(f"{n}/paper", "Entity", "Publication", f"Paper {n}")
    say.relate(f"{n}/paper", "wasDerivedFrom", f"{n}/ensemble.pt")
    say.relate(f"{n}/paper", "wasAttributedTo", person(n), "author")
    return say


def _scores(say: Process, n: int, data: Data, models: dict[str, float]) -> None:
    for model, rmse in models.items():
        run, score = model.replace("model", "evaluate"), model.replace("model", "rmse")
        say.start(run, f"evaluate {model}", "Evaluation", experiment=f"experiment {n}")
        say.by(run, person(n + 1), "reviewer", "org:laboratory")
        say.uses(run, model, role="model")
        say.uses(run, data.splits["test"], role="test")
        say(
            ev.Node, id=score, kind="Entity", types=["ModelEvaluation"], name="rmse", value=rmse,
            attributes={"split": "test"},
        )  # fmt: skip
        say.makes(run, score)
        say.relate(score, "evaluationOf", model)
        say.relate(score, "onData", data.splits["test"])
        say.wait(MINUTE)
        say.end(run)


def _compose(say: Process, n: int, models: list[str]) -> None:
    """The second has the first for a member."""
    run = f"{n}/combine"
    say.start(run, f"combine {n}", experiment=f"experiment {n}")
    say.by(run, person(n), "author", "org:laboratory")
    members = models[:3]
    for name, further in (("pair", models[3]), ("ensemble", f"{n}/pair.pt")):
        whole = f"{n}/{name}.pt"
        parts = [*members[:1], further] if name == "pair" else [*members[1:], further]
        say.uses(run, *(p for p in parts if p != f"{n}/pair.pt"), role="member")
        say.file(whole, "Model", f"models/{whole}", path=f"/data/models/{whole}")
        say.makes(run, whole)
        say(ev.Node, id=whole, kind="Collection")
        for part in parts:
            say.relate(whole, "hadMember", part)
    say.end(run)


def _predict(say: Process, n: int, model: str, given: str) -> None:
    run = f"{n}/predict"
    say.start(run, f"predict {n}", "Inference", experiment=f"experiment {n}")
    say.by(run, person(n), "forecaster", "org:laboratory")
    say.uses(run, model, role="model")
    say.uses(run, given, role="input")
    for i, place in enumerate((field(n), wells(n)[0])):
        prediction = f"{n}/prediction-{i}.csv"
        say.file(prediction, "Prediction", f"out/{prediction}", path=f"/data/out/{prediction}")
        say.makes(run, prediction)
        say.about_days(prediction, place, UNTIL, UNTIL + 30)
    say.end(run)
