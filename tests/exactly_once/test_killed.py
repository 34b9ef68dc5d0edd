"""The ingester killed with SIGKILL, at each place where that could do harm and at random ones."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Cable, Programs, Same

KILLED: Final = -9
#: A pass over the history keeps some lines aside: it exits 1 when it is the one that read them.
DONE: Final = (0, 1)
#: Where an ingester dies, at the first time there and then at this one: so it is killed several times on its way.
PLACES: Final = {"begin": 5, "statement": 197, "commit": 5, "committed": 5}
#: The same as the cable to a Neo4j server knows them.
ON_THE_WIRE: Final = {"begin": 3, "run": 50, "commit": 3, "committed": 3}


def nth(times: int, killed: int) -> int:
    """At which time it dies next. A little later each time: some transactions have more than so many statements."""
    return times * (10 + killed) // 10 if killed else 1


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_a_place_in_sqlite(
    place: str, tmp_path: Path, spool: Path, programs: "Programs", same: "Same"
) -> None:
    url = f"sqlite:///{tmp_path}/graph.db"
    killed = 0
    while (code := die(programs, url, spool, place, nth(PLACES[place], killed))) == KILLED:
        killed += 1
    assert code in DONE
    assert killed > 3
    same(url)


def test_killed_at_random_times(
    empty: Callable[[], str], spool: Path, programs: "Programs", same: "Same", capsys: pytest.CaptureFixture[str]
) -> None:
    """Twenty times, several of them after each other on one store: so any part of the work is hit."""
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")  # shown when it fails
    chance = random.Random(seed)
    url = empty()
    begin = time.monotonic()
    assert run(programs, url, spool, None) in DONE
    takes = time.monotonic() - begin
    same(url)
    url = empty()
    killed = 0
    while killed < 20:
        if run(programs, url, spool, chance.uniform(0, 0.3) * takes) == KILLED:
            killed += 1
        else:
            same(url)
            url = empty()
    assert run(programs, url, spool, None) in DONE
    same(url)


def die(programs: "Programs", url: str, spool: Path, place: str, n: int) -> int:
    """Ingest, and die at a place of SQLite's or the file system's."""
    return programs.run(url, spool, "--die", place, n)[0]


def run(programs: "Programs", url: str, spool: Path, seconds: float | None) -> int:
    """Ingest, and be killed after so many seconds."""
    ingester = programs.ingester(url, spool, "--wait")
    assert ingester.says() == "ready"
    ingester.say("go")
    if seconds is not None:
        time.sleep(seconds)
        ingester.kill()
    return ingester.ended()[0]


@pytest.mark.parametrize("place", ON_THE_WIRE)
def test_killed_at_a_place_on_the_way_to_neo4j(
    place: str, cable: "Cable", neo4j: str, spool: Path, programs: "Programs", same: "Same"
) -> None:
    killed = 0
    while True:
        ingester = programs.ingester(cable.address, spool, "--wait")
        assert ingester.says() == "ready"
        cable.order(f"{place} {nth(ON_THE_WIRE[place], killed)} kill {ingester.process.pid}")
        ingester.say("go")
        code, _ = ingester.ended()
        if code != KILLED:
            break
        assert cable.struck()
        killed += 1
    assert code in DONE
    assert killed > 2
    same(neo4j)
