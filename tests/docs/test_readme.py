"""What the README shows is what happens."""

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from begat.capture import node, person

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)
    return str(found)


def session() -> list[tuple[str, list[str]]]:
    """The commands of the console block, each with the lines it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in block("console").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def leveled(lines: list[str]) -> list[str]:
    """What does not depend on who runs it, when and where; rows of a tree in any order."""
    text = "\n".join(line.strip("└├─│ ") for line in lines)
    for own, general in (
        (f"{person.person().name}", "ada@lab"),
        (f"{node.node().name} [Node]", "lab [Node]"),
        (f"Python {platform.python_version()}", "Python 3.11.7"),
    ):
        text = text.replace(own, general)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", text)
    return sorted(re.sub(r"\b[0-9a-f]{8}\b", "ID", text).splitlines())


def test_the_example_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.py").write_text(block("python"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    for command, expected in session():
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert leveled(done.stdout.splitlines()) == leveled(expected), command


def test_every_place_it_names_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_it_names_is_one() -> None:
    from begat.api.cli import COMMANDS

    named = {word for words in re.findall(r"`begat ([a-z]+)", README) for word in words.split()}
    assert named <= set(COMMANDS)
