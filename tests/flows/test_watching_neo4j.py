"""begat ingest --watch on a Neo4j store: a server that is away, goes away and comes back, and a wrong password."""

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from begat.graph_schema import dump
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest

ROOT = Path(__file__).resolve().parents[2]
LONG = 120.0


def until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


class Cable:
    """Between a client and a server: it can be cut, and mended. Nothing is known of what goes through."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._ends: list[socket.socket] = []
        self._listener: socket.socket | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def mend(self) -> None:
        self._listener = listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                one, _ = listener.accept()
                other = socket.create_connection(self._server)
                self._ends += [one, other]
                for source, target in ((one, other), (other, one)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def cable(neo4j: str) -> Iterator[tuple[Cable, str]]:
    """A cable to an empty database, still cut, and the database's address by way of it."""
    found = re.fullmatch(r"\w+://(.*)@([^:]+):(\d+)/(.*)", neo4j)
    assert found
    who, host, port, database = found.groups()
    one = Cable(host, int(port))
    yield one, f"bolt://{who}@127.0.0.1:{one.port}/{database}"
    one.cut()


class Service:
    """A running watcher of a spool."""

    def __init__(self, url: str, spool: Path, *more: str) -> None:
        command = [sys.executable, "-m", "begat", "--store", url, "--spool", str(spool), "ingest", "--watch", *more]
        self.process = subprocess.Popen([*command, "--metrics", "0"], stderr=subprocess.PIPE, text=True)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        self.lines.extend(iter(self.process.stderr.readline, ""))

    def said(self, event: str) -> list[str]:
        return [line for line in self.lines if f" event={event} " in line]

    def told(self) -> dict[str, float]:
        until(lambda: self.said("start"))
        found = re.search(r"metrics=(\S+)", self.said("start")[0])
        assert found
        with urllib.request.urlopen(found[1], timeout=LONG) as answer:
            return {s.name: s.value for f in parsed(answer.read().decode()) for s in f.samples}

    def end(self) -> int:
        self.process.terminate()  # which a process that has ended does not mind
        code = self.process.wait(LONG)
        self._reader.join(LONG)
        if self.process.stderr:
            self.process.stderr.close()
        return code


@pytest.fixture
def service() -> Iterator[Callable[..., Service]]:
    started: list[Service] = []

    def start(*arguments: Any) -> Service:
        started.append(Service(*arguments))
        return started[-1]

    yield start
    for s in started:
        s.end()


def many(folder: Path, writers: int, runs: int) -> int:
    """Journals of so many writers; the number of events."""
    command = [sys.executable, "-m", "benchmarks.many_writers", str(folder)]
    command += ["--writers", str(writers), "--runs", str(runs), "--seed", str(writers)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0].replace(",", ""))


def dumped(url: str) -> list[bytes]:
    store = open_store(url)
    try:
        return list(dump.lines(store))
    finally:
        store.close()


def at_once(*spools: Path) -> list[bytes]:
    """What a store holds that took them in one after the other."""
    store = open_store("memory:")
    for spool in spools:
        ingest(store, spool)
    return list(dump.lines(store))


def test_it_waits_for_a_server_that_is_away_and_doubles_nothing(
    cable: tuple[Cable, str], neo4j: str, tmp_path: Path, service: Callable[..., Service]
) -> None:
    line, url = cable
    spool = tmp_path / "spool"
    events = many(spool, 40, 1)
    s = service(url, spool, "--batch", "100")
    until(lambda: s.said("store_away"))
    told = s.told()
    assert (told["begat_ingest_store_up"], told["begat_ingest_pending_events"]) == (0, events)
    line.mend()
    until(lambda: s.told()["begat_ingest_batches_total"] >= 1)
    line.cut()  # in the middle of it
    until(lambda: len(s.said("store_away")) == 2)
    many(spool / "more", 41, 1)
    line.mend()
    until(lambda: s.told()["begat_ingest_pending_bytes"] == 0 and s.told()["begat_ingest_store_up"] == 1)
    assert s.end() == 0
    assert len(s.said("store_back")) == len(s.said("store_away")) == 2
    assert "begat-in-tests" not in "".join(s.lines)
    assert dumped(neo4j) == at_once(spool)


def test_a_wrong_password_is_told_at_once(neo4j: str, tmp_path: Path, service: Callable[..., Service]) -> None:
    s = service(re.sub(r"(\w+://\w+):[^@]*@", r"\1:wrong@", neo4j), tmp_path / "spool")
    assert s.process.wait(LONG) == 4
    until(lambda: any(line.startswith("begat: ") for line in s.lines))
    assert "the user or password is wrong" in s.lines[-1]
    assert s.said("store_away") == []


def test_946_ranks_of_one_run(neo4j: str, tmp_path: Path, service: Callable[..., Service]) -> None:
    spool = tmp_path / "spool"
    events = many(spool, 946, 1)
    s = service(neo4j, spool)
    until(lambda: s.told()["begat_ingest_events_total"] == events and s.told()["begat_ingest_settle_seconds_count"])
    assert s.end() == 0
    begat = [sys.executable, "-m", "begat", "--store", neo4j, "--spool", str(spool), "stats", "--format", "json"]
    told = json.loads(subprocess.run(begat, capture_output=True, text=True, check=True).stdout)
    assert told["by_type"]["Training"] == told["activities"] == 1
    assert told["by_type"]["Checkpoint"] == 946
    assert (told["metric_points"], told["pending_events"]) == (3 * 946, 0)
