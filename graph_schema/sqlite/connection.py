"""Opening the database file: pragmas, an older schema migrated, and SQLite's errors as begat's."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

from begat.graph_schema.errors import StoreAway, StoreBusy, StoreEmpty, StoreError, StoreOlder, TookTooLong
from begat.graph_schema.migrations import Migration, pending
from begat.graph_schema.sqlite.migrate import PACKAGE, SCHEMA, look, migrate
from begat.graph_schema.sqlite.script import statements
from begat.graph_schema.terms import TYPES

#: Names sort by code point (SQLite's BINARY), as Python's do.
BUSY_S: Final = 30.0


@contextmanager
def errors(path: str) -> Iterator[None]:
    """SQLite's errors as one line for people."""
    try:
        yield
    except sqlite3.OperationalError as e:
        text = str(e)
        if "locked" in text or "busy" in text:
            raise StoreBusy(f"another process is writing to {path}: try again") from e
        if "interrupted" in text:
            raise TookTooLong("the question took longer than it may") from e
        kind = StoreAway if "full" in text or "disk I/O" in text else StoreError
        raise kind(f"{path}: {text}") from e
    except sqlite3.DatabaseError as e:
        raise StoreError(f"{path} is not a begat store, or is damaged: {e}; `begat rebuild` makes it anew") from e


def open_writer(path: str, *, create: bool) -> sqlite3.Connection:
    """The one connection that writes. Makes the file and its schema when `create`; an older one is migrated."""
    db = _open(path, create=create)
    try:
        with errors(path):
            migrate(db, path)
    except BaseException:
        db.close()
        raise
    return db


def migrate_file(path: str, *, copy: bool = True) -> Migration:
    """Migrate a file; `copy`: it is first kept as it was, see migrate.py. Returns what was done."""
    db = _open(path, create=False)
    try:
        with errors(path):
            return migrate(db, path, copy=copy)
    finally:
        db.close()


def _open(path: str, *, create: bool) -> sqlite3.Connection:
    where = Path(path)
    if where.is_dir():
        raise StoreError(f"{path} is a directory: a store is a file, say {path}/graph.db")
    if not where.exists():
        if not create:
            raise StoreError(f"there is no store at {path}")
        _make_folder(where.parent)
    if not _writable(path):
        raise StoreError(f"{path} cannot be written: the file or its folder is read-only")
    with errors(path):
        db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            check(db, path)
            _switch_to_wal(db)
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA cache_size = -65536")
            db.execute("PRAGMA wal_autocheckpoint = 16000")
            _create_schema(db, path)
        except BaseException:
            db.close()
            raise
    return db


def open_reader(path: str, *, steady: bool = False) -> sqlite3.Connection:
    """A connection that only reads; it sees the last commit, also while another writes.

    `steady`: it holds no more than 16 MiB of the file, else up to 64 MiB and the file itself mapped, up to 1 GiB.
    An older store is migrated first. Raises StoreOlder where that cannot be, as nothing can be written.
    """
    if Path(path).is_dir():
        raise StoreError(f"{path} is a directory: a store is a file, say {path}/graph.db")
    if not Path(path).exists():
        raise StoreError(f"there is no store at {path}")
    with errors(path):
        db = _read_only(path)
        try:
            found = check(db, path)
            if found == 0:
                raise StoreEmpty(f"{path} is empty: no begat has written to it yet")
            if found < SCHEMA:
                db.close()
                if not _writable(path):
                    raise StoreOlder(
                        f"{path} has schema {found}, this begat needs {SCHEMA}, and nothing can be written there: copy "
                        "it to where you can write, and ask there"
                    )
                open_writer(path, create=False).close()
                db = _read_only(path)
            db.execute(f"PRAGMA cache_size = {-16384 if steady else -65536}")
            db.execute(f"PRAGMA mmap_size = {0 if steady else 1 << 30}")
        except BaseException:
            db.close()
            raise
    return db


def _read_only(path: str) -> sqlite3.Connection:
    """A reading connection, also where nothing can be written: there SQLite has to be told that nobody writes."""
    for how in ("mode=ro", "immutable=1"):
        uri = f"{Path(path).absolute().as_uri()}?{how}"
        db = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            db.execute("SELECT count(*) FROM sqlite_master")
            return db
        except sqlite3.OperationalError as e:
            db.close()
            if "unable to open" not in str(e) or os.access(Path(path).parent, os.W_OK):
                raise
            log = Path(path + "-wal")
            if log.exists() and log.stat().st_size:
                break
    raise StoreError(
        f"{path} is in a read-only place, and its last writer did not end well: copy it and {path}-wal to where you "
        "can write, and ask there"
    )


def _switch_to_wal(db: sqlite3.Connection) -> None:
    """Wait for others who open the same new file: SQLite's own waiting does not cover this switch."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as e:
            if "locked" not in str(e) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise StoreError(f"the store's folder {folder} cannot be made: {e.strerror}") from e


def _writable(path: str) -> bool:
    file = Path(path)
    return os.access(file.parent, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))


def check(db: sqlite3.Connection, path: str) -> int:
    """The schema of an open file, 0 where there is nothing in it. Raises StoreError where it is not for this begat."""
    found = look(db, path)
    if found:
        pending(PACKAGE, path, found)
    return found


def waiting(path: str) -> Migration:
    """What a file would be migrated by; nothing is changed. Raises StoreError for what is no store."""
    if Path(path).is_dir() or not Path(path).exists():
        open_reader(path)
    with errors(path):
        db = _read_only(path)
        try:
            return pending(PACKAGE, path, look(db, path) or SCHEMA)
        finally:
            db.close()


def _create_schema(db: sqlite3.Connection, path: str) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if check(db, path) == 0:
            for statement in statements(files(PACKAGE).joinpath("schema.sql").read_text(encoding="utf-8")):
                db.execute(statement)
            db.execute("INSERT INTO writer (w, id) VALUES (0, '')")
            db.executemany("INSERT INTO type (code, name) VALUES (?, ?)", [(t.code, t.name) for t in TYPES.values()])
            db.execute(f"PRAGMA user_version = {SCHEMA}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise

