"""What doctor, stats and Prometheus are told of the snapshot of lineage edges beside an embedded store."""

import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from begat.api.metrics.text import Family, family
from begat.graph_schema.sqlite.snapshot.beside import SMALL
from begat.graph_schema.sqlite.snapshot.standing import Standing, standing
from begat.graph_schema.store import Store
from begat.queries.accelerated import VARIABLE, way
from begat.queries.answer import iso


def stands(store: Store, file: Path | None) -> Standing | None:
    """How a store's snapshot stands; None where it has none, or is no embedded one."""
    if file is None:
        return None

    def read(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        return store.read(sql, params)

    return standing(read, str(file))


def in_words(store: Store, file: Path) -> str:
    """Whether it is there and current, and what to do if not."""
    found = stands(store, file)
    if found is None:
        edges = store.read("SELECT count(*) FROM (SELECT 1 FROM flow LIMIT :small)", {"small": SMALL})[0][0]
        return "none: lineage is followed by SQL" + (
            "; begat accelerate has much of it followed in memory" if edges == SMALL else ""
        )
    if found.wrong is not None:
        return f"{found.wrong}: begat accelerate"
    size = f"{found.bytes / 1e6:,.1f} MB, {found.edges:,} edges"
    text = f"{found.place}, {size}, taken {iso(int(found.taken * 1e6))}, current, {found.changes:,} changes since"
    if way() == "off":
        return f"{text}; not used: {VARIABLE}=off"
    return text if find_spec("numpy") else f"{text}; not used: pip install 'begat[fast]'"


def as_data(found: Standing | None) -> dict[str, Any] | None:
    """The same for programs."""
    if found is None:
        return None
    taken = iso(int(found.taken * 1e6)) if found.taken else None
    return {
        "current": found.wrong is None, "edges": found.edges, "bytes": found.bytes, "taken": taken,
        "changes": found.changes,
    }  # fmt: skip


def families(found: Standing | None) -> Iterator[Family]:
    """What Prometheus is told: nothing where there is none."""
    if found is None:
        return
    about = "Whether the snapshot of lineage edges counts: 1 or 0."
    yield family("begat_snapshot_current", about, int(found.wrong is None))
    yield family("begat_snapshot_changes", "Changes of lineage edges since the snapshot was taken.", found.changes)
    if found.wrong is None:
        yield family("begat_snapshot_edges", "Lineage edges in the snapshot.", found.edges)
        yield family("begat_snapshot_bytes", "Size of the snapshot's file.", found.bytes)
        age = max(0.0, time.time() - found.taken)
        yield family("begat_snapshot_age_seconds", "Age of the snapshot of lineage edges.", age)
