"""begat ingest --watch as a service: how it starts, what it tells, how it ends."""

import json
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
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
LONG = 60.0
SCRIPT = """
import sys
import begat
with begat.run("train", type="Training") as run:
    run.params(lr=0.1)
    for epoch in run.epochs(3):
        run.metric("loss", 1 / (epoch + 1), step=epoch)
"""


def until(true: Callable[[], Any]) -> Any:
    end = time.monotonic() + LONG
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
    return found


class Service:
    """A running `begat ingest --watch`, in the folder that tests work in."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "begat", "ingest", "--watch", "--interval", "0.1", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        self.lines.extend(iter(self.process.stderr.readline, ""))

    def said(self, event: str) -> str:
        """The first line of an event, awaited."""
        found: str = until(lambda: next((line for line in self.lines if f" event={event} " in line), ""))
        return found

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(LONG)
        self._reader.join(LONG)
        assert self.process.stdout
        assert self.process.stdout.read() == ""
        self.process.stdout.close()
        assert self.process.stderr
        self.process.stderr.close()
        return code


NewService = Callable[..., Service]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def service(folder: Path) -> Iterator[NewService]:
    """Starts services; those that still run at the test's end are ended."""
    started: list[Service] = []

    def start(*arguments: str) -> Service:
        started.append(Service(*arguments))
        return started[-1]

    yield start
    for s in started:
        if s.process.poll() is None:
            s.end(signal.SIGKILL)


def train() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)


def page(service: Service, path: str) -> tuple[int, str]:
    found = re.search(r"metrics=(\S+)/metrics", service.said("start"))
    assert found
    try:
        with urllib.request.urlopen(f"{found[1]}{path}", timeout=LONG) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.read().decode()


def metrics(service: Service) -> dict[str, float]:
    """All samples; labels as in the text."""
    status, text = page(service, "/metrics")
    assert status == 200
    return {
        s.name + "".join(f"{{{v}}}" for v in s.labels.values()): s.value for f in parsed(text) for s in f.samples
    }


def caught_up(service: Service) -> dict[str, float]:
    """What it tells once it has looked again and nothing is pending."""
    looks = metrics(service)["begat_ingest_rounds_total"] + 2

    def well() -> dict[str, float] | None:
        told = metrics(service)
        looked, up = told["begat_ingest_rounds_total"] >= looks, told["begat_ingest_store_up"]
        left = told["begat_ingest_pending_bytes"] + told["begat_ingest_unsettled"]
        return told if looked and up and not left else None

    told: dict[str, float] = until(well)
    return told


def expected(folder: Path) -> list[bytes]:
    """The dump of a store that took the spool in at once."""
    store = open_store("memory:")
    ingest(store, folder / ".begat/spool")
    return list(dump.lines(store))


def found(folder: Path) -> list[bytes]:
    store = open_store(f"sqlite:///{folder}/.begat/graph.db", create=False)
    lines = list(dump.lines(store))
    store.close()
    return lines


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_says_what_it_did(folder: Path, service: NewService, how: signal.Signals) -> None:
    s = service("--metrics", "0")
    s.said("start")
    train()
    caught_up(s)
    assert s.end(how) == 0
    assert [line.split(" event=")[1].split()[0] for line in s.lines] == ["start", "stop"]
    assert " points=3 " in s.lines[-1]
    assert found(folder) == expected(folder)


def test_what_it_tells_prometheus(folder: Path, service: NewService) -> None:
    s = service("--metrics", "127.0.0.1:0")
    assert page(s, "/healthz")[0] in (200, 503)
    train()
    told = caught_up(s)
    assert told["begat_ingest_store_up"] == 1
    assert told["begat_ingest_points_total"] == 3
    assert told["begat_ingest_events_total"] > 10
    assert told["begat_ingest_pending_events"] == 0
    assert told["begat_ingest_pending_bytes"] == 0
    assert told["begat_ingest_lag_seconds"] == 0
    assert told["begat_ingest_events_per_second"] > told["begat_ingest_points_per_second"] > 0
    assert told["begat_ingest_write_seconds_count"] == told["begat_ingest_batches_total"] > 0
    assert told["begat_ingest_segments{open}"] + told["begat_ingest_segments{sealed}"] == 1
    assert told["process_resident_memory_bytes"] > 1e6
    status, text = page(s, "/healthz")
    assert status == 200
    assert json.loads(text) == {"status": "ok", "pending_events": 0, "lag_seconds": 0.0}
    assert page(s, "/")[0] == 404
    assert s.end() == 0


def test_an_address_that_others_can_reach_has_to_be_asked_for(service: NewService) -> None:
    s = service("--metrics", "0.0.0.0:0")
    assert s.process.wait(LONG) == 2
    assert "--metrics-public" in until(lambda: "".join(s.lines))
    s.end()
    s = service("--metrics", "0.0.0.0:0", "--metrics-public")
    assert "metrics=http://0.0.0.0:" in s.said("start")
    assert s.end() == 0


def test_an_address_that_is_taken_is_told(service: NewService) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        s = service("--metrics", f"127.0.0.1:{taken.getsockname()[1]}")
        assert s.process.wait(LONG) == 2
    assert "cannot listen there" in until(lambda: "".join(s.lines))
    s.end()


def test_down_at_the_start_it_waits_and_says_so_in_one_line(folder: Path, service: NewService) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]
        train()
        s = service("--store", f"neo4j://neo4j:a-secret@127.0.0.1:{port}/neo4j", "--metrics", "0")
        line = s.said("store_away")
        assert "level=warning" in line
        assert f"127.0.0.1:{port}" in line
        until(lambda: metrics(s)["begat_ingest_store_failures_total"] >= 2)
        told = metrics(s)
        assert told["begat_ingest_store_up"] == 0
        assert told["begat_ingest_pending_events"] > 10
        assert told["begat_ingest_lag_seconds"] > 0
        status, text = page(s, "/healthz")
        assert (status, json.loads(text)["status"]) == (503, "store away")
        assert s.end() == 0
    assert sum("store_away" in line for line in s.lines) == 1
    assert "a-secret" not in "".join(s.lines)


def test_a_full_disk_is_awaited(folder: Path, service: NewService) -> None:
    s = service("--metrics", "0")
    s.said("start")
    train()
    caught_up(s)
    size = max(f.stat().st_size for f in folder.glob(".begat/graph.db*"))
    resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    for _ in range(3):
        train()
    s.said("store_away")
    resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    s.said("store_back")
    caught_up(s)
    assert s.end() == 0
    assert found(folder) == expected(folder)


def test_a_second_signal_ends_it_at_once(folder: Path, service: NewService) -> None:
    """While it waits for a store that another process has locked."""
    open_store(f"sqlite:///{folder}/.begat/graph.db").close()
    s = service("--metrics", "0")
    s.said("start")
    caught_up(s)
    other = sqlite3.connect(folder / ".begat/graph.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    train()
    time.sleep(1)  # by now it waits for the lock
    s.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert s.process.poll() is None
    s.process.send_signal(signal.SIGINT)
    assert s.process.wait(5) == -signal.SIGINT
    other.execute("ROLLBACK")
    other.close()
    s.end()
    store = open_store(f"sqlite:///{folder}/.begat/graph.db")
    ingest(store, folder / ".begat/spool")
    store.close()
    assert found(folder) == expected(folder)


def test_killed_again_and_again_nothing_is_lost_or_doubled(folder: Path, service: NewService) -> None:
    for n in range(6):
        s = service("--batch", "5")
        s.said("start")
        train()
        time.sleep(0.03 * n)
        s.end(signal.SIGKILL)
    s = service("--metrics", "0")
    caught_up(s)
    assert s.end() == 0
    assert found(folder) == expected(folder)


def test_stats_tell_lag_and_what_was_dropped(folder: Path) -> None:
    train()
    begat = [sys.executable, "-m", "begat"]
    done = subprocess.run([*begat, "stats", "--format", "json"], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert (told["pending_events"], told["pending_bytes"], told["lag_seconds"], told["dropped"]) == (0, 0, 0.0, 0)
    done = subprocess.run([*begat, "stats", "--format", "prometheus"], capture_output=True, text=True, check=True)
    samples = {s.name: s.value for f in parsed(done.stdout) for s in f.samples}
    assert samples["begat_store_metric_points"] == 3
    assert samples["begat_spool_lag_seconds"] == 0
    assert os.listdir(folder) == [".begat"]


# -- very many writers


@pytest.mark.parametrize(("writers", "runs"), [(946, 1), (10_000, 2_500)])
def test_many_writers_are_taken_in_whole_in_little_memory(
    writers: int, runs: int, folder: Path, service: NewService
) -> None:
    command = [sys.executable, "-m", "benchmarks.many_writers", str(folder / ".begat/spool")]
    command += ["--writers", str(writers), "--runs", str(runs)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    s = service("--metrics", "0")
    told = caught_up(s)
    assert told["begat_ingest_events_total"] == 10 * writers
    assert told["begat_ingest_segments{sealed}"] == writers
    # What a batch needs, and a few hundred bytes a segment: about 90 MB; all 10,000 journals decoded would be more.
    assert most_memory(s) < 150e6
    assert s.end() == 0
    store = open_store("sqlite:///.begat/graph.db", create=False)
    stats = store.stats()
    assert stats.by_type["Training"] == stats.activities == runs
    assert stats.by_type["Checkpoint"] == writers
    assert (stats.metric_points, stats.quarantined, stats.marked) == (3 * writers, 0, 0)
    store.close()


def most_memory(service: Service) -> int:
    """The most that the process has had so far, in bytes."""
    (line,) = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{service.process.pid}/status").read_text())
    return int(line) * 1024
