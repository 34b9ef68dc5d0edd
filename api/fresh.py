"""The store as a reading command finds it: with what the spool holds taken in first, if that is quickly done."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from begat.api.settings import Settings
from begat.graph_schema.errors import StoreBusy, StoreError
from begat.graph_schema.store import Store, open_store
from begat.ingest import spool
from begat.ingest.ingest import ingest
from begat.ingest.lock import try_lock
from begat.ingest.report import Report

#: How long a reading command takes in events before it answers all the same, in seconds.
PATIENCE: Final = 2.0


class Fresh(NamedTuple):
    """An open store, and how many events are not in it yet."""

    store: Store
    pending: int


@contextmanager
def fresh(settings: Settings) -> Iterator[Fresh]:
    """Open the store for a reading command. Raises StoreError when there is neither a store nor anything to make it of.

    One process takes in at a time: who finds another at it answers from what there is. What is still pending, and
    what could not be taken in, is told on stderr.
    """
    file = settings.store_file
    if file is not None and not file.exists() and not spool.find(settings.spool):
        raise StoreError(
            f"no store at {file} and nothing in the spool {settings.spool}: "
            "run a training script with begat's hooks first, or set BEGAT_STORE"
        )
    # A store that is there is only read, unless there is something to write into it.
    there = file is not None and file.exists() and (file.is_dir() or file.stat().st_size > 0)
    store = open_store(settings.store, create=not there)
    try:
        settled = False
        if file is not None and _writable(file):
            with try_lock(file.with_name(file.name + ".lock")) as mine:
                if mine:
                    settled = _take_in(store, settings)
        pending = spool.pending(settings.spool, store.bookmarks()) + (0 if settled else store.stats().marked)
        if pending:
            print(f"begat: {pending} events pending, this answer is without them: begat ingest", file=sys.stderr)
        yield Fresh(store, pending)
    finally:
        store.close()


def _writable(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def _take_in(store: Store, settings: Settings) -> bool:
    """Take in what is unread and settle what an ingest that was killed left marked; False when another is writing."""
    try:
        if spool.unread(spool.find(settings.spool), store.bookmarks()):
            tell(ingest(store, settings.spool, seconds=PATIENCE))
        else:
            store.settle()
    except StoreBusy:  # then they stay pending, and that is told
        return False
    return True


def tell(report: Report) -> None:
    """Say on stderr what could not be taken in."""
    for finding in report.findings:
        print(f"begat: {finding}", file=sys.stderr)
    if report.quarantined:
        lines = "1 line" if report.quarantined == 1 else f"{report.quarantined} lines"
        print(f"begat: {lines} could not be taken in, and kept aside: begat doctor tells why", file=sys.stderr)
