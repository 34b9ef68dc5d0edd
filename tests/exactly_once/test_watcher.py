"""The watcher killed, and the watcher whose Neo4j goes away and comes back: the graph of a clean ingest, each time."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.store import open_store
from begat.ingest import spool as spools

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Cable, MortalNeo4j, Program, Programs, Same

KILLED = -9


def watch(programs: "Programs", url: str, spool: Path, batch: int, *options: object) -> "Program":
    """A watcher in small batches."""
    return programs.start(
        programs.INGESTER, *options, "ingest", "--watch", "--interval", "0.1", "--batch", batch,
        env={"BEGAT_STORE": url, "BEGAT_SPOOL": str(spool)},
    )  # fmt: skip


def until_all_is_in(watcher: "Program", url: str, spool: Path) -> None:
    """Wait until the watcher has taken in the spool and worked out its lineage, and end it."""
    until = time.monotonic() + 120
    while not all_is_in(url, spool):
        assert watcher.process.poll() is None, watcher.ended()
        assert time.monotonic() < until, "it does not come to an end"
        time.sleep(0.2)
    watcher.process.send_signal(signal.SIGTERM)
    code, told = watcher.ended()
    assert code == 0, told


def all_is_in(url: str, spool: Path) -> bool:
    store = open_store(url)
    try:
        return not spools.pending(spool, store.bookmarks()) and not store.stats().marked
    finally:
        store.close()


@pytest.mark.parametrize("place", ["statement", "commit", "committed"])
def test_the_watcher_is_killed(place: str, tmp_path: Path, spool: Path, programs: "Programs", same: "Same") -> None:
    url = f"sqlite:///{tmp_path}/graph.db"
    for times in (1, 3, 5):
        n = times * 40 if place == "statement" else times
        assert watch(programs, url, spool, 10, "--die", place, n).ended()[0] == KILLED
    until_all_is_in(watch(programs, url, spool, 10), url, spool)
    same(url)


def test_neo4j_goes_away_under_a_watcher_and_comes_back(
    mortal_neo4j: "MortalNeo4j", new_cable: "Callable[[str], Cable]", spool: Path, programs: "Programs", same: "Same"
) -> None:
    """It waits, says so, and goes on by itself."""
    mortal_neo4j.empty()
    cable = new_cable(mortal_neo4j.address)
    watcher = watch(programs, cable.address, spool, 60, "--wait")
    cable.carry_out(f"committed 3 kill {mortal_neo4j.process()}", watcher)
    mortal_neo4j.start()
    until_all_is_in(watcher, mortal_neo4j.address, spool)
    same(mortal_neo4j.address)
