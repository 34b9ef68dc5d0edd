"""What is at work at six in the evening, the moment `NOW`: four trainings of the experiment oder, on node2.

    slow    three epochs of 10 minutes, the fourth open for 90; it still measures
    silent  three epochs of 5 minutes, nothing since 17:15
    rising  epochs of 7 minutes; its loss rises, then is NaN
    well    epochs of 10 minutes, its loss falls; it learns from a copy of oder.npz: another file, the same content
"""

from collections.abc import Iterator
from typing import Final

from begat.api.demo.study.teller import Teller, time
from begat.api.demo.study.trainings import begin, epoch, submitted, surroundings
from begat.graph_schema import events as ev

NOW: Final = time("18:00")


def evening() -> Iterator[Teller]:
    """One process a training."""
    yield slow()
    yield silent()
    yield rising()
    yield well()


def _begun(run: str, clock: str, job: int | None, data: str, **settings: float) -> Teller:
    say = Teller(run, "node2", lives=True).at(clock)
    begin(say, run, run, "oder")
    surroundings(say, run, "train.py@oder", "env@1", "node:2")
    if job is not None:
        submitted(say, run, job)
    say.uses(run, data, role="train")
    say.params(run, **settings)
    return say


def _epochs(say: Teller, run: str, *epochs: tuple[str, str, float | str]) -> None:
    """When each measured, when it ended, its loss."""
    for number, (measured, ended, loss) in enumerate(epochs):
        epoch(say, run, number, measured, ended, train=loss)


def slow() -> Teller:
    say = _begun("slow", "16:00", 106, "oder.npz", lr=0.2)
    _epochs(say, "slow", ("16:09", "16:10", 0.9), ("16:19", "16:20", 0.8), ("16:29", "16:30", 0.7))
    say.start("slow/epoch-3", "epoch 3", "LearningStageSection", section_of="slow")
    say.at("17:59").metric("slow", "loss", 0.6, 3, "slow/epoch-3", split="train")
    say.at("18:00")(ev.Beat)
    return say


def silent() -> Teller:
    """Its process lives: it beats."""
    say = _begun("silent", "17:00", 107, "oder.npz", lr=0.3)
    _epochs(say, "silent", ("17:04", "17:05", 0.9), ("17:09", "17:10", 0.8), ("17:14", "17:15", 0.7))
    say.at("18:00")(ev.Beat)
    return say


def rising() -> Teller:
    say = _begun("rising", "17:30", None, "oder.npz", lr=0.4)
    epochs = (("17:36", "17:37", 0.5), ("17:43", "17:44", 0.6), ("17:50", "17:51", 0.9), ("17:57", "17:58", "NaN"))
    _epochs(say, "rising", *epochs)
    say.at("18:00")(ev.Beat)
    return say


def well() -> Teller:
    say = _begun("well", "17:30", None, "oder-copy.npz", lr=0.1)
    _epochs(say, "well", ("17:39", "17:40", 0.9), ("17:49", "17:50", 0.7), ("17:58", "17:59", 0.6))
    say.at("18:00")(ev.Beat)
    return say
