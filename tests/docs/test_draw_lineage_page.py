"""The picture on the page about drawing is what begat draws of the README's example."""

import platform
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from begat.capture import node, person

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/howto/draw-lineage.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where the README's script has run."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    (script,) = re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S)
    (tmp_path / "train.py").write_text(script)
    (tmp_path / "train.csv").write_text("1,2\n2,4.1\n3,5.9\n")
    (tmp_path / "test.csv").write_text("4,8.2\n")
    subprocess.run([sys.executable, "train.py"], cwd=tmp_path, check=True)
    return tmp_path


def structure(svg: str) -> tuple[Counter[str], list[str]]:
    """What is drawn, and what is written in it: neither where, nor what a machine or its user is called."""
    root = ET.fromstring(svg)
    elements = Counter(f"{e.tag.removeprefix(SVG)} {e.get('class', '')}" for e in root.iter())
    return elements, sorted("".join(e.itertext()) for e in root.iter(f"{SVG}text"))


def test_the_picture_is_drawn_again(trained: Path) -> None:
    (command,) = re.findall(r"^    (begat ask how_created .*)$", PAGE, re.M)
    done = subprocess.run(command.split(), cwd=trained, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    drawn = (trained / "lineage.svg").read_text(encoding="utf-8")
    for own, general in (
        (f"{person.person().name}", "ada@lab"),
        (f">{node.node().name}<", ">lab<"),
        (f"Python {platform.python_version()}", "Python 3.11.7"),
    ):
        drawn = drawn.replace(own, general)
    committed = (ROOT / "docs/howto/draw-lineage.svg").read_text(encoding="utf-8")
    assert structure(drawn) == structure(committed)


def test_every_other_command_of_the_page_works(trained: Path) -> None:
    commands = re.findall(r"`(begat [^`|]+?)(?: \\\||`)", PAGE) + re.findall(r"^    (begat ask loss.*)$", PAGE, re.M)
    drawing = [c.replace("raw.csv", "train.csv") for c in commands if "--format" in c]
    assert len(drawing) == 3
    for command in drawing:
        done = subprocess.run(command.split(), cwd=trained, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
