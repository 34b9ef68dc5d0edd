"""begat accelerate: take a snapshot of the lineage edges beside the store, for closures in memory; or take it away."""

import argparse
from typing import Final

from begat.api.settings import Settings
from begat.graph_schema.errors import MissingExtra, UsageError
from begat.graph_schema.sqlite.snapshot.beside import SMALL, estimate, remove

ABOUT: Final = (
    "Take a snapshot of the embedded store's lineage edges, kept beside its file. Whoever asks much of a large graph "
    "in one process (a notebook, a service) then has lineage followed in memory: the same answers, sooner. What comes "
    "in later is read from the store; `begat ingest --watch` takes the next when much has, else take another "
    "when `begat doctor` says so. It needs the extra fast."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ABOUT
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--dry-run", action="store_true", help="only say how large it would be")
    group.add_argument("--off", action="store_true", help="remove the snapshot, and all that it left in the store")
    group.add_argument("--small", action="store_true", help="also of a graph so small that SQL is as fast")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Raises MissingExtra without numpy, UsageError for another store than an embedded one, StoreError."""
    file = settings.store_file
    if file is None:
        raise UsageError(f"{settings.store_shown} is no embedded store: only sqlite:///PATH has a snapshot")
    path = str(file)
    if arguments.off:
        remove(path)
        print(f"{path} has no snapshot")
        return 0
    size = estimate(path)
    if arguments.dry_run:
        print(f"{path} has {size.edges:,} lineage edges: a snapshot takes about {_mb(size.bytes)}")
        return 0
    if size.edges < SMALL and not arguments.small:
        print(f"{path} has {size.edges:,} lineage edges: below {SMALL:,} SQL is as fast, and no snapshot is taken")
        return 0
    try:
        from begat.graph_schema.sqlite.snapshot.build import build
    except ModuleNotFoundError as missing:
        if missing.name != "numpy":
            raise
        raise MissingExtra("begat accelerate", "fast") from missing
    done = build(path)
    print(f"{done.edges:,} lineage edges among {done.nodes:,} nodes: {_mb(done.bytes)}, {done.seconds:.1f} s")
    return 0


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
