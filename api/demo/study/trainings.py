"""The trainings that have ended: five of the experiment floods, one of the experiment oder.

    base     base-train.npz                       lr 0.1   finished   base.pt
    train-a  train.npz, val.npz                   lr 0.1, from epoch 2 on 0.01   finished   a.pt, checkpoints ck-1 to 3
    train-b  train.npz, val.npz, base.pt          lr 0.01  finished   b.pt
    train-c  train.npz, val.npz                   lr 1.0   failed: the loss became NaN
    train-d  train.npz, val.npz                   lr 0.05  killed: out of time        called "retry", as train-e is
    train-e  train.npz, val.npz                   lr 0.05  lost: its job is over, and it never said that it ended
    train-o  oder.npz                             lr 0.1   finished   oder.pt; has nothing in common with the others
                                                           but values, names, the person and the machine
"""

from collections.abc import Iterator

from begat.api.demo.study.teller import Teller
from begat.graph_schema import events as ev


def trainings() -> Iterator[Teller]:
    """One process a training."""
    yield base()
    yield train_a()
    yield train_b()
    yield train_c()
    yield train_d()
    yield train_e()
    yield train_o()


def begin(say: Teller, run: str, name: str, experiment: str = "floods", person: str = "person:ada") -> None:
    say.start(run, name, "Training", experiment=experiment, attributes={"command": f"python train.py --run {name}"})
    say.by(run, person, "author", "org:lab")


def surroundings(say: Teller, run: str, code: str, environment: str, *machines: str) -> None:
    say.uses(run, code, role="code")
    say.uses(run, environment, role="environment")
    for machine in machines:
        say.relate(run, "ranOn", machine)


def submitted(say: Teller, run: str, number: int) -> None:
    """What a run says of its job when it starts; how the job went is told by accounting.py."""
    job = f"job:{number}"
    say.node(job, "Activity", "Job", f"Slurm job {number}", scheduler="Slurm", job_id=str(number))
    say.relate(run, "submittedAs", job)


def epoch(say: Teller, run: str, number: int, measured: str, ended: str, **losses: float | str) -> str:
    """A section with a loss a split, measured and ended at these times; the clock stands at its start."""
    section = f"{run}/epoch-{number}"
    say.start(section, f"epoch {number}", "LearningStageSection", section_of=run)
    for split, loss in losses.items():
        say.at(measured).metric(run, "loss", loss, number, section, split=split)
    say.at(ended).end(section)
    return section


def base() -> Teller:
    say = Teller("base").at("09:00")
    begin(say, "base", "base")
    surroundings(say, "base", "train.py@1", "env@1", "node:1")
    say.uses("base", "base-train.npz", role="train")
    say.params("base", lr=0.1, layers=2)
    epoch(say, "base", 0, "09:14", "09:15", train=1.0)
    epoch(say, "base", 1, "09:27", "09:28", train=0.8)
    say.at("09:29").file("base.pt", "Model", "models/base.pt")
    say.makes("base", "base.pt")
    say.at("09:30").end("base")
    return say


def train_a() -> Teller:
    """The learning rate is changed in epoch 2, and stated again in epoch 3. Epochs 2 and 3 are equally good."""
    say = Teller("train-a").at("10:00")
    begin(say, "train-a", "train-a")
    surroundings(say, "train-a", "train.py@2", "env@1", "node:1")
    submitted(say, "train-a", 101)
    say.file("train-a.sbatch", "JobSpec", "jobs/train-a.sbatch")
    say.uses("train-a", "train-a.sbatch", role="job")
    say.uses("train-a", "train.npz", role="train")
    say.uses("train-a", "val.npz", role="validation")
    say.relate("train-a", "hadPlan", "protocol.md")
    say.params("train-a", lr=0.1, layers=2, seed=0, shuffle=False, note="")
    epoch(say, "train-a", 0, "10:14", "10:15", train=0.8, val=0.9)
    section = "train-a/epoch-1"
    say.start(section, "epoch 1", "LearningStageSection", section_of="train-a")
    _losses(say.at("10:29"), section, 1, 0.4, 0.5)
    _checkpoint(say, section, 1)
    say.at("10:30").end(section)
    for number, measured, ended, train, val in ((2, "10:44", "10:45", 0.3, 0.4), (3, "10:57", "10:58", 0.2, 0.4)):
        section = f"train-a/epoch-{number}"
        say.start(section, f"epoch {number}", "LearningStageSection", section_of="train-a")
        say.params(section, lr=0.01)
        _losses(say.at(measured), section, number, train, val)
        _checkpoint(say, section, number)
        say.at(ended).end(section)
    say.at("10:59").file("a.pt", "Model", "models/a.pt")
    say.makes("train-a", "a.pt")
    say.at("11:00").end("train-a")
    return say


def _losses(say: Teller, section: str, number: int, train: float, val: float) -> None:
    say.metric("train-a", "loss", train, number, section, split="train")
    say.metric("train-a", "loss", val, number, section, split="val")


def _checkpoint(say: Teller, section: str, number: int) -> None:
    """A file that is written anew in each epoch: a version each."""
    say.file(f"ck-{number}", "Checkpoint", "models/a-last.ckpt", epoch=number)
    say.makes("train-a", f"ck-{number}", section)


def train_b() -> Teller:
    """Bob goes on from base.pt, on two machines."""
    say = Teller("train-b").at("10:00")
    begin(say, "train-b", "train-b", person="person:bob")
    surroundings(say, "train-b", "train.py@2", "env@2", "node:1", "node:2")
    submitted(say, "train-b", 102)
    say.uses("train-b", "base.pt", role="base_model")
    say.uses("train-b", "train.npz", role="train")
    say.uses("train-b", "val.npz", role="validation")
    say.relate("train-b", "hadPlan", "protocol.md")
    say.params("train-b", lr=0.01, layers=2, seed=0)
    epoch(say, "train-b", 0, "10:19", "10:20", train=0.5, val=0.6)
    epoch(say, "train-b", 1, "10:37", "10:38", train=0.4, val=0.45)
    say.at("10:39").file("b.pt", "Model", "models/b.pt")
    say.makes("train-b", "b.pt")
    say.at("10:40").end("train-b")
    return say


def train_c() -> Teller:
    say = Teller("train-c", "node2").at("11:00")
    begin(say, "train-c", "train-c")
    surroundings(say, "train-c", "train.py@2", "env@1", "node:2")
    submitted(say, "train-c", 103)
    say.uses("train-c", "train.npz", role="train")
    say.uses("train-c", "val.npz", role="validation")
    say.relate("train-c", "hadPlan", "protocol.md")
    say.params("train-c", lr=1.0, layers=2)
    epoch(say, "train-c", 0, "11:09", "11:10", train=4.0, val=5.0)
    say.metric("train-c", "loss", "NaN", 1, split="train")
    say.at("11:20").end("train-c", "failed", "ValueError: the loss is NaN")
    return say


def train_d() -> Teller:
    say = Teller("train-d", "node2").at("11:30")
    begin(say, "train-d", "retry")
    surroundings(say, "train-d", "train.py@2", "env@1", "node:2")
    submitted(say, "train-d", 104)
    say.uses("train-d", "train.npz", role="train")
    say.uses("train-d", "val.npz", role="validation")
    say.params("train-d", lr=0.05, layers=8)
    say.at("12:00").metric("train-d", "loss", 0.7, 0, split="val")
    say.at("12:30").end("train-d", "killed", "SIGTERM")
    return say


def train_e() -> Teller:
    say = Teller("train-e", "node2").at("13:00")
    begin(say, "train-e", "retry")
    surroundings(say, "train-e", "train.py@2", "env@1", "node:2")
    submitted(say, "train-e", 105)
    say.uses("train-e", "train.npz", role="train")
    say.uses("train-e", "val.npz", role="validation")
    say.params("train-e", lr=0.05, layers=4)
    say.at("13:10").metric("train-e", "loss", 0.9, 0, split="val")
    return say


def train_o() -> Teller:
    """Another study's: what it shares with train-a is lr, layers, author, machine, environment and a script's name."""
    say = Teller("train-o").at("09:00")
    begin(say, "train-o", "train-o", "oder")
    surroundings(say, "train-o", "train.py@oder", "env@1", "node:1")
    say.uses("train-o", "oder.npz", role="train")
    say.params("train-o", lr=0.1, layers=2)
    say.at("09:10").metric("train-o", "loss", 0.5, 0, split="train")
    say.at("09:19").file("oder.pt", "Model", "models/oder.pt")
    say.makes("train-o", "oder.pt")
    say.node("rmse:oder", "Entity", "ModelEvaluation", "rmse", split="train")
    say(ev.Node, id="rmse:oder", kind="Entity", value=0.1)
    say.uses("train-o", "oder.pt")
    say.uses("train-o", "oder.npz", role="train")
    say.makes("train-o", "rmse:oder")
    say.relate("rmse:oder", "evaluationOf", "oder.pt")
    say.relate("rmse:oder", "onData", "oder.npz")
    say.at("09:20").end("train-o")
    return say
