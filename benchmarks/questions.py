"""The thirty questions, asked of laboratories of three sizes: median and p95 of warm runs, rows and statements.

A laboratory is written as a spool and taken in as any other; its graph stays below .cache/benchmarks for the next run.
"""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final

from begat.graph_schema.sqlite.migrate import SCHEMA
from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from begat.queries.ask import ask
from benchmarks.asked import ASKED, Asked, question
from benchmarks.budget import at_least, at_most, plain
from benchmarks.coming import WRITER
from benchmarks.laboratory import SIZES, Laboratory
from benchmarks.neo4j_server import server
from benchmarks.scratch import above, scratch
from benchmarks.timing import warm_times

Found = dict[str, Any]
#: Events a second that come in while questions are asked.
RATE: Final = 1000


class NoAnswer(Exception):
    """A question without rows, or one that took too long; the text says which."""


class Counting:
    """A store that counts the statements it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.statements = 0

    def read(self, *args: Any) -> Any:
        self.statements += 1
        return self._store.read(*args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def small() -> Found:
    """Set S on the embedded store: 200 trainings of 50 epochs."""
    return _on_sqlite("S")


def medium() -> Found:
    """Set M on the embedded store: 2,000 trainings of 100 epochs; with budgets."""
    return _on_sqlite("M", budgets=True)


def large() -> Found:
    """Set L on the embedded store: 10,000 trainings of 100 epochs, a million nodes."""
    return _on_sqlite("L")


def neo4j_small() -> Found:
    """Set S on Neo4j."""
    return _on_neo4j("S")


def neo4j_medium() -> Found:
    """Set M on Neo4j."""
    return _on_neo4j("M")


def growth() -> Found:
    """What is asked about one experiment or entity, of S, M and L in turn: the answer stays as large as it is."""
    found: Found = {}
    sizes = {size: _graph(size) for size in ("S", "M", "L")}
    stores = {size: open_store(f"sqlite:///{path}") for size, path in sizes.items()}
    for name, asked in ASKED.items():
        if not asked.scoped:
            continue
        told = {size: measured(store, name, asked) for size, store in stores.items()}
        parts = {size: {k: m[k] for k in ("cpu", "median", "p95", "rows")} for size, m in told.items()}
        found[name] = plain(told["L"]["cpu"] / told["M"]["cpu"], "times the CPU of M on L", **parts)
    for store in stores.values():
        store.close()
    return found


def while_events_come() -> Found:
    """Set M on the embedded store while a process writes 1,000 events a second and another takes them in."""
    with scratch() as folder:
        graph = folder / "graph.db"
        shutil.copy(_graph("M"), graph)
        address = f"sqlite:///{graph}"
        with _coming(folder / "spool", address), closing(open_store(address)) as store:
            while not (before := _events(store)):
                time.sleep(0.1)
            began = time.perf_counter()
            found = asked_of(store, budgets=True)
            took = time.perf_counter() - began
            rate = (_events(store) - before) / took
    return {"events": at_least(rate, 0.9 * RATE, "events/s taken in meanwhile", seconds=round(took, 1)), **found}


@contextmanager
def _coming(spool: Path, address: str) -> Iterator[None]:
    """A process that writes events and one that takes them in, at work."""
    writer = [sys.executable, "-m", "benchmarks.coming", str(spool), str(RATE)]
    watcher = [sys.executable, "-m", "begat", "--store", address, "--spool", str(spool), "ingest", "--watch"]
    with ExitStack() as ended:
        for command in (writer, watcher):
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            ended.callback(process.wait)
            ended.callback(process.terminate)
        yield


def _events(store: Store) -> int:
    """How many of the events that come in are there."""
    return sum(r.last - r.first + 1 for r in store.ranges(WRITER))


def _on_sqlite(size: str, budgets: bool = False) -> Found:
    store = open_store(f"sqlite:///{_graph(size)}")
    stats = store.stats()
    nodes = stats.entities + stats.activities + stats.agents
    found = {"graph": plain(nodes, "nodes", relations=stats.relations, points=stats.metric_points)}
    found |= asked_of(store, budgets)
    store.close()
    return found


def _on_neo4j(size: str) -> Found:
    with server() as address, scratch() as folder:
        store = open_store(address)
        events = Laboratory(SIZES[size]).write(folder)
        taken_in(store, folder, events)
        found = asked_of(store)
        store.close()
    return found


def asked_of(store: Store, budgets: bool = False) -> Found:
    """All questions, each warm."""
    found = {}
    for name, asked in ASKED.items():
        try:
            m = measured(store, name, asked)
        except NoAnswer as e:  # the others are still worth having
            found[name] = {"error": str(e), "ok": False}
            continue
        p95 = m.pop("p95")
        limit = asked.budget if budgets else None
        found[name] = plain(p95, "ms, p95", **m) if limit is None else at_most(p95, limit, "ms, p95", **m)
    return found


def measured(store: Store, name: str, asked: Asked) -> Found:
    """Milliseconds, rows and statements. Raises NoAnswer where there is none: it would be a quick one."""
    counting: Any = Counting(store)
    params: Mapping[str, Any] = asked.params
    answer = ask(counting, question(name), params, limit=asked.limit)
    if not answer.rows:
        raise NoAnswer(f"no answer to {dict(params)}: {'; '.join(answer.notes) or 'no rows'}")
    times = warm_times(lambda: ask(store, question(name), params, limit=asked.limit))
    return {
        "p95": times.p95,
        "median": round(times.median, 2),
        "cpu": round(times.cpu, 2),
        "rows": len(answer.rows),
        "statements": counting.statements,
    }


def taken_in(store: Store, spool: Path, events: int) -> None:
    """Take a spool in. Raises RuntimeError when an event is missing."""
    report = ingest(store, spool)
    if report.events != events:
        raise RuntimeError(f"{events} events were written, {report.events} taken in")


def _graph(size: str) -> Path:
    """The graph of a set, made unless it is there: what it is made of names its file."""
    sources = sorted((Path(__file__).parent / "laboratory").glob("*.py"))
    made_of = hashlib.blake2b(b"".join(s.read_bytes() for s in sources), digest_size=6).hexdigest()
    graph = above() / f"laboratory-{size}-{SCHEMA}-{made_of}.db"
    if not graph.exists():
        for old in above().glob(f"laboratory-{size}-*"):
            old.unlink()
        with scratch() as folder:
            store = open_store(f"sqlite:///{folder}/graph.db")
            taken_in(store, folder / "spool", Laboratory(SIZES[size]).write(folder / "spool"))
            store.close()
            (folder / "graph.db").rename(graph)
    return graph
