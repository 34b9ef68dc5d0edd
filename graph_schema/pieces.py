"""A batch in pieces: what a store that cannot hold any batch in one transaction writes instead, one after the other.

All of an event, (writer, seq), is in one piece, and a piece's ranges are those of its own events, so a piece that is
in is passed over when the batch comes again. What no range protects goes where a repetition does no harm:

- statements outside the ranges (a document's) after the events, in their order: they fold to the same again;
- metric points outside the ranges, which would count twice, all in the last piece, however many they are;
- bookmarks in the last piece: they say that everything before them is in;
- a writer's header with its first events: nobody meets a writer of whom nothing is known.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from begat.graph_schema.ranges import Pairs, holds, merge
from begat.graph_schema.statements import AnyStatement, Point, Points
from begat.graph_schema.store import Batch, Range, SeriesKey

#: What a piece weighs at most, if no single event weighs more: about 37,000 statements of the usual length.
#: A Neo4j server takes some 12 bytes of memory for each, 240 MiB (for points 320) of the 717 that a heap of 1 GiB has.
MOST: Final = 20 << 20
#: What a statement or a quarantined line weighs beside its bytes.
EACH: Final = 400
#: What a point weighs: a series of its own, at worst, takes twice what a node does.
_POINT: Final = 2 * EACH + 40

Row = tuple[int, int, int | float | None, float, str | None]


def pieces(batch: Batch, most: int = MOST) -> Iterator[Batch]:
    """The pieces of a batch, in the order in which they are to be written; of a small one, itself."""
    if _weight(batch) <= most:
        return iter((batch,))
    return iter(_Dealing(batch, most).pieces)


def _weight(batch: Batch) -> int:
    said = (batch.statements, batch.quarantined)
    many = len(batch.statements) + len(batch.quarantined) + sum(type(s) is Point for s in batch.statements)
    points = sum(_of_row(row) for series in batch.points.values() for row in series.rows)
    return many * EACH + len(msgspec.msgpack.encode(said)) + points


class _Dealing:
    """Deals a batch out, writer by writer and event by event, and opens a new piece when one is full."""

    def __init__(self, batch: Batch, most: int) -> None:
        self._most = most
        self._load = 0
        self.pieces = [Batch()]
        self._within: dict[str, Pairs] = defaultdict(list)
        for r in batch.ranges:
            self._within[r.writer].append((r.first, r.last))
        self._within = {w: merge(pairs) for w, pairs in self._within.items()}
        #: Of each writer the number of the piece with its first events, and where (after which event) others begin.
        self._first: dict[str, int] = {}
        self._cuts: dict[str, list[int]] = {}
        self._deal_events(batch)
        self._take_ranges(batch.ranges)
        loose = self._take_statements(batch.statements)
        loose_rows = self._take_points(batch.points)
        for s in loose:
            if type(s) is not Point:
                self._room(_of(s))
                self.pieces[-1].statements.append(s)
        for q in batch.quarantined:
            self._room(_of(q))
            self.pieces[-1].quarantined.append(q)
        points = [s for s in loose if type(s) is Point]
        self._room(sum(map(_of, points)) + sum(_of_row(row) for rows in loose_rows.values() for row in rows))
        self.pieces[-1].statements += points
        for key, rows in loose_rows.items():
            self._add(len(self.pieces) - 1, key, batch.points[key], rows)
        for w in batch.writers:
            self.pieces[self._first.get(w.header.writer, 0)].writers.append(w)
        self.pieces[-1].bookmarks += batch.bookmarks

    def _room(self, weight: int) -> bool:
        """Make room for what belongs together; returns whether that took a new piece."""
        full = weight > 0 and self._load > 0 and self._load + weight > self._most
        if full:
            self.pieces.append(Batch())
            self._load = 0
        self._load += weight
        return full

    def _deal_events(self, batch: Batch) -> None:
        weights: dict[str, dict[int, int]] = {w: defaultdict(int) for w in self._within}
        for writer, seq, weight in _weights(batch):
            if self._holds(writer, seq):
                weights[writer][seq] += weight
        for writer, events in weights.items():
            self._first[writer] = len(self.pieces) - 1
            self._cuts[writer] = [seq - 1 for seq in sorted(events) if self._room(events[seq])]

    def _holds(self, writer: str, seq: int) -> bool:
        return writer in self._within and holds(self._within[writer], seq)

    def _piece(self, writer: str, seq: int) -> int:
        """The number of the piece that an event is in."""
        return self._first[writer] + bisect_left(self._cuts[writer], seq)

    def _take_ranges(self, ranges: list[Range]) -> None:
        """Each as it was given, cut where pieces begin: what was told twice in the batch is so in its piece."""
        for writer, first, last in ranges:
            cuts = self._cuts[writer]
            inner = cuts[bisect_left(cuts, first) : bisect_left(cuts, last)]
            for a, b in zip([first, *(c + 1 for c in inner)], [*inner, last], strict=True):
                self.pieces[self._piece(writer, a)].ranges.append(Range(writer, a, b))

    def _take_statements(self, statements: list[AnyStatement]) -> list[AnyStatement]:
        """Those within the ranges; returns the others."""
        loose = []
        for s in statements:
            _, writer, seq = s.position
            if self._holds(writer, seq):
                self.pieces[self._piece(writer, seq)].statements.append(s)
            else:
                loose.append(s)
        return loose

    def _take_points(self, points: dict[SeriesKey, Points]) -> dict[SeriesKey, list[Row]]:
        """Those within the ranges; returns the others."""
        loose: dict[SeriesKey, list[Row]] = defaultdict(list)
        for key, series in points.items():
            parts: dict[int, list[Row]] = defaultdict(list)
            for row in series.rows:
                if self._holds(series.writer, row[1]):
                    parts[self._piece(series.writer, row[1])].append(row)
                else:
                    loose[key].append(row)
            for number, rows in parts.items():
                self._add(number, key, series, rows)
        return loose

    def _add(self, number: int, key: SeriesKey, series: Points, rows: list[Row]) -> None:
        held = self.pieces[number].points.get(key)
        rows = [*(held.rows if held else ()), *rows]
        self.pieces[number].points[key] = msgspec.structs.replace(series, rows=rows)


def _of(what: Any) -> int:
    return EACH * (2 if type(what) is Point else 1) + len(msgspec.msgpack.encode(what))


def _of_row(row: Row) -> int:
    return _POINT + len(row[4] or "")


def _weights(batch: Batch) -> Iterable[tuple[str, int, int]]:
    """Writer, sequence number and weight of every statement and point."""
    for s in batch.statements:
        yield s.position.writer, s.position.seq, _of(s)
    for series in batch.points.values():
        for row in series.rows:
            yield series.writer, row[1], _of_row(row)
