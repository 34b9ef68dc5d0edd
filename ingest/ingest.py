"""A pass over the spool: what is new goes into the store, exactly once, in batches."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from begat.graph_schema.ranges import Pairs
from begat.graph_schema.store import Batch, Store
from begat.ingest import ahead
from begat.ingest import spool as spools
from begat.ingest.batches import Batches
from begat.ingest.interpreter import set_for_a_pass
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
    def __init__(self, store: Store, most: int, progress: Progress | None) -> None:
        self._store = store
        self._most = most
        self._progress = progress
        self._report: Report | None = None

    @set_for_a_pass()
    def run(self, places: list[Place], seconds: float | None) -> Report:
        began = time.monotonic()
        marks = self._store.bookmarks()
        places = spools.unread(places, marks)
        total = sum(p.size - min(marks.get(p.key, 0), p.size) for p in places)
        if seconds is None and ahead.worth_it(total, self._store.dialect):
            self._take(self._ahead(places, marks), total)
        if self._report is None:
            self._take(self._here(places, None if seconds is None else began + seconds), total)
        assert self._report is not None
        self._store.settle()
        self._report.seconds = time.monotonic() - began
        return self._report

    def _take(self, batches: Iterator[tuple[Batch, int]], total: int) -> None:
        for batch, done in batches:
            self._store.write(batch)
            if self._progress:
                self._progress(done, total)

    def _here(self, places: list[Place], until: float | None) -> Iterator[tuple[Batch, int]]:
        """Batches read by this process, with the bytes read so far."""
        batches = Batches(self._store.bookmarks(), self._known, self._most)
        for batch in batches.read(places, until):
            yield batch, batches.done
        self._report = batches.report

    def _ahead(self, places: list[Place], marks: dict[str, int]) -> Iterator[tuple[Batch, int]]:
        """Batches read by another; without a report at their end, it has not read them all."""
        known = {w.header.writer: self._known(w.header.writer) for w in self._store.writers()}
        for parcel in ahead.parcels(places, marks, known, self._most):
            if parcel.report is not None:
                self._report = parcel.report
            else:
                yield parcel.batch(), parcel.done

    def _known(self, writer: str) -> Pairs:
        return [(r.first, r.last) for r in self._store.ranges(writer)]
