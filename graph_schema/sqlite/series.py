"""Metric points and their roll-ups, kept in the same transaction."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import chain, repeat
from math import isfinite, isnan
from typing import Any, Final

from begat.graph_schema.fold import step_key
from begat.graph_schema.sqlite.names import Names
from begat.graph_schema.statements import Points

GET: Final = (
    "SELECT r.sid, r.nid, r.ctx, r.name, r.labels, r.count, r.nan, r.infinite, r.first, r.ft, r.fw, r.fn, "
    "r.last, r.last_step, r.lt, r.lw, r.ln, r.min, r.argmin, r.max, r.argmax "
    "FROM json_each(?) j CROSS JOIN series r ON r.nid = j.value"
)
PUT: Final = f"INSERT OR REPLACE INTO series VALUES ({', '.join('?' * 21)})"
PUT_POINT: Final = "INSERT OR IGNORE INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
#: SQLite took up to 999 parameters a statement for long.
MANY: Final = 999 // 8
PUT_MANY: Final = PUT_POINT + ", (?, ?, ?, ?, ?, ?, ?, ?)" * (MANY - 1)


class Series:
    """Folds a batch's points into their series."""

    def __init__(self, db: sqlite3.Connection, names: Names) -> None:
        self._db = db
        self._names = names
        self._next = -1

    def forget(self) -> None:
        """Ask the database again for the next number."""
        self._next = -1

    def add(self, points: Iterable[Points], numbers: Mapping[str, int]) -> list[tuple[int, int, int]]:
        """Write points, each once: the caller sees to it. `numbers` are those of the nodes they name.

        Returns (series, first time, last time) of what was added.
        """
        keyed = [((numbers[p.activity], self._names.context(p.context), p.name, p.labels), p) for p in points]
        if not keyed:
            return []
        if self._next < 0:
            self._next = (self._db.execute("SELECT max(sid) FROM series").fetchone()[0] or 0) + 1
        nids = sorted({k[0] for k, _ in keyed})
        rows = {tuple(r[1:5]): list(r) for r in self._db.execute(GET, (json.dumps(nids),))}
        spans = []
        for key, p in keyed:
            row = rows.get(key)
            if row is None:
                row = rows[key] = [self._next, *key, 0, 0, 0, *(None,) * 13]
                self._next += 1
            w = self._names.writer(p.writer)
            times, seqs, steps, values, sections = zip(*p.rows, strict=True)
            self._roll(row, (w, p.writer), times, seqs, steps, values)
            spans.append((row[0], min(times), max(times)))
            nan = [v != v for v in values] if row[6] else repeat(0)
            if any(sections):
                sections = tuple(None if s is None else numbers[s] for s in sections)
            columns = zip(repeat(row[0]), times, repeat(w), seqs, steps, values, nan, sections)
            self._db.executemany(PUT_POINT, columns)
        self._db.executemany(PUT, [rows[key] for key in dict.fromkeys(k for k, _ in keyed)])
        return spans

    def _put(self, points: list[tuple[Any, ...]]) -> None:
        """Write point rows, many to a statement: a third less time than one each."""
        whole = len(points) // MANY * MANY
        for i in range(0, whole, MANY):
            self._db.execute(PUT_MANY, tuple(chain.from_iterable(points[i : i + MANY])))
        self._db.executemany(PUT_POINT, points[whole:])

    def _roll(
        self,
        row: list[Any],
        writer: tuple[int, str],
        times: tuple[int, ...],
        seqs: tuple[int, ...],
        steps: tuple[int | float | None, ...],
        values: tuple[float, ...],
    ) -> None:
        """Fold points into a stored roll-up: count .. argmax are columns 5 to 20, see schema.sql."""
        texts = self._names.writer_texts
        w, text = writer
        row[5] += len(values)
        places = list(zip(times, seqs, strict=True))
        (first, t, n), (last, t2, n2) = ((places.index(p), *p) for p in (min(places), max(places)))
        if row[9] is None or (t, text, n) < (row[9], texts[row[10]], row[11]):
            row[8:12] = [_plain(values[first]), t, w, n]
        if row[14] is None or (t2, text, n2) > (row[14], texts[row[15]], row[16]):
            row[12:17] = [_plain(values[last]), steps[last], t2, w, n2]
        if not isfinite(sum(values)):  # else all are, and nothing need be looked at twice
            finite = [(s, v) for s, v in zip(steps, values, strict=True) if isfinite(v)]
            nan = sum(map(isnan, values))
            row[6] += nan
            row[7] += len(values) - len(finite) - nan
            steps, values = tuple(s for s, _ in finite), tuple(v for _, v in finite)
        for least, extreme, sign in ((17, min, 1), (19, max, -1)):
            if values:
                value = extreme(values) + 0.0  # zero has no sign
                at = steps[values.index(value)]
                if values.count(value) > 1:
                    at = min((s for s, v in zip(steps, values, strict=True) if v == value), key=step_key)
                if row[least] is None or (sign * value, step_key(at)) < (sign * row[least], step_key(row[least + 1])):
                    row[least : least + 2] = [value, at]


def _plain(value: float) -> float | None:
    """NaN is stored as null, which SQLite makes of it anyway."""
    return None if isnan(value) else value
