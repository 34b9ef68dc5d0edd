"""Bringing an older file to the schema of this begat, in place.

Each step is one transaction, which also raises the file's version: whoever dies in it leaves the file as it was before.
Others who open the file meanwhile wait for their turn, and find it done. Before the first step the file is copied to
`FILE.schema-N`, for a way back: to the begat that wrote it, or from a fault in a step.
"""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Final

from begat.graph_schema.errors import StoreError, StoreOlder
from begat.graph_schema.migrations import Migration, Step, latest, pending
from begat.graph_schema.sqlite.script import statements

PACKAGE: Final = "begat.graph_schema.sqlite"
SCHEMA: Final = latest(PACKAGE)
#: In the file's header, from schema 2 on: "bega". Other programs number their files by user_version too.
APPLICATION: Final = 0x62656761
#: Tables that a store of schema 1, which has no such mark, is known by.
_TABLES: Final = ("ident", "flow", "outbox")
_LOOK: Final = (
    "SELECT user_version, (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_master), "
    f"(SELECT count(*) FROM sqlite_master WHERE name IN {_TABLES}) FROM pragma_user_version"
)


def look(db: sqlite3.Connection, path: str) -> int:
    """The schema of an open file, 0 where there is nothing in it. Raises StoreError for another program's database."""
    # In one statement: another process may be making the schema just now.
    version, application, tables, known = map(int, db.execute(_LOOK).fetchone())
    if not (version or tables or application):
        return 0
    if application != APPLICATION and (version != 1 or known < len(_TABLES)):
        raise StoreError(f"{path} is an SQLite file, but not a begat store")
    return version


def migrate(db: sqlite3.Connection, path: str, *, copy: bool = True) -> Migration:
    """Take what steps are pending, on a connection that may write. Returns what was done.

    Raises StoreOlder where a step does not go through, StoreError where there is no room for the copy; the file then
    is as it was after the last step that did.
    """
    todo = pending(PACKAGE, path, look(db, path))
    kept = None
    while (found := look(db, path)) < SCHEMA:
        db.execute("BEGIN IMMEDIATE")
        try:
            if look(db, path) != found:  # another process was faster
                db.execute("ROLLBACK")
                continue
            if copy and kept is None:
                kept = _copy(path, found)
            _take(db, path, todo.steps[found - todo.found])
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    return todo._replace(copy=kept)


def _take(db: sqlite3.Connection, path: str, step: Step) -> None:
    try:
        for statement in statements(step.text):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {step.number}")
    except sqlite3.Error as e:
        raise StoreOlder(
            f"{path} has schema {step.number - 1}, and could not be brought to {step.number} ({step.name}): {e}; "
            "`begat rebuild` makes it anew from the journals"
        ) from e


def _copy(path: str, schema: int) -> str:
    """Copy the file as of its last commit: what its log holds too. Nobody writes: the caller holds the write lock."""
    kept = f"{path}.schema-{schema}"
    if Path(kept).exists():  # of one that died in a step
        return kept
    half = f"{kept}.half"
    try:
        size = sum(Path(f"{path}{end}").stat().st_size for end in ("", "-wal") if Path(f"{path}{end}").exists())
        room = shutil.disk_usage(Path(path).absolute().parent).free
        if room < size:
            raise OSError(f"it takes {size:,} bytes, and {room:,} are free")
        Path(half).unlink(missing_ok=True)
        source = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
        target = sqlite3.connect(half)
        try:
            source.backup(target, pages=10_000)
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            source.close()
            target.close()
        with open(half, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(half, kept)
    except (OSError, sqlite3.Error) as e:
        Path(half).unlink(missing_ok=True)
        raise StoreError(
            f"{path} has schema {schema}, and cannot be copied before it is brought to {SCHEMA}: {e}; "
            "make room, or leave the copy out: `begat migrate --no-copy`"
        ) from e
    return kept
