"""Packing and pruning killed with SIGKILL, and many at a time: nothing is lost, and nothing taken in twice."""

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from begat.graph_schema.store import open_store

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Graph, Programs, Same

KILLED: Final = -9
DONE: Final = (0, 1)


@pytest.fixture(scope="module")
def spool(histories: Callable[[int], Path]) -> Path:
    """A longer history: eight segments of it are sealed."""
    return histories(8)


@pytest.fixture(scope="module")
def expected(spool: Path, graph_of: "Callable[[Path], Graph]") -> "Graph":
    return graph_of(spool)


@pytest.fixture
def own(spool: Path, tmp_path: Path) -> Path:
    """A spool of this story's own, with times as they were."""
    return shutil.copytree(spool, tmp_path / "spool")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/graph.db"


def holds(url: str, same: "Same") -> None:
    """The store holds the graph of the whole history, each statement once, and each event is told as committed."""
    store = open_store(url, create=False)
    try:
        books = same.graph(store)
        assert {name: books[name] for name in ("ranges", "changes", "counts")} == {
            name: same.expected.books[name] for name in ("ranges", "changes", "counts")
        }
    finally:
        store.close()


def endings(folder: Path) -> set[str]:
    return {p.suffix for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("place", ["rename", "renamed", "unlink", "unlinked"])
def test_killed_while_it_packs(place: str, own: Path, url: str, programs: "Programs", same: "Same") -> None:
    """Between the packers' deaths an ingester goes on, so it meets both files, one, and half of one."""
    for times in (1, 2, 3):
        assert programs.run(url, own, "--die", place, times, "spool", command="pack")[0] == KILLED
        assert programs.run(url, own, "--die", "committed", 6)[0] in (KILLED, *DONE)
    assert programs.run(url, own, "spool", command="pack")[0] == 0
    assert programs.run(url, own)[0] in DONE
    holds(url, same)
    assert programs.run(url, own, command="rebuild")[0] in DONE
    holds(url, same)


@pytest.mark.parametrize("place", ["unlink", "unlinked"])
def test_killed_while_it_prunes(place: str, own: Path, url: str, programs: "Programs", same: "Same") -> None:
    assert programs.run(url, own)[0] in DONE
    before = len(list(own.rglob("*.*")))
    for times in (1, 2):
        assert programs.run(url, own, "--die", place, times, "spool", "prune", command="--yes")[0] == KILLED
    assert programs.run(url, own)[0] in DONE
    holds(url, same)
    assert programs.run(url, own, "spool", "prune", command="--yes")[0] == 0
    assert len(list(own.rglob("*.*"))) == before - 4  # the others hold what was kept aside
    assert programs.run(url, own)[0] in DONE
    holds(url, same)


def test_two_packers_a_pruner_and_an_ingester_at_once_and_killed_at_random(
    own: Path, url: str, programs: "Programs", same: "Same"
) -> None:
    """What is pruned is committed; whoever comes second finds a file packed or gone, and goes on."""
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")  # shown when it fails
    chance = random.Random(seed)
    for _ in range(3):
        running = [
            programs.ingester(url, own),
            programs.ingester(url, own, "spool", command="pack"),
            programs.ingester(url, own, "spool", command="pack"),
            programs.ingester(url, own, "spool", "prune", command="--yes"),
        ]
        time.sleep(chance.uniform(0.2, 1.2))
        for program in chance.sample(running, 2):
            program.kill()
        for program in running:
            code, told = program.ended()
            assert code in (KILLED, 0, 1, 4), told  # 4: there is no store yet
            assert "Traceback" not in told
    assert programs.run(url, own)[0] in DONE
    holds(url, same)
    assert programs.run(url, own, "spool", command="pack")[0] == 0
    assert programs.run(url, own, "spool", "prune", command="--yes")[0] == 0
    holds(url, same)
    assert ".seg" not in endings(own)
