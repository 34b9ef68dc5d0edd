"""Comparing two dumps with the program of its own, as scripts do."""

import subprocess
import sys
from pathlib import Path

import pytest

from begat.graph_schema.compare import differences
from begat.graph_schema.dump import dump
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import NOWHERE, Context, Description, Relation
from begat.graph_schema.store import Batch


def dumped(path: Path, *names: str) -> Path:
    """The dump of a graph of entities with these names."""
    store = MemoryStore()
    here = Context()
    store.write(Batch([Description(here, NOWHERE, f"ex:{n}", ("Entity",), name=n) for n in names]))
    store.write(Batch([Relation(here, NOWHERE, "wasDerivedFrom", f"ex:{n}", "ex:root") for n in names]))
    with path.open("wb") as file:
        assert dump(store, file) == 3 * len(names)
    return path


def compare(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "begat.graph_schema.compare", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return dumped(tmp_path / "one", "a", "b")


def test_equal_dumps(tmp_path: Path, one: Path) -> None:
    done = compare(one, dumped(tmp_path / "two", "b", "a"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_different_dumps_exit_1_and_show_what_only_one_has(tmp_path: Path, one: Path) -> None:
    done = compare(one, dumped(tmp_path / "two", "a", "c"))
    assert done.returncode == 1
    assert {line[0] for line in done.stdout.splitlines()} == {"<", ">"}
    assert all(("ex:b" in line) == (line[0] == "<") for line in done.stdout.splitlines())


def test_many_differences_are_cut_short(tmp_path: Path, one: Path) -> None:
    many = dumped(tmp_path / "two", *(f"n{n}" for n in range(50)))
    done = compare(one, many)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 21
    assert done.stdout.splitlines()[-1] == f"... {len(differences(str(one), str(many))) - 20} more"


@pytest.mark.parametrize("missing", [True, False])
def test_a_file_that_cannot_be_read_exits_2_with_one_line(tmp_path: Path, one: Path, missing: bool) -> None:
    done = compare(one, tmp_path / "none" if missing else tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("compare: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("args", [(), ("one",), ("one", "two", "three")])
def test_wrong_usage_exits_2(args: tuple[str, ...]) -> None:
    done = compare(*args)
    assert (done.returncode, done.stderr) == (2, "usage: python -m begat.graph_schema.compare DUMP DUMP\n")


def test_a_line_that_is_twice_in_one_dump_only_is_a_difference(tmp_path: Path, one: Path) -> None:
    again = tmp_path / "again"
    again.write_bytes(one.read_bytes() + one.read_bytes().splitlines(keepends=True)[-1])
    assert compare(one, again).returncode == 1
