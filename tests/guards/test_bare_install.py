"""`pip install begat` alone: one dependency, and the whole way from a hook to an answer."""

import json
import os
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

import pytest

TRAIN = """
import pathlib
import begat

with begat.run("train", type="Training") as run:
    run.used("data.csv", role="train")
    run.params(lr=0.1)
    pathlib.Path("model.txt").write_text("weights")
    run.generated("model.txt", type="Model")
"""


@pytest.fixture(scope="module")
def bare(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment where nothing but the wheel was asked for."""
    home = tmp_path_factory.mktemp("bare")
    venv.create(home / "venv", symlinks=True)
    # What begat needs is for pip to find out; only the release of it is the lock's.
    (home / "constraints.txt").write_text(f"msgspec=={version('msgspec')}\n")
    commands = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", commands / "python", "install", "--quiet",
         "--only-binary=:all:", "--constraint", home / "constraints.txt", *dist.glob("*.whl")],
        check=True,
    )  # fmt: skip
    return commands


def test_one_dependency(bare: Path, tmp_path: Path) -> None:
    program = (
        "from importlib.metadata import distributions; print(*sorted(d.name for d in distributions()))"
    )
    assert call(tmp_path, bare / "python", "-c", program).split() == ["begat", "msgspec"]


def test_from_a_hook_to_an_answer(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2\n")
    call(tmp_path, bare / "python", "-c", TRAIN)
    call(tmp_path, bare / "begat", "ingest", "--once")
    answer = json.loads(call(tmp_path, bare / "begat", "ask", "how_created", "model.txt", "--format", "json"))
    names = {Path(str(row["name"])).name for row in answer["rows"]}
    assert {"train", "data.csv"} <= names


def test_a_neo4j_server_needs_the_extra(bare: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [bare / "begat", "doctor", "--start-neo4j"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "begat: a Neo4j server needs an extra: pip install 'begat[neo4j]'\n"


def call(folder: Path, *command: str | Path) -> str:
    """The standard output of a command run in the folder, in an environment without this checkout's paths."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BEGAT_"))}
    done = subprocess.run(command, cwd=folder, env=outside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
