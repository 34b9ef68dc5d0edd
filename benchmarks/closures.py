"""Closures over generated lineage: many pipelines at once, their nodes interleaved as those of many people are.

A pipeline is layers of activities, each using four files of the layer before and making one; the last makes the
model. Behind it lie about 7,400 nodes, however large the graph around it is.
"""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from begat.graph_schema.statements import AnyStatement, Context, Description, Ended, Position, Relation, Started
from begat.graph_schema.store import Batch, Store, open_store
from begat.queries.answer import Answer
from begat.queries.ask import ask
from begat.queries.engine import look, run
from begat.queries.expr import Par, Var
from begat.queries.lineage import ancestors
from begat.queries.plan import FLOW, C, N, Query
from benchmarks.budget import at_most, plain
from benchmarks.closures_in_memory import in_memory
from benchmarks.journal import BEGINNING, Minter
from benchmarks.scratch import scratch
from benchmarks.timing import warm_median_ms

LAYERS, WIDTH, USED = 12, 410, 4
#: One pipeline's nodes: an activity and a file each, the raw files, and the model with its training.
PIPELINE = 2 * LAYERS * WIDTH + WIDTH + 2
CLOSURE_MS = 15
BATCH = 100_000
MOST = 100_000
#: The closure alone: no names, no depths, no ids.
WALK = (
    "WITH RECURSIVE up(n) AS (SELECT 4 * nid FROM ident WHERE id = :id "
    "UNION SELECT f.d FROM up CROSS JOIN flow f ON f.s = up.n ORDER BY 1) SELECT count(*) FROM up"
)
#: The same as a question renders it, with phases, visibility and ids.
IDS = Query((N("x", id=Par("thing")), C("x", FLOW, "y", "up")), {"id": Var("y")}, ("id",))


class Made(NamedTuple):
    """A pipeline's model, a raw file of it, and a file of its fourth layer, with a few hundred nodes behind it."""

    model: str
    raw: str
    early: str


def small() -> dict[str, Any]:
    """100,000 nodes, 250,000 edges."""
    return _measure(100_000)


def large() -> dict[str, Any]:
    """1,000,000 nodes, 2,500,000 edges."""
    return _measure(1_000_000)


def huge() -> dict[str, Any]:
    """5,000,000 nodes, 12,500,000 edges: 8 GB on the disk, and 3 GB of memory."""
    return _measure(5_000_000)


def _measure(nodes: int) -> dict[str, Any]:
    pipelines = max(1, nodes // PIPELINE)
    with scratch() as folder:
        store = open_store(f"sqlite:///{folder}/graph.db")
        began = time.perf_counter()
        made = load(store, pipelines)
        took = time.perf_counter() - began
        stats = store.stats()
        some = made[len(made) // 2]
        ((size,),) = store.read(WALK, {"id": some.model})
        scope = look(store)
        walk = warm_median_ms(lambda: store.read(WALK, {"id": some.model}))
        ids = warm_median_ms(lambda: run(store, IDS, {"thing": some.model}, scope))
        questions: dict[str, Callable[[], Answer]] = {
            "how_created of a model": lambda: ask(store, "how_created", {"thing": some.model}, limit=MOST),
            "how_created of a model, 1,000 rows": lambda: ask(store, "how_created", {"thing": some.model}),
            "ancestors of a model": lambda: ancestors(store, some.model, limit=MOST),
            "impact of a raw file": lambda: ask(store, "impact", {"thing": some.raw}, limit=MOST),
        }
        asked = {name: (warm_median_ms(question), len(question().rows)) for name, question in questions.items()}
        file = sum(f.stat().st_size for f in Path(folder).glob("graph.db*"))
        accelerated = in_memory(f"{folder}/graph.db", store, some.model, questions)
        store.close()
    nodes = stats.entities + stats.activities
    return {
        "graph": plain(took, "s to load", nodes=nodes, edges=stats.relations, mib=file >> 20),
        "closure": at_most(walk, CLOSURE_MS, "ms", nodes=size - 1),
        "closure with ids": plain(ids, "ms"),
        **{name: plain(ms, "ms", rows=rows) for name, (ms, rows) in asked.items()},
        **accelerated,
    }


def load(store: Store, pipelines: int, projects: tuple[str, ...] = ("default",)) -> list[Made]:
    """Through Store.write, in big batches; pipelines belong to the projects in turn. Returns what each has made."""
    made: list[Made] = []
    statements = _interleaved(pipelines, [Context(p) for p in projects], made)
    while batch := list(islice(statements, BATCH)):
        store.write(Batch(batch))
    store.settle()
    return made


def _interleaved(pipelines: int, contexts: list[Context], made: list[Made]) -> Iterator[AnyStatement]:
    """Layer by layer through all pipelines, so that no pipeline's rows lie side by side."""
    random, mint = Random(5), Minter(5)
    now = BEGINNING

    def at() -> Position:
        nonlocal now
        now += 1
        return Position(now, "urn:writer", now - BEGINNING)

    def file(here: Context, types: tuple[str, ...], name: str) -> tuple[str, Description]:
        entity = mint()
        return entity, Description(here, at(), entity, ("Entity",), types, name)

    def activity(
        number: int, used: list[str], types: tuple[str, ...], made_types: tuple[str, ...]
    ) -> Iterator[AnyStatement]:
        here, run = contexts[number % len(contexts)], mint()
        yield Description(here, at(), run, ("Activity",), types, "step")
        yield Started(here, at(), run)
        for entity in used:
            yield Relation(here, at(), "used", run, entity)
        result, described = file(here, made_types, "file")
        yield described
        yield Relation(here, at(), "wasGeneratedBy", result, run)
        yield Ended(here, at(), run)
        fresh.append(result)

    layers: list[list[str]] = []
    for number in range(pipelines):
        raw = [file(contexts[number % len(contexts)], ("Dataset",), "raw.csv") for _ in range(WIDTH)]
        yield from (described for _, described in raw)
        layers.append([entity for entity, _ in raw])
    first = [layer[0] for layer in layers]
    early: list[str] = []
    fresh: list[str] = []
    for step in range(LAYERS):
        following: list[list[str]] = [[] for _ in layers]
        for _ in range(WIDTH):
            for number, layer in enumerate(layers):
                fresh.clear()
                yield from activity(number, random.sample(layer, USED), ("Preparation",), ("Dataset",))
                following[number] += fresh
        layers = following
        if step == 3:
            early = [layer[0] for layer in layers]
    for number, layer in enumerate(layers):
        fresh.clear()
        yield from activity(number, random.sample(layer, USED), ("Training",), ("Model",))
        made.append(Made(fresh[0], first[number], early[number]))
