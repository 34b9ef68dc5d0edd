"""The wide table of runs: 10,000 runs, 50 columns, in one answer; also sorted, filtered and for one experiment."""

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import Any, Final

from begat.graph_schema import events as ev
from begat.graph_schema.statements import AnyStatement
from begat.graph_schema.store import Batch, Store, open_store
from begat.ingest.resolve import resolve
from begat.queries import find, runs
from begat.queries.answer import Answer
from benchmarks.budget import at_most, plain
from benchmarks.journal import Clock, Minter
from benchmarks.scratch import scratch
from benchmarks.timing import warm_median_ms

RUNS: Final = 10_000
EXPERIMENTS: Final = 100
SETTINGS: Final = 18
MEASURES: Final = 5
STEPS: Final = 3
TABLE_MS: Final = 300
BATCH: Final = 50_000


def table() -> dict[str, Any]:
    """On the embedded store."""
    with scratch() as folder:
        store = open_store(f"sqlite:///{folder}/graph.db")
        load(store)
        asked: dict[str, Callable[[], Answer]] = {
            "all runs": lambda: runs(store, limit=RUNS),
            "the latest 1,000": lambda: runs(store),
            "one experiment of 100": lambda: runs(store, experiment="experiment 7"),
            "five columns of all": lambda: runs(store, limit=RUNS, only=("name", "params.p0", "metrics.m0*")),
            "the best 100": lambda: runs(store, sort="-metrics.m0.max", limit=100),
            "where, the best 100": lambda: runs(store, where="p0 < 0.5 and m0 > 0.5", sort="-metrics.m0", limit=100),
            "find models where": lambda: find(store, "Model", "m0 > 0.9 and p0 <= 0.1", sort="-m0"),
        }
        told = {}
        for name, question in asked.items():
            ms, answer = warm_median_ms(question, 7), question()
            size = {"rows": len(answer.rows), "columns": len(answer.columns)}
            told[name] = at_most(ms, TABLE_MS, "ms", **size) if name == "all runs" else plain(ms, "ms", **size)
        store.close()
    return told


def load(store: Store) -> None:
    """Through Store.write, in big batches."""
    statements = (s for n in range(RUNS) for s in training(n))
    while batch := list(islice(statements, BATCH)):
        store.write(Batch(batch))
    store.settle()


_MINT: Final = Minter(11)
_RANDOM: Final = Random(11)
_CLOCK: Final = Clock()


def training(n: int) -> Iterator[AnyStatement]:
    """One run as the hooks tell it: settings, series, data, code, environment, who and where, a model."""
    run, model, code = _MINT(), _MINT(), f"urn:code:{n % 50}"

    def say(event: Callable[..., ev.Wire], **fields: Any) -> list[AnyStatement]:
        seq, at = _CLOCK.tick()
        return resolve(event(seq=seq, at=at, **fields), "urn:writer", "default")

    yield from say(ev.Start, run=run, name=f"run {n}", types=["Training"], experiment=f"experiment {n % EXPERIMENTS}")
    commit = {"commit": f"{n % 50:040x}"}
    yield from say(ev.Node, id=code, kind="Entity", types=["Code"], name="train.py", attributes=commit)
    yield from say(ev.Used, run=run, entity=code, role="code")
    yield from say(ev.Node, id="urn:ada", kind="Agent", types=["Person"], name="ada@lab")
    yield from say(ev.Relate, relation="wasAssociatedWith", source=run, target="urn:ada")
    yield from say(ev.Node, id=f"urn:node:{n % 20}", kind="Agent", types=["Node"], name=f"node{n % 20}")
    yield from say(ev.Relate, relation="ranOn", source=run, target=f"urn:node:{n % 20}")
    for role in ("train", "test"):
        data = f"urn:{role}:{n % 500}"
        digest = {"digest": f"blake2b:{n % 500:064x}"}
        yield from say(ev.Node, id=data, kind="Entity", types=["Dataset"], name=f"{role}.npz", attributes=digest)
        yield from say(ev.Used, run=run, entity=data, role=role)
    for i in range(SETTINGS):
        value = _RANDOM.choice((0.1, 3, "adam", True)) if i else _RANDOM.random()
        yield from say(ev.Setting, run=run, name=f"p{i}", value=value)
    for i in range(MEASURES):
        for step in range(STEPS):
            yield from say(ev.Metric, run=run, name=f"m{i}", value=_RANDOM.random(), step=step)
    yield from say(ev.Node, id=model, kind="Entity", types=["Model"], name=f"model {n}.pt")
    yield from say(ev.Generated, run=run, entity=model)
    yield from say(ev.End, run=run, outcome="failed" if n % 20 == 0 else "finished")
