"""The process's writer: it gives events their positions and has them in its journal before a hook returns.

There is one per process, WRITER; a forked child gets a new identity and a journal of its own, so a file is never
shared. What cannot be written (disk full) is dropped, counted, and told in the journal when there is space again.
"""

import os
import time
from _thread import RLock
from typing import Final
from zlib import crc32

from begat.capture import problems, settings
from begat.capture.segment import Segment
from begat.graph_schema import ids
from begat.graph_schema.events import Beat, Event, Gap, encode

#: A segment is sealed when it has grown beyond this many bytes.
SEGMENT_BYTES: Final = 64_000_000
#: How long to leave a disk alone that did not even take a journal's first line, in seconds.
PATIENCE: Final = 1.0
NO_SPACE: Final = "no space left for a whole line"


class Writer:
    """Positions and lines. `ready` says that the fast path may write: `fd` is open, nothing waits to be told."""

    __slots__ = (
        "at", "dropped", "fd", "id", "limit", "lock", "number", "off", "ready", "reason", "retry_at", "sealing",
        "segment", "seq", "settings", "size",
    )  # fmt: skip

    def __init__(self) -> None:
        self.limit = SEGMENT_BYTES
        self.reset()

    def reset(self) -> None:
        """A new identity, as after a fork. A journal that was open is the parent's and left to it."""
        # Re-entrant: a finalizer or a signal handler may call a hook while this very thread is writing.
        self.lock = RLock()
        self.id = ids.mint()
        self.seq = self.at = self.number = self.size = self.dropped = 0
        self.fd = -1
        self.segment: Segment | None = None
        self.sealing: list[Segment] = []
        self.ready = False
        self.off = not settings.enabled()
        self.reason = ""
        self.retry_at = 0.0
        self.settings: settings.Settings | None = None

    def emit(self, *events: Event) -> None:
        """Write events, in this order and at one time, with one write. On return the kernel has them."""
        if self.off:
            self.dropped += len(events)
            return
        with self.lock:
            if not self.ready and not self._open():
                self.dropped += len(events)
                return
            told = self.dropped
            if told:
                events = (Gap(0, 0, told, self.reason), *events)
            # The positions are taken before anything else: a hook that comes in between has later ones.
            first = self.seq
            self.seq = last = first + len(events)
            self.at = at = max(time.time_ns() // 1000, self.at)
            lines = []
            try:
                for seq, event in enumerate(events, first + 1):
                    event.seq = seq
                    event.at = at
                    body = encode(event)
                    lines.append(b"%08x %b\n" % (crc32(body), body))
                written = self.put(b"".join(lines))
            except Exception:
                if self.seq == last:
                    self.seq = first
                raise
            if written:
                self.dropped -= told
            else:
                self.unwritten(first, last, len(events) - bool(told))

    def put(self, data: bytes) -> bool:
        """Write whole lines, with the lock held. On failure the file is as it was before."""
        try:
            done = os.write(self.fd, data)
        except OSError as e:
            self.failed(0, e.strerror or str(e))
            return False
        if done != len(data):
            self.failed(done, NO_SPACE)
            return False
        self.size += done
        if self.size > self.limit:
            self.rotate()
        return True

    def failed(self, torn: int, reason: str) -> None:
        """Take back what of a line was written, with the lock held; where that fails too, leave the file behind."""
        self.ready = False
        self.reason = reason
        problems.note(f"the journal could not be written: {reason}")
        if torn:
            try:
                os.ftruncate(self.fd, self.size)
            except OSError:  # a torn line ends this segment; whoever reads it knows such ends
                os.close(self.fd)
                self.fd, self.segment = -1, None

    def unwritten(self, first: int, last: int, dropped: int) -> None:
        """Count what was dropped, with the lock held; its numbers are given again, so that none is missing."""
        self.dropped += dropped
        if self.seq == last:
            self.seq = first

    def _open(self) -> bool:
        if self.fd < 0:
            if time.monotonic() < self.retry_at:
                return False
            if self.settings is None:
                self.settings = settings.read()
                if not self.settings.enabled:
                    self.off = True
                    return False
                if self.settings.complaint:
                    problems.warn(self.settings.complaint)
            try:
                self._next()
            except OSError as e:
                return self._cannot_open(e)
        self.ready = True
        return True

    def _next(self) -> None:
        assert self.settings is not None
        self.number += 1
        self.segment = Segment(self.settings.spool, self.id, self.number, self.settings.project)
        self.fd, self.size = self.segment.fd, self.segment.size
        if self.number == 1:
            from begat.capture import lifecycle

            lifecycle.begin()

    def _cannot_open(self, e: OSError) -> bool:
        from errno import EDQUOT, EFBIG, ENOSPC

        assert self.settings is not None
        self.reason = e.strerror or str(e)
        if e.errno in (ENOSPC, EDQUOT, EFBIG):
            self.retry_at = time.monotonic() + PATIENCE
        else:
            self.off = True
        problems.warn(
            f"nothing can be recorded in {self.settings.spool} ({self.reason}): "
            "set BEGAT_SPOOL to a folder that can be written, or BEGAT_DISABLED=1"
        )
        return False

    def rotate(self) -> None:
        """Go on in a new segment. The full one is sealed by the timer: no hook waits for a disk."""
        full = self.segment
        assert full is not None
        full.size = self.size
        try:
            self._next()
        except OSError as e:  # no space for a new one: stay in the old one, which takes what it can
            problems.note(e)
            self.limit = self.size + SEGMENT_BYTES
        else:
            self.sealing.append(full)

    def sync(self) -> None:
        """Seal what is full and have what is written on disk. Called by the timer and at the end."""
        while self.sealing:
            try:
                self._seal(self.sealing.pop())
            except IndexError:  # another thread was faster
                break
        segment = self.segment
        if segment is not None:
            try:
                segment.sync()
            except OSError as e:  # NFS and Lustre tell only here that a write failed
                problems.note(e)

    def beat(self) -> None:
        """Say that the writer lives."""
        self.emit(Beat(0, 0))

    def close(self) -> None:
        """Seal the journal. A hook that comes later opens a further segment."""
        with self.lock:
            segment, self.segment, self.fd, self.ready = self.segment, None, -1, False
            if segment is not None:
                segment.size = self.size
                self.sealing.append(segment)
        self.sync()

    @staticmethod
    def _seal(segment: Segment) -> None:
        try:
            segment.seal()
        except OSError as e:  # it stays an open segment, which is read all the same
            problems.note(e)


WRITER: Final = Writer()
