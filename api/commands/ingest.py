"""begat ingest: take what the hooks wrote into the store, once or for as long as it runs."""

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
    parser.epilog = f"{parser.epilog}\n  begat ingest --watch --metrics 127.0.0.1:9464"
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="segments or folders instead of the spool")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="take in what is there now, then end (the default)")
    how.add_argument("--watch", action="store_true", help="go on taking in what comes, until SIGTERM or Ctrl-C")
    watching = parser.add_argument_group("with --watch")
    watching.add_argument(
        "--interval", type=seconds, default=1.0, metavar="SECONDS", help="from one look at the spool to the next (1)"
    )
    watching.add_argument(
        "--batch", type=count, default=20_000, metavar="N", help="statements committed at a time (20000)"
    )
    watching.add_argument(
        "--metrics", metavar="HOST:PORT", help="tell Prometheus there, on /metrics, and on /healthz whether all is well"
    )
    watching.add_argument("--metrics-public", action="store_true", help="on an address that others can reach, too")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.watch:
        from begat.api.watching import watch

        return watch(arguments, settings)
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


def seconds(text: str) -> float:
    number = float(text)
    if not 0.05 <= number <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.05 and 3600 seconds")
    return number


def count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 1000000")
    return number
