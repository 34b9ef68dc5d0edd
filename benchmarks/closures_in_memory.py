"""The closures of closures.py from a snapshot in memory: alone, with depths and ids, as answers, under ingest."""

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, Final

from begat.graph_schema.sqlite.snapshot import loaded, log
from begat.graph_schema.sqlite.snapshot.build import build
from begat.graph_schema.statements import Context, Description, Position, Relation
from begat.graph_schema.store import Batch, Store, open_store
from begat.queries.accelerated import VARIABLE, closed
from begat.queries.answer import Answer
from begat.queries.engine import ids_of, look
from begat.queries.sql.flow import ROOT, lineage_start
from begat.queries.sql.frontier import Frontier
from begat.queries.sql.sight import Sight
from benchmarks.budget import at_most, plain
from benchmarks.timing import warm_median_ms

CLOSURE_MS: Final = 2.5
#: Events of a new pipeline, a second.
EVENTS: Final = 1_000


def in_memory(path: str, store: Store, model: str, questions: Mapping[str, Callable[[], Answer]]) -> dict[str, Any]:
    """The same closures and questions, once a snapshot is taken."""
    built = build(path)
    scope = look(store)
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = "on"
    try:
        began = time.perf_counter()
        if closed(store, scope, model, "up") is None:
            raise RuntimeError("the snapshot is not used")
        first = (time.perf_counter() - began) * 1000
        told = {
            "snapshot": plain(built.seconds, "s to take", edges=built.edges, mib=built.bytes >> 20),
            "snapshot, first closure": plain(first, "ms"),
            **_closures(store, model, "in memory"),
            **{f"{name}, in memory": _beside_sql(question) for name, question in questions.items()},
        }
        with_more = _while_more_comes_in(path, lambda: _closures(store, model, f"in memory, {EVENTS} events/s"))
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before
    return told | with_more


def _beside_sql(question: Callable[[], Answer], rounds: int = 9) -> dict[str, Any]:
    """A whole answer in memory and by SQL, in turn."""
    times: dict[str, list[float]] = {"on": [], "off": []}
    for n in range(rounds + 2):
        for way, taken in times.items():
            os.environ[VARIABLE] = way
            began = time.perf_counter()
            question()
            if n > 1:
                taken.append((time.perf_counter() - began) * 1000)
    os.environ[VARIABLE] = "on"
    return plain(median(times["on"]), "ms", sql_ms=round(median(times["off"]), 4))


def _closures(store: Store, model: str, how: str) -> dict[str, Any]:
    scope = look(store)

    def read(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        return store.read(sql, params)

    def alone() -> int:
        state = log.state(read)
        snapshot = None if state is None or state.token is None else loaded.load(path, state.token)
        if state is None or snapshot is None or not snapshot.refresh(read, state.last):
            raise RuntimeError("the snapshot is not used")
        seeds = [n for n, _, _ in read(lineage_start("up", Sight(scope)), {ROOT: model})]
        return len(Frontier(snapshot, scope, "up", read).nodes(seeds))

    def found() -> list[list[int]]:
        one = closed(store, scope, model, "up")
        if one is None:
            raise RuntimeError("the snapshot is not used")
        return one.rows()

    path = str(getattr(store, "path", ""))
    return {
        f"closure, {how}": at_most(warm_median_ms(alone, 31), CLOSURE_MS, "ms", nodes=alone() - 1),
        f"closure with depths and ways, {how}": plain(warm_median_ms(found, 31), "ms"),
        f"closure with depths, ways and ids, {how}": plain(
            warm_median_ms(lambda: ids_of(store, [row[0] for row in found()])), "ms"
        ),
    }


def _while_more_comes_in(path: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    stop, going = context.Event(), context.Event()
    feeder = context.Process(target=_feed, args=(path, stop, going))
    feeder.start()
    try:
        if not going.wait(60):
            raise RuntimeError("nothing came in")
        return work()
    finally:
        stop.set()
        feeder.join()


def _feed(path: str, stop: Any, going: Any) -> None:
    """Ten batches a second: runs that use one file of the batch before and make the next."""
    store, n, batch = open_store(f"sqlite:///{path}"), 0, EVENTS // 10
    while not stop.is_set():
        began, said = time.monotonic(), []
        for _ in range(batch // 4):
            n += 1
            run, made, was = f"urn:run{n}", f"urn:made{n}", f"urn:made{n - 1}"
            at = [Position(4_000_000_000_000_000 + 4 * n + i, "urn:feeder", 4 * n + i) for i in range(4)]
            said += [
                Description(Context(), at[0], run, ("Activity",), ("Preparation",), "step"),
                Relation(Context(), at[1], "used", run, was),
                Description(Context(), at[2], made, ("Entity",), ("Dataset",), "file"),
                Relation(Context(), at[3], "wasGeneratedBy", made, run),
            ]
        store.write(Batch(said))
        going.set()
        time.sleep(max(0.0, 0.1 - (time.monotonic() - began)))
    store.close()
