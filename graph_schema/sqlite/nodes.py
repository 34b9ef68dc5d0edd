"""Node rows: descriptions, starts and ends folded into one record a node and context. See fold.py for the rules."""

import json
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from begat.graph_schema.fold import kinds_of, number_in, sorted_types
from begat.graph_schema.law import LAST
from begat.graph_schema.sqlite.names import Names
from begat.graph_schema.statements import Description, Ended, Started, canonical, values

#: A position as stored: time, writer's number, sequence number.
Stamp = tuple[int | None, int, int]

COLUMNS: Final = (
    "nid, ctx, kinds, type, name, attrs, value, number, t, w, n, vt, vw, vn, st, sw, sn, et, ew, en, "
    "outcome, error, trace"
)
PUT: Final = f"INSERT OR REPLACE INTO node ({COLUMNS}) VALUES ({', '.join('?' * 23)})"
GET: Final = (
    f"SELECT {', '.join('o.' + c.strip() for c in COLUMNS.split(','))} "
    "FROM json_each(?) j CROSS JOIN node o ON o.nid = j.value"
)
GET_TYPES: Final = (
    "SELECT y.nid, y.ctx, t.name FROM json_each(?) j "
    "CROSS JOIN node_type y ON y.nid = j.value CROSS JOIN type t ON t.code = y.type"
)


class Row(msgspec.Struct):
    """A node row while a batch is folded into it."""

    nid: int
    ctx: int
    kinds: int = 0
    types: tuple[str, ...] = ()
    attributes: dict[str, set[str]] | None = None
    name: str | None = None
    named: Stamp | None = None
    value: str | None = None
    valued: Stamp | None = None
    start: Stamp | None = None
    end: Stamp | None = None
    stop: tuple[str | None, str | None, str | None] = (None, None, None)
    stored_types: tuple[str, ...] = ()
    stored: tuple[str | None, str | None] = (None, None)  # name and value
    told: bool = False  # the batch has a start or an end of it
    starts_before: bool = False  # it had a start before this batch
    started_again: bool = False  # and this batch has another
    ends_before: bool = False  # it had an end before the one of this batch

    def revalued(self) -> bool:
        """Whether its name or value is not what was stored."""
        return self.stored != (self.name, self.value)


@lru_cache(maxsize=4096)
def merged_types(held: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """The union of two tuples of types, in the order of the fold."""
    return sorted_types({*held, *more})


class Nodes:
    """Folds a batch's descriptions, starts and ends into rows."""

    def __init__(self, db: sqlite3.Connection, names: Names) -> None:
        self._db = db
        self._names = names
        self.rows: dict[tuple[int, int], Row] = {}

    def key(self, s: Stamp) -> tuple[int, str, int]:
        """A stamp's place in the order of positions."""
        return (LAST if s[0] is None else s[0], self._names.writer_texts[s[1]], s[2])

    def fold(self, statements: Iterable[tuple[int, int, Stamp, Description | Started | Ended]], first_new: int) -> None:
        """Fold statements (each with its node's number, context and stamp) and write the rows."""
        items = list(statements)
        old = {nid for nid, _, _, _ in items if nid < first_new}
        self.rows = self._load(old) if old else {}
        for nid, ctx, stamp, s in items:
            row = self.rows.get((nid, ctx))
            if row is None:
                row = self.rows[nid, ctx] = Row(nid, ctx)
            if type(s) is Description:
                self._describe(row, stamp, s)
            elif type(s) is Started:
                self._start(row, stamp)
            elif type(s) is Ended:
                self._end(row, stamp, s)
        self._write()

    def _load(self, nids: set[int]) -> dict[tuple[int, int], Row]:
        wanted = json.dumps(sorted(nids))
        further: dict[tuple[int, int], list[str]] = {}
        for nid, ctx, name in self._db.execute(GET_TYPES, (wanted,)):
            further.setdefault((nid, ctx), []).append(name)
        rows = {}
        names = {c: n for n, c in self._names.types.items()}
        for r in self._db.execute(GET, (wanted,)):
            nid, ctx, kinds, type_, name, attrs, value, _, t, w, n, vt, vw, vn, st, sw, sn, et, ew, en, *stop = r
            types = sorted_types([*further.get((nid, ctx), ()), *([names[type_]] if type_ is not None else ())])
            rows[nid, ctx] = Row(
                nid,
                ctx,
                kinds,
                types,
                {k: {canonical(v) for v in vs} for k, vs in json.loads(attrs).items()} if attrs else None,
                name,
                None if w is None else (t, w, n),
                value,
                None if vw is None else (vt, vw, vn),
                None if sw is None else (st, sw, sn),
                None if ew is None else (et, ew, en),
                tuple(stop),
                types,
                (name, value),
                starts_before=sw is not None,
                ends_before=ew is not None,
            )
        return rows

    def _describe(self, row: Row, stamp: Stamp, s: Description) -> None:
        row.kinds |= kinds_of(s.kinds, s.types)
        if s.types and s.types != row.types:
            row.types = merged_types(row.types, s.types)
        if s.attributes:
            held = row.attributes = row.attributes or {}
            for key, v in s.attributes.items():
                held.setdefault(key, set()).update(canonical(x) for x in values(v))
        if s.name is not None:
            row.name, row.named = self._single(row, "name", (row.name, row.named), (s.name, stamp))
        if s.value is not None:
            row.value, row.valued = self._single(row, "value", (row.value, row.valued), (s.value, stamp))

    def _single(
        self, row: Row, what: str, held: tuple[str | None, Stamp | None], new: tuple[str, Stamp]
    ) -> tuple[str | None, Stamp | None]:
        value, stamp = held
        if value is None or stamp is None:
            return new
        later = (self.key(new[1]), new[0]) > (self.key(stamp), value)
        if value == new[0]:
            return new if later else held
        self._remember(row, what, *((value, stamp) if later else new))
        if later:
            self._db.execute(
                "DELETE FROM node_history WHERE nid = ? AND ctx = ? AND key = ? AND value = ?",
                (row.nid, row.ctx, what, new[0]),
            )
        return new if later else held

    def _remember(self, row: Row, what: str, value: str, stamp: Stamp) -> None:
        """Keep an overruled value at its latest position; of starts and ends, every position."""
        where = (row.nid, row.ctx, what, value)
        found = "SELECT rowid, t, w, n FROM node_history WHERE nid = ? AND ctx = ? AND key = ? AND value = ?"
        for rowid, *held in self._db.execute(found, where).fetchall():
            same = tuple(held) == stamp
            if what in ("start", "end"):
                if same:
                    return
            elif self.key(tuple(held)) >= self.key(stamp):
                return
            else:
                self._db.execute("DELETE FROM node_history WHERE rowid = ?", (rowid,))
        self._db.execute("INSERT INTO node_history VALUES (?, ?, ?, ?, ?, ?, ?)", (*where, *stamp))

    def _start(self, row: Row, stamp: Stamp) -> None:
        row.kinds |= 2
        row.told = True
        if row.start is None:
            row.start = stamp
        elif row.start != stamp:
            least, other = sorted((row.start, stamp), key=self.key)
            row.start = least
            row.starts_before = row.started_again = True
            self._remember(row, "start", "", other)

    def _end(self, row: Row, stamp: Stamp, s: Ended) -> None:
        row.kinds |= 2
        row.told = True
        stop = (s.outcome, s.error, s.trace)
        if row.end is None:
            row.end, row.stop = stamp, stop
        elif row.end != stamp:
            (other, its), (row.end, row.stop) = sorted(
                ((row.end, row.stop), (stamp, stop)), key=lambda x: self.key(x[0])
            )
            row.ends_before = True
            self._remember(row, "end", canonical(its), other)

    def _write(self) -> None:
        nothing: Stamp = (None, None, None)  # type: ignore[assignment]
        rows: list[tuple[Any, ...]] = []
        for row in self.rows.values():
            rows.append(
                (
                    row.nid,
                    row.ctx,
                    row.kinds,
                    self._names.type(row.types[0]) if row.types else None,
                    row.name,
                    row.attributes and _json(row.attributes),
                    row.value,
                    number_in(row.value),
                    *(row.named or nothing),
                    *(row.valued or nothing),
                    *(row.start or nothing),
                    *(row.end or nothing),
                    *row.stop,
                )
            )
            if len(row.types) > 1 and row.types != row.stored_types:
                self._further_types(row)
        self._db.executemany(PUT, rows)

    def _further_types(self, row: Row) -> None:
        self._db.execute("DELETE FROM node_type WHERE nid = ? AND ctx = ?", (row.nid, row.ctx))
        self._db.executemany(
            "INSERT INTO node_type VALUES (?, ?, ?)", [(row.nid, row.ctx, self._names.type(t)) for t in row.types[1:]]
        )


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return canonical(name)


def _json(attributes: dict[str, set[str]]) -> str:
    """The canonical JSON object of attributes whose values are canonical JSON already."""
    return "{" + ",".join(f"{_key(k)}:[{','.join(sorted(attributes[k]))}]" for k in sorted(attributes)) + "}"
