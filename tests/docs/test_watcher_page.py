"""What docs/howto/run-the-watcher.md shows is what happens."""

import configparser
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from begat.api.cli import global_flags, parser
from begat.api.metrics.watcher import Told
from begat.ingest.watch.stop import Stop
from begat.ingest.watch.watcher import Watcher

PAGE = Path(__file__).resolve().parents[2] / "docs/howto/run-the-watcher.md"
TEXT = PAGE.read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S)
    return str(found)


def test_the_command_starts_answers_and_ends_as_it_says(tmp_path: Path) -> None:
    words = shlex.split(block("console").removeprefix("$ "))
    assert words[-1] == "127.0.0.1:9464"
    command = [sys.executable, "-m", *words[:-1], "127.0.0.1:0"]  # another may have that port
    watcher = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert watcher.stderr
    first = watcher.stderr.readline()
    address = re.search(r"metrics=(\S+)", first)
    assert address
    with urllib.request.urlopen(address[1], timeout=30) as answer:
        assert answer.status == 200
    watcher.send_signal(signal.SIGTERM)
    last = watcher.communicate(timeout=30)[1].splitlines()[-1]
    assert watcher.returncode == 0
    shown = block("text").splitlines()
    assert [shape(first), shape(last)] == [shape(shown[0]), shape(shown[-1])]


def shape(line: str) -> tuple[list[str], str]:
    """A line's keys, and its event."""
    found = re.search(r"event=(\w+)", line)
    assert found
    return re.findall(r"(\w+)=", re.sub(r'"[^"]*"', "x", line)), found[1]


def test_every_metric_it_names_is_told() -> None:
    stop = Stop()
    watcher = Watcher("memory:", (Path("nowhere"),), stop)
    told = {family.name for family in Told(watcher).families()}
    watcher.following.close()
    stop.close()
    named = set(re.findall(r"\bbegat_ingest_\w+", TEXT))
    assert len(named) > 10
    assert named <= told


def test_every_flag_it_lists_is_one_and_every_one_is_listed() -> None:
    listed = set(re.findall(r"^\| `(--[\w-]+)", TEXT, re.M))
    words = ["ingest", "--watch"]
    known = vars(parser(words, global_flags()).parse_args(words))
    assert listed == {f"--{name.replace('_', '-')}" for name in known} - {"--command", "--paths", "--once", "--watch"}


def test_the_unit_starts_a_command_that_there_is() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block("ini"))
    words = shlex.split(unit["Service"]["ExecStart"])
    assert Path(words[0]).name == "begat"
    assert parser(words[1:], global_flags()).parse_args(words[1:]).watch


def test_every_place_it_names_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
