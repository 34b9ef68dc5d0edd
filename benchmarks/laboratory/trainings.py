"""The trainings of one experiment: twenty, in a sweep or alone, each a job; some fail, some still run.

Of twenty one comes to nothing: it fails, runs out of time, or is gone without a word. Every fourth lowers its learning
rate half way; checkpoints are written every 25 epochs.
"""

import math
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from begat.graph_schema import events as ev
from benchmarks.laboratory.data import Data
from benchmarks.laboratory.places import ENVIRONMENTS, MACHINES, person
from benchmarks.laboratory.process import MINUTE, Process

TRAININGS: Final = 20
CHECKPOINT_EVERY: Final = 25
#: How one of the twenty comes to nothing, experiment by experiment: its own word, and its job's.
BAD: Final = (("failed", "failed"), (None, "killed"), (None, "finished"))
RATES: Final = (0.1, 0.03, 0.01, 0.003, 0.001)


class Job(NamedTuple):
    """What the scheduler knows of a training; one that still runs has no end."""

    number: int
    started: int
    ended: int | None
    outcome: ev.Outcome


class Training(NamedTuple):
    """A training, its model if it made one, and its score on the data held out."""

    run: str
    model: str | None
    rmse: float
    job: Job


def trainings(
    n: int, random: Random, now: int, data: Data, epochs: int, running: int, base: str | None
) -> Iterator[tuple[Process, list[Training]]]:
    """Processes with the trainings in each: one for a sweep, else one a training. The last `running` still run."""
    if n % 2:
        for i in range(TRAININGS):
            runs = i >= TRAININGS - running
            say = Process(f"{n}-training-{i}", now + i * MINUTE, lives=runs)
            yield say, [_training(say, n, i, random, data, epochs, runs, None, base)]
        return
    say = Process(f"{n}-sweep", now, lives=bool(running))
    sweep = f"{n}/sweep"
    _surroundings(say, n, sweep, "Validation", None)
    made = []
    for i in range(TRAININGS):
        made.append(_training(say, n, i, random, data, epochs, i >= TRAININGS - running, sweep, base))
    if not running:
        say.end(sweep)
    yield say, made


def _surroundings(say: Process, n: int, run: str, type: str, parent: str | None) -> None:
    name = run.replace("/", " ")
    experiment = None if parent else f"experiment {n}"
    command = {"command": f"python train.py --run {name}"}
    say.start(run, name, type, parent=parent, experiment=experiment, attributes=command)
    say.by(run, person(n), "author", "org:laboratory")
    say.relate(run, "hadPlan", f"plan:{n}")
    say.uses(run, f"{n}/code", role="code")
    say.uses(run, f"env:{n % ENVIRONMENTS}", role="environment")


def _training(
    say: Process, n: int, i: int, random: Random, data: Data, epochs: int, runs: bool, sweep: str | None,
    base: str | None,
) -> Training:  # fmt: skip
    run, job, began = f"{n}/train-{i}", f"job:{n * TRAININGS + i}", say.now
    own, booked = BAD[n % len(BAD)] if i == 7 else ("finished", "finished")
    _surroundings(say, n, run, "Training", sweep)
    say.relate(run, "ranOn", f"node:{random.randrange(MACHINES)}")
    say.relate(run, "submittedAs", job)
    say.uses(run, data.splits["train"], role="train")
    say.uses(run, data.splits["validation"], role="validation")
    if base is not None and i % 4 == 0:
        say.uses(run, base, role="base")
    rate = RATES[random.randrange(len(RATES))]
    say.params(run, lr=rate, layers=1 + i % 8, batch_size=2 ** random.randint(4, 9), seed=random.getrandbits(20))
    say.params(run, optimizer=random.choice(("sgd", "adam")), augment=random.random() < 0.5)
    last = random.randrange(1, epochs) if i == 7 or runs else epochs
    for number in range(last):
        _epoch(say, n, run, number, rate, random, i % 4 == 1 and number == epochs // 2)
    rmse = random.uniform(0.1, 1)
    outcome: ev.Outcome = "killed" if booked == "killed" else "failed" if booked == "failed" else "finished"
    told = Job(n * TRAININGS + i, began, None if runs else say.now, outcome)
    if runs:
        say(ev.Beat)
        return Training(run, None, rmse, told)
    if own == "failed":
        say.end(run, "failed", "MemoryError: batch too large")
    if i == 7:
        return Training(run, None, rmse, told)
    model = f"{n}/model-{i}.pt"
    say.file(model, "Model", f"models/{model}", path=f"/data/models/{model}", size=1 << 24)
    say.makes(run, model)
    say.end(run)
    return Training(run, model, rmse, told)


def _epoch(say: Process, n: int, run: str, number: int, rate: float, random: Random, changes: bool) -> None:
    section, noise = f"{run}/{number}", random.gauss(0, 0.01)
    say.start(section, f"epoch {number}", "LearningStageSection", section_of=run)
    if changes:
        say.params(section, lr=rate / 10)
    loss = math.exp(-number * rate)
    say.wait(MINUTE // 4)
    say.metric(run, "loss", loss + noise, number, section, split="train")
    say.metric(run, "loss", loss + 0.1 - noise, number, section, split="validation")
    say.metric(run, "accuracy", 1 - loss / 2 + noise, number, section, split="validation")
    if number % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1:
        checkpoint = f"{run}/{number}.ckpt"
        say.file(checkpoint, "Checkpoint", f"models/{checkpoint}", path=f"/data/models/{checkpoint}")
        say.makes(run, checkpoint, section)
    say.end(section)
