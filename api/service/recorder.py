"""What analysts say through the service, recorded as all else is: in journals of its own, one for each project.

The journal is what the graph is made of again. So an event is in it and on the disk first, then committed, and told
when it is; whoever dies in between leaves a journal like any other, which is taken in later.
"""

import io
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import TimeoutError as TooLate
from functools import partial
from pathlib import Path
from typing import Final

from begat.capture.segment import Segment
from begat.capture.writer import SEGMENT_BYTES
from begat.graph_schema import ids
from begat.graph_schema.errors import StoreAway, StoreError, TookTooLong
from begat.graph_schema.events import Node, Wire, line
from begat.graph_schema.receipt import Receipt
from begat.graph_schema.store import Store
from begat.ingest.received import receive
from begat.ingest.receiver import Receiver

#: Journals that are open at a time.
OPEN: Final = 64


class Journal:
    """A journal of one project, as a process's own is: a writer, and its segments one after the other."""

    def __init__(self, spool: Path, project: str) -> None:
        self._spool, self._project = str(spool), project
        self._writer = ids.mint()
        self._number = self._seq = self._at = 0
        self._segment: Segment | None = None

    def write(self, events: Sequence[Wire]) -> tuple[bytes, int]:
        """Have events on the disk: a piece of the journal that holds them, and the byte where their lines begin.

        Raises OSError, and then none is in it.
        """
        segment = self._opened()
        header = os.pread(segment.fd, 1 << 16, 0).partition(b"\n")[0] + b"\n"
        begin = os.fstat(segment.fd).st_size
        at = max(time.time_ns() // 1000, self._at)
        for seq, event in enumerate(events, self._seq + 1):
            event.seq, event.at = seq, at
        lines = b"".join(map(line, events))
        try:
            if os.write(segment.fd, lines) != len(lines):
                raise OSError(28, "no space for what was said", segment.path)
            segment.sync()
        except OSError:
            os.ftruncate(segment.fd, begin)
            raise
        self._seq, self._at = self._seq + len(events), at
        return header + lines, begin

    def _opened(self) -> Segment:
        full = self._segment is not None and os.fstat(self._segment.fd).st_size >= SEGMENT_BYTES
        if self._segment is None or self._segment.is_gone() or full:
            self.close()
            self._segment = Segment(self._spool, self._writer, self._number + 1, self._project)
            self._number += 1
        return self._segment

    def close(self) -> None:
        """Seal what is open."""
        segment, self._segment = self._segment, None
        if segment is not None:
            if segment.is_gone():
                segment.restore()
            segment.seal()


class Recorder:
    """Commits through a receiver what it has written to the spool. Threads may share it."""

    def __init__(self, spool: Path, receiver: Receiver) -> None:
        self._spool, self._receiver = spool, receiver
        self._journals: OrderedDict[str, Journal] = OrderedDict()
        self._turn = threading.Lock()

    def commit(self, project: str, events: Sequence[Wire], seconds: float) -> None:
        """Returns when events are committed.

        Raises StoreAway where they could not be written or committed, TookTooLong, and StoreError for what no store
        takes. What was written is taken in later all the same, and the line says so.
        """
        with self._turn:
            try:
                piece, begin = self._journal(project).write(events)
            except OSError as e:
                why = e.strerror or e
                raise StoreAway(f"nothing was recorded: the spool {self._spool} cannot be written ({why})") from e
            work = partial(_receive, piece=piece, offset=begin, project=project)
        try:
            receipt = self._receiver.hand_in(work).result(seconds)
        except TooLate:
            raise TookTooLong("it is written down, but was not committed in time: it will be seen later") from None
        except StoreAway as e:
            raise StoreAway(f"it is written down, and will be seen when the store is back: {e}") from e
        if receipt.quarantined:
            raise StoreError("it is written down, but was not taken in: begat doctor tells why")

    def _journal(self, project: str) -> Journal:
        journal = self._journals.get(project)
        if journal is None:
            while len(self._journals) >= OPEN:
                self._journals.popitem(last=False)[1].close()
            journal = self._journals[project] = Journal(self._spool, project)
        self._journals.move_to_end(project)
        return journal

    def close(self) -> None:
        """Seal the journals."""
        with self._turn:
            while self._journals:
                self._journals.popitem()[1].close()


class Speaker:
    """Somebody who says something: what they say is recorded as theirs."""

    def __init__(self, recorder: Recorder, agent: Node) -> None:
        self._recorder, self.agent = recorder, agent

    def commit(self, project: str, events: Sequence[Wire], seconds: float) -> None:
        """As the recorder does."""
        self._recorder.commit(project, events, seconds)


def _receive(store: Store, *, piece: bytes, offset: int, project: str) -> Receipt:
    return receive(store, io.BytesIO(piece), offset, project=project)
