"""What of a snapshot lies beside the store's file: how large it would be, who builds, what is left to remove.

Nothing here needs numpy: who has not got it can still remove what another process made.
"""

import fcntl
import glob
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from begat.graph_schema.errors import StoreBusy
from begat.graph_schema.sqlite.connection import errors, open_reader, open_writer
from begat.graph_schema.sqlite.snapshot import log

#: With fewer edges SQL is as fast.
SMALL: Final = 20_000
#: Bytes of the file for an edge and for a node, all arrays together.
EDGE_BYTES, NODE_BYTES = 27, 42


class Size(NamedTuple):
    """What a snapshot would hold, and about how many bytes its file would have."""

    edges: int
    bytes: int


def estimate(path: str) -> Size:
    """How large a snapshot of a store would be."""
    db = open_reader(path)
    try:
        with errors(path):
            edges = int(db.execute("SELECT count(*) FROM flow").fetchone()[0])
            nodes = int(db.execute("SELECT count(*) FROM ident").fetchone()[0])
    finally:
        db.close()
    return Size(edges, EDGE_BYTES * edges + NODE_BYTES * nodes)


@contextmanager
def building(path: str) -> Iterator[None]:
    """One at a time, on one machine, whoever dies: a lock that the system lets go. Raises StoreBusy at once."""
    with open(f"{path}.flow.lock", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreBusy(f"another process is taking a snapshot of {path}: wait until it has") from None
        yield


@contextmanager
def writing(path: str) -> Iterator[sqlite3.Connection]:
    """A transaction that writes; undone by an error."""
    db = open_writer(path, create=False)
    try:
        with errors(path):
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
    finally:
        db.close()


def reading(db: sqlite3.Connection) -> log.Read:
    """What log.py asks a connection by."""
    return lambda sql, params: db.execute(sql, params).fetchall()


def remove(path: str) -> None:
    """Have no snapshot count any more, and remove its file. Raises StoreBusy while another process builds."""
    with building(path):
        with writing(path) as db:
            log.drop(db.execute)
        tidy(path, None)


def tidy(path: str, token: str | None) -> None:
    """Remove the files of other snapshots, and what a builder that died has left. Who has one mapped keeps it."""
    kept = None if token is None else log.place(path, token)
    for name in glob.glob(f"{glob.escape(path)}.flow-*"):
        if Path(name) != kept:
            Path(name).unlink(missing_ok=True)
