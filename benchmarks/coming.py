"""A process that trains for as long as it is let: `python -m benchmarks.coming SPOOL RATE`, in events a second.

It writes what hooks write, each event when it happens, training after training of fifty epochs.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from begat.graph_schema.events import Wire as Event
from begat.graph_schema.events import line
from begat.graph_schema.store import Store
from benchmarks.laboratory.process import Process

WRITER: Final = "study-coming"
EPOCHS: Final = 50


def trainings() -> Iterator[Process]:
    """The same process, again and again, when it has more to say."""
    say = Process("coming", time.time_ns() // 1000, lives=True)
    say.file("coming/data.npz", "LearningDataset", "coming/data.npz")
    number = 0
    while True:
        run = f"coming/train-{number}"
        say.start(run, run, "Training", experiment="coming")
        say.uses(run, "coming/data.npz", role="train")
        say.params(run, lr=0.1, layers=3)
        for epoch in range(EPOCHS):
            section = f"{run}/{epoch}"
            say.start(section, f"epoch {epoch}", "LearningStageSection", section_of=run)
            say.metric(run, "loss", 1 / (epoch + 1), epoch, section, split="train")
            say.metric(run, "loss", 1.1 / (epoch + 1), epoch, section, split="validation")
            say.end(section)
            yield say
        say.file(f"{run}.pt", "Model", f"{run}.pt")
        say.makes(run, f"{run}.pt")
        say.end(run)
        number += 1


def events() -> Iterator[Event]:
    """All that is said, in order."""
    said = 0
    for say in trainings():
        yield from say.events[said:]
        said = len(say.events)


def writer(spool: Path, rate: int) -> list[str]:
    """The command of this process."""
    return [sys.executable, "-m", "benchmarks.coming", str(spool), str(rate)]


@contextmanager
def at_work(*commands: list[str]) -> Iterator[None]:
    """Processes that are ended with the block."""
    with ExitStack() as ended:
        for command in commands:
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            ended.callback(process.wait)
            ended.callback(process.terminate)
        yield


def came(store: Store) -> int:
    """How many of its events a store has."""
    return sum(r.last - r.first + 1 for r in store.ranges(WRITER))


def main(spool: Path, rate: int) -> None:
    """Write until the process is ended."""
    path = next(trainings()).write(spool)  # with its header, and what it says first
    first = len(path.read_bytes().splitlines()) - 1
    with path.open("ab", buffering=0) as journal:
        began, written = time.perf_counter(), 0
        for number, event in enumerate(events()):
            if number < first:
                continue
            event.at = max(event.at, time.time_ns() // 1000)
            journal.write(line(event))
            written += 1
            if (early := written / rate - (time.perf_counter() - began)) > 0.02:
                time.sleep(early)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
