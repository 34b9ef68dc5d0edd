"""Reading ahead in a second process gives what reading here gives, also when that process dies."""

import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema import dump
from begat.graph_schema import events as ev
from begat.graph_schema.store import open_store
from begat.ingest import ahead
from begat.ingest.ingest import ingest
from begat.ingest.report import Report

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal


@pytest.fixture
def spool_of_three(spool: Path, journal: "NewJournal") -> Path:
    """Journals with all that travels: many events, odd numbers, a damaged line, a torn end."""
    for n in range(3):
        w = journal(f"w{n}")
        w.train(f"run-{n}", 30)
        for value in ("NaN", "INF", -0.0, 7):
            w.write(ev.Metric(0, 0, f"run-{n}", "odd", value, step=2.5, context={"split": "é"}))
        w.write(ev.Gap(0, 0, 3, "disk full"))
        w.seal()
    with journal("torn").path.open("ab") as file:
        file.write(b"00000000 {}\n0123")
    return spool


def taken_in(url: str, spool: Path) -> tuple[list[bytes], Report]:
    store = open_store(url)
    try:
        report = ingest(store, spool, batch_events=20)
        assert store.stats().dropped == 9
        return dump.lines(store), report
    finally:
        store.close()


def test_the_same_graph_and_report(spool_of_three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, said_here = taken_in("memory:", spool_of_three)
    monkeypatch.setattr(ahead, "WORTH_IT", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
        started.append(popen(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    there, said_there = taken_in(f"sqlite:///{tmp_path / 'graph.db'}", spool_of_three)
    assert len(started) == 1
    assert there == here
    said_here.seconds = said_there.seconds = 0
    assert said_there == said_here
    assert said_there.quarantined >= 1


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_reader_that_dies_is_done_without(
    after: int, spool_of_three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = taken_in("memory:", spool_of_three)
    monkeypatch.setattr(ahead, "WORTH_IT", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    readers: list[subprocess.Popen[bytes]] = []
    popen, decode = subprocess.Popen, ahead.Parcel.batch

    def start(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
        readers.append(popen(*arguments, **options))  # type: ignore[call-overload]
        if after == 0:
            readers[0].send_signal(signal.SIGKILL)
        return readers[0]

    def counted(parcel: ahead.Parcel) -> object:
        if parcel.done >= after * 1000:
            readers[0].send_signal(signal.SIGKILL)
        return decode(parcel)

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(ahead.Parcel, "batch", counted)
    there, _ = taken_in(f"sqlite:///{tmp_path / 'graph.db'}", spool_of_three)
    assert there == here


def test_a_small_spool_is_read_here(spool_of_three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started for a few kilobytes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    taken_in(f"sqlite:///{tmp_path / 'graph.db'}", spool_of_three)
