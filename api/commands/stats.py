"""begat stats: count what the store holds, and how far it is behind the spool."""

import argparse
import sys
import time
from typing import Final

import msgspec

from begat.api.fresh import fresh
from begat.api.settings import Settings
from begat.api.snapshot import as_data, families, stands
from begat.api.table import aligned
from begat.ingest import spool

#: What is told of a store: what it holds, not how it came to hold it.
TOLD: Final = (
    "entities", "activities", "agents", "relations", "metric_points", "by_type", "pending_events", "quarantined",
    "dropped", "pending_bytes", "lag_seconds",
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json", "prometheus"), default="table", help="default: table")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    with fresh(settings) as (store, pending):
        stats = msgspec.structs.replace(store.stats(), pending_events=pending)
        lag = spool.lag(settings.spool, store.bookmarks())
        stood = stands(store, settings.store_file)
    if arguments.format == "prometheus":
        from begat.api.metrics.store import of_lag, of_store
        from begat.api.metrics.text import rendered

        sys.stdout.write(rendered([*of_store(stats), *of_lag(lag, "begat_spool"), *families(stood)]))
        return 0
    counts = msgspec.structs.asdict(stats)
    counts |= {"pending_bytes": lag.bytes, "lag_seconds": round(lag.seconds(time.time()), 3)}
    if arguments.format == "json":
        told = {name: counts[name] for name in TOLD} | {"snapshot": as_data(stood)}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    by_type = counts.pop("by_type")
    rows = [(name.replace("_", " "), f"{counts[name]:,}") for name in TOLD if name != "by_type"]
    rows += [(f"  {name}", f"{n:,}") for name, n in by_type.items()]
    if stood is not None:
        rows += [("snapshot edges", f"{stood.edges:,}"), ("snapshot changes since", f"{stood.changes:,}")]
    print(aligned(("what", "count"), rows, (False, True)), end="")
    return 0
