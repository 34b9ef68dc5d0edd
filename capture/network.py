"""The sink `https:`: a process's journals go to a server while they are written, from the sinks' own thread.

Hooks write the journal as ever, and it is kept. Each second what is new of it is sent; what the server has is
remembered in the spool (sent.py). A server that is slow, away or does not want it costs the program nothing: there is
one request at a time, a pause after each, ever longer ones after failures, and a line at the end that tells what is
not sent.
What earlier processes of this machine have left is sent too, by one process at a time, when a server answers.
"""

import os
import time
from collections.abc import Iterator
from typing import BinaryIO, Final

from begat.capture.delivery import deliver
from begat.capture.sent import Sent
from begat.capture.server import ANSWER, Server
from begat.capture.sinks import Working
from begat.graph_schema.backoff import Backoff
from begat.graph_schema.errors import JournalRefused, ServerAway, ServerError
from begat.graph_schema.events import BEAT

OPEN: Final = ".open"
SEALED: Final = ".seg"
#: The longest pause after failures, in seconds.
LONGEST: Final = 60.0
#: After each piece, so many times the CPU it took: sending takes a fifth of one core at most.
REST: Final = 4.0
#: How long the process's end goes on sending, in seconds; and to a server that did not answer before.
END: Final = 4.5
LAST_TRY: Final = 1.0
#: Journals of others that were not written to for so many seconds are left ones: who lives writes a beat.
SILENCE: Final = 3 * BEAT
#: Left journals that are looked at before a pause.
AT_ONCE: Final = 20
#: More bytes than this are not counted event by event.
COUNTED: Final = 64 << 20


class NetworkSink(Working):
    """Sends journals to the server of an address. Raises UsageError for an address or a token that is none."""

    def __init__(self, url: str) -> None:
        self._server = Server(url)
        self._sent: Sent | None = None
        self._spool = ""
        #: Segments of this process that are not wholly sent, and of these those with something new, with their paths.
        self._own: dict[str, str] = {}
        self._new: dict[str, str] = {}
        self._refused: set[str] = set()
        self._others: Iterator[None] | None = None
        self._looked = self._ending = self._parted = False
        self._backoff = Backoff(longest=LONGEST)
        self._after = 0.0
        self._trouble = "it is slow"
        self._answer = ANSWER

    def written(self, path: str) -> None:
        if self._sent is None:
            self._spool = os.path.dirname(os.path.dirname(path))
            self._sent = Sent(self._spool, self._server.name)
        segment = _segment(path)
        self._own[segment] = path
        if segment not in self._refused:
            self._new[segment] = path

    def sealed(self, path: str) -> None:
        self.written(path)

    def work(self) -> float | None:
        """Send a piece. What goes wrong is remembered for the end."""
        if self._sent is None or not (self._new or self._others):
            return None
        now = time.monotonic()
        if now < self._backoff.due:
            return self._backoff.due - now
        began = time.thread_time()
        try:
            self._step(self._sent)
        except ServerAway as e:
            if not self._server.paused:
                self._failed(e, e.after)
        except ServerError as e:
            self._failed(e, LONGEST)
        except OSError as e:  # the spool's disk: it may be better later
            self._failed(e, LONGEST)
        if now < self._backoff.due:
            return self._backoff.due - now
        return REST * (time.thread_time() - began) if self._new or self._others else None

    def _failed(self, e: Exception, after: float) -> None:
        self._trouble, self._after = str(e), after
        self._others = None
        self._backoff.failed(time.monotonic(), after)

    def _step(self, sent: Sent) -> None:
        if not self._new:
            if next(self._others or iter(()), True):
                self._others = None
            return
        segment, path = next(iter(self._new.items()))
        try:
            with _opened(path) as file:
                more = next(deliver(self._server, sent, segment, file, answer=self._answer), None)
        except FileNotFoundError:  # packed or removed since: nothing of it is ours to send
            self._own.pop(segment, None)
            self._new.pop(segment, None)
            return
        except JournalRefused as e:
            self._trouble = str(e)
            self._refused.add(segment)
            self._new.pop(segment, None)
            return
        self._backoff.worked()
        if more is None:
            self._new.pop(segment, None)
            if path.endswith(SEALED):
                self._own.pop(segment, None)
        elif not self._looked and not self._ending:
            self._looked = True
            self._others = self._left_by_others(sent, os.path.dirname(path))

    def _left_by_others(self, sent: Sent, folder: str) -> Iterator[None]:
        """Send what other processes have left in a folder; yields where a pause may be made."""
        with sent.turn() as mine:
            names = os.listdir(folder) if mine else []
            for n, name in enumerate(names, 1):
                if name.endswith((OPEN, SEALED)):
                    yield from self._left(sent, os.path.join(folder, name))
                if n % AT_ONCE == 0:
                    yield

    def _left(self, sent: Sent, path: str) -> Iterator[None]:
        segment = _segment(path)
        try:
            seen = os.stat(path)
            silent = time.time() - seen.st_mtime > SILENCE
            if segment in self._own or not silent or sent.mark(segment).through == seen.st_size:
                return
            with open(path, "rb") as file:
                for _ in deliver(self._server, sent, segment, file):
                    yield
        except (FileNotFoundError, JournalRefused):  # `begat spool send` tells of the refused ones
            return

    def pause(self) -> None:
        self._server.pause()

    def resume(self) -> None:
        self._server.resume()

    def in_child(self) -> None:
        self._server.close()

    def close(self) -> None:
        """Send what is left, as far as that is quickly done."""
        self._ending, self._others = True, None
        until = time.monotonic() + END
        if self._backoff.failures:
            until = time.monotonic() + LAST_TRY
            self._backoff.worked()
        while (left := until - time.monotonic()) > 0:
            self._answer = left
            again = self.work()
            if again is None:
                break
            if self._backoff.failures:  # once more only where the server has said when
                if not self._after or time.monotonic() + again > until:
                    break
                time.sleep(again)
        self._server.close()

    def farewell(self) -> str:
        if self._parted or self._sent is None:
            return ""
        self._parted = True
        events = size = 0
        for segment, path in [*self._own.items()]:
            try:
                more, bytes_ = _beyond(path, self._sent.mark(segment).through)
            except OSError:  # gone, or it may not be read: nothing that could be sent
                continue
            events, size = events + more, size + bytes_
        if not events:
            return ""
        much = f"{events:,} events" if size <= COUNTED else f"{size >> 20:,} MiB of events"
        return (
            f"{much} of this process are not sent yet ({self._trouble}); they are kept in {self._spool}: "
            "`begat spool send` sends them"
        )


def _segment(path: str) -> str:
    """A segment's name as sent.py has it."""
    folder, name = os.path.split(path)
    return f"{os.path.basename(folder)}/{name.removesuffix(OPEN).removesuffix(SEALED)}"


def _opened(path: str) -> BinaryIO:
    """A journal by the name it has now: it may have been sealed since it was told of."""
    try:
        return open(path, "rb")
    except FileNotFoundError:
        return open(path.removesuffix(OPEN) + SEALED, "rb")


def _beyond(path: str, through: int) -> tuple[int, int]:
    """How many events, and bytes, a journal has beyond a byte of it; the events are not counted where it is much."""
    lines = 0
    with _opened(path) as file:
        size = file.seek(0, os.SEEK_END) - through
        file.seek(through)
        while size <= COUNTED and (chunk := file.read(1 << 20)):
            lines += chunk.count(b"\n")
        ends = (through == 0) + str(file.name).endswith(SEALED)
    return max(lines - ends, size > COUNTED), size
