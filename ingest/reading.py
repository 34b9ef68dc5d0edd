"""Reading one segment into batches: crc, decode, resolve; what cannot be believed or stored goes to quarantine."""

from collections.abc import Callable, Iterator
from itertools import accumulate
from os import SEEK_END
from typing import Any, BinaryIO, Final
from zlib import crc32

from begat.graph_schema.decoders import decode, decode_lines
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Gap, Header, Metric, Wire
from begat.graph_schema.ranges import Pairs, holds
from begat.graph_schema.statements import Context, Points, Position
from begat.graph_schema.store import Batch, Quarantined, Range, Writer
from begat.ingest import segment
from begat.ingest.resolve import LARGEST, RULES, row, series_of

#: A crc as the line has it.
CRC: Final = b"%08x ".__mod__

#: The years that a date has, 1 to 9999, in microseconds since the epoch.
EARLIEST: Final = -62_135_596_800_000_000
LATEST: Final = 253_402_300_799_999_999

TORN: Final = "torn: the writer ended in the middle of it"
#: How a line can be wrong: its crc, its JSON, its fields, a number that fits nowhere, brackets without end.
WRONG: Final = (FormatError, ValueError, OverflowError, RecursionError)


class Reading:
    """One segment while it is read; `known` tells what the store holds of its writer, and is asked when it matters.

    `events` and `points` count what was put into batches, `findings` what is odd. A file that holds a header and then
    not the segment's beginning but later lines of it has them `shift` bytes before their place in the segment.
    """

    def __init__(
        self, source: str, file: BinaryIO, header: Header, known: Callable[[str], Pairs], shift: int = 0
    ) -> None:
        self.events = self.points = self.quarantined = 0
        self.findings: list[str] = []
        self.sealed = False
        self._source = source
        self._file = file
        self._header = header
        self._context = Context(header.project)
        self._known = known
        self._held: Pairs | None = None
        self._dropped = 0
        self._last = self._highest = 0
        self._at = header.wall
        self._before: dict[int, int] = {}
        self._mapped = 0
        self._shift = shift
        self._placed = -1
        self._places: list[int] = []

    def take(self, block: segment.Lines, batch: Batch) -> None:
        """Put what whole lines say into the batch, with the ranges of their sequence numbers."""
        if block.long:
            self._keep_aside(block.offset, segment.LONG, block.long, batch)
        writer, context, statements = self._header.writer, self._context, batch.statements
        adders: dict[tuple[str, str], Callable[[Any], None]] = {}
        events = self._in_turn(block)
        first, last, position = self._last + 1, self._last, tuple.__new__
        for i, event in enumerate(events) if events is not None else self._singly(block, batch):
            seq = event.seq
            try:
                if type(event) is Metric:
                    point = row(event)
                    add = None if event.context else adders.get((event.run, event.name))
                    if add is None:
                        add = _series(batch, series_of(event, writer, context))
                        if not event.context:
                            adders[event.run, event.name] = add
                    add(point)
                    self.points += 1
                else:
                    statements += RULES[type(event)](event, context, position(Position, (event.at, writer, seq)))
                    if type(event) is Gap:
                        self._dropped = max(self._dropped, event.dropped)
            except WRONG as wrong:
                self._refuse(block, i, wrong, batch)
                continue
            if seq != last + 1:
                if last >= first:
                    batch.ranges.append(Range(writer, first, last))
                first = seq
            last = self._last = seq
            self._at = event.at
            self.events += 1
        if last >= first:
            batch.ranges.append(Range(writer, first, last))

    def _in_turn(self, block: segment.Lines) -> list[Wire] | None:
        """The block's events if nothing is odd about any of them, which is nearly always, else None."""
        texts = [line[9:] for line in block.lines]
        if list(map(CRC, map(crc32, texts))) != [line[:9] for line in block.lines]:
            return None
        try:
            events = decode_lines(b"\n".join(texts))
        except ValueError:  # which line it was, reading them singly tells
            return None
        turn = range(self._last + 1, self._last + 1 + len(texts))
        odd = [e.seq for e in events] != list(turn) or self._last < self._highest or not all(map(_fits, events))
        return None if odd else events

    def _singly(self, block: segment.Lines, batch: Batch) -> Iterator[tuple[int, Wire]]:
        """The block's events with their places, without those that are damaged or told twice."""
        for i, line in enumerate(block.lines):
            try:
                event = decode(segment.body(line))
                if event.seq != self._last + 1:
                    self._highest = max(self._highest, self._last)
                    if self._repeats(event.seq, line[9:], block, i):
                        continue
                if not _fits(event):
                    raise FormatError(f"time {event.at} is not within the years 1 to 9999")
            except WRONG as wrong:
                self._refuse(block, i, wrong, batch)
                continue
            yield i, event

    def seen(self) -> Writer:
        """The writer as far as it has been read."""
        return Writer(self._header, self._at, self._dropped)

    def torn(self, offset: int, batch: Batch) -> int:
        """Give up what stands at `offset`, behind the last whole line of a writer that will not go on.

        Returns where it ends.
        """
        self._file.seek(offset)
        tail = self._file.read(segment.LONGEST)
        whole = len(tail) < segment.LONGEST
        if tail:
            self._keep_aside(offset, TORN, tail if whole else tail[: segment.KEPT], batch)
        return offset + len(tail) if whole else self._file.seek(0, SEEK_END)

    def _keep_aside(self, offset: int, reason: str, raw: bytes, batch: Batch) -> None:
        batch.quarantined.append(quarantined(self._source, offset + self._shift, reason, raw))
        self.quarantined += 1

    def _place(self, block: segment.Lines, i: int) -> int:
        """Where a line of the block begins that is read now."""
        if self._placed != block.offset:
            self._placed, self._places = block.offset, _starts(block)
        return self._places[i]

    def _refuse(self, block: segment.Lines, i: int, wrong: Exception, batch: Batch) -> None:
        line, offset = block.lines[i], self._place(block, i)
        if footer := segment.footer(line):
            self.sealed = True
            if self._shift:  # what it counts is not all here
                return
            here = self._file.tell()
            if odd := segment.check_footer(self._file, offset, footer):
                self.findings.append(f"{self._source}: {odd}")
            self._file.seek(here)
        else:
            self._keep_aside(offset, str(wrong) or type(wrong).__name__, line, batch)

    def _repeats(self, seq: int, text: bytes, block: segment.Lines, i: int) -> bool:
        """Whether a number out of turn is an event this segment has told already. Raises if it told another one."""
        if not 0 < seq <= LARGEST:
            raise FormatError(f"sequence number {seq} is not one")
        if self._held is None:
            self._held = self._known(self._header.writer)
        if seq > self._highest and not holds(self._held, seq):
            return False
        before = self._told(self._place(block, i)).get(seq)
        if before is None:
            return False
        if before != crc32(text):
            raise FormatError(f"sequence number {seq} was used before, for another event")
        return True

    def _told(self, end: int) -> dict[int, int]:
        """The crc of each event before offset `end`, by sequence number."""
        here = self._file.tell()
        for offset, lines, _, _ in segment.blocks(self._file, self._mapped, 1000):
            for line in lines:
                if offset >= end:
                    break
                offset += len(line) + 1
                self._mapped = offset
                if line[:9] == b"%08x " % crc32(line[9:]):
                    try:
                        self._before.setdefault(decode(line[9:]).seq, crc32(line[9:]))
                    except ValueError:  # the header
                        continue
            if offset >= end:
                break
        self._file.seek(here)
        return self._before


def _fits(event: Wire) -> bool:
    return EARLIEST <= event.at <= LATEST


def _series(batch: Batch, series: Points) -> Callable[[Any], None]:
    """What adds a row to a series of the batch."""
    key = (series.context, series.writer, series.activity, series.name, series.labels)
    return batch.points.setdefault(key, series).rows.append


def quarantined(source: str, offset: int, reason: str, raw: bytes) -> Quarantined:
    return Quarantined(source, offset, reason, raw.decode("latin-1"))


def _starts(block: segment.Lines) -> list[int]:
    """Where each line of a block begins."""
    return [*accumulate((len(line) + 1 for line in block.lines), initial=block.offset)]
