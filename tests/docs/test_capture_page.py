"""What docs/howto/capture.md shows is what happens: each example is run."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import begat
from begat.api.cli import global_flags, parser
from begat.capture import lifecycle, problems
from begat.graph_schema.decoders import decode
from begat.graph_schema.events import Start

PAGE = Path(__file__).resolve().parents[2] / "docs/howto/capture.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
FILES = ("data/train.csv", "data/test.csv", "model.pt", "resnet.pt", "checkpoint.pt", "protocol.md", "report.html",
         "plots/loss.png")  # fmt: skip


class Frame:
    """What a preparation returns."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEGAT_SPOOL", str(tmp_path / "spool"))
    lifecycle.restart()
    yield tmp_path
    lifecycle.restart()


def journal(spool: Path) -> list[Any]:
    lines = [line for file in spool.glob("*/*") for line in file.read_bytes().splitlines()]
    return [decode(line[9:]) for line in lines if b'"type":"journal"' not in line and b'"type":"footer"' not in line]


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.splitlines()[0][:40] for e in EXAMPLES])
def test_each_example_runs_and_is_recorded(example: str, place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with begat.run("page") as run:
        names: dict[str, Any] = {"begat": begat, "run": run, "argparse": argparse, "Frame": Frame, "Path": Path}
        names["model"] = run.generated("model.pt", type="Model")
        before = len(journal(place / "spool"))
        exec(example, names)  # noqa: S102
        assert problems.count() == 0
    assert capfd.readouterr().err == ""
    lifecycle.restart()
    events = journal(place / "spool")
    assert len(events) > before + 1, "more than the end"
    assert all(isinstance(e.name, str) for e in events if isinstance(e, Start) and e.run != run.id)


def test_every_hook_is_shown() -> None:
    hooks = {name for name in dir(begat) if name.islower() and not name.startswith("_")}
    hooks = {name for name in hooks if getattr(getattr(begat, name), "__module__", "").startswith("begat.capture")}
    assert {"run", "metrics", "publication"} <= hooks
    shown = set(re.findall(r"(?:begat|run|a|again)\.(\w+)\(", "".join(EXAMPLES)))
    assert hooks - shown == set()


def test_every_command_it_shows_is_one() -> None:
    commands = re.findall(r"^\$ begat (.*)$", TEXT, re.M)
    assert len(commands) == 2
    for command in commands:
        words = shlex.split(command)
        assert parser(words, global_flags()).parse_args(words).command in words


def test_every_place_it_names_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
