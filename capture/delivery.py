"""A segment on its way to a server: in pieces of whole lines, each remembered when the server has it."""

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from begat.capture.sent import Mark, Sent
from begat.capture.server import ANSWER, Server
from begat.graph_schema.errors import JournalRefused, ServerAway, ServerError

#: What a piece is cut down to where a proxy finds them too large.
SMALLEST: Final = 64 << 10
#: Of a line longer than any event only this much is sent: a server keeps its beginning aside, as ingest does.
LONGEST: Final = 36 << 20
HEADER: Final = 64 << 10


class Piece(NamedTuple):
    """Whole lines from byte `start` of a segment to byte `end`; `lines` is shorter where a line is cut."""

    start: int
    end: int
    lines: bytes


def deliver(
    server: Server, sent: Sent, segment: str, file: BinaryIO, *, ended: bool = False, answer: float = ANSWER
) -> Iterator[Mark]:
    """Send what of a segment the server has not, and tell after each piece how far that is.

    `segment` is its name as in `sent`, `ended`: its writer will not go on, so an unfinished last line goes too. Raises
    what Server.send raises, OSError where the file cannot be read or the mark not be written.
    """
    header = file.readline(HEADER)
    if not header.endswith(b"\n"):
        return
    mark = sent.mark(segment)
    while piece := _next(file, max(mark.through, len(header)), server.piece, ended):
        try:
            receipt = server.send(header + piece.lines, piece.start, ended=ended, answer=answer)
        except JournalRefused as refused:
            if refused.status != 413 or server.piece <= SMALLEST:
                raise
            server.piece //= 4
            continue
        if receipt.committed < sent.committed(segment):
            sent.forget_writer(segment)
            raise ServerAway(f"{server.name} has lost what it had: it is sent again")
        through = piece.end if receipt.through == piece.start + len(piece.lines) else receipt.through
        if not piece.start < through <= piece.end:
            raise ServerError(f"{server.name} answers what makes no sense: byte {through} of {segment}")
        mark = Mark(through, receipt.committed, mark.quarantined + receipt.quarantined)
        sent.remember(segment, mark)
        yield mark


def _next(file: BinaryIO, start: int, most: int, ended: bool) -> Piece | None:
    """The lines that come next, as many as fit; None when there is no whole one."""
    file.seek(start)
    if not file.read(1):
        return None
    start = _line_start(file, start)
    some = file.read(most)
    last = some.rfind(b"\n") + 1
    if last:
        return Piece(start, start + last, some[:last])
    if len(some) < most:  # the end of the file
        return Piece(start, start + len(some), some) if ended and some else None
    return _long(file, start, some, ended)


def _long(file: BinaryIO, start: int, some: bytes, ended: bool) -> Piece | None:
    """A line that is longer than a piece."""
    some += file.readline(LONGEST - len(some))
    end = start + len(some)
    if some.endswith(b"\n"):
        return Piece(start, end, some)
    while more := file.readline(1 << 20):
        end += len(more)
        if more.endswith(b"\n"):
            return Piece(start, end, some[:-1] + b"\n")
    return Piece(start, end, some) if ended else None


def _line_start(file: BinaryIO, at: int) -> int:
    """Where the line begins that holds the byte before `at`, and `at` itself at the beginning of one: a line that was
    taken for torn has been finished after all."""
    back = at
    while back > 0:
        step = min(back, 4096)
        file.seek(back - step)
        found = file.read(step).rfind(b"\n")
        if found >= 0:
            at = back - step + found + 1
            break
        back -= step
    file.seek(at)
    return at
