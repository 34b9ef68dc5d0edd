"""The embedded graph by default: in the project's folder, or on this machine where that is on a network disk."""

from pathlib import Path

import pytest

import begat
from begat.api.cli import main
from begat.api.settings import load
from begat.capture import lifecycle
from begat.graph_schema import mounts


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder that the kernel says is on an NFS server; the user's own folder is on a local disk."""
    folder = tmp_path / "project"
    folder.mkdir()
    listed = tmp_path / "mountinfo"
    listed.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:40 /ann {folder} rw - nfs4 filer:/home rw\n")
    monkeypatch.setattr(mounts, "MOUNTINFO", str(listed))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def ingested(project: Path) -> Path:
    """The same, with a run in the graph."""
    lifecycle.restart()
    with begat.run("train"):
        pass
    lifecycle.restart()
    assert main(["ingest", "--once"]) == 0
    return project


def test_on_a_network_disk_the_graph_is_on_this_machine(project: Path, tmp_path: Path) -> None:
    """One for each spool, whoever asks from wherever."""
    file = load({}).store_file
    assert file is not None
    assert file.is_relative_to(tmp_path / "state/begat/graphs")
    assert load({"spool": str(project / ".begat/spool")}).store_file == file
    assert load({"spool": "other"}).store_file != file


def test_what_is_said_or_there_already_stays(project: Path) -> None:
    assert load({"store": "sqlite:///x.db"}).store_file == Path("x.db")
    assert load({}, {"BEGAT_STORE": "sqlite:///y.db"}).store_file == Path("y.db")
    (project / ".begat").mkdir()
    (project / ".begat/graph.db").touch()
    assert load({}).store_file == Path(".begat/graph.db")


def test_on_a_local_disk_it_is_beside_the_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({}).store == "sqlite:///./.begat/graph.db"


def test_the_doctor_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "this folder is on a network file system (nfs4)" in said
    assert "the graph is on this machine" in said
    assert "SQLite can damage" not in said


def test_the_graph_is_made_of_the_spool_there(ingested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = load({}).store_file
    assert file is not None
    assert file.exists()
    assert not (ingested / ".begat/graph.db").exists()
    assert main(["find", "Activity"]) == 0
    assert "train" in capsys.readouterr().out


def test_what_it_is_made_of_is_not_pruned(ingested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The spool is all that another machine can make its graph of."""
    segments = [*ingested.rglob("*.seg"), *ingested.rglob("*.open")]
    assert segments
    assert main(["spool", "prune", "--yes"]) == 2
    assert "this machine's own" in capsys.readouterr().err
    assert [*ingested.rglob("*.seg"), *ingested.rglob("*.open")] == segments
    assert main(["ingest", "--once", "--store", "sqlite:///kept.db"]) == 0
    assert main(["spool", "prune", "--yes", "--store", "sqlite:///kept.db"]) == 0
