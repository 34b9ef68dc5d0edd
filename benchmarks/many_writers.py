"""Journals of very many writers, each a small one: the ranks of one run, or short jobs of many runs.

`python -m benchmarks.many_writers FOLDER --writers 946 --runs 1` writes them as a spool that `begat ingest` reads.
Every rank tells the start and the end of its run, reads the data, sets a setting, scores three epochs and saves a
shard of the model; ranks of one run are at work at the same time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from begat.graph_schema.events import End, Generated, Metric, Node, Setting, Start, Used, Wire
from benchmarks.budget import plain
from benchmarks.journal import BEGINNING, Clock, Minter, segment

#: What each writer says.
EVENTS = 10
POINTS = 3


def write(spool: Path, writers: int, runs: int, seed: int = 0) -> int:
    """Write the journals, a sealed segment each; returns the number of events."""
    mint = Minter(seed)
    data = mint()
    of = [mint() for _ in range(runs)]
    for rank in range(writers):
        run, began = of[rank % runs], BEGINNING + (rank % runs) * 60_000_000 + rank
        segment(spool, mint(), _rank(Clock(began, 1_000), run, rank // runs, data, mint()), wall=began)
    return writers * EVENTS


def _rank(clock: Clock, run: str, rank: int, data: str, shard: str) -> Iterator[Wire]:
    yield Start(*clock.tick(), run, "train", ["Training"])
    yield Node(*clock.tick(), data, "Entity", ["Dataset"], "train.csv")
    yield Used(*clock.tick(), run, data, "train")
    yield Setting(*clock.tick(), run, "lr", 0.1)
    for epoch in range(POINTS):
        yield Metric(*clock.tick(), run, "loss", 1 / (epoch + 1), epoch, context={"rank": rank})
    yield Node(*clock.tick(), shard, "Entity", ["Checkpoint"], f"shard-{rank}.pt")
    yield Generated(*clock.tick(), run, shard)
    yield End(*clock.tick(), run)


def one_run() -> dict[str, Any]:
    """946 ranks of one run."""
    return _watched(946, 1)


def many_runs() -> dict[str, Any]:
    """10,000 writers of 2,500 runs."""
    return _watched(10_000, 2_500)


def _watched(writers: int, runs: int) -> dict[str, Any]:
    """What a watcher needs until all is taken in, and when nothing more happens."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        events = write(folder / "spool", writers, runs)
        begat = [sys.executable, "-m", "begat", "--store", f"sqlite:///{folder}/graph.db", "--spool", f"{folder}/spool"]
        began = time.perf_counter()
        watcher = subprocess.Popen([*begat, "ingest", "--watch"], stderr=subprocess.DEVNULL)
        try:
            stats: dict[str, Any] = {}
            while stats.get("metric_points") != writers * POINTS:
                time.sleep(0.5)
                told = subprocess.run([*begat, "stats", "--format", "json"], stdout=subprocess.PIPE, check=False)
                stats = json.loads(told.stdout or b"{}")
            took = time.perf_counter() - began
            time.sleep(4)
            before = _cpu(watcher.pid)
            time.sleep(10)
            idle = (_cpu(watcher.pid) - before) / 10
            memory = _memory(watcher.pid)
        finally:
            watcher.terminate()
            watcher.wait()
        if stats["by_type"]["Training"] != runs or stats["by_type"]["Checkpoint"] != writers:
            raise RuntimeError(f"{writers} writers of {runs} runs became {stats}")
    return {
        "taken in": plain(events / took, "events/s", writers=writers, runs=runs),
        "memory": plain(memory / 1e6, "MB"),
        "idle": plain(100 * idle, "% of a CPU"),
    }


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """The most memory a process has had, in bytes."""
    (line,) = (s for s in Path(f"/proc/{pid}/status").read_text().splitlines() if s.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--writers", type=int, default=10_000)
    options.add_argument("--runs", type=int, default=2_500)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    print(f"{write(given.folder, given.writers, given.runs, given.seed):,} events in {given.folder}")
