"""The thirty questions, asked of laboratories of three sizes: median and p95 of warm runs, rows and statements.

"""

import shutil
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

from begat.graph_schema.store import Store, open_store
from begat.queries.ask import ask
from benchmarks import kept
from benchmarks.asked import ASKED, Asked, question
from benchmarks.budget import at_least, at_most, plain
from benchmarks.coming import at_work, came, writer
from benchmarks.neo4j_server import NoServer, forget_plans
from benchmarks.scratch import scratch
from benchmarks.timing import Clock, clock_of, warm_times

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
    sizes = {size: kept.sqlite(size) for size in ("S", "M", "L")}
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
        shutil.copy(kept.sqlite("M"), graph)
        address, spool = f"sqlite:///{graph}", folder / "spool"
        watcher = [sys.executable, "-m", "begat", "--store", address, "--spool", str(spool), "ingest", "--watch"]
        with at_work(writer(spool, RATE), watcher), closing(open_store(address)) as store:
            while not (before := came(store)):
                time.sleep(0.1)
            began = time.perf_counter()
            found = asked_of(store, budgets=True)
            took = time.perf_counter() - began
            rate = (came(store) - before) / took
    return {"events": at_least(rate, 0.9 * RATE, "events/s taken in meanwhile", seconds=round(took, 1)), **found}


def _on_sqlite(size: str, budgets: bool = False) -> Found:
    store = open_store(f"sqlite:///{kept.sqlite(size)}")
    stats = store.stats()
    nodes = stats.entities + stats.activities + stats.agents
    found = {"graph": plain(nodes, "nodes", relations=stats.relations, points=stats.metric_points)}
    found |= asked_of(store, budgets)
    store.close()
    return found


def _on_neo4j(size: str) -> Found:
    """Each question of a server that has no plans yet, and then warm; `cpu` is the server's."""
    try:
        with kept.neo4j(size) as graph, closing(open_store(graph.address)) as store:
            found = {"graph": plain(graph.took, "s to take in its journals")}
            first = {name: _first(store, graph.address, name, asked) for name, asked in ASKED.items()}
            warm = asked_of(store, clock=time.thread_time if graph.process is None else clock_of(graph.process))
    except NoServer as e:
        return {"left out": {"error": str(e)}}
    return found | {name: {**told, "first": first[name]} for name, told in warm.items()}


def _first(store: Store, address: str, name: str, asked: Asked) -> int:
    """Milliseconds of an answer by a server that has to plan all its statements."""
    forget_plans(address)
    began = time.perf_counter()
    ask(store, question(name), asked.params, limit=asked.limit)
    return round((time.perf_counter() - began) * 1000)


def asked_of(store: Store, budgets: bool = False, clock: Clock = time.thread_time) -> Found:
    """All questions, each warm."""
    found = {}
    for name, asked in ASKED.items():
        try:
            m = measured(store, name, asked, clock)
        except NoAnswer as e:  # the others are still worth having
            found[name] = {"error": str(e), "ok": False}
            continue
        p95 = m.pop("p95")
        limit = asked.budget if budgets else None
        found[name] = plain(p95, "ms, p95", **m) if limit is None else at_most(p95, limit, "ms, p95", **m)
    return found


def measured(store: Store, name: str, asked: Asked, clock: Clock = time.thread_time) -> Found:
    """Milliseconds, rows and statements. Raises NoAnswer where there is none: it would be a quick one."""
    counting: Any = Counting(store)
    params: Mapping[str, Any] = asked.params
    answer = ask(counting, question(name), params, limit=asked.limit)
    if not answer.rows:
        raise NoAnswer(f"no answer to {dict(params)}: {'; '.join(answer.notes) or 'no rows'}")
    times = warm_times(lambda: ask(store, question(name), params, limit=asked.limit), clock=clock)
    return {
        "p95": times.p95,
        "median": round(times.median, 2),
        "cpu": round(times.cpu, 2),
        "rows": len(answer.rows),
        "statements": counting.statements,
    }
