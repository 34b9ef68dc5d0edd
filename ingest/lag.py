"""How far a store is behind its spool: what is written and not taken in, and how old the oldest event of it is."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from begat.graph_schema.errors import FormatError
from begat.ingest.packed import PACKED
from begat.ingest.segment import CHUNK, SEALED, body, header, open_path

#: A line longer than this, in bytes, is not looked into.
LONGEST = 1 << 20
#: Opening a file costs as much as reading so many bytes.
OPENING = 32 << 10


class Lag(NamedTuple):
    """Bytes and events pending; `oldest` is the time of the oldest of them, in microseconds since the epoch.

    With `exact` False only a part was counted, and the number of events follows from their mean length.
    """

    bytes: int = 0
    events: int = 0
    oldest: int | None = None
    exact: bool = True

    def seconds(self, now: float) -> float:
        """The age of the oldest pending event at a time (seconds since the epoch), 0 when nothing is pending."""
        return 0.0 if self.oldest is None else max(0.0, now - self.oldest / 1e6)


class _Event(msgspec.Struct):
    at: int


def measured(unread: Iterable[tuple[Path, int, int]], most: float = math.inf) -> Lag:
    """The lag of segments: of each its path, how far it was read, and its size. Reads about `most` bytes at most.

    A file that has gone or cannot be read is passed over.
    """
    total = counted = events = spent = 0
    oldest: int | None = None
    for path, read, size in unread:
        if read > size:  # a shorter file is another one
            read = 0
        total += size - read
        if spent >= most:
            continue
        spent += OPENING + size - read
        try:
            with open_path(path) as file:
                found, at = _count(file, read, str(file.name).endswith((SEALED, PACKED)))
        except OSError:  # told by whoever is to read it
            continue
        counted += size - read
        events += found
        if at is not None:
            oldest = at if oldest is None else min(oldest, at)
    if counted < total and counted:
        return Lag(total, round(events * total / counted), oldest, exact=False)
    return Lag(total, events, oldest)


def project_of(path: Path) -> str | None:
    """The project that a segment was written for, by its header; None where that cannot be read."""
    try:
        with open_path(path) as file:
            return header(file.readline(LONGEST).removesuffix(b"\n")).project
    except (OSError, FormatError):
        return None


def _count(file: BinaryIO, read: int, sealed: bool) -> tuple[int, int | None]:
    """Whole lines from an offset that are neither header nor footer, and the time of the first one."""
    file.seek(read)
    first = file.readline(LONGEST)
    if read == 0 and _is_header(first):
        first = file.readline(LONGEST)
    at = _time(first)
    file.seek(read)
    lines = last = 0
    while chunk := file.read(CHUNK):
        lines += chunk.count(b"\n")
        last = len(chunk)
    return max(0, lines - (read == 0) - (sealed and last > 0)), at


def _is_header(line: bytes) -> bool:
    try:
        header(line.removesuffix(b"\n"))
    except FormatError:
        return False
    return True


def _time(line: bytes) -> int | None:
    """The time of an event's whole line; None for any other."""
    if not line.endswith(b"\n"):
        return None
    try:
        return msgspec.json.decode(body(line[:-1]), type=_Event).at
    except (FormatError, ValueError):  # a footer, or damaged
        return None
