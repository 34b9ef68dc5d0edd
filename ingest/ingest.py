"""A pass over the spool: what is new goes into the store, exactly once, in batches."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Header
from begat.graph_schema.fold import later_writer
from begat.graph_schema.store import Batch, Bookmark, Store, Writer
from begat.ingest import segment
from begat.ingest import spool as spools
from begat.ingest.liveness import SILENCE, alive
from begat.ingest.reading import Reading, quarantined
from begat.ingest.report import Report
from begat.ingest.segment import Place

Progress = Callable[[int, int], None]


def ingest(
    store: Store,
    spool: Path,
    *paths: Path,
    batch_events: int = 20_000,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Report:
    """Take in what the spool holds (or the files and folders in `paths` instead) and the store does not.

    With `seconds` the pass ends early, after the batch in which the time was up. `progress` is called with the bytes
    read and the bytes to read. Raises UsageError for a path that is not there, StoreError when the store cannot take
    it; what is wrong with a segment or a line is in the report, and raises nothing.
    """
    return _Pass(store, batch_events, progress).run(spools.find(spool, paths), seconds)


class _Pass:
    def __init__(self, store: Store, batch_events: int, progress: Progress | None) -> None:
        self.report = Report()
        self._store = store
        self._most = batch_events
        self._progress = progress
        self._marks = store.bookmarks()
        self._done = self._total = 0
        self._new_batch()

    def run(self, places: list[Place], seconds: float | None) -> Report:
        began = time.perf_counter()
        places = spools.unread(places, self._marks)
        self._total = sum(p.size - self._start(p) for p in places)
        for p, header in self._in_order(places):
            if seconds is not None and time.perf_counter() - began > seconds:
                self.report.complete = False
                break
            self._read(p, header, began, seconds)
        self._flush()
        self._store.settle()
        self.report.seconds = time.perf_counter() - began
        return self.report

    def _in_order(self, places: list[Place]) -> list[tuple[Place, Header]]:
        """The readable ones, by the time their writers opened them: so most events come after their causes."""
        headed = [(p, h) for p in places if (h := self._header(p)) is not None]
        return sorted(headed, key=lambda x: (x[1].wall, x[1].writer, x[1].segment))

    def _header(self, p: Place) -> Header | None:
        source = str(p.path)
        try:
            with segment.opened(p) as file:
                line = segment.first_line(file)
        except OSError as e:
            self.report.findings.append(f"{source}: cannot be read: {e.strerror}")
            return None
        if line is None and (p.size == 0 or not _final(p, None)):
            return None  # just opened
        try:
            return segment.header(line or b"")
        except segment.Newer as newer:
            self.report.findings.append(f"{source}: left alone: {newer}")
        except FormatError as wrong:
            self.report.findings.append(f"{source}: skipped, whose events these are cannot be known: {wrong}")
            self._batch.quarantined.append(quarantined(source, 0, str(wrong), line or b""))
            self._bookmarks[p.key] = p.size
        return None

    def _start(self, p: Place) -> int:
        mark = self._marks.get(p.key, 0)
        return mark if mark <= p.size else 0  # a shorter file is another one

    def _read(self, p: Place, header: Header, began: float, seconds: float | None) -> None:
        final = _final(p, header)  # asked before reading, so that what is read then is the whole
        with segment.opened(p) as file:
            end = segment.line_start(file, self._start(p))
            if end == 0:
                segment.first_line(file)
                end = file.tell()
            reading = Reading(str(p.path), file, header, [(r.first, r.last) for r in self._store.ranges(header.writer)])
            self._advance(p.key, end, 0, reading)
            for block in segment.blocks(file, end, self._most):
                reading.take(block, self._batch)
                self._advance(p.key, block.end, block.end - end, reading)
                end = block.end
                if seconds is not None and time.perf_counter() - began > seconds:
                    self.report.complete = False
                    break
            else:
                if final:
                    self._finish(p, file, end, reading)
        self.report.files += 1
        self.report.events += reading.events
        self.report.points += reading.points
        self.report.findings += reading.findings

    def _finish(self, p: Place, file: BinaryIO, end: int, reading: Reading) -> None:
        file.seek(end)
        if tail := file.read():
            reading.torn(end, tail, self._batch)
            self._bookmarks[p.key] = end + len(tail)
        if p.sealed and not reading.sealed:
            reading.findings.append(f"{p.path}: sealed, but without a footer: its end may be missing")

    def _advance(self, key: str, end: int, by: int, reading: Reading) -> None:
        self._bookmarks[key] = end
        writer = reading.seen()
        before = self._writers.get(writer.header.writer, writer)
        self._writers[writer.header.writer] = later_writer(before, writer)
        if self._batch.size() >= self._most:
            self._flush()
        self._done += by
        if self._progress:
            self._progress(self._done, self._total)

    def _new_batch(self) -> None:
        self._batch = Batch()
        self._bookmarks: dict[str, int] = {}
        self._writers: dict[str, Writer] = {}

    def _flush(self) -> None:
        if not self._bookmarks:
            return
        self._batch.writers = list(self._writers.values())
        self._batch.bookmarks = [Bookmark(k, o) for k, o in self._bookmarks.items()]
        self._store.write(self._batch)
        self.report.quarantined += len(self._batch.quarantined)
        self._new_batch()


def _final(p: Place, header: Header | None) -> bool:
    """Whether nobody will write to this segment any more."""
    if p.sealed:
        return True
    lives = alive(header) if header else None
    return lives is False or (lives is None and time.time() - p.changed > SILENCE)
