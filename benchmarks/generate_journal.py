"""The benchmark sets: trainings in sweeps and alone, on datasets derived from others, some of which fail.

`python -m benchmarks.generate_journal FOLDER [--size M] [--seed 0]` writes a set as a spool that `begat ingest` reads.
Of half the trainings each is a process of its own; the others are parts of sweeps of twenty. The mix of events is what
the hooks write: per training its start, settings, files used, people and machine, per epoch a section with three
measures, now and then a checkpoint, and at the end a model that is scored on the validation data.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from begat.graph_schema.events import Attributes, End, Generated, Metric, Node, Relate, Setting, Start, Used, Wire
from benchmarks.journal import BEGINNING, Clock, Minter, segment


class Size(NamedTuple):
    """How many trainings of how many epochs; datasets to train on; files a dataset may be made from at most."""

    trainings: int
    epochs: int
    datasets: int
    files: int


SIZES = {
    "XS": Size(20, 10, 4, 20),
    "S": Size(200, 50, 20, 500),
    "M": Size(2_000, 100, 60, 500),
    "L": Size(10_000, 200, 200, 500),
}
SWEEP = 20
FAILED = 0.05
CHECKPOINT_EVERY = 25
MEASURES = ("loss", "accuracy", "seconds")


class BenchmarkSet:
    """One generated set: write it with `write`; `counts` then says how many events of each kind it holds."""

    def __init__(self, size: Size, seed: int = 0) -> None:
        self.size = size
        self.counts: Counter[str] = Counter()
        self._random = Random(seed)
        self._mint = Minter(seed)
        self._person, self._machine = self._mint(), self._mint()
        self._code, self._environment = self._mint(), self._mint()
        self._data: list[tuple[str, str]] = []

    def write(self, spool: Path) -> int:
        """Write all segments; returns the number of events."""
        self._write(spool, self._datasets(), 0)
        trainings, hour = self.size.trainings, 0
        while trainings > 0:
            sweep = min(SWEEP if hour % (SWEEP + 1) == 0 else 1, trainings)
            trainings -= sweep
            hour += 1
            self._write(spool, self._process(hour, sweep), hour)
        return self.counts.total()

    def _write(self, spool: Path, events: Iterator[Wire], hour: int) -> None:
        all_ = list(events)
        self.counts.update(type(e).__name__.lower() for e in all_)
        segment(spool, self._mint(), all_, wall=_hour(hour))

    def _datasets(self) -> Iterator[Wire]:
        clock = Clock(_hour(0), 200)
        yield from self._surroundings(clock)
        for number in range(self.size.datasets):
            files = [self._mint() for _ in range(self._random.randint(1, self.size.files))]
            for i, file in enumerate(files):
                yield _file(clock, file, f"raw/{number}/{i}.csv", ["Dataset"])
            for depth in range(self._random.randint(2, 6)):
                made = [self._mint()] if depth else [self._mint(), self._mint()]
                yield from self._step(clock, f"prepare-{depth}", files, made, f"prepared/{number}/{depth}")
                files = made
            train, validation = self._mint(), self._mint()
            yield from self._step(clock, "split", files, [train, validation], f"parts/{number}")
            self._data.append((train, validation))

    def _step(self, clock: Clock, name: str, used: list[str], made: list[str], path: str) -> Iterator[Wire]:
        run = self._mint()
        yield from self._begin(clock, run, name, ["Preparation"])
        for file in used:
            yield Used(*clock.tick(), run, file)
        for i, file in enumerate(made):
            yield _file(clock, file, f"{path}/{i}.csv", ["LearningDataset"])
            yield Generated(*clock.tick(), run, file)
        yield End(*clock.tick(), run)

    def _surroundings(self, clock: Clock) -> Iterator[Wire]:
        yield Node(*clock.tick(), self._code, "Entity", ["Code"], "train.py", {"commit": "0" * 40, "dirty": False})
        yield Node(*clock.tick(), self._environment, "Entity", ["Environment"], "python", {"python": "3.11.7"})
        yield Node(*clock.tick(), self._person, "Agent", ["Person"], "ada@example.org")
        yield Node(*clock.tick(), self._machine, "Agent", ["Node"], "node-1")

    def _begin(self, clock: Clock, run: str, name: str, types: list[str], parent: str | None = None) -> Iterator[Wire]:
        experiment = None if parent else "benchmark"
        yield Start(*clock.tick(), run, name, types, parent, experiment=experiment)
        if parent is None:
            yield Used(*clock.tick(), run, self._code, "code")
            yield Used(*clock.tick(), run, self._environment, "environment")
            yield Relate(*clock.tick(), "wasAssociatedWith", run, self._person, "author")
            yield Relate(*clock.tick(), "ranOn", run, self._machine)

    def _process(self, hour: int, trainings: int) -> Iterator[Wire]:
        clock = Clock(_hour(hour))
        yield from self._surroundings(clock)
        if trainings == 1:
            yield from self._training(clock, f"train-{hour}", None)
            return
        sweep, best = self._mint(), self._mint()
        yield from self._begin(clock, sweep, f"sweep-{hour}", ["Validation"])
        for number in range(trainings):
            yield from self._training(clock, f"trial-{hour}-{number}", sweep)
        yield _file(clock, best, f"models/best-{hour}.pt", ["Model"])
        yield Generated(*clock.tick(), sweep, best)
        yield End(*clock.tick(), sweep)

    def _training(self, clock: Clock, name: str, parent: str | None) -> Iterator[Wire]:
        run, random = self._mint(), self._random
        train, validation = random.choice(self._data)
        fails_at = random.randrange(self.size.epochs) if random.random() < FAILED else -1
        rate = 10 ** random.uniform(-4, -1)
        yield from self._begin(clock, run, name, ["Training"], parent)
        yield Used(*clock.tick(), run, train, "train")
        settings = {"lr": rate, "layers": random.randint(1, 8), "batch_size": 2 ** random.randint(4, 9)}
        settings |= {"optimizer": random.choice(("sgd", "adam")), "augment": random.random() < 0.5}
        for setting, value in settings.items():
            yield Setting(*clock.tick(), run, setting, value)
        for epoch in range(self.size.epochs):
            yield from self._epoch(clock, run, epoch, rate, f"models/{name}-{epoch}.pt")
            if epoch == fails_at:
                yield End(*clock.tick(), run, "failed", "MemoryError: batch too large", "Traceback: ...")
                return
        model, scored = self._mint(), self._mint()
        yield _file(clock, model, f"models/{name}.pt", ["Model"])
        yield Generated(*clock.tick(), run, model)
        yield Used(*clock.tick(), run, model)
        yield Used(*clock.tick(), run, validation, "validation")
        accuracy = random.uniform(0.5, 1)
        yield Node(*clock.tick(), scored, "Entity", ["ModelEvaluation"], "accuracy", {"split": "validation"}, accuracy)
        yield Generated(*clock.tick(), run, scored)
        yield Relate(*clock.tick(), "evaluationOf", scored, model)
        yield Relate(*clock.tick(), "onData", scored, validation)
        yield End(*clock.tick(), run)

    def _epoch(self, clock: Clock, run: str, epoch: int, rate: float, path: str) -> Iterator[Wire]:
        section, noise = self._mint(), self._random.gauss(0, 0.01)
        yield Start(*clock.tick(), section, "epoch", ["LearningStageSection"], None, run, attributes={"index": epoch})
        values = (math.exp(-epoch * rate) + noise, 1 - math.exp(-epoch * rate - 1) + noise, 5 + noise)
        for measure, value in zip(MEASURES, values, strict=True):
            yield Metric(*clock.tick(5_000_000), run, measure, value, epoch, section)
        if epoch % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1:
            checkpoint = self._mint()
            yield _file(clock, checkpoint, path, ["Checkpoint"])
            yield Generated(*clock.tick(), run, checkpoint, section=section)
        yield End(*clock.tick(), section)


def _file(clock: Clock, id: str, path: str, types: list[str]) -> Node:
    facts: Attributes = {"path": f"/data/{path}", "uri": f"nfs://store/data/{path}", "size": 1}
    facts["digest"] = f"blake2b:{id[-12:] * 5}"
    return Node(*clock.tick(), id, "Entity", types, path, facts)


def _hour(n: int) -> int:
    return BEGINNING + n * 3_600_000_000


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--size", choices=SIZES, default="M")
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    made = BenchmarkSet(SIZES[given.size], given.seed)
    print(f"{made.write(given.folder):,} events in {given.folder}: {dict(made.counts)}")
