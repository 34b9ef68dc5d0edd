"""begat import: a PROV document into the store."""

import argparse
import sys
from pathlib import Path
from typing import Final

from begat.api.settings import Settings
from begat.graph_schema.errors import FormatError, UsageError
from begat.graph_schema.store import open_store
from begat.ingest.documents.archive import About
from begat.ingest.documents.forms import FORMS, form_of
from begat.ingest.documents.load import load

AUTO: Final = "auto"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"{parser.epilog}\n  cat run.provn | begat import - --project wells"
    parser.add_argument("files", nargs="+", metavar="FILE", help="a PROV document; - for standard input")
    parser.add_argument(
        "--format", choices=(AUTO, *FORMS), default=AUTO, help="by name or content, if it is not told (default: auto)"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    store = open_store(settings.store)
    try:
        for name in arguments.files:
            data = _read(name)
            form = form_of(name, data) if arguments.format == AUTO else arguments.format
            try:
                told = load(store, settings.spool, About(form, settings.project, name), data)
            except FormatError as e:
                raise FormatError(f"{name}: {e}") from e
            except OSError as e:
                raise UsageError(f"{name} cannot be kept in the spool {settings.spool}: {e.strerror or e}") from e
            bundles = f", in {told.bundles:,} bundles" if told.bundles else ""
            remarks = "".join(f"; {remark}" for remark in told.remarks)
            print(f"{name}: {told.things:,} things and {told.relations:,} relations{bundles}{remarks}", file=sys.stderr)
    finally:
        store.close()
    return 0


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as e:
        raise UsageError(f"{name} cannot be read: {e.strerror or e}") from e
