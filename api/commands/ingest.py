"""begat ingest: take what the hooks wrote into the store."""

import argparse
import sys
from pathlib import Path

from begat.api.fresh import tell
from begat.api.progress import bar
from begat.api.settings import Settings
from begat.graph_schema.store import open_store
from begat.ingest import spool
from begat.ingest.ingest import ingest


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="segments or folders instead of the spool")
    parser.add_argument("--once", action="store_true", help="take in what is there now, then end (the default)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    file = settings.store_file
    if not spool.find(settings.spool, arguments.paths) and file is not None and not file.exists():
        print(f"begat: nothing to take in: no journals in the spool {settings.spool}", file=sys.stderr)
        return 0
    store = open_store(settings.store)
    try:
        with bar("ingest") as progress:
            report = ingest(store, settings.spool, *arguments.paths, progress=progress)
    finally:
        store.close()
    rate = f", {report.events / report.seconds:,.0f} a second" if report.events >= 1000 else ""
    print(
        f"{report.events:,} events ({report.points:,} metric points) from {report.files:,} files "
        f"in {report.seconds:.2f} s{rate}",
        file=sys.stderr,
    )
    tell(report)
    return 1 if report.quarantined or report.findings else 0
