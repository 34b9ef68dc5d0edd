"""A piece of a journal that somebody has sent: its header line, and whole lines of the segment from some byte of it on.

It is taken in as a segment of the spool is, by the same readers, and told as taken in when it is committed. Whoever
sends it again, other pieces first, or two that overlap, changes nothing: events are known by writer and number.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from begat.graph_schema.errors import BegatError, FormatError
from begat.graph_schema.events import Header
from begat.graph_schema.ranges import Pairs
from begat.graph_schema.receipt import Receipt
from begat.graph_schema.store import Batch, Store
from begat.ingest import segment
from begat.ingest.interpreter import set_for_a_pass
from begat.ingest.reading import EARLIEST, LATEST, Reading
from begat.ingest.resolve import LARGEST

#: Statements, and bytes of journal, in a batch: what bounds the memory.
MOST: Final = 20_000
MOST_BYTES: Final = 16 << 20
#: Bytes of the longest header line, and signs of the longest of its names.
LONGEST_HEADER: Final = 64 << 10
LONGEST_NAME: Final = 200


class Foreign(BegatError):
    """The journal belongs to another project than the one it was sent to, or than its writer's journals so far."""


def receive(
    store: Store, file: BinaryIO, offset: int | None = None, *, project: str | None = None, ended: bool = False,
    most: int = MOST,
) -> Receipt:  # fmt: skip
    """Commit what a piece says, and tell up to where that is done.

    `offset` is the byte of the segment at which the lines behind the header begin, None right behind the header.
    `project` is the only one that is taken, None: any. With `ended` nobody will finish the last line, and what there is
    of it is kept aside; else it is left for the next piece. Nothing is stored, and FormatError is raised, for a piece
    without a sound header or with one of a newer format; Foreign likewise. StoreError: some of it may be stored, so
    send it again. The caller has the store `settle` now and then.
    """
    header, begin = _header(file)
    shift = 0 if offset is None else offset - begin
    if shift < 0:
        raise FormatError(f"offset {offset} lies in the header, which ends at byte {begin}")
    _belongs(store, header, project)
    name = f"received:{header.writer}.{header.segment:04d}"
    reading = Reading(name, file, header, lambda writer: _ranges(store, writer), shift)
    through = begin
    with set_for_a_pass():
        for batch, end in _batches(reading, file, begin, ended, most):
            batch.writers.append(reading.seen())
            store.write(batch)
            through = end
    held = _ranges(store, header.writer)
    committed = held[0][1] if held and held[0][0] <= 1 else 0
    return Receipt(header.writer, header.segment, committed, through + shift, reading.quarantined)


def _batches(
    reading: Reading, file: BinaryIO, begin: int, ended: bool, most: int
) -> Iterator[tuple[Batch, int]]:
    """What is to be written together, and the byte of the piece up to which that reaches; one batch at least."""
    batch, end, start = Batch(), begin, begin
    for block in segment.blocks(file, begin, most):
        reading.take(block, batch)
        end = block.end
        if batch.size() + len(batch.quarantined) >= most or end - start >= MOST_BYTES:
            yield batch, end
            batch, start = Batch(), end
    if ended:
        end = reading.torn(end, batch)
    if end > start or start == begin:
        yield batch, end


def _header(file: BinaryIO) -> tuple[Header, int]:
    """The header, and where it ends. Raises FormatError for one that no hook has written."""
    file.seek(0)
    line = file.readline(LONGEST_HEADER)
    if not line.endswith(b"\n"):
        raise FormatError("no journal: line 1 is no whole header")
    header = segment.header(line[:-1])
    names = (header.writer, header.project)
    if not all(n.isprintable() and 0 < len(n) <= LONGEST_NAME for n in names):
        raise FormatError(f"no journal: a writer and a project have names of 1 to {LONGEST_NAME} printable signs")
    numbers = (header.format, header.segment, header.pid, header.pid_start, header.monotonic)
    if not all(0 <= n <= LARGEST for n in numbers) or not EARLIEST <= header.wall <= LATEST:
        raise FormatError("no journal: a number in its header is beyond what it counts")
    return header, len(line)


def _belongs(store: Store, header: Header, project: str | None) -> None:
    if project is not None and header.project != project:
        raise Foreign(f"this journal is of the project {header.project!r}, and only {project!r} is taken here")
    if any(known.header.project != header.project for known in store.writers((header.writer,))):
        raise Foreign(f"the writer {header.writer} has written for another project than {header.project!r}")


def _ranges(store: Store, writer: str) -> Pairs:
    return [(r.first, r.last) for r in store.ranges(writer)]
