"""Pictures from the command line: to a file, whole or not at all, and never to a terminal."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from begat.api.cli import main

SCRIPT = """
import begat
from pathlib import Path

with begat.run("merge", type="Preparation") as run:
    for n in range(20):
        Path(f"part-{n}.csv").write_text(str(n))
        run.used(f"part-{n}.csv")
    Path("all.csv").write_text("all")
    run.generated("all.csv")
with begat.run("train", type="Training") as run:
    run.used("all.csv", role="train")
    for epoch in run.epochs(5):
        run.metric("loss", 1 / (epoch + 1), step=epoch)
    Path("model.pt").write_text("weights")
    run.generated("model.pt", type="Model")
"""

Begat = Callable[..., tuple[int, str, str]]


@pytest.fixture
def begat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Begat:
    """Run a command in a folder where the script has run."""
    monkeypatch.chdir(tmp_path)
    Path("train.py").write_text(SCRIPT)
    subprocess.run([sys.executable, "train.py"], check=True)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.parametrize(
    "asked",
    [
        ("ask", "how_created", "model.pt"), ("ask", "impact", "part-3.csv"), ("ask", "raw_sources", "model.pt"),
        ("ask", "loss_curve", "train"),
        ("ancestors", "model.pt"), ("descendants", "part-3.csv"),
        ("subgraph", "all.csv"), ("path", "model.pt", "part-3.csv"),
        ("ask", "how_connected", "model.pt", "--other", "part-3.csv"),
        ("ancestors", "model.pt", "--relations", "wasGeneratedBy,used"),
    ],
)  # fmt: skip
def test_every_lineage_answer_is_a_picture(asked: tuple[str, ...], begat: Begat) -> None:
    code, out, err = begat(*asked, "--format", "svg")
    assert (code, err) == (0, "")
    assert ET.fromstring(out).tag == "{http://www.w3.org/2000/svg}svg"
    if "loss_curve" not in asked:
        assert begat(*asked, "--format", "dot")[1].startswith("digraph lineage {")


def test_what_is_alike_folds_unless_told_not_to(begat: Begat) -> None:
    for form in ("tree", "dot", "svg"):
        assert "part-0..19.csv ×20" in begat("ask", "how_created", "model.pt", "--format", form)[1]
        assert "×" not in begat("ask", "how_created", "model.pt", "--no-fold", "--format", form)[1]


def test_a_comparison_is_drawn_as_the_curves_of_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--study", "--dir", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    for asked in (["models/a.pt", "--other", "train-b"], ["floods", "--measure", "rmse"]):
        capsys.readouterr()
        assert main(["ask", "compare", *asked, "--format", "svg"]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        drawn = [t.text or "" for t in ET.fromstring(said.out).iter("{http://www.w3.org/2000/svg}text")]
        legend = {t for t in drawn if "split=" in t}
        assert drawn[0] == "compare " + ", ".join(a for a in asked if a in ("floods", "models/a.pt", "train-b"))
        assert legend == {f"{run} split={split}" for run in ("train-a", "train-b") for split in ("train", "val")}
    assert main(["ask", "compare", "clean", "--other", "join", "--format", "svg"]) == 2
    assert "nothing here was measured" in capsys.readouterr().err


def test_an_svg_is_not_for_a_terminal(begat: Begat, monkeypatch: pytest.MonkeyPatch) -> None:
    begat("stats")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, out, err = begat("ask", "how_created", "model.pt", "--format", "svg")
    assert (code, out, err) == (2, "", "begat: an SVG is for a browser, not for a terminal: give --output FILE\n")
    assert begat("ask", "how_created", "model.pt", "--format", "svg", "-o", "a.svg")[0] == 0
    assert ET.fromstring(Path("a.svg").read_text())


def test_a_file_is_written_whole_or_stays_as_it_was(begat: Begat) -> None:
    old = Path("old.json")
    old.write_text("{}")
    old.chmod(0o640)
    Path("link.json").symlink_to(old)
    assert begat("ancestors", "model.pt", "--format", "json", "--output", "link.json") == (0, "", "")
    assert '"question": "ancestors"' in old.read_text()
    assert old.stat().st_mode & 0o777 == 0o640
    assert Path("link.json").is_symlink()
    before = old.read_text()
    assert begat("ancestors", "nothing", "--format", "json", "-o", "old.json")[0] == 3
    assert old.read_text() == before
    assert not [p for p in Path().iterdir() if p.name.startswith(".old")]


def test_tables_of_a_subgraph_are_written_as_they_are_printed(begat: Begat) -> None:
    printed = begat("subgraph", "all.csv")[1]
    assert begat("subgraph", "all.csv", "-o", "told.txt") == (0, "", "")
    assert Path("told.txt").read_text() == printed
    assert "\n\nsource" in printed


def test_where_nothing_can_be_written_one_line_says_so(begat: Begat) -> None:
    code, out, err = begat("ancestors", "model.pt", "-o", "missing/a.txt")
    assert (code, out, err) == (2, "", "begat: --output missing/a.txt: No such file or directory\n")
    assert begat("ancestors", "model.pt", "-o", ".")[2] == "begat: --output .: Is a directory\n"


def test_a_pipe_is_written_to_as_it_is(begat: Begat) -> None:
    assert begat("ancestors", "model.pt", "-o", os.devnull) == (0, "", "")
    assert Path(os.devnull).is_char_device()
