"""Every command and call of the page on looking around runs, on a story in which all that it names is there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import begat
from begat.api.cli import main

PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/howto/look-around.md").read_text(encoding="utf-8")
COMMANDS: Final = [line[2:] for line in re.findall(r"^\$ begat .*$", PAGE, re.M)]
CALLS: Final = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)

STORY: Final = """
import begat
from pathlib import Path
from begat.graph_schema import events as ev

Path("data").mkdir()
Path("data/raw.csv").write_text("1,2")
with begat.run("train", type="Training", experiment="digits", about=["basin-7"]) as run:
    run.used("data/raw.csv", type="Dataset")
    run.params({"lr": 0.1, "learning rate": 0.1, "layers": 2})
    for step in range(3):
        run.metric("loss", 1 / (step + 1), step=step)
    Path("model.pt").write_text("weights")
    model = run.generated("model.pt", type="Model")
    run.evaluated(model, on="data/raw.csv", split="test", accuracy=0.97)
with begat.run("report", type="Evaluation") as run:
    run.used("model.pt")
    Path("report.md").write_text("good")
    run.generated("report.md", type="Publication")
with begat.run("survey", about=["well-3"]) as run:
    pass
"""


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which somebody has trained a model and written about it."""
    monkeypatch.chdir(tmp_path)
    done = subprocess.run([sys.executable, "-c", STORY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path


@pytest.mark.usefixtures("story")
def test_every_command_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(COMMANDS) > 10
    empty = []
    for command in COMMANDS:
        assert main(shlex.split(command)[1:]) == 0, command
        said = capsys.readouterr()
        assert "has an attribute" not in said.err, command
        if not said.out.strip():
            empty.append(command)
    # Nothing has failed, nothing is a Dataset about the basin, and no place is known to hold the well.
    assert empty == [c for c in COMMANDS if "FAILED" in c or "find Dataset" in c or "locatedIn" in c]


@pytest.mark.usefixtures("story")
def test_every_call_runs() -> None:
    (code,) = CALLS
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("story")
def test_a_path_that_is_not_there_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "data/raw.csv", "model.pt"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "begat: no path: data/raw.csv does not depend on model.pt\n" in said.err
    assert "begat: but model.pt depends on data/raw.csv" in said.err


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("ancestors model.pt --limit 0", 2, "limit is 0: give a number of rows from 1"),
        ("ancestors model.pt --depth 0", 2, "depth is 0: give a whole number from 1"),
        ("ancestors model.pt --depth x", 2, "invalid int value"),
        ("ancestors model.pt --relations foo", 2, "no relation 'foo'"),
        ("ancestors model.pt --types ,", 2, "with commas between them"),
        ("ancestors model.pt --types Modle", 3, "did you mean Model"),
        ("ancestors model.pt --stop 'lr >'", 2, "--stop: expected a number or a quoted text"),
        ("ancestors model.pt --since 2026-02-01 --until 2026-01-01", 2, "--since comes before --until"),
        ("ancestors model.pt --since yesterday", 2, "is not a time"),
        ("path model.pt nowhere.csv", 3, "nothing is called 'nowhere.csv'"),
        ("path \"x' OR 1=1 --\" model.pt", 3, "nothing is called"),
        ("find Model --sort colour", 2, "--sort: 'colour' is nothing to sort by"),
        ("find Model --after nowhere", 3, "nothing is called 'nowhere'"),
        ("find Model --where 'params.lr > true'", 2, "params.lr"),
        ("find Model --where \"metrics.loss = 'low'\"", 2, "a measure is a number"),
        ("find Model --where \"about > 'x'\"", 2, "= or !="),
        ("find Model --where 'metrics.loss[].best > 1'", 2, "no value .best of a measure"),
        ("subgraph model.pt --side left", 2, "invalid choice"),
        ("runs --limit 0", 2, "limit is 0"),
        ("runs --experiment nowhere", 3, "nothing is called 'nowhere'"),
        ("runs --experiment train", 3, "'train' is no experiment"),
        ("runs --columns params.lrr", 2, "no run has a column 'params.lrr'; did you mean params.lr"),
        ("runs --pivot params.lr", 2, "--pivot takes ROWS,COLUMNS,VALUES"),
        ("runs --types Modle", 3, "did you mean Model"),
        ("runs --where \"lr = 1' OR 1 = 1\"", 2, "cannot be read"),
    ],
)
def test_what_cannot_be_answered_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], command: str, code: int, told: str
) -> None:
    assert main(shlex.split(command)) == code
    said = capsys.readouterr()
    assert told in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.usefixtures("story")
def test_a_depth_of_a_million_is_a_depth() -> None:
    assert begat.ancestors("model.pt", depth=10**6).truncated is False
