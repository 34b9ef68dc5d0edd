"""What a watcher has done since it began, and how fast: read by other threads while it works."""

import threading
import time
from collections import deque
from typing import Final, NamedTuple

from begat.graph_schema.sqlite.snapshot.standing import Standing
from begat.graph_schema.store import Batch

#: Rates are over so many seconds.
WINDOW: Final = 60.0
#: Commits remembered for the rates, at most one each so many seconds.
GRAIN: Final = 0.5


class Rates(NamedTuple):
    """Events and metric points a second."""

    events: float
    points: float


class Meter:
    """Totals since the start. Times are of time.monotonic, None before the first."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.events = self.points = self.bytes = self.batches = 0
        self.quarantined = self.findings = self.dropped = 0
        self.write_seconds = self.settle_seconds = 0.0
        self.settles = self.failures = self.rounds = 0
        self.open_files = self.sealed_files = 0
        self.up = self.unsettled = False
        self.snapshot: Standing | None = None
        self.snapshots = self.snapshot_failures = 0
        self.committed: float | None = None
        self.round: float | None = None
        self._dropped: dict[str, int] = {}
        self._lock = threading.Lock()
        self._recent: deque[tuple[float, int, int]] = deque()

    def wrote(self, batch: Batch, size: int, seconds: float) -> None:
        """A batch of `size` bytes of journal was committed."""
        events = sum(r.last - r.first + 1 for r in batch.ranges)
        points = sum(len(p.rows) for p in batch.points.values())
        self.events += events
        self.points += points
        self.bytes += size
        self.batches += 1
        self.quarantined += len(batch.quarantined)
        self.write_seconds += seconds
        self.committed = now = time.monotonic()
        with self._lock:
            if self._recent and now - self._recent[-1][0] < GRAIN:
                at, e, p = self._recent.pop()
                self._recent.append((at, e + events, p + points))
            else:
                self._recent.append((now, events, points))
            self._forget(now)

    def told(self, writer: str, dropped: int) -> int:
        """A writer says how many events it has dropped in all; returns how many of them are news."""
        news = dropped - self._dropped.get(writer, 0)
        if news > 0:
            self._dropped[writer] = dropped
            self.dropped += news
        return max(0, news)

    def rates(self) -> Rates:
        """Over the last minute, or since the start if that is less."""
        now = time.monotonic()
        with self._lock:
            self._forget(now)
            events, points = (sum(r[i] for r in self._recent) for i in (1, 2))
        span = max(GRAIN, min(WINDOW, now - self.began))
        return Rates(events / span, points / span)

    def _forget(self, now: float) -> None:
        while self._recent and now - self._recent[0][0] > WINDOW:
            self._recent.popleft()
