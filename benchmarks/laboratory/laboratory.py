"""The benchmark sets of the questions: experiments of twenty trainings, each with its data and what came of it.

`python -m benchmarks.laboratory FOLDER [--size M] [--seed 0]` writes a set as a spool that `begat ingest` reads.
Experiment by experiment a set is the same in every size, but for the number of epochs: what is asked about one has as
large an answer in a large set as in a small one.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from begat.graph_schema import ids
from benchmarks.laboratory.data import data
from benchmarks.laboratory.places import vocabulary
from benchmarks.laboratory.process import BEGINNING, HOUR, Process
from benchmarks.laboratory.results import accounting, results
from benchmarks.laboratory.trainings import trainings


class Size(NamedTuple):
    """How many experiments of twenty trainings, of how many epochs each; in how many trainings still run."""

    experiments: int
    epochs: int
    at_work: int


SIZES: Final = {
    "XS": Size(2, 8, 1),
    "S": Size(10, 50, 2),
    "M": Size(100, 100, 5),
    "L": Size(500, 100, 5),
}
#: Trainings that still run, of an experiment where any does.
RUNNING: Final = 4
#: From one experiment to the next; from the data to its trainings, and to what comes of them.
BETWEEN, TRAIN, RESULTS = 8 * HOUR, 2 * HOUR, 24 * HOUR


class Laboratory:
    """A set: write it with `write`; `counts` then says how many events of each kind it holds."""

    def __init__(self, size: Size, seed: int = 0) -> None:
        self.size = size
        self.seed = seed
        self.counts: Counter[str] = Counter()

    def write(self, spool: Path) -> int:
        """Write all processes; returns the number of events."""
        for process in self.processes():
            self.counts.update(type(e).__name__.lower() for e in process.events)
            process.save(spool)
        return self.counts.total()

    def processes(self) -> Iterator[Process]:
        """One after the other; each is written before the next one begins."""
        yield vocabulary()
        for n in range(self.size.experiments):
            yield from self._experiment(n)

    def _experiment(self, n: int) -> Iterator[Process]:
        random, now = Random(f"{self.seed}:{n}"), BEGINNING + n * BETWEEN
        yield _head(n, now)
        say, made = data(n, random, now + HOUR // 2)
        yield say
        running = RUNNING if n >= self.size.experiments - self.size.at_work else 0
        base = f"{n - 1}/model-0.pt" if n % 5 == 4 else None
        all_ = []
        for say, some in trainings(n, random, now + TRAIN, made, self.size.epochs, running, base):
            yield say
            all_ += some
        yield accounting(n, [t.job for t in all_])
        yield results(n, now + RESULTS, made, all_)


def _head(n: int, now: int) -> Process:
    """What is told of an experiment before anything runs."""
    say = Process(f"{n}-head", now)
    name = f"experiment {n}"
    experiment = ids.agreed("experiment", "default", name)
    say.node(experiment, "Entity", "LearningExperiment", name)
    say.relate(experiment, "partOf", "study:0", "study")
    say.node(f"plan:{n}", "Plan", "", f"plan-{n}.md")
    say.node(f"{n}/code", "Entity", "Code", "train.py", repository="https://git/laboratory", commit=f"{n:040x}")
    return say


