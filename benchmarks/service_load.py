"""A service left running: what analysts wait for while events come in, and what it holds in memory after a day's."""

import json
import shutil
import subprocess
import sys
import time
from contextlib import closing
from itertools import chain
from typing import Any

from begat.graph_schema.store import open_store
from benchmarks import kept
from benchmarks.budget import at_least, at_most, plain
from benchmarks.coming import at_work, came, writer
from benchmarks.generate_journal import SIZES, BenchmarkSet
from benchmarks.scratch import scratch
from benchmarks.serving import Served, serving
from benchmarks.timing import clock_of, p95

#: Requests a second, for so many seconds; events a second that come in meanwhile.
REQUESTS, SECONDS, EVENTS = 50, 60, 1000
#: Of a day that goes by in minutes: its parts, and what its last quarter may hold in memory over its second.
PARTS, FLAT = 20, 1.1


def load() -> dict[str, Any]:
    """Fifty requests a second of set M, a mix, while a process writes 1,000 events a second to the spool."""
    with scratch() as folder:
        graph, spool = folder / "graph.db", folder / "spool"
        shutil.copy(kept.sqlite("M"), graph)
        with serving(f"sqlite:///{graph}", "--spool", spool) as service, at_work(writer(spool, EVENTS)):
            visited(service, REQUESTS, 3)
            with closing(open_store(f"sqlite:///{graph}")) as store:
                before, began, used = came(store), time.perf_counter(), clock_of(service.process)()
                told = visited(service, REQUESTS, SECONDS)
                took, used = time.perf_counter() - began, clock_of(service.process)() - used
                taken = (came(store) - before) / took
    every = list(chain.from_iterable(told["took"].values()))
    return {
        "events": at_least(taken, 0.95 * EVENTS, "events/s taken in meanwhile"),
        "errors": at_most(len(every) - told["statuses"].get("ok", 0), 0, "answers", of=len(every), **_wrong(told)),
        "all": plain(p95(every), "ms, p95", median=round(sorted(every)[len(every) // 2], 2), most=round(max(every), 1)),
        **{name: plain(p95(took), "ms, p95", requests=len(took)) for name, took in told["took"].items()},
        "client": plain(100 * told["cpu"] / took, "% of a core, by the client"),
        "service": plain(100 * used / took, "% of a core, by the service, what comes in included"),
    }


def day() -> dict[str, Any]:
    """A day of 2,000 trainings, a million events, poured into the spool in minutes while analysts ask."""
    with scratch() as folder:
        graph, spool, written = folder / "graph.db", folder / "spool", folder / "written"
        shutil.copy(kept.sqlite("S"), graph)
        events = BenchmarkSet(SIZES["M"]).write(written)
        journals = sorted(p for p in written.rglob("*") if p.is_file())
        sizes = []
        began = time.perf_counter()
        with serving(f"sqlite:///{graph}", "--spool", spool) as service:
            for part in range(PARTS):
                for journal in journals[part::PARTS]:
                    place = spool / journal.relative_to(written)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    journal.rename(place)
                visited(service, 20, 5)
                sizes.append(service.memory())
            took = time.perf_counter() - began
        with closing(open_store(f"sqlite:///{graph}")) as store:
            taken = sum(r.last - r.first + 1 for w in store.writers() for r in store.ranges(w.header.writer))
    second, last = max(sizes[PARTS // 4 : PARTS // 2]), max(sizes[-PARTS // 4 :])
    return {
        "memory": at_most(
            last / second, FLAT, "times the memory of the day's second quarter in its last",
            mib=[size >> 20 for size in sizes], seconds=round(took), events=events, taken=taken,
        )
    }  # fmt: skip


def visited(service: Served, rate: float, seconds: float) -> dict[str, Any]:
    """What analysts in a process of their own met."""
    command = [sys.executable, "-m", "benchmarks.visitors", service.address, str(rate), str(seconds)]
    told: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return told


def _wrong(told: dict[str, Any]) -> dict[str, Any]:
    return {said: n for said, n in list(told["statuses"].items())[:5] if said != "ok"}
