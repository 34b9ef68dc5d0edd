"""The trails of activities that late events come to: what splice.py asks, as rows. schema.sql has the table."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from begat.graph_schema.law import LAST, Key
from begat.graph_schema.projection import MADE, USE, Happening, Phase, time_of
from begat.graph_schema.splice import Last, Since
from begat.graph_schema.sqlite.names import Names

#: An activity's position columns and the position in them; writers stand in the order of their ids.
_BEFORE: Final = "(x.t, w.id, x.n) < (?, ?, ?)"
_FROM: Final = "FROM trail x CROSS JOIN writer w ON w.w = x.w WHERE x.nid = ? AND x.rank = ? AND"
LAST_BEFORE: Final = (
    f"SELECT x.t, w.id, x.n {_FROM} x.t <= ? AND {_BEFORE} ORDER BY x.t DESC, w.id DESC, x.n DESC LIMIT 1"
)
SINCE: Final = (
    f"SELECT x.t, w.id, x.n, x.other, x.ctx {_FROM} x.t >= ? AND (x.t, w.id, x.n) >= (?, ?, ?) "
    f"AND x.t <= ? AND {_BEFORE} ORDER BY x.t, w.id, x.n LIMIT ?"
)
USED: Final = (
    "SELECT x.t, w.id, x.n FROM trail x CROSS JOIN writer w ON w.w = x.w "
    f"WHERE x.nid = ? AND x.other = ? AND x.rank = {USE} AND x.ctx = ?"
)
PUT: Final = "INSERT OR IGNORE INTO trail (nid, other, rank, ctx, t, w, n) VALUES (?, ?, ?, ?, ?, ?, ?)"
DROP: Final = "DELETE FROM trail WHERE nid = ? AND other = ? AND rank = ? AND ctx = ?"
#: After every position.
_END: Final[Key] = (LAST + 1, "", 0)
Row = tuple[int, int, int, int, int, int, int]


class Trails:
    """Reads and writes trails. `number` gives a phase's flow node."""

    def __init__(self, db: sqlite3.Connection, names: Names, number: Callable[[Phase], int]) -> None:
        self._db = db
        self._names = names
        self._number = number

    # -- what splice.py asks

    def last(self, asked: Sequence[Last]) -> list[Key | None]:
        found = (self._db.execute(LAST_BEFORE, (nid, rank, at[0], *at)).fetchone() for nid, rank, at in asked)
        return [row and (row[0], row[1], row[2]) for row in found]

    def since(self, asked: Sequence[Since]) -> list[list[Happening]]:
        return [self._since(*ask) for ask in asked]

    def _since(self, nid: int, rank: int, start: Key, before: Key | None, many: int | None) -> list[Happening]:
        end = _END if before is None else before
        where = (nid, rank, start[0], *start, end[0], *end, -1 if many is None else many)
        rows = self._db.execute(SINCE, where)
        return [_happening((t, w, n), rank, self._phase(other), ctx) for t, w, n, other, ctx in rows]

    def _phase(self, number: int) -> Phase:
        if number & 3 == 0:
            return Phase(number >> 2)
        query = "SELECT p.nid, p.t, w.id, p.n FROM phase p CROSS JOIN writer w ON w.w = p.w WHERE p.p = ?"
        nid, t, w, n = self._db.execute(query, (number >> 2,)).fetchone()
        return Phase(nid, MADE, (t, w, n))

    # -- the rows

    def used(self, nid: int, events: Iterable[Happening]) -> dict[tuple[Phase, Any], Key]:
        """When an activity first used what these events use, in their contexts."""
        found: dict[tuple[Phase, Any], Key] = {}
        for other, ctx in {(e.other, e.context) for e in events if e.rank == USE}:
            row = self._db.execute(USED, (nid, self._number(other), ctx)).fetchone()
            if row is not None:
                found[other, ctx] = row
        return found

    def put(self, nid: int, events: Iterable[Happening]) -> None:
        """Add events of an activity."""
        self._db.executemany(PUT, self._rows(nid, events))

    def remove(self, nid: int, events: Iterable[Happening]) -> None:
        """Take events of an activity away."""
        self._db.executemany(DROP, [row[:4] for row in self._rows(nid, events)])

    def replace(self, nid: int, events: Iterable[Happening]) -> None:
        """Make an activity's trail these events, or none."""
        held = set(self._db.execute("SELECT nid, other, rank, ctx, t, w, n FROM trail WHERE nid = ?", (nid,)))
        wanted = set(self._rows(nid, events))
        self._db.executemany(DROP, [row[:4] for row in held - wanted])
        self._db.executemany(PUT, wanted - held)

    def _rows(self, nid: int, events: Iterable[Happening]) -> list[Row]:
        writer = self._names.writer
        return [
            (nid, self._number(e.other), e.rank, e.context, e.at[0], writer(e.at[1]), e.at[2]) for e in events
        ]


def _happening(at: Key, rank: int, other: Phase, ctx: int) -> Happening:
    return Happening(at, rank, other, False, ctx, time_of(at))
