"""What docs/howto/send-journals.md shows is what happens."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from begat.api.cli import main
from begat.graph_schema.receipt import Receipt
from tests.journals import serving

PAGE = Path(__file__).resolve().parents[2] / "docs/howto/send-journals.md"
TEXT = PAGE.read_text(encoding="utf-8")
SHOWN = "https://lab.example.org"
SCRIPT = "import begat\nwith begat.run('train') as run:\n    run.metric('loss', 0.5)\n"


def commands(holding: str) -> list[str]:
    """The commands of the block in which something stands."""
    (block,) = (b for b in re.findall(r"^```console\n(.*?)^```$", TEXT, re.M | re.S) if holding in b)
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def test_the_script_sends_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export, script = commands("train.py")
    monkeypatch.chdir(tmp_path)
    Path("train.py").write_text(SCRIPT)
    with serving("memory:") as server:
        for setting in shlex.split(export)[1:]:
            name, _, value = setting.partition("=")
            monkeypatch.setenv(name, value.replace(SHOWN, server.address).replace("...", "x"))
        subprocess.run([sys.executable, *shlex.split(script)[1:]], check=True)
        assert server.requests


def test_the_offline_commands_do_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        subprocess.run([sys.executable, "-c", SCRIPT], check=True)
    with serving("memory:") as server:
        for command in commands("spool send"):
            words = shlex.split(command.replace(SHOWN, server.address))
            assert words[0] == "begat"
            assert main(words[1:]) == 0
    said = capsys.readouterr()
    assert re.search(r"^[\d,]+ bytes of 2 segments sent to http", said.err, re.M)
    assert re.search(r"^events not sent to http\S+ +0$", said.out, re.M)
    assert list(tmp_path.glob(".begat/spool/[!.]*/*")) == []


def test_the_answer_it_shows_has_what_a_receipt_has() -> None:
    (shown,) = re.findall(r'^\{"writer".*\}$', TEXT, re.M)
    assert tuple(re.findall(r'"(\w+)":', shown)) == Receipt.__struct_fields__


def test_every_place_it_names_is_there() -> None:
    links = [*re.findall(r"\]\(([^)#]+)\)", TEXT)]
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
