"""What of a snapshot lies beside the store's file: how large it would be, who builds, what is left to remove.

Nothing here needs numpy: who has not got it can still remove what another process made.
"""

import fcntl
import glob
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from begat.graph_schema.errors import StoreAway, StoreBusy
from begat.graph_schema.sqlite.connection import errors, open_reader, open_writer
from begat.graph_schema.sqlite.snapshot import log

#: With fewer edges SQL is as fast.
SMALL: Final = 20_000
#: Bytes of the file for an edge and for a node, all arrays together.
EDGE_BYTES, NODE_BYTES = 27, 42
#: What a snapshot's file is called behind the store's name. Nothing else is ours.
_OURS: Final = re.compile(r"\.flow-[0-9a-f]{32}(\.half)?")


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


def room(path: str, size: Size) -> None:
    """Raises StoreAway where the disk has not twice the place of a snapshot: the journals and the store go first."""
    free = shutil.disk_usage(Path(path).absolute().parent).free
    if free < 2 * size.bytes:
        raise StoreAway(
            f"the disk of {path} has {free / 1e6:,.0f} MB free, and a snapshot of {size.bytes / 1e6:,.0f} MB is taken "
            "only where as much stays free: make room"
        )


def remove(path: str) -> None:
    """Have no snapshot count any more, and remove its file. Raises StoreBusy while another process builds."""
    with building(path):
        with writing(path) as db:
            log.drop(db.execute)
        tidy(path, None)


def sweep(path: str) -> list[Path]:
    """Remove the files that nobody uses: of a store that was made anew, of one before, of a builder that died.

    Returns which. Raises StoreBusy while another process builds, StoreError where the store cannot be read.
    """
    if not _files(path) or not _others(path, _token(path)):
        return []
    with building(path):
        return tidy(path, _token(path))


def _token(path: str) -> str | None:
    """The token of the snapshot that a store names; what may be removed is only asked while nobody builds."""
    db = open_reader(path)
    try:
        with errors(path):
            state = log.state(reading(db))
    finally:
        db.close()
    return None if state is None else state.token


def tidy(path: str, token: str | None) -> list[Path]:
    """Remove all snapshots' files but that of the token, in the block of `building`; returns which.

    A reader that has one of them mapped reads on: the system keeps what it maps until it lets go. One that has only
    heard of it finds none, and asks SQL.
    """
    gone = _others(path, token)
    for file in gone:
        file.unlink(missing_ok=True)
    return gone


def _others(path: str, token: str | None) -> list[Path]:
    return [file for file in _files(path) if token is None or file != log.place(path, token)]


def _files(path: str) -> list[Path]:
    found = (Path(name) for name in glob.glob(f"{glob.escape(path)}.flow-*"))
    ours = (f for f in found if _OURS.fullmatch(f.name.removeprefix(Path(path).name)))
    return sorted(f for f in ours if f.is_file() and not f.is_symlink())
