"""A spool of which a watcher may not read all."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.ingest.watch.log import Log
from begat.ingest.watch.stop import Stop
from begat.ingest.watch.watcher import Watcher
from tests.needs import as_anybody

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal


@pytest.fixture
def spool() -> Iterator[Path]:
    """Where anybody may go, unlike the folders of tests."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "spool"


def test_what_may_not_be_read_is_told_once_and_read_when_it_may(
    spool: Path, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("begat.ingest.watch.watcher.RETRY", 1e-9)
    monkeypatch.setattr("begat.ingest.watch.follow.TORN", 0.0)
    shut, free, hidden = journal("shut"), journal("free"), journal("hidden")
    for j in (shut, free, hidden):
        j.train(j.writer)
    below = spool / "below"
    below.mkdir()
    hidden.path.rename(below / hidden.path.name)
    below.chmod(0)
    shut.path.chmod(0)
    said = io.StringIO()
    w = Watcher("memory:", (spool,), Stop(), log=Log(said))
    with as_anybody():
        w.begin()
        for _ in range(4):
            w.round()
    assert w.meter.events == free.seq
    lines = said.getvalue().splitlines()
    assert len(lines) == 2
    assert f"{below}: Permission denied" in lines[0]
    assert f"{shut.path}: cannot be read: Permission denied" in lines[1]
    below.chmod(0o755)
    shut.path.chmod(0o644)
    with as_anybody():
        for _ in range(4):
            w.round()
    assert w.meter.events == free.seq + shut.seq + hidden.seq
    assert len(said.getvalue().splitlines()) == 2
    w.close()
    w.following.close()
