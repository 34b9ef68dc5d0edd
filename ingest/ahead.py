"""Reading ahead in a second process: it decodes batches while the first one stores those before.

Only for passes worth a process's start. The reader is this module, run as a program: it takes one Job on its standard
input and answers with Parcels, each behind its length in four bytes. Should it end before it has said all, the pass
goes on in its own process: what the reader had given is in the store, and the rest is read again.
"""

import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from begat.graph_schema.ranges import Pairs
from begat.graph_schema.statements import AnyStatement, Points
from begat.graph_schema.store import Batch, Bookmark, Quarantined, Range, Writer
from begat.ingest.batches import Batches
from begat.ingest.report import Report
from begat.ingest.segment import Place

#: Bytes to read from which a second process is worth its start of about 0.1 s.
WORTH_IT: Final = 16 << 20
#: Stores, by dialect, that work longer on them: for so many times less it is worth it.
SLOWER: Final = {"neo4j": 8}


def worth_it(bytes_: int, dialect: str) -> bool:
    """Whether a second process pays for so many bytes, on this machine."""
    return bytes_ >= WORTH_IT // SLOWER.get(dialect, 1) and (os.cpu_count() or 1) > 1


class Job(msgspec.Struct):
    """What to read, from where, and what the store holds of the writers it knows."""

    places: list[tuple[str, str, int, float]]
    marks: dict[str, int]
    known: dict[str, Pairs]
    most: int


class Parcel(msgspec.Struct):
    """A batch on its way, and how many bytes have been read; the last one has the report instead."""

    statements: list[AnyStatement] = []
    points: list[Points] = []
    ranges: list[Range] = []
    writers: list[Writer] = []
    bookmarks: list[Bookmark] = []
    quarantined: list[Quarantined] = []
    done: int = 0
    report: Report | None = None

    def batch(self) -> Batch:
        """The batch in it."""
        points = {(p.context, p.writer, p.activity, p.name, p.labels): p for p in self.points}
        return Batch(self.statements, points, self.ranges, self.writers, self.bookmarks, self.quarantined)


def parcels(places: list[Place], marks: dict[str, int], known: dict[str, Pairs], most: int) -> Iterator[Parcel]:
    """The pass's parcels from a second process, the report last; it ends without one when that process did. One is made
    ready in a thread while the one before is stored."""
    coming = _parcels(places, marks, known, most)
    try:
        with ThreadPoolExecutor(1, "begat-ahead") as thread:
            following = thread.submit(next, coming, None)
            while (parcel := following.result()) is not None:
                following = thread.submit(next, coming, None)
                yield parcel
    finally:
        coming.close()


def _parcels(
    places: list[Place], marks: dict[str, int], known: dict[str, Pairs], most: int
) -> Generator[Parcel, None, None]:
    job = Job([(str(p.path), p.key, p.size, p.changed) for p in places], marks, known, most)
    home = str(Path(__file__).absolute().parents[2])  # where begat is imported from
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])])}
    command = [sys.executable, "-P", "-m", "begat.ingest.ahead"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert child.stdin is not None
    assert child.stdout is not None
    decode = msgspec.msgpack.Decoder(Parcel).decode
    try:
        with child.stdin as out:
            out.write(msgspec.msgpack.encode(job))
        while len(size := child.stdout.read(4)) == 4:
            body = child.stdout.read(int.from_bytes(size, "big"))
            if len(body) < int.from_bytes(size, "big"):
                break
            yield decode(body)
    except BrokenPipeError:  # it ended before it had its job
        pass
    finally:
        child.stdout.close()
        child.kill()
        child.wait()


def serve(source: BinaryIO, out: BinaryIO) -> None:
    """Read a job and answer with its parcels."""
    job = msgspec.msgpack.decode(source.read(), type=Job)
    batches = Batches(job.marks, lambda writer: job.known.get(writer, []), job.most)
    for b in batches.read([Place(Path(path), key, size, changed) for path, key, size, changed in job.places]):
        points = list(b.points.values())
        _send(out, Parcel(b.statements, points, b.ranges, b.writers, b.bookmarks, b.quarantined, batches.done))
    _send(out, Parcel(done=batches.done, report=batches.report))


def _send(out: BinaryIO, parcel: Parcel) -> None:
    body = msgspec.msgpack.encode(parcel)
    out.write(len(body).to_bytes(4, "big") + body)
    out.flush()


if __name__ == "__main__":
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except (BrokenPipeError, KeyboardInterrupt):
        # Whoever asked has gone, and nothing is lost: what it did not store is read again.
        os._exit(1)
