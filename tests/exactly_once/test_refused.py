"""Servers and disks that do not do what they should: one clear line, exit 4, nothing lost, nothing doubled."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from begat.graph_schema.store import open_store
from tests.needs import ALONE, needs_mounts

if TYPE_CHECKING:
    from tests.exactly_once.conftest import OneLine, Programs, Same

HERE: Final = Path(__file__).parent
DONE: Final = (0, 1)


@pytest.fixture
def mounted() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs a shell script where disks may be mounted; $BEGAT is begat's command line, $1 and so on the arguments."""
    needs_mounts()

    def run(script: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
        begat = f"{sys.executable} {HERE / 'ingester.py'} --batch 15"
        command = [*ALONE, "sh", "-ec", script, "sh", *map(str, arguments)]
        env = {**os.environ, "BEGAT": begat, "PYTHON": sys.executable}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    return run


def test_a_disk_that_gets_full_and_is_emptied(
    mounted: "Callable[..., subprocess.CompletedProcess[str]]", tmp_path: Path, spool: Path, one_line: "OneLine",
    same: "Same",
) -> None:  # fmt: skip
    (tmp_path / "disk").mkdir()
    script = """
        mount -t tmpfs -o size=600k none $1/disk
        export BEGAT_STORE=sqlite:///$1/disk/graph.db BEGAT_SPOOL=$2
        code=0; $BEGAT ingest 2>$1/told || code=$?; echo $code
        mount -o remount,size=60m $1/disk
        code=0; $BEGAT ingest 2>/dev/null || code=$?; echo $code
        cp $1/disk/* $1
    """
    first, second = mounted(script, tmp_path, spool).stdout.split()
    line = one_line((int(first), (tmp_path / "told").read_text()))
    assert line == f"begat: {tmp_path}/disk/graph.db: database or disk is full"
    assert int(second) in DONE
    same(f"sqlite:///{tmp_path}/graph.db")


def test_a_disk_too_small_for_a_store(
    mounted: "Callable[..., subprocess.CompletedProcess[str]]", tmp_path: Path, spool: Path, one_line: "OneLine"
) -> None:
    script = """
        mount -t tmpfs -o size=16k none $1
        BEGAT_STORE=sqlite:///$1/graph.db BEGAT_SPOOL=$2 $BEGAT ingest
    """
    (tmp_path / "disk").mkdir()
    done = mounted(script, tmp_path / "disk", spool)
    one_line((done.returncode, done.stderr))


def test_a_file_that_may_not_grow(tmp_path: Path, spool: Path, one_line: "OneLine", same: "Same") -> None:
    """A user's limit on the size of files, as clusters set it (ulimit -f)."""
    url = f"sqlite:///{tmp_path}/graph.db"
    begat = (sys.executable, str(HERE / "ingester.py"), "--batch", "10")
    command = ("ingest", "--store", url, "--spool", str(spool))
    limited = ("prlimit", "--fsize=300000", *begat, *command)
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert str(tmp_path) in one_line((done.returncode, done.stderr))
    assert subprocess.run([*begat, *command], check=False).returncode in DONE
    same(url)


def test_a_read_only_disk(
    mounted: "Callable[..., subprocess.CompletedProcess[str]]", tmp_path: Path, spool: Path, programs: "Programs",
    one_line: "OneLine", same: "Same",
) -> None:  # fmt: skip
    """What the store has stays, and another place takes all."""
    url = f"sqlite:///{tmp_path}/graph.db"
    assert programs.run(url, spool, "--die", "commit", 5)[0] == -9
    script = """
        mount --bind $1 $1
        mount -o remount,bind,ro $1
        BEGAT_STORE=sqlite:///$1/graph.db BEGAT_SPOOL=$2 $BEGAT ingest
    """
    done = mounted(script, tmp_path, spool)
    assert "read-only" in one_line((done.returncode, done.stderr))
    assert programs.run(url, spool)[0] in DONE
    same(url)


TRAIN: Final = """
import subprocess
import sys
import begat
with begat.run("train") as run:
    for n in range(2000):
        run.metric("loss", 1 / (n + 1), step=n)
    subprocess.run(["mount", "-o", "remount,size=10m", sys.argv[1]], check=True)
    for n in range(2000, 3000):
        run.metric("loss", 1 / (n + 1), step=n)
"""


def test_a_spool_whose_disk_gets_full_and_is_enlarged(
    mounted: "Callable[..., subprocess.CompletedProcess[str]]", tmp_path: Path
) -> None:
    """The training goes on; what could not be written is counted, and what was written is taken in once."""
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "disk").mkdir()
    script = """
        cd $1
        mount -t tmpfs -o size=100k none disk
        export BEGAT_STORE=sqlite:///graph.db BEGAT_SPOOL=disk
        $PYTHON train.py disk
        $BEGAT ingest
        $BEGAT ingest
    """
    done = mounted(script, tmp_path)
    assert done.returncode == 0, done.stderr
    store = open_store(f"sqlite:///{tmp_path}/graph.db", create=False)
    counts = store.stats()
    store.close()
    assert counts.dropped > 0
    assert counts.metric_points + counts.dropped == 3000
    assert counts.quarantined == 0


@pytest.mark.parametrize(
    ("there", "here", "said"),
    [
        (":begat-in-tests@", ":Passw0rd-of-mine@", "the user or password is wrong"),
        ("neo4j:begat", "nobody:begat", "the user or password is wrong"),
        ("/neo4j", "/nowhere", "there is no such database"),
    ],
)
def test_an_address_that_neo4j_does_not_take(
    there: str, here: str, said: str, neo4j: str, spool: Path, programs: "Programs", one_line: "OneLine", same: "Same"
) -> None:
    head, _, tail = neo4j.rpartition(there)
    wrong = head + here + tail
    assert said in one_line(programs.run(wrong, spool), wrong)
    assert programs.run(neo4j, spool)[0] in DONE
    same(neo4j)
