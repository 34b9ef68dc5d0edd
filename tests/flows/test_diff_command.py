"""begat diff on what a training script left behind: the table, colours, formats, exit codes and wrong use."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import begat
from begat.api import colours
from begat.api.cli import main

SCRIPT = """
import sys
from pathlib import Path
import begat

with begat.run("train", type="Training") as run:
    run.used("train.csv", role="train")
    run.params(lr=float(sys.argv[1]), layers=3)
    Path(sys.argv[2]).write_text(f"weights {sys.argv[1]} {Path('train.csv').read_text()}")
    model = run.generated(sys.argv[2], type="Model")
    run.evaluated(model, on="test.csv", split="test", accuracy=0.9)
"""


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Study:
    """A folder where a script trains."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        (folder / "train.py").write_text(SCRIPT)
        (folder / "train.csv").write_text("1,2\n")
        (folder / "test.csv").write_text("3,4\n")

    def train(self, rate: float, model: str) -> None:
        subprocess.run([sys.executable, "train.py", str(rate), model], check=True, cwd=self.folder)

    def begat(self, *words: str) -> Said:
        self._capsys.readouterr()
        code = main(words)
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Study:
    monkeypatch.chdir(tmp_path)
    return Study(tmp_path, capsys)


def test_what_is_different_between_two_models(study: Study) -> None:
    study.train(0.1, "old.pt")
    (study.folder / "train.csv").write_text("1,2\n5,6\n")
    study.train(0.2, "new.pt")
    said = study.begat("diff", "old.pt", "new.pt", "--only", "settings,data, cause")
    assert said.code == 0
    lines = said.out.splitlines()
    assert [" ".join(line.split()) for line in lines[:2]] == ["settings old.pt new.pt", "~ train: lr 0.1 0.2"]
    assert lines[2] == ""
    assert lines[4].startswith("~ train.csv")
    assert lines[5].strip() == "role train"
    assert lines[8].startswith("~ train.csv [Dataset]")
    assert [line.strip() for line in lines[9:11]] == ["train.csv > train > old.pt", "train.csv > train > new.pt"]
    assert study.begat("diff", "old.pt", "new.pt", "--exit-code").code == 1
    assert study.begat("diff", "old.pt", "new.pt", "--exit-code", "--only", "environment").code == 0


def test_a_rerun_is_no_difference(study: Study) -> None:
    """The same script on the same data under the same name: the same version, made twice."""
    study.train(0.1, "model.pt")
    (study.folder / "copy").mkdir()
    study.train(0.1, "copy/model.pt")
    said = study.begat("diff", "model.pt", "copy/model.pt", "--exit-code", "--only", "settings,data,environment,cause")
    assert (said.code, said.out) == (0, "")
    assert "no difference found" in said.err
    same = study.begat("diff", "model.pt", "model.pt", "--exit-code")
    assert (same.code, same.out) == (0, "")
    assert "are the same thing" in same.err


def test_formats(study: Study) -> None:
    study.train(0.1, "old.pt")
    study.train(0.2, "new.pt")
    told = json.loads(study.begat("diff", "old.pt", "new.pt", "--format", "json").out)
    assert list(told) == ["question", "params", "columns", "rows", "truncated", "as_of", "pending"]
    assert (told["question"], told["params"]) == ("diff", {"a": "old.pt", "b": "new.pt"})
    assert [c["name"] for c in told["columns"]] == list(told["rows"][0])
    rate = next(r for r in told["rows"] if r["name"] == "lr")
    assert (rate["aspect"], rate["a"], rate["b"]) == ("settings", 0.1, 0.2)
    took = next(r for r in told["rows"] if r["name"] == "duration")
    assert (took["change"], took["unit"]) == ("noted", "s")
    rows = list(csv.DictReader(io.StringIO(study.begat("diff", "old.pt", "new.pt", "--format", "csv").out)))
    assert [(r["name"], r["change"]) for r in rows] == [(r["name"], r["change"]) for r in told["rows"]]
    answer = begat.diff("old.pt", "new.pt")
    assert answer.rows == told["rows"]
    assert answer.to_pandas()["name"].tolist() == [r["name"] for r in told["rows"]]


def test_it_is_written_to_a_file_as_it_is_printed(study: Study) -> None:
    study.train(0.1, "old.pt")
    study.train(0.2, "new.pt")
    for form in ("table", "json", "csv"):
        said = study.begat("diff", "old.pt", "new.pt", "--format", form)
        assert study.begat("diff", "old.pt", "new.pt", "--format", form, "-o", "told") == Said(0, "", said.err)
        assert (study.folder / "told").read_text() == said.out != ""


def test_differences_of_the_code_are_shown_as_a_text(study: Study) -> None:
    for words in ("init -q", "add train.py", "-c user.name=a -c user.email=a@b commit -qm x"):
        subprocess.run(["git", *words.split()], check=True, cwd=study.folder)
    study.train(0.1, "old.pt")
    script = study.folder / "train.py"
    script.write_text(script.read_text().replace("layers=3", "layers=4"))
    study.train(0.1, "new.pt")
    by_git = subprocess.run(
        ["git", "diff", "--", "train.py"], check=True, cwd=study.folder, capture_output=True, text=True
    )
    hunk = by_git.stdout.partition("\n@@")[2].splitlines()[1:]
    out = study.begat("diff", "old.pt", "new.pt", "--only", "code").out
    shown = [line.removeprefix("    ") for line in out.splitlines() if line.startswith("    ")]
    assert shown[-len(hunk) :] == [line.rstrip("\n") for line in hunk]
    assert "-    run.params(lr=float(sys.argv[1]), layers=3)" in shown


def test_colours_only_on_a_terminal_that_wants_them(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study.train(0.1, "old.pt")
    study.train(0.2, "new.pt")
    assert "\x1b" not in study.begat("diff", "old.pt", "new.pt").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for variable in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(variable, raising=False)
    assert colours.are_wanted()
    assert "\x1b[33m~ train: lr" in study.begat("diff", "old.pt", "new.pt").out
    assert study.begat("diff", "old.pt", "new.pt", "-o", "told").code == 0
    assert "\x1b" not in (study.folder / "told").read_text()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colours.are_wanted()
    monkeypatch.setenv("NO_COLOR", "")
    assert colours.are_wanted()
    monkeypatch.setenv("TERM", "dumb")
    assert not colours.are_wanted()


def test_tables_fit_the_terminal(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study.train(0.1, "old.pt")
    long = "a-model-whose-name-is-longer-than-a-terminal-is-wide-" * 2
    study.train(0.2, f"{long}.pt")
    whole = study.begat("diff", "old.pt", f"{long}.pt").out
    assert max(map(len, whole.splitlines())) > 120
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    cut = study.begat("diff", "old.pt", f"{long}.pt").out
    lines = [line for line in cut.splitlines() if not line.startswith("    ")]  # below a row the whole is told
    assert [line for line in lines if len(line) > 60] == []
    assert any(line.startswith("~ train: lr") and "0.1" in line and "0.2" in line for line in lines)
    assert study.begat("diff", "old.pt", f"{long}.pt", "-o", "told").code == 0
    assert (study.folder / "told").read_text() == whole


def test_wrong_use(study: Study) -> None:
    study.train(0.1, "old.pt")
    for words, code, text in (
        (("old.pt", "nwe.pt"), 3, "nothing is called 'nwe.pt'"),
        (("old.pt", "train"), 2, "old.pt is a Model, train is a Training: compare two runs"),
        (("old.pt",), 2, "B"),
        (("old.pt", "train.csv", "--only", "setings"), 2, "there is no 'setings' to compare"),
        (("old.pt", "train.csv", "--only", ","), 2, "argument --only: give one or several"),
        (("old.pt", "train.csv", "--format", "svg"), 2, "invalid choice: 'svg'"),
        (("old.pt", "train.csv", "--limit", "0"), 2, "limit is 0"),
        (("old.pt", "train.csv", "--depth", "x"), 2, "invalid int value"),
        (("old.pt", "train.csv", "--store", "sqlite:///nowhere/graph.db", "--spool", "none"), 4, "no store at"),
    ):
        said = study.begat("diff", *words, "--exit-code")
        assert (said.code, said.out) == (code, ""), words
        assert text in said.err
        assert len([line for line in said.err.splitlines() if line.startswith("begat: ")]) >= 1
