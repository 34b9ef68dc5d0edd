"""Late events: a run of many writers, whose journals come one after the other while their clocks ran side by side."""

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from begat.graph_schema.events import End, Generated, Metric, Node, Start, Used, Wire
from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from benchmarks.budget import plain
from benchmarks.journal import BEGINNING, Clock, Minter, segment
from benchmarks.scratch import scratch

WRITERS, ROUNDS, PASSES = 946, 33, 50
#: Microseconds that the writers' clocks may be apart.
APART = 2_000_000


def late() -> dict[str, Any]:
    """946 ranks of one run, 200 events each, taken in by 50 passes."""
    with scratch() as folder:
        store = open_store(f"sqlite:///{folder}/graph.db")
        try:
            return passes(store, folder / "spool")
        finally:
            store.close()


def passes(store: Store, spool: Path) -> dict[str, Any]:
    """Give the journals to a store, some more each pass."""
    random, mint = Random(5), Minter(5)
    run, shared = mint(), mint()
    writers = [mint() for _ in range(WRITERS)]
    random.shuffle(writers)
    events, seconds, slowest = 0, 0.0, 0.0
    for number in range(PASSES):
        for writer in writers[number::PASSES]:
            events += segment(spool, writer, _rank(mint, run, shared, random))
        began = time.perf_counter()
        ingest(store, spool)
        took = time.perf_counter() - began
        seconds, slowest = seconds + took, max(slowest, took)
    stats = store.stats()
    if stats.marked or stats.metric_points != WRITERS * ROUNDS:
        raise RuntimeError(f"not all is there: {stats}")
    return {
        "seconds": plain(seconds, "s", events=events, events_per_s=round(events / seconds)),
        "slowest pass": plain(slowest, "s"),
    }


def _rank(mint: Minter, run: str, shared: str, random: Random) -> Iterator[Wire]:
    clock = Clock(BEGINNING + random.randrange(APART))

    def tick() -> tuple[int, int]:
        return clock.tick(random.randrange(20_000))

    yield Start(*tick(), run, "train", ["Training"])
    for i in range(ROUNDS):
        shard, made = mint(), mint()
        yield Node(*tick(), shard, "Entity", ["Dataset"], f"shard-{i}.csv")
        yield Used(*tick(), run, shard, "train")
        yield Used(*tick(), run, shared, "train")
        yield Metric(*tick(), run, "loss", 1 / (i + 1), i)
        yield Node(*tick(), made, "Entity", ["Checkpoint"], f"checkpoint-{i}.pt")
        yield Generated(*tick(), run, made)
    yield End(*tick(), run)
