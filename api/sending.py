"""What a spool holds and a server has not: sending it (`begat spool send`), and telling how much that is."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from begat.capture.sent import Mark, Sent, servers
from begat.capture.server_address import SCHEMES, address
from begat.graph_schema.backoff import Backoff
from begat.graph_schema.errors import FormatError, JournalRefused, ServerAway, UsageError
from begat.ingest import spool
from begat.ingest.batches import final
from begat.ingest.lag import Lag, measured
from begat.ingest.segment import Newer, Place, first_line, header, opened, stem

#: Failures in a row after which a server counts as away, and the longest pause between two tries, in seconds.
TRIES: Final = 5
LONGEST: Final = 60.0

Progress = Callable[[int, int], None]


def server_url(to: str | None) -> str | None:
    """Where journals go: what was said, else BEGAT_SINK if that is a server's address. Raises UsageError for none."""
    sink = os.environ.get("BEGAT_SINK", "")
    url = to or (sink if sink.partition(":")[0] in SCHEMES else None)
    if url is not None:
        address(url)
    return url


def known_servers(folder: Path, to: str | None = None) -> list[str]:
    """The servers that have to have what a spool holds: the one said, else BEGAT_SINK's, else all it was sent to."""
    url = server_url(to)
    return servers(str(folder)) if url is None else [str(address(url))]


def name_of(place: Place) -> str:
    """A segment as what was sent of it is remembered."""
    return f"{place.path.parent.name}/{stem(place.path.name)}"


class Unsent(NamedTuple):
    """What a server has not: events and bytes; and how many lines it has kept aside."""

    server: str
    lag: Lag
    quarantined: int


def unsent(folder: Path, server: str, places: Iterable[Place]) -> Unsent:
    """What of a spool's segments a server has not acknowledged. Raises OSError when that may not be read."""
    sent = Sent(str(folder), server)
    marks = [(p, sent.mark(name_of(p))) for p in places]
    lag = measured((p.path, m.through, p.size) for p, m in marks if m.through != p.size)
    return Unsent(server, lag, sum(m.quarantined for _, m in marks))


def why_kept(folder: Path, server: str, place: Place) -> str:
    """Why a segment cannot be removed although this server was sent it, "" if it can."""
    mark = Sent(str(folder), server).mark(name_of(place))
    if mark.through != place.size:
        return f"not all of it is at {server}"
    return f"{server} could not read {mark.quarantined:,} lines of it" if mark.quarantined else ""


def forget(folder: Path, place: Place) -> None:
    """A segment was removed: forget what was sent of it."""
    for server in servers(str(folder)):
        Sent(str(folder), server).forget(name_of(place))


class Sending(msgspec.Struct):
    """What was done: segments of which something was sent, bytes of them, lines that the server kept aside, and what
    it did not take or nobody could read, each with the reason."""

    server: str
    segments: int = 0
    bytes: int = 0
    quarantined: int = 0
    damaged: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []


class Sender:
    """Sends a spool's segments to a server, the oldest first. `done` tells what was, also after a failure."""

    def __init__(self, folder: Path, url: str, *, again: bool = False, progress: Progress | None = None) -> None:
        """Raises UsageError. `again`: everything, also what the server has said to have."""
        # What speaks with a server is imported by who sends: status and prune only look what was sent.
        from begat.capture.delivery import deliver
        from begat.capture.server import Server

        self._server, self._send = Server(url), deliver
        self._sent = Sent(str(folder), self._server.name)
        self._places = sorted(spool.find(folder), key=lambda p: p.path.name)  # ids are in the order of their starts
        self._progress = progress
        self.done = Sending(self._server.name)
        if again:
            for p in self._places:
                self._sent.forget(name_of(p))
        self._total = sum(p.size - self._sent.mark(name_of(p)).through for p in self._places)

    def send(self) -> None:
        """Send what is pending. Raises ServerAway, after some tries, and ServerError; what was sent stays sent."""
        try:
            for place in self._places:
                if self._sent.mark(name_of(place)).through != place.size:
                    self._deliver(place)
        finally:
            self._server.close()

    def _deliver(self, place: Place) -> None:
        backoff = Backoff(longest=LONGEST)
        while True:
            before = self.done.bytes
            try:
                for _ in self._pieces(place):
                    backoff.worked()
            except ServerAway as e:
                backoff.failed(time.monotonic(), e.after)
                if backoff.failures >= TRIES or e.after > LONGEST:
                    raise
                time.sleep(max(0.0, backoff.due - time.monotonic()))
            except JournalRefused as e:
                self.done.refused.append((str(place.path), str(e)))
                break
            except FileNotFoundError:  # removed since it was found
                break
            except FormatError as e:
                self.done.damaged.append((str(place.path), str(e)))
                break
            else:
                self.done.segments += self.done.bytes > before
                break

    def _pieces(self, place: Place) -> Iterator[Mark]:
        name = name_of(place)
        with opened(place) as file:
            ended = _ended(place, first_line(file))
            file.seek(0)
            before = self._sent.mark(name)
            for mark in self._send(self._server, self._sent, name, file, ended=ended):
                self.done.bytes += mark.through - before.through
                self.done.quarantined += mark.quarantined - before.quarantined
                before = mark
                if self._progress:
                    self._progress(self.done.bytes, self._total)
                yield mark


def _ended(place: Place, line: bytes | None) -> bool:
    """Whether nobody will finish a segment's last line. Raises FormatError where it cannot be known whose it is."""
    if line is None and not place.sealed:
        return False
    try:
        return final(place, header(line or b""))
    except Newer:  # the server may know it
        return place.sealed


def checked(url: str | None) -> str:
    """Raises UsageError where nobody has said where to."""
    if url is None:
        raise UsageError("no server to send to: name one with --to https://HOST, or in BEGAT_SINK")
    return url
