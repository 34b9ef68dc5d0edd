"""begat stats: count what the store holds."""

import argparse

import msgspec

from begat.api.fresh import fresh
from begat.api.settings import Settings
from begat.api.table import aligned


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    with fresh(settings) as (store, pending):
        stats = msgspec.structs.replace(store.stats(), pending_events=pending)
    if arguments.format == "json":
        print(msgspec.json.format(msgspec.json.encode(stats), indent=2).decode())
        return 0
    counts = msgspec.structs.asdict(stats)
    by_type = counts.pop("by_type")
    rows = [(name.replace("_", " "), f"{n:,}") for name, n in counts.items()]
    rows += [(f"  {name}", f"{n:,}") for name, n in by_type.items()]
    print(aligned(("what", "count"), rows, (False, True)), end="")
    return 0
