"""Making the embedded store again from the archive: a new file beside the old one, which replaces it at the end."""

import glob
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from begat.graph_schema.errors import StoreBusy, StoreError, StoreOlder, UsageError
from begat.graph_schema.neo4j.address import without_password
from begat.graph_schema.sqlite.snapshot.beside import sweep
from begat.graph_schema.store import Range, Store, open_store
from begat.ingest.documents.archive import kept
from begat.ingest.documents.load import load_archive
from begat.ingest.ingest import Progress, ingest
from begat.ingest.report import Report
from begat.ingest.spool import find

#: What SQLite keeps beside a database file.
BESIDE = ("-wal", "-shm")
#: A new file that nobody has written to for so long, in seconds, was left by a rebuild that was killed.
ABANDONED = 3600.0


def rebuild(store_url: str, spool: Path, *, progress: Progress | None = None) -> Report:
    """Build the store of `store_url` (sqlite only) again from the spool's segments.

    The old store stays as it is until the new one is whole. Raises StoreError, and changes nothing, when the spool
    is empty or lacks events that the old store holds, when the old one is open elsewhere (StoreBusy), is newer, or is
    another program's database. One that is damaged or cannot be migrated is put aside: the report says where.
    """
    scheme, _, rest = store_url.partition(":///")
    if scheme != "sqlite" or not rest:
        raise UsageError(f"{without_password(store_url)!r} cannot be rebuilt: only an embedded store can, sqlite:///PATH")
    old = Path(rest)
    if not find(spool) and next(kept(spool), None) is None:
        raise StoreError(f"nothing to rebuild {old} from: no journals in the spool {spool}")
    if old.is_dir():
        raise StoreError(f"{old} is a directory: a store is a file, say {old}/graph.db")
    new = old.with_name(f"{old.name}.rebuild-{os.getpid()}")
    _remove_abandoned(old)
    try:
        store = open_store(f"sqlite:///{new}")
        try:
            report = ingest(store, spool, progress=progress)
            load_archive(store, spool)
            sound = _covers(store, old, spool)
        finally:
            store.close()
        if sound:
            _finish(old)
        else:
            report.aside = _put_aside(old)
        os.replace(new, old)
        with suppress(StoreBusy):  # somebody takes a snapshot of what was replaced: it finds no place there
            sweep(str(old))
    finally:
        _remove(new)
    return report


def _covers(store: Store, old: Path, spool: Path) -> bool:
    """Whether the old store, if there is one, can be read; raises if it then has an event that the new one lacks."""
    if not old.exists():
        return True
    try:
        before = open_store(f"sqlite:///{old}", create=False)
        try:
            lacking = _lacking(store, before)
        finally:
            before.close()
    except StoreError as unreadable:
        damaged = type(unreadable.__cause__) is sqlite3.DatabaseError  # or no database at all
        if damaged or isinstance(unreadable, StoreOlder):
            return False
        raise
    if lacking:
        raise StoreError(
            f"the spool {spool} lacks events {lacking.first} to {lacking.last} of writer {lacking.writer}, which "
            f"{old} holds: nothing was changed; bring the journals back, or rebuild to another --store"
        )
    return True


def _lacking(store: Store, before: Store) -> Range | None:
    """Events that were in the store before and are not in this one."""
    for w in before.writers():
        held = [range(r.first, r.last + 1) for r in store.ranges(w.header.writer)]
        for r in before.ranges(w.header.writer):
            if not any(r.first in h and r.last in h for h in held):
                return r
    return None


def _finish(old: Path) -> None:
    """Take what the old store's log holds into its file, and the log away: it must not be played into the new file."""
    if old.exists():
        try:
            db = sqlite3.connect(old, timeout=2.0, isolation_level=None)
            try:
                db.execute("PRAGMA journal_mode = DELETE")
            finally:
                db.close()
        except sqlite3.OperationalError as busy:
            raise StoreBusy(f"{old} is open in another process: end it, then rebuild again") from busy
        except sqlite3.DatabaseError:  # damaged where nobody has read yet; all it holds is in the new one
            pass
    for end in BESIDE:
        Path(f"{old}{end}").unlink(missing_ok=True)


def _put_aside(old: Path) -> str:
    aside = old.with_name(f"{old.name}.damaged-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
    for end in (*BESIDE, ""):
        if Path(f"{old}{end}").exists():
            os.replace(f"{old}{end}", f"{aside}{end}")
    return str(aside)


def _remove_abandoned(old: Path) -> None:
    """Take away what a rebuild left that was killed: nobody has written to it for a long time."""
    for file in old.parent.glob(f"{glob.escape(old.name)}.rebuild-*"):
        try:
            if time.time() - file.stat().st_mtime > ABANDONED:
                file.unlink()
        except FileNotFoundError:  # another rebuild was faster
            continue


def _remove(file: Path) -> None:
    for end in ("", *BESIDE):
        Path(f"{file}{end}").unlink(missing_ok=True)
