"""The process's writer: it gives events their positions and has them in its journal before a hook returns.

There is one per process, WRITER; a forked child gets a new identity and a journal of its own, so a file is never
shared. What cannot be written (disk full) is dropped, counted, and told in the journal when there is space again.
"""

import os
from _thread import RLock
from os import write
from time import monotonic, time_ns
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
    """Positions and lines.

    `ready` says that all is well: a journal is open, and no dropped events wait to be told. `lost` have been told.
    """

    __slots__ = (
        "at", "dropped", "fd", "id", "limit", "lock", "lost", "number", "off", "ready", "reason", "retry_at", "sealing",
        "segment", "seq", "settings", "turn",
    )  # fmt: skip

    def __init__(self) -> None:
        self.limit = SEGMENT_BYTES
        self.reset()

    def reset(self) -> None:
        """A new identity, as after a fork. A journal that was open is the parent's and left to it."""
        # Re-entrant: a finalizer or a signal handler may call a hook while this very thread is writing.
        self.lock = RLock()
        self.id = ids.mint()
        self.seq = self.at = self.number = self.turn = self.dropped = self.lost = 0
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
        try:
            self.lock.acquire()
            told = 0
            if not self.ready:
                if self.off or not self._open():
                    self.dropped += len(events)
                    return
                told = self.dropped
                if told:
                    events = (Gap(0, 0, self.lost + told, self.reason), *events)
            # The positions are taken before anything else: a hook that comes in between has later ones.
            seq = first = self.seq
            self.seq = last = first + len(events)
            at = time_ns() // 1000
            if at < self.at:
                at = self.at
            self.at = at
            lines = []
            try:
                for event in events:
                    seq += 1
                    event.seq = seq
                    event.at = at
                    body = encode(event)
                    lines.append(b"%08x %b\n" % (crc32(body), body))
            except Exception:
                self.unsaid(first, last)
                raise
            data = b"".join(lines)
            try:
                done = write(self.fd, data)
            except OSError as e:
                self.failed(first, last, 0, e.strerror or str(e), told)
                return
            if done != len(data):
                self.failed(first, last, done, NO_SPACE, told)
                return
            self.dropped -= told
            self.lost += told
            self.ready = True
            if last >= self.turn:
                self.look()
        finally:
            # As `with` does, in half the time; but an interrupt may come before the lock is taken.
            try:
                self.lock.release()
            except RuntimeError:
                pass

    def one(self, event: Event) -> None:
        """As emit, for one event: what every call of a captured function costs twice."""
        if not self.ready:
            self.emit(event)
            return
        try:
            self.lock.acquire()
            self.seq = event.seq = seq = self.seq + 1
            at = time_ns() // 1000
            if at < self.at:
                at = self.at
            self.at = event.at = at
            try:
                body = encode(event)
            except Exception:
                self.unsaid(seq - 1, seq)
                raise
            line = b"%08x %b\n" % (crc32(body), body)
            try:
                done = write(self.fd, line)
            except OSError as e:
                self.failed(seq - 1, seq, 0, e.strerror or str(e))
                return
            if done != len(line):
                self.failed(seq - 1, seq, done, NO_SPACE)
            elif seq >= self.turn:
                self.look()
        finally:
            try:
                self.lock.release()
            except RuntimeError:  # as in emit
                pass

    def failed(self, first: int, last: int, torn: int, reason: str, told: int = 0) -> None:
        """With the lock held: the events after `first` up to `last` are not written; take back what of them was.

        One of them was a gap if `told`.
        """
        self.dropped += last - first - (1 if told else 0)
        self.unsaid(first, last)
        self.ready = False
        self.reason = reason
        problems.note(f"the journal could not be written: {reason}", in_journal=True)
        try:
            size = os.fstat(self.fd).st_size
        except OSError:  # the program has closed what it did not know: go on in a segment of its own
            self.fd, self.segment = -1, None
            return
        if torn:
            try:
                os.ftruncate(self.fd, size - torn)
            except OSError:  # a torn line ends this segment; whoever reads it knows such ends
                os.close(self.fd)
                self.fd, self.segment = -1, None

    def unsaid(self, first: int, last: int) -> None:
        """With the lock held: give the numbers after `first` up to `last` again, unless later ones are taken."""
        if self.seq == last:
            self.seq = first

    def _open(self) -> bool:
        if self.fd >= 0:
            return True
        if monotonic() < self.retry_at:
            return False
        self.settings = self.settings or settings.read()
        if not self.settings.enabled:
            self.off = True
            return False
        if self.settings.complaint:
            problems.warn(self.settings.complaint)
        try:
            self._next()
        except OSError as e:
            self._cannot_open(e)
            return False
        return True

    def _next(self) -> None:
        assert self.settings is not None
        self.segment = Segment(self.settings.spool, self.id, self.number + 1, self.settings.project)
        self.number += 1  # not before: what begins with the first segment begins with the first that there is
        self.fd = self.segment.fd
        self.turn = self.seq + max(1, self.limit // 64_000)
        if self.number == 1:
            from begat.capture import lifecycle

            lifecycle.begin()

    def _cannot_open(self, e: OSError) -> None:
        from errno import EDQUOT, EFBIG, EMFILE, ENFILE, ENOSPC

        assert self.settings is not None
        self.reason = e.strerror or str(e)
        if e.errno in (ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE):  # what may pass
            self.retry_at = monotonic() + PATIENCE
        else:
            self.off = True
        told = (
            f"nothing can be recorded in {self.settings.spool} ({self.reason}): "
            "set BEGAT_SPOOL to a folder that can be written, or BEGAT_DISABLED=1"
        )
        problems.note(told, in_journal=True)  # as a gap, where there is one later
        problems.remark(told)

    def look(self) -> None:
        """With the lock held, every thousand events or so: go on in a new segment if this one is full.

        The full one is sealed by the timer, so no hook waits for a disk.
        """
        self.turn = self.seq + max(1, self.limit // 64_000)
        full = self.segment
        if full is None or os.fstat(self.fd).st_size < self.limit:
            return
        try:
            self._next()
        except OSError as e:  # no space for a new one: stay in the old one, which takes what it can
            problems.note(e)
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
                self._restore(segment)
                segment.sync()
                if self.segment is segment:
                    self._tell("written", segment.path)
            except OSError as e:  # NFS and Lustre tell only here that a write failed
                problems.note(e)

    def beat(self) -> None:
        """Say that the writer lives."""
        self.emit(Beat(0, 0))

    def confess(self) -> None:
        """Tell in the journal how much hooks could not record, so that whoever reads it knows."""
        if self.segment is not None:
            count, first = problems.unsaid()
            if count:
                self.lost += count
                self.emit(Gap(0, 0, self.lost, first))

    def close(self) -> None:
        """Seal the journal. A hook that comes later opens a further segment."""
        with self.lock:
            segment, self.segment, self.fd, self.ready = self.segment, None, -1, False
            if segment is not None:
                self.sealing.append(segment)
        self.sync()
        self._tell("close")

    def _restore(self, segment: Segment) -> None:
        """If somebody has removed the journal's file, write it again: this process still holds it."""
        if segment.is_gone():
            with self.lock:
                segment.restore()
            problems.remark(f"{segment.path} was removed while it was written to: written again")

    def _seal(self, segment: Segment) -> None:
        try:
            self._restore(segment)
            segment.seal()
        except OSError as e:  # it stays an open segment, which is read all the same
            problems.note(e)
        else:
            self._tell("sealed", segment.path.removesuffix(".open") + ".seg")

    def _tell(self, what: str, *given: str) -> None:
        """Tell the sink of another package, if there is one."""
        if self.settings is not None and self.settings.sink is not None:
            from begat.capture import sinks

            sinks.tell(self.settings.sink, what, *given)

    def in_child(self) -> None:
        """After a fork: an identity of its own, also where nothing has been written yet."""
        for segment in (self.segment, *self.sealing):
            if segment is not None:
                os.close(segment.fd)
        self.reset()


WRITER: Final = Writer()
os.register_at_fork(after_in_child=WRITER.in_child)
