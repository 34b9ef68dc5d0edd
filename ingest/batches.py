"""Segments read into batches, in the order their writers opened them."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Header
from begat.graph_schema.fold import later_writer
from begat.graph_schema.ranges import Pairs
from begat.graph_schema.store import Batch, Bookmark, Writer
from begat.ingest import segment
from begat.ingest.liveness import SILENCE, alive
from begat.ingest.reading import Reading, quarantined
from begat.ingest.report import Report
from begat.ingest.segment import Place

#: A batch ends after this many bytes of journal, too: a store takes it as one, and keeps its changes as one value.
MOST_BYTES: Final = 64 << 20


class Batches:
    """Reads places, from where `marks` say they have been read to. `report` tells what was read so far.

    `known` gives the sequence numbers of a writer that the store holds. `done` counts the bytes read, `headers` has
    those of the places by their keys, `failed` the keys of those that could not be read to their ends, `newer` of
    those that are left alone.
    """

    def __init__(
        self, marks: Mapping[str, int], known: Callable[[str], Pairs], most: int, most_bytes: int | None = None
    ) -> None:
        self.report = Report()
        self.done = 0
        self.headers: dict[str, Header] = {}
        self.failed: set[str] = set()
        self.newer: set[str] = set()
        self._marks = marks
        self._known = known
        self._most = most
        self._most_bytes = most_bytes or MOST_BYTES
        self._new_batch()

    def read(self, places: list[Place], until: float | None = None) -> Iterator[Batch]:
        """The batches; no further ones are begun after `until` (of time.monotonic)."""
        for p, header in self._in_order(places):
            if self._late(until):
                break
            try:
                yield from self._read(p, header, until)
            except OSError as e:  # what was read of it before is whole lines, and counts
                self._cannot(p, e)
        yield from self._flush()

    def start(self, p: Place) -> int:
        """Where to go on reading in a place."""
        mark = self._marks.get(p.key, 0)
        return mark if mark <= p.size else 0  # a shorter file is another one

    def _late(self, until: float | None) -> bool:
        if until is None or time.monotonic() <= until:
            return False
        self.report.complete = False
        return True

    def _in_order(self, places: list[Place]) -> list[tuple[Place, Header]]:
        """The readable ones, by the time their writers opened them: so most events come after their causes."""
        headed = []
        for p in places:
            try:
                h = self._header(p)
            except OSError as e:
                self._cannot(p, e)
                continue
            if h is not None:
                self.headers[p.key] = h
                headed.append((p, h))
        return sorted(headed, key=lambda x: (x[1].wall, x[1].writer, x[1].segment))

    def _cannot(self, p: Place, e: OSError) -> None:
        """A file that has gone since it was found, or may not be read, or a disk that fails: the others are read."""
        self.failed.add(p.key)
        self.report.findings.append(f"{p.path}: cannot be read: {e.strerror or e}")

    def _header(self, p: Place) -> Header | None:
        source = str(p.path)
        with segment.opened(p) as file:
            line = segment.first_line(file)
        if line is None and (p.size == 0 or not final(p, None)):
            return None  # just opened
        try:
            return segment.header(line or b"")
        except segment.Newer as newer:
            self.newer.add(p.key)
            self.report.findings.append(f"{source}: left alone: {newer}")
        except FormatError as wrong:
            self.report.findings.append(f"{source}: skipped, whose events these are cannot be known: {wrong}")
            self._batch.quarantined.append(quarantined(source, 0, str(wrong), line or b""))
            self._bookmarks[p.key] = p.size
        return None

    def _read(self, p: Place, header: Header, until: float | None) -> Iterator[Batch]:
        ended = final(p, header)  # asked before reading, so that what is read then is the whole
        with segment.opened(p) as file:
            end = segment.line_start(file, self.start(p))
            if end == 0:
                segment.first_line(file)
                end = file.tell()
            reading = Reading(str(p.path), file, header, self._known)
            self._seen(p.key, end, reading)
            for block in segment.blocks(file, end, self._most):
                reading.take(block, self._batch)
                self._seen(p.key, block.end, reading)
                self.done += block.end - end
                end = block.end
                self._bytes += block.end - block.offset
                if self._batch.size() + len(self._batch.quarantined) >= self._most or self._bytes >= self._most_bytes:
                    yield from self._flush()
                if self._late(until):
                    break
            else:
                if ended:
                    self._finish(p, end, reading)
        self.report.files += 1
        self.report.events += reading.events
        self.report.points += reading.points
        self.report.findings += reading.findings

    def _finish(self, p: Place, end: int, reading: Reading) -> None:
        self._bookmarks[p.key] = reading.torn(end, self._batch)
        if p.sealed and not reading.sealed:
            reading.findings.append(f"{p.path}: sealed, but without a footer: its end may be missing")

    def _seen(self, key: str, end: int, reading: Reading) -> None:
        self._bookmarks[key] = end
        writer = reading.seen()
        before = self._writers.get(writer.header.writer, writer)
        self._writers[writer.header.writer] = later_writer(before, writer)

    def _new_batch(self) -> None:
        self._batch = Batch()
        self._bytes = 0
        self._bookmarks: dict[str, int] = {}
        self._writers: dict[str, Writer] = {}

    def _flush(self) -> Iterator[Batch]:
        if self._bookmarks:
            batch = self._batch
            batch.writers = list(self._writers.values())
            batch.bookmarks = [Bookmark(k, o) for k, o in self._bookmarks.items()]
            self.report.quarantined += len(batch.quarantined)
            self._new_batch()
            yield batch


def final(p: Place, header: Header | None) -> bool:
    """Whether nobody will write to this segment any more."""
    if p.sealed:
        return True
    lives = alive(header) if header else None
    return lives is False or (lives is None and time.time() - p.changed > SILENCE)
