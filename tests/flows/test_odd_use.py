"""The command line in odd surroundings and with odd arguments: closed streams, huge numbers, names that are no text."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

NAME = "caf\udce9.csv"

SCRIPT = f"""
import begat

open({NAME!r}, "w").write("1")
with begat.run("train", type="Training") as run:
    run.used({NAME!r})
    open("model.pt", "w").write("weights")
    run.generated("model.pt", type="Model")
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a script has read a file whose name is no UTF-8, for all tests."""
    folder = tmp_path_factory.mktemp("trained")
    folder.joinpath("train.py").write_text(SCRIPT)
    subprocess.run([sys.executable, "train.py"], check=True, cwd=folder)
    return folder


def begat(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "begat.api.cli", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def shell(command: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["bash", "-c", command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_is_no_error(closed: str, trained: Path) -> None:
    done = shell(f"{sys.executable} -m begat.api.cli stats {closed}", trained)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_was_removed_is_wrong_usage(tmp_path: Path) -> None:
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m begat.api.cli stats", tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("begat: the folder you are in was removed: cd to one that is there\n")


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "how_created", "model.pt"),
        ("find", "Entity"),
        ("find", "Activity", "--where", "status = 'FINISHED'"),
        ("show", "model.pt"),
        ("ancestors", "model.pt"),
    ],
)
def test_a_limit_beyond_all_numbers_is_no_limit(command: tuple[str, ...], trained: Path) -> None:
    unlimited = begat(*command, "--limit", str(2**70), cwd=trained)
    assert unlimited.returncode == 0
    assert unlimited.stdout == begat(*command, cwd=trained).stdout


def test_a_number_beyond_all_numbers_is_compared(trained: Path) -> None:
    told = [begat("find", "Entity", "--where", f"size < {n}", cwd=trained).stdout for n in (2**70, 9)]
    assert told[0] == told[1] != ""
    assert begat("find", "Entity", "--where", "size > " + "9" * 5000, cwd=trained).returncode == 0


def test_a_file_whose_name_is_no_text(trained: Path) -> None:
    said = begat("ask", "impact", NAME, "--format", "json", cwd=trained)
    assert said.returncode == 0
    answer = json.loads(said.stdout)
    assert answer["params"] == {"thing": "caf\\udce9.csv"}
    assert "model.pt" in [row["name"] for row in answer["rows"]]


@pytest.mark.parametrize(
    "command",
    [
        ("find", "Entity"), ("runs",), ("ancestors", "model.pt"), ("descendants", "model.pt"), ("subgraph", "model.pt"),
        ("path", "model.pt", "train"), ("diff", "model.pt", "train.py"),
    ],
)  # fmt: skip
def test_what_takes_too_long_is_stopped_in_one_line(command: tuple[str, ...], trained: Path) -> None:
    stopped = begat(*command, "--time-limit", "1e-9", cwd=trained)
    assert (stopped.returncode, stopped.stdout) == (4, "")
    assert stopped.stderr == (
        "begat: stopped after 1e-09 s, before there was an answer: ask for less, or raise --time-limit\n"
    )
    assert begat(*command, "--time-limit", "60", cwd=trained).returncode == 0
    assert begat(*command, "--time-limit", "0", cwd=trained).returncode == 2


def test_a_part_of_one_row_is_one_row(trained: Path) -> None:
    assert "only a part, 1 row: raise" in begat("ancestors", "model.pt", "--limit", "1", cwd=trained).stderr
    assert "only a part, 2 rows: raise" in begat("ancestors", "model.pt", "--limit", "2", cwd=trained).stderr


def test_a_name_beyond_all_measure_is_not_repeated_in_whole(trained: Path) -> None:
    done = begat("find", "Entity", "--where", f"{'x' * 20_000} = 1", cwd=trained)
    assert done.returncode == 0
    assert "nothing here has an attribute, setting or measure called 'xxx" in done.stderr
    assert len(done.stderr) < 400
