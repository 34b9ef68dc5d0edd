"""Sinks by their address: files, nothing, and those of other packages."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from begat.graph_schema.events import Metric

Play = Callable[..., Any]

PACKAGE = """
import os
class Bucket:
    def __init__(self, url):
        self.out = open(url.partition(":")[2], "a")
        self.say("open", "")
    def say(self, what, path):
        print(what, os.path.basename(path).rpartition(".")[2], os.getpid(), file=self.out, flush=True)
    def written(self, path):
        assert os.path.getsize(path)
        self.say("written", path)
    def sealed(self, path):
        assert open(path, "rb").read().count(b"footer") == 1
        self.say("sealed", path)
    def close(self):
        self.say("close", "")
class Bad(Bucket):
    def written(self, path):
        raise SystemError("no such bucket")
    sealed = written
class Slow(Bucket):
    def written(self, path):
        self.say("written", path)
        import time
        time.sleep(3600)
def absent(url):
    raise OSError("nobody answers")
"""
POINTS = """[begat.sinks]
bucket = begat_bucket:Bucket
slow = begat_bucket:Slow
bad = begat_bucket:Bad
absent = begat_bucket:absent
gone = begat_no_such_module:Sink
"""
SCRIPT = """
    sys.path.insert(0, "installed")
    with begat.run("train") as run:
        run.metric("loss", 0.5)
        time.sleep({seconds})
    print("done")
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A distribution with sinks, as an installer leaves it."""
    folder = tmp_path / "installed"
    about = folder / "begat_bucket-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: begat-bucket\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(POINTS)
    (folder / "begat_bucket.py").write_text(PACKAGE)
    return folder


def test_a_sink_of_another_package_is_told_of_the_journals(play: Play, installed: Path, tmp_path: Path) -> None:
    done = play(SCRIPT.format(seconds=1.6), BEGAT_SINK=f"bucket:{tmp_path}/told")
    assert (done.code, done.out, done.err) == (0, "done\n", "")
    told = [line.split()[0:2] for line in (tmp_path / "told").read_text().splitlines()]
    assert [t[0] for t in told][:2] == ["open", "written"]
    assert told[-2] == ["sealed", "seg"]
    assert told[-1][0] == "close"
    assert done.events.one(Metric).value == 0.5  # the spool has it all


def test_a_short_script_tells_it_at_its_end(play: Play, installed: Path, tmp_path: Path) -> None:
    assert play(SCRIPT.format(seconds=0), BEGAT_SINK=f"bucket:{tmp_path}/told").err == ""
    assert [line.split()[0] for line in (tmp_path / "told").read_text().splitlines()] == ["open", "sealed", "close"]


def test_a_fork_has_a_sink_of_its_own(play: Play, installed: Path, tmp_path: Path) -> None:
    done = play(
        """
        sys.path.insert(0, "installed")
        with begat.run("train") as run:
            run.metric("loss", 0.5)
            time.sleep(1.5)
            if os.fork() == 0:
                begat.metric("loss", 0.25)
                sys.exit()
            os.wait()
        """,
        BEGAT_SINK=f"bucket:{tmp_path}/told",
    )
    assert (done.code, done.err) == (0, "")
    told = [line.split() for line in (tmp_path / "told").read_text().splitlines()]
    assert len({line[-1] for line in told if line[0] == "open"}) == 2
    assert len([line for line in told if line[0] == "sealed"]) == 2


def test_a_sink_that_does_not_come_back_delays_nothing_but_the_end(
    play: Play, installed: Path, tmp_path: Path
) -> None:
    """The journal goes to the disk meanwhile, a fork goes on, and the end waits five seconds."""
    began = time.monotonic()
    done = play(
        """
        sys.path.insert(0, "installed")
        with begat.run("train") as run:
            run.metric("loss", 0.5)
            time.sleep(1.5)
            from begat.capture import lifecycle
            at = time.monotonic()
            lifecycle._timer.end()  # it is not the one that hangs
            print(time.monotonic() - at < 1.9)
            if os.fork() == 0:
                os._exit(0)
            os.wait()
        """,
        BEGAT_SINK=f"slow:{tmp_path}/told",
    )
    assert (done.code, done.out) == (0, "True\n")
    assert time.monotonic() - began < 30
    line, *_ = done.err.splitlines()
    assert line.startswith(f"begat: BEGAT_SINK=slow:{tmp_path}/told: it was not done 5 s after the process's end; ")
    assert [line.split()[0] for line in (tmp_path / "told").read_text().splitlines()] == ["open", "written"]
    assert [j.path.suffix for j in done.journals] == [".seg"]


@pytest.mark.parametrize(
    ("sink", "says"),
    [
        ("bad:told", "SystemError: no such bucket"),
        ("absent:told", "OSError: nobody answers"),
        ("gone:told", "begat_no_such_module"),
        ("ftp://ada:hunter2@lab/x", "no installed package has a sink 'ftp'"),
        ("nonsense", "no installed package has a sink 'nonsense'"),
    ],
)
def test_what_fails_is_told_once_and_the_journal_written(sink: str, says: str, play: Play, installed: Path) -> None:
    done = play(SCRIPT.format(seconds=0), BEGAT_SINK=sink)
    assert (done.code, done.out) == (0, "done\n")
    line, *more = done.err.splitlines()
    assert says in line
    assert "hunter2" not in line
    assert all("could not record" in m for m in more)
    assert done.events.one(Metric).value == 0.5


def test_file_names_the_folder(play: Play, tmp_path: Path) -> None:
    done = play(SCRIPT.format(seconds=0), BEGAT_SINK=f"file://{tmp_path}/elsewhere")
    assert (done.code, done.err) == (0, "")
    assert not done.spool.exists()
    assert len(list((tmp_path / "elsewhere").glob("*/*.seg"))) == 1


def test_noop_writes_nothing(play: Play) -> None:
    done = play(SCRIPT.format(seconds=0), BEGAT_SINK="noop:")
    assert (done.code, done.out, done.err) == (0, "done\n", "")
    assert not done.spool.exists()
