"""From the journal to Neo4j, beside the same rows written by hand to the same server: see by_hand.py.

begat's time is that of a whole pass: reading, decoding, folding, batches durable and exactly once, lineage projected.
The rival's is that of writing alone, without knowing what is there already.
"""

import gc
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from begat.graph_schema.store import open_store
from benchmarks.budget import plain
from benchmarks.by_hand import Rows
from benchmarks.generate_journal import SIZES, BenchmarkSet
from benchmarks.ingesting import KINDS, kind, taken_in, wide
from benchmarks.journal import Minter, in_order
from benchmarks.neo4j_server import NoServer, empty, server, session
from benchmarks.scratch import scratch

#: Of the rate of the rows written by hand.
SHARE = 0.8
#: A server's first minute is a slow one: its compiler has not seen the statements yet.
WARM_UP = 3
#: Events in a large batch: ingest's own have 20,000.
LARGE = 50_000
#: Seconds between two looks at what a transaction holds.
LOOK_S = 0.05


class Times(NamedTuple):
    """Seconds of a pass, and of writing its rows by hand."""

    pass_: float
    by_hand: float


def small() -> dict[str, Any]:
    """Set S, and the memory that a large batch takes."""
    return _measured(lambda address: {"S": _set(address, "S", 5), **_memory(address)})


def medium() -> dict[str, Any]:
    """Set M."""
    return _measured(lambda address: {"M": _set(address, "M", 2)})


def kinds() -> dict[str, Any]:
    """Each kind of event, in journals that hold little else."""
    return _measured(_kinds)


def _measured(work: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """What is measured on a server that has been warmed up; where there is none, the reason."""
    try:
        with server() as address:
            _warm_up(address)
            return work(address)
    except NoServer as e:
        return {"left out": {"error": str(e)}}


def _warm_up(address: str) -> None:
    with scratch() as folder:
        events = BenchmarkSet(SIZES["S"]).write(folder)
        rows = None
        for _ in range(WARM_UP):
            rows, _times = _pair(address, folder, events, rows)


def _set(address: str, name: str, rounds: int) -> dict[str, Any]:
    with scratch() as folder:
        return _beside(address, folder, BenchmarkSet(SIZES[name]).write(folder), rounds, SHARE)


def _kinds(address: str) -> dict[str, Any]:
    found = {}
    for name, make in KINDS.items():
        with scratch() as folder:
            events, _points = kind(folder, make)
            found[name] = _beside(address, folder, events, 2)
    return found


def _beside(address: str, spool: Path, events: int, rounds: int, share: float | None = None) -> dict[str, Any]:
    """The rate of a pass beside that of the rows written by hand, each the best of its rounds, in turn."""
    rows = None
    times = []
    for _ in range(rounds):
        rows, took = _pair(address, spool, events, rows)
        times.append(took)
    assert rows is not None
    best = Times(*map(min, zip(*times, strict=True)))
    ratio = best.by_hand / best.pass_
    held = {} if share is None else {"budget": f">= {share:g}", "ok": ratio >= share}
    return {
        "value": round(ratio, 3),
        "unit": "of the rate of the same rows written by hand",
        **held,
        "events": events,
        "rows": rows.many(),
        "seconds": round(best.pass_, 2),
        "by_hand_s": round(best.by_hand, 2),
        "events_per_s": round(events / best.pass_),
        "rows_per_s": round(rows.many() / best.pass_),
        "by_hand_rows_per_s": round(rows.many() / best.by_hand),
    }


def _pair(address: str, spool: Path, events: int, rows: Rows | None) -> tuple[Rows, Times]:
    """A pass over the spool into an empty database, and its rows by hand into another; `rows` if they are known."""
    empty(address)
    store = open_store(address)
    took = taken_in(store, spool, events).seconds
    store.close()
    with session(address) as one:
        if rows is None:
            rows = Rows.of(one)
            gc.collect()
            gc.freeze()  # they are no business of the collector's
        empty(address)
        return rows, Times(took, rows.write(one))


def _memory(address: str) -> dict[str, Any]:
    """An activity of 100,000 usages in large batches: what the client takes, and what the server holds at most."""
    with scratch() as folder:
        events = in_order(folder, Minter(4)(), wide(), per_segment=1_000_000)
        empty(address)
        store = open_store(address)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with _watched(address) as most:
            report = taken_in(store, folder, events, batch_events=LARGE)
        client = max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        commits = store.stats().commit
        store.close()
    return {
        "large batch": plain(report.seconds, "s", events=events, batch=LARGE, transactions=commits),
        "large batch, client": plain(client, "MiB above what it had"),
        "large batch, server": plain(max(most) / 2**20, "MiB in a transaction"),
    }


@contextmanager
def _watched(address: str) -> Iterator[list[int]]:
    """Looks at the bytes that the server's transactions hold, while something else is done."""
    most, over = [0], threading.Event()

    def watch() -> None:
        text = "SHOW TRANSACTIONS YIELD estimatedUsedHeapMemory AS bytes RETURN coalesce(max(bytes), 0) AS bytes"
        with session(address) as one:
            while not over.wait(LOOK_S):
                most.append(one.run(text).single()["bytes"])

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()
