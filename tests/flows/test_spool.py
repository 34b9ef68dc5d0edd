"""`begat spool`: what is there, whether it is sound, compressing it, and clearing it of what is committed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from begat.api.cli import main

SCRIPT = """
import begat, os, sys
with begat.run("train", type="Training") as run:
    for epoch in run.epochs(30):
        run.metric("loss", 1 / (epoch + 1), step=epoch)
    if "die" in sys.argv:
        os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where a script has run to its end, and another has been killed."""
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("train.py").write_text(SCRIPT)
    subprocess.run([sys.executable, "train.py"], check=True)
    assert subprocess.run([sys.executable, "train.py", "die"], check=False).returncode == -signal.SIGKILL
    return tmp_path


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command says as JSON, with its exit code."""

    def ask(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([*words, "--format", "json"])
        return code, json.loads(capsys.readouterr().out)

    return ask


def test_status_tells_what_is_pending_and_how_large(asked: Any) -> None:
    code, told = asked("spool", "status")
    assert code == 0
    assert (told["segments"], told["open"], told["alive"], told["sealed"], told["packed"]) == (2, 1, 0, 1, 0)
    assert told["bytes"] == told["bytes_on_disk"] == told["pending_bytes"]
    assert told["pending_events"] > 120
    assert main(["ingest"]) == 0
    code, told = asked("spool", "status")
    assert (code, told["pending_events"], told["damaged"], told["dropped"]) == (0, 0, [], 0)


def test_pack_keeps_every_answer(asked: Any) -> None:
    before = asked("find", "Activity")
    code, told = asked("spool", "pack")
    assert (code, told["packed"]) == (0, 1)
    assert told["after"] < told["before"] / 2
    assert asked("spool", "status")[1]["pending_events"] == 0
    assert asked("find", "Activity") == before
    assert main(["rebuild"]) == 0
    assert asked("find", "Activity") == before
    assert asked("spool", "pack")[1]["rows"] == []


def test_prune_looks_first_and_removes_what_is_committed(asked: Any, folder: Path) -> None:
    assert main(["spool", "prune"]) == 4  # there is no store
    assert main(["ingest"]) == 0
    before = sorted(folder.glob(".begat/spool/*/*"))
    code, told = asked("spool", "prune")
    assert (code, told["done"], told["removed"]) == (0, False, 1)
    assert sorted(folder.glob(".begat/spool/*/*")) == before
    assert asked("spool", "prune", "--keep", "1", "--yes")[1]["removed"] == 0
    assert asked("spool", "prune", "--yes")[1]["removed"] == 1
    (left,) = folder.glob(".begat/spool/*/*")
    assert left.suffix == ".open"
    assert len(asked("find", "Training")[1]["rows"]) == 2
    assert main(["rebuild"]) == 4  # the spool lacks what the store holds


def test_doctor_finds_what_is_damaged(asked: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("spool", "doctor")[1]["problems"] == []
    (sealed,) = folder.glob(".begat/spool/*/*.seg")
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.write_bytes(data)
    code, told = asked("spool", "doctor")
    assert code == 1
    assert [p["where"].startswith(str(sealed.relative_to(folder))) for p in told["problems"]] == [True, False]
    assert "crc" in told["problems"][0]["problem"]
    assert main(["spool", "doctor"]) == 1
    assert "2 problems" in capsys.readouterr().err
    data[3] ^= 1
    sealed.write_bytes(data)
    code, told = asked("spool", "status")
    assert code == 1
    assert told["damaged"][0]["segment"] == str(sealed.relative_to(folder))
    assert main(["ingest"]) == 1
    assert asked("spool", "prune", "--yes")[1]["removed"] == 0


@pytest.mark.parametrize("what", ["status", "doctor", "pack", "prune"])
def test_as_a_table(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest"]) == 0
    assert main(["spool", what]) == 0
    said = capsys.readouterr()
    assert "segment" in said.out + said.err


def test_wrong_use(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["spool"]) == 2
    assert main(["spool", "clean"]) == 2
    assert main(["spool", "prune", "--keep", "-1"]) == 2
    assert main(["spool", "status", "--spool", "train.py"]) == 2
    os.mkdir("empty")
    assert main(["spool", "status", "--spool", "empty"]) == 0
    assert "Traceback" not in capsys.readouterr().err
