"""The study: all that happens in it, process by process, and its journal as a spool."""

from pathlib import Path

from begat.api.demo.study.accounting import accounting
from begat.api.demo.study.around import vocabulary
from begat.api.demo.study.data import data
from begat.api.demo.study.evening import evening
from begat.api.demo.study.results import results
from begat.api.demo.study.teller import Teller
from begat.api.demo.study.trainings import trainings


def study() -> list[Teller]:
    """Every process of the study, each with what it said."""
    return [vocabulary(), *data(), *trainings(), accounting(), *results(), *evening()]


def write(spool: Path) -> int:
    """Write the study as journal files, one a process; returns how many events they have.

    Written again they are the same files, so that a store takes them in once.
    """
    tellers = study()
    for teller in tellers:
        teller.write(spool)
    return sum(len(t.events) for t in tellers)
