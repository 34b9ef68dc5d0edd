"""From the journal to the embedded store: every batch durable (synchronous=FULL), every event exactly once."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from begat.graph_schema.events import Attributes, End, Generated, Metric, Node, Relate, Setting, Start, Used, Wire
from begat.graph_schema.store import Batch, Store, open_store
from begat.ingest.ingest import ingest
from begat.ingest.report import Report
from benchmarks.budget import at_least, plain
from benchmarks.generate_journal import SIZES, BenchmarkSet
from benchmarks.journal import Clock, Minter, in_order, segment, shuffled
from benchmarks.scratch import scratch

EVENTS, POINTS = 50_000, 300_000
#: Events of one kind, and how many activities they belong to.
MANY, ACTIVITIES = 40_000, 200


class Nowhere:
    """A sink in the place of a store: what is left is reading, decoding and resolving."""

    dialect = "none"

    def write(self, batch: Batch) -> None: ...
    def settle(self) -> int:
        return 0

    def bookmarks(self) -> dict[str, int]:
        return {}

    def ranges(self, writer: str) -> list[Any]:
        return []

    def writers(self) -> list[Any]:
        return []


def set_m() -> dict[str, Any]:
    """Set M, parsed only, taken in, and written plainly to the same disk as the floor."""
    with scratch() as folder:
        spool = folder / "spool"
        made = BenchmarkSet(SIZES["M"])
        events = made.write(spool)
        nowhere: Any = Nowhere()
        parsed = ingest(nowhere, spool)
        store = open_store(f"sqlite:///{folder}/graph.db")
        report = taken_in(store, spool, events)
        before = store.stats()
        taken_in(store, spool, 0)
        if (stats := store.stats()) != before or stats.metric_points != made.counts["metric"]:
            raise RuntimeError(f"not exactly once: {before} became {stats}")
        store.close()
        size = sum(f.stat().st_size for f in folder.glob("graph.db*"))
        floor = _floor(spool, folder / "floor")
    return {
        "events": at_least(events / report.seconds, EVENTS, "events/s", events=events, by_kind=dict(made.counts)),
        "seconds": plain(report.seconds, "s"),
        "parse only": plain(parsed.seconds, "s", events_per_s=round(events / parsed.seconds)),
        "floor": plain(floor, "s to append the same bytes with an fdatasync every 5,000 lines"),
        "store": plain(size / events, "bytes an event", mib=round(size / 2**20)),
    }


def kinds() -> dict[str, Any]:
    """The rate of each kind of event, in journals that hold little else."""
    found: dict[str, Any] = {}
    for name, make in KINDS.items():
        with scratch() as folder:
            spool = folder / "spool"
            events, points = kind(spool, make)
            store = open_store(f"sqlite:///{folder}/graph.db")
            report = taken_in(store, spool, events)
            store.close()
        if points:
            found[name] = at_least(points / report.seconds, POINTS, "points/s")
        else:
            found[name] = plain(round(events / report.seconds), "events/s")
    return found


def kind(spool: Path, make: Any) -> tuple[int, int]:
    """Write a journal of one of KINDS; returns its events, and how many of them are points."""
    mint, events, points = Minter(1), 0, 0
    for _ in range(4):
        all_ = list(_activities(mint, make))
        events += segment(spool, mint(), all_)
        points += sum(type(e) is Metric for e in all_)
    return events, points


def _activities(mint: Minter, make: Any) -> Iterator[Wire]:
    clock = Clock()
    for _ in range(ACTIVITIES // 4):
        run = mint()
        yield Start(*clock.tick(), run, "train", ["Training"])
        yield from make(mint, clock, run, MANY // ACTIVITIES)
        yield End(*clock.tick(), run)


def _metrics(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for i in range(count * 25):  # a million points in all
        yield Metric(*clock.tick(), run, ("loss", "accuracy", "seconds")[i % 3], 1 / (i + 1), i // 3)


def _sections(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for i in range(count // 2):
        section = mint()
        yield Start(*clock.tick(), section, "epoch", ["LearningStageSection"], None, run, attributes={"index": i})
        yield End(*clock.tick(), section)


def _parts(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for _ in range(count // 2):
        part = mint()
        yield Start(*clock.tick(), part, "prepare", ["Preparation"], run)
        yield End(*clock.tick(), part)


def _settings(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for i in range(count):
        yield Setting(*clock.tick(), run, f"setting-{i}", i / 7)


def _nodes(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for i in range(count):
        facts: Attributes = {"path": f"/data/{i}.csv", "uri": f"nfs://store/data/{i}.csv", "size": i}
        yield Node(*clock.tick(), mint(), "Entity", ["Dataset"], f"{i}.csv", facts)


def _usages(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for _ in range(count):
        yield Used(*clock.tick(), run, mint(), "train")


def _generations(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for _ in range(count):
        yield Generated(*clock.tick(), run, mint())


def _relations(mint: Minter, clock: Clock, run: str, count: int) -> Iterator[Wire]:
    for _ in range(count):
        yield Relate(*clock.tick(), "wasAssociatedWith", run, mint(), "author")


KINDS = {
    "metric": _metrics,
    "section": _sections,
    "part": _parts,
    "setting": _settings,
    "node": _nodes,
    "used": _usages,
    "generated": _generations,
    "relation": _relations,
}


def usages() -> dict[str, Any]:
    """One activity that uses 100,000 files and makes one."""
    return _both(wide)


def trials() -> dict[str, Any]:
    """A study of 10,000 trials: each uses a file, makes a model and scores it; then the best is kept."""
    return _both(_study)


def wide() -> Iterator[Wire]:
    mint, clock = Minter(2), Clock()
    run, made = mint(), mint()
    yield Start(*clock.tick(), run, "join", ["Preparation"])
    for i in range(100_000):
        file = mint()
        yield Node(*clock.tick(), file, "Entity", ["Dataset"], f"raw/{i}.csv")
        yield Used(*clock.tick(), run, file)
    yield Node(*clock.tick(), made, "Entity", ["Dataset"], "joined.csv")
    yield Generated(*clock.tick(), run, made)
    yield End(*clock.tick(), run)


def _study() -> Iterator[Wire]:
    mint, clock = Minter(3), Clock()
    study, train, validation, best = mint(), mint(), mint(), mint()
    yield Start(*clock.tick(), study, "study", ["Validation"], experiment="wide")
    for file, name in ((train, "train.csv"), (validation, "validation.csv")):
        yield Node(*clock.tick(), file, "Entity", ["LearningDataset"], name)
    for i in range(10_000):
        trial, model, scored = mint(), mint(), mint()
        yield Start(*clock.tick(), trial, f"trial-{i}", ["Training"], study)
        yield Used(*clock.tick(), trial, train, "train")
        yield Setting(*clock.tick(), trial, "lr", i / 10_000)
        yield Node(*clock.tick(), model, "Entity", ["Model"], f"trial-{i}.pt")
        yield Generated(*clock.tick(), trial, model)
        yield Used(*clock.tick(), trial, model)
        yield Used(*clock.tick(), trial, validation, "validation")
        yield Node(*clock.tick(), scored, "Entity", ["ModelEvaluation"], "accuracy", {}, i / 10_000)
        yield Generated(*clock.tick(), trial, scored)
        yield Relate(*clock.tick(), "evaluationOf", scored, model)
        yield Relate(*clock.tick(), "onData", scored, validation)
        yield End(*clock.tick(), trial)
    yield Node(*clock.tick(), best, "Entity", ["Model"], "best.pt")
    yield Generated(*clock.tick(), study, best)
    yield End(*clock.tick(), study)


def _both(make: Any) -> dict[str, Any]:
    """In the order in which it happened, and with every event in a segment drawn by lot."""
    found = {}
    for name, write in (("ordered", in_order), ("shuffled", shuffled)):
        with scratch() as folder:
            spool = folder / "spool"
            events = write(spool, Minter(4)(), make())
            store = open_store(f"sqlite:///{folder}/graph.db")
            report = taken_in(store, spool, events)
            marked = store.stats().marked
            store.close()
        found[name] = plain(report.seconds, "s", events=events, events_per_s=round(events / report.seconds))
        if marked:
            raise RuntimeError(f"{marked} nodes are still marked after the pass")
    found["shuffled over ordered"] = plain(found["shuffled"]["value"] / found["ordered"]["value"], "times")
    return found


def taken_in(store: Store, spool: Path, events: int, batch_events: int = 20_000) -> Report:
    """Take in the spool. Raises RuntimeError unless that were so many events, and nothing was refused."""
    report = ingest(store, spool, batch_events=batch_events)
    if report.events != events or report.quarantined or report.findings or not report.complete:
        raise RuntimeError(f"{events} events became {report}")
    return report


def _floor(spool: Path, target: Path) -> float:
    """Seconds to append the same bytes to one file, durable in batches as large."""
    data = [f.read_bytes() for f in sorted(spool.rglob("*.seg"))]
    lines = b"".join(data).splitlines(keepends=True)
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    began = time.perf_counter()
    for start in range(0, len(lines), 5_000):
        os.write(fd, b"".join(lines[start : start + 5_000]))
        os.fdatasync(fd)
    took = time.perf_counter() - began
    os.close(fd)
    return took
