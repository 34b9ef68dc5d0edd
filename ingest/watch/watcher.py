"""The watcher: a round each second looks at the spool, takes in what is new, and waits where the store is away."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from begat.graph_schema.backoff import Backoff
from begat.graph_schema.errors import StoreAway, StoreError, StoreNewer
from begat.graph_schema.ranges import Pairs, merge
from begat.graph_schema.store import Batch, Store, open_store
from begat.ingest import spool
from begat.ingest.batches import Batches
from begat.ingest.filesystem import identity
from begat.ingest.interpreter import set_for_a_pass
from begat.ingest.lock import try_lock
from begat.ingest.watch.follow import RETRY, File, Following
from begat.ingest.watch.log import Log
from begat.ingest.watch.meter import Meter
from begat.ingest.watch.snapshots import Snapshots
from begat.ingest.watch.stop import Stop

#: Segments opened for one round of batches, and bytes of journal in one batch: what bounds the memory.
FILES: Final = 2_000
BYTES: Final = 16 << 20
#: Writers whose sequence numbers are remembered.
KNOWN: Final = 100_000
#: A line of what was done is said this often, in seconds, when something was.
SUMMARY: Final = 60.0
#: A lock that somebody else holds is worth a line after so many seconds.
PATIENCE: Final = 10.0
#: Lineage is worked out so many times more seldom than it takes.
SETTLE_PAUSE: Final = 4
#: When asked to stop, lineage is still worked out if that took less than this the last time, in seconds.
SETTLE_AT_END: Final = 5.0
#: A server with which nothing was spoken for so many seconds is asked whether it is there.
PING: Final = 15.0
#: Findings said of one pass.
SAID: Final = 20


class Options(NamedTuple):
    """Seconds from one look at the spool to the next; statements in a batch."""

    interval: float = 1.0
    batch: int = 20_000


class Watcher:
    """Takes in what a spool gets, until it is asked to stop. `file` is the embedded store's file, if it is one."""

    def __init__(
        self, url: str, roots: tuple[Path, ...], stop: Stop, options: Options | None = None, *,
        file: Path | None = None, log: Log | None = None, meter: Meter | None = None,
    ) -> None:  # fmt: skip
        self._url, self._file, self._stop = url, file, stop
        self._options = options or Options()
        self._log = log or Log()
        self.meter = meter or Meter()
        self.following = Following(roots, self._problem)
        self._snapshots = Snapshots(file, self._log, self.meter) if file is not None else None
        self._store: Store | None = None
        self._inode: tuple[int, int] | None = None
        self._backoff = Backoff()
        self._trouble: type[StoreError] | None = None
        self._away_since = self._spoken = 0.0
        self._most = self._options.batch
        self._known: dict[str, Pairs] = {}
        self._refused_since: float | None = None
        self._refused_told = False
        self._settle_at = self._settle_took = 0.0
        self._summed = (time.monotonic(), 0, 0, 0)

    def run(self) -> None:
        """Watch until asked to stop. Raises StoreError at the start for a store that waiting would not make usable."""
        try:
            self.begin()
            while not self._stop.requested:
                began = time.monotonic()
                self.round()
                self._summary(began)
                self._stop.wait(began + self._options.interval - time.monotonic())
            if self.meter.unsettled and self._settle_took < SETTLE_AT_END:
                self._settle()
        finally:
            self.close()
            if self._snapshots is not None:
                self._snapshots.close()
            self.following.close()

    def begin(self) -> None:
        """Open the store. Raises as `run` does."""
        self._connect(first=True)

    def round(self) -> None:
        """Look once, and take in what is new if the store is there."""
        now = time.monotonic()
        self.following.look()
        self.meter.open_files, self.meter.sealed_files = self.following.counts()
        if self._store is not None and self._replaced():
            self._log.say("store_replaced", "warning", msg=f"{self._file} was removed or replaced: opened again")
            self.close()
        if self._store is None and now >= self._backoff.due:
            self._connect()
        if self._store is not None and self.following.returned:
            try:
                self._again()
            except StoreError as e:
                self._away(e)
        if self._store is not None and self.following.due:
            self._pass(self._store)
        if self.meter.unsettled and time.monotonic() >= self._settle_at:
            self._settle()
        if self._store is not None and self._file is None and time.monotonic() - self._spoken > PING:
            self._ping(self._store)
        if self._store is not None and self._snapshots is not None:
            try:
                self._snapshots.look(self._store)
            except StoreError as e:
                self._away(e)
        self.meter.rounds += 1
        self.meter.round = time.monotonic()

    # -- the store

    def _connect(self, first: bool = False) -> None:
        """Open the store and follow from its bookmarks, or put it off."""
        try:
            self._store = open_store(self._url, steady=True)
            self._inode = identity(self._file)
            self._again()
        except StoreError as e:
            self.close()
            if isinstance(e, StoreNewer) or (first and not e.retryable):
                raise
            self._away(e)
            return
        if self._trouble is not None:
            self._log.say("store_back", seconds=round(time.monotonic() - self._away_since, 1))
        self._trouble = None
        self._backoff.worked()
        self.meter.up = True
        self._spoken = time.monotonic()
        self.meter.unsettled = True  # what one that was killed has left
        self._settle_at = 0.0

    def _ping(self, store: Store) -> None:
        try:
            store.ranges("")
            self._spoken = time.monotonic()
        except StoreError as e:
            self._away(e)

    def _again(self) -> None:
        """Follow anew, from what the store has now."""
        assert self._store is not None
        self._known.clear()
        self.following.begin(self._store.bookmarks())
        self.following.look()

    def _away(self, e: StoreError) -> None:
        """The store cannot be used now: one line, another only when what is wrong is something else."""
        now = time.monotonic()
        self.meter.up = False
        self.meter.failures += 1
        self._backoff.failed(now)
        if self._trouble is None:
            self._away_since = now
        if self._trouble is not type(e):
            self._trouble = type(e)
            self._log.say("store_away", "warning" if e.retryable else "error", msg=str(e))
        self.close()

    def close(self) -> None:
        """Close the store, if it is open."""
        store, self._store = self._store, None
        self.meter.up = False
        if store is not None:
            store.close()

    def _replaced(self) -> bool:
        """Whether the embedded store's file is not the one that was opened: what is written then would be lost."""
        return self._file is not None and identity(self._file) != self._inode

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Whether nobody else is taking in at an embedded store."""
        if self._file is None:
            yield True
            return
        try:
            with try_lock(self._file.with_name(self._file.name + ".lock")) as mine:
                yield mine
        except OSError as e:
            raise StoreAway(f"{self._file}.lock: {e.strerror or e}") from e

    # -- taking in

    def _pass(self, store: Store) -> None:
        try:
            with self._turn() as mine:
                if not mine:
                    self._refused()
                    return
                if self._refused_since is not None:  # what the other has taken in need not be read
                    self._refused_since, self._refused_told = None, False
                    self._again()
                files = sorted(self.following.due.values(), key=lambda f: f.name)  # named in the order of their starts
                for start in range(0, len(files), FILES):
                    self._take(store, files[start : start + FILES])
                    if self._stop.requested:
                        break
        except StoreError as e:
            if not e.retryable:  # perhaps it is this batch: a smaller one may pass
                self._most = max(1, self._most // 8)
            self._away(e)

    def _refused(self) -> None:
        now = time.monotonic()
        self._refused_since = self._refused_since or now
        if now - self._refused_since > PATIENCE and not self._refused_told:
            self._refused_told = True
            self._log.say("store_busy", "warning", msg="another begat is taking in: waiting for it")

    @set_for_a_pass()
    def _take(self, store: Store, files: list[File]) -> None:
        now = time.monotonic()
        places = [f.place(now) for f in files]
        batches = Batches({f.key: f.mark for f in files}, self._ranges, self._most, BYTES)
        by_key = {f.key: f for f in files}
        before = 0
        for batch in batches.read(places):
            began = time.monotonic()
            store.write(batch)
            self.meter.unsettled = True
            self._spoken = time.monotonic()
            self.meter.wrote(batch, batches.done - before, time.monotonic() - began)
            before = batches.done
            self._committed(batch, by_key)
            if self._stop.requested:
                return
        self._most = min(self._options.batch, self._most * 2)
        for file, place in zip(files, places, strict=True):
            again = RETRY if file.key in batches.failed else float("inf") if file.key in batches.newer else 0.0
            self.following.looked(file, place.size, batches.headers.get(file.key), again)
        self._found(batches.report.findings)

    def _committed(self, batch: Batch, files: dict[str, File]) -> None:
        for bookmark in batch.bookmarks:
            files[bookmark.source].mark = bookmark.offset
        for r in batch.ranges:
            if r.writer in self._known:
                self._known[r.writer] = merge([*self._known[r.writer], (r.first, r.last)])
        for w in batch.writers:
            if w.dropped and (news := self.meter.told(w.header.writer, w.dropped)):
                self._log.say(
                    "dropped", "warning", writer=w.header.writer, host=w.header.host, pid=w.header.pid, events=news,
                    msg=spool.DROPPED,
                )  # fmt: skip
        for q in batch.quarantined[:SAID]:
            self._log.once("quarantined", "warning", file=q.source, byte=q.offset, msg=q.reason)
        if len(batch.quarantined) > SAID:
            self._log.say("quarantined", "warning", lines=len(batch.quarantined), msg="all of them: begat doctor")

    def _found(self, findings: list[str]) -> None:
        said = 0
        for finding in findings:
            if said == SAID:
                self._log.say("finding", "warning", msg=f"... and more, {len(findings)} in all")
                break
            said += self._problem("", finding)

    def _problem(self, path: str, text: str) -> bool:
        """Something odd about the spool, said once."""
        if news := self._log.once("finding", "warning", msg=f"{path}: {text}" if path else text):
            self.meter.findings += 1
        return news

    def _ranges(self, writer: str) -> Pairs:
        """What the store holds of a writer; asked once, then kept up."""
        if writer not in self._known:
            assert self._store is not None
            if len(self._known) >= KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[writer] = [(r.first, r.last) for r in self._store.ranges(writer)]
        return self._known[writer]

    def _settle(self) -> None:
        """Work out the lineage that is marked, the more seldom the longer it takes."""
        if self._store is None:
            return
        began = time.monotonic()
        try:
            self._store.settle()
        except StoreError as e:
            self._away(e)
            return
        now = time.monotonic()
        self.meter.unsettled = False
        self._settle_took = now - began
        self._settle_at = now + SETTLE_PAUSE * self._settle_took
        self.meter.settles += 1
        self.meter.settle_seconds += self._settle_took

    # -- telling

    def _summary(self, now: float) -> None:
        since, events, batches, bytes_ = self._summed
        if now - since < SUMMARY:
            return
        m = self.meter
        self._summed = (now, m.events, m.batches, m.bytes)
        if m.batches > batches:
            self._log.say(
                "taken_in", events=m.events - events, batches=m.batches - batches, bytes=m.bytes - bytes_,
                events_per_second=(m.events - events) / (now - since), pending_files=len(self.following.pending()),
            )  # fmt: skip
