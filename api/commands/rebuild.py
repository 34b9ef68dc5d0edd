"""begat rebuild: make the store again from the journals."""

import argparse
import sys

from begat.api.fresh import tell
from begat.api.progress import bar
from begat.api.settings import Settings
from begat.ingest.rebuild import rebuild


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make the store again from the journals in the spool: beside the old one, which is replaced at the end and "
        "only if the journals hold all that it holds."
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    with bar("rebuild") as progress:
        report = rebuild(settings.store, settings.spool, progress=progress)
    print(f"{settings.store_shown}: {report.events:,} events from {report.files:,} files", file=sys.stderr)
    if report.aside:
        print(f"begat: the old store could not be read, it is kept as {report.aside}", file=sys.stderr)
    tell(report)
    return 1 if report.quarantined or report.findings else 0
