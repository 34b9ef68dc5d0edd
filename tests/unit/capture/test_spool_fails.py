"""The spool fails, or the machine is odd: the script goes on, and what is missing is told."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema.events import End, Gap, Metric, Start
from tests.needs import ALONE, needs_mounts

if TYPE_CHECKING:
    from tests.unit.capture.conftest import Events

Play = Callable[..., Any]

SCRIPT: Final = """
    with begat.run("train") as run:
        for i in range(5):
            run.metric("loss", 1.0, step=i)
    print("done")
"""
SOURCE: Final = Path(__file__).parents[3] / ".src"


def on_a_disk(folder: Path, options: str, script: str) -> "subprocess.CompletedProcess[str]":
    """Run a script whose spool lies on a disk of its own, mounted in a name space of its own at folder/disk.

    The spool is copied to folder/spool before the disk goes.
    """
    needs_mounts()
    (folder / "disk").mkdir()
    (folder / "script.py").write_text(script)
    shell = (
        f"mount -t tmpfs -o {options} none disk && {{ {sys.executable} script.py; code=$?; "
        "cp -r disk/spool spool 2>/dev/null; exit $code; }"
    )
    return subprocess.run(
        [*ALONE, "sh", "-c", shell], cwd=folder, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "BEGAT_SPOOL": str(folder / "disk/spool")},
    )  # fmt: skip


@pytest.mark.parametrize("limit", ["size=128k", "size=1m,nr_inodes=5"])
def test_a_disk_that_is_full_for_a_while(tmp_path: Path, told: "Callable[[], Events]", limit: str) -> None:
    """A gap tells how many events are missing; what came before and after is there."""
    done = on_a_disk(tmp_path, limit, """
import begat, os
with begat.run("train") as run:
    run.metric("loss", 0.0, step=0)
    with open("disk/ballast", "wb", buffering=0) as ballast:
        try:
            while True: ballast.write(bytes(1000))
        except OSError: pass
    for i in range(1, 1001):
        run.metric("loss", 0.0, step=i)
    os.unlink("disk/ballast")
    run.metric("loss", 0.0, step=1001)
print("done")
""")  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    events = told()
    steps = [e.step for e in events.of(Metric)]
    assert steps[0] == 0
    assert steps[-1] == 1001
    (gap,) = events.of(Gap)
    assert gap.dropped == 1002 - len(steps)
    assert gap.dropped > 0
    assert events.one(End).outcome == "finished"
    assert "could not record" in done.stderr


def test_a_disk_that_is_read_only(tmp_path: Path) -> None:
    done = on_a_disk(tmp_path, "ro", "import begat\nwith begat.run('train') as r: r.metric('loss', 1.0)\nprint('done')")
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert done.stderr.count("\n") == 1
    assert "Read-only file system" in done.stderr
    assert "BEGAT_SPOOL" in done.stderr


def test_a_quota_that_is_used_up(play: Play) -> None:
    """The limit of a file's size is the one that any user may set; the kernel's answers to both are taken alike."""
    done = play("""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        with begat.run("train") as run:
            run.metric("loss", 1.0, step=0)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            time.sleep(1.2)
            run.metric("loss", 1.0, step=1)
    """)
    assert done.code == 0
    assert "nothing can be recorded in" in done.err
    assert [e.step for e in done.events.of(Metric)] == [1]
    assert done.events.one(Gap).dropped > 1


def test_a_program_that_has_too_many_files_open_for_a_while(play: Play) -> None:
    done = play("""
        import resource
        begat.metric  # loaded while files can be opened
        import begat.capture.hooks, begat.capture.runs, begat.capture.lifecycle, fcntl
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        held = [open(os.devnull) for _ in range(20)]
        resource.setrlimit(resource.RLIMIT_NOFILE, (held[0].fileno(), hard))
        with begat.run("train") as run:
            run.metric("loss", 1.0)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            time.sleep(1.1)
            run.metric("loss", 2.0)
    """)
    assert done.code == 0
    assert "Too many open files" in done.err
    assert done.events.one(Metric).value == 2.0
    assert done.events.of(Gap)[-1].dropped >= 2
    assert [(j.header.segment, j.footer is not None) for j in done.journals] == [(1, True)]  # its end is told as ever


def test_a_spool_that_is_a_file(play: Play, spool: Path) -> None:
    spool.write_text("no folder")
    done = play(SCRIPT)
    assert (done.code, done.out) == (0, "done\n")
    assert done.err.count("\n") == 1
    assert "BEGAT_SPOOL" in done.err
    assert spool.read_text() == "no folder"


def test_a_clock_that_goes_back(play: Play) -> None:
    """Positions are in the order of the calls, whatever the clock says."""
    done = play("""
        true, jumps = time.time_ns, iter([0, -3600, -7200, 5, -86400 * 400] * 100)
        time.time_ns = lambda: true() + next(jumps) * 1_000_000_000
        with begat.run("train") as run:
            for i in range(5):
                run.metric("loss", 1.0, step=i)
    """)
    assert (done.code, done.err) == (0, "")
    assert [e.step for e in done.events.of(Metric)] == list(range(5))
    assert all(a.at <= b.at and a.seq < b.seq for a, b in pairwise(done.events))


@pytest.mark.parametrize("now", [0, 1, 253_402_300_799 * 10**9])
def test_a_clock_that_is_far_off(play: Play, now: int) -> None:
    done = play(f"time.time_ns = lambda: {now}\n" + SCRIPT.replace("\n    ", "\n"))
    assert (done.code, done.out, done.err) == (0, "done\n", "")
    assert len(done.events.of(Metric)) == 5
    assert done.events.one(Start).at == now // 1000
    assert done.events.one(End)


def test_without_a_home_and_a_name(play: Play) -> None:
    done = play("""
        for name in ("HOME", "USER", "LOGNAME", "USERNAME", "PATH", "LANG"): os.environ.pop(name, None)
        with begat.run("train") as run:
            run.metric("loss", 1.0)
    """)
    assert (done.code, done.err) == (0, "")
    assert done.events.one(End).outcome == "finished"
