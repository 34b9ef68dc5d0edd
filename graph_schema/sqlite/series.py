"""Metric points and their roll-ups, kept in the same transaction."""

import json
import sqlite3
from collections.abc import Iterable
from math import inf, isnan
from typing import Any, Final

from begat.graph_schema.fold import step_key
from begat.graph_schema.sqlite.names import Names
from begat.graph_schema.sqlite.nodes import Stamp
from begat.graph_schema.statements import Point

Key = tuple[int, int, str, str]

GET: Final = (
    "SELECT r.sid, r.nid, r.ctx, r.name, r.labels, r.count, r.nan, r.infinite, r.first, r.ft, r.fw, r.fn, "
    "r.last, r.last_step, r.lt, r.lw, r.ln, r.min, r.argmin, r.max, r.argmax "
    "FROM json_each(?) j CROSS JOIN series r ON r.nid = j.value"
)
PUT: Final = f"INSERT OR REPLACE INTO series VALUES ({', '.join('?' * 21)})"
PUT_POINT: Final = "INSERT OR IGNORE INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Series:
    """Folds a batch's points into their series."""

    def __init__(self, db: sqlite3.Connection, names: Names) -> None:
        self._db = db
        self._names = names
        self._next = -1

    def forget(self) -> None:
        """Ask the database again for the next number."""
        self._next = -1

    def add(self, points: Iterable[tuple[int, int, Stamp, int | None, Point]]) -> list[tuple[int, int, int]]:
        """Write points (activity and context numbers, stamp, section's number). Each point once: the caller sees to it.

        Returns (series, first time, last time) of what was added.
        """
        groups: dict[Key, list[tuple[int, int, int, Any, float, int | None]]] = {}
        for nid, ctx, (t, w, n), section, p in points:
            point = (t or 0, w, n, p.step, p.value, section)
            key = (nid, ctx, p.name, p.labels)
            held = groups.get(key)
            if held is None:
                groups[key] = [point]
            else:
                held.append(point)
        if not groups:
            return []
        if self._next < 0:
            self._next = (self._db.execute("SELECT max(sid) FROM series").fetchone()[0] or 0) + 1
        nids = sorted({k[0] for k in groups})
        stored = {tuple(r[1:5]): list(r) for r in self._db.execute(GET, (json.dumps(nids),))}
        rows, spans = [], []
        for key, group in groups.items():
            row = stored.get(key)
            if row is None:
                row = [self._next, *key, 0, 0, 0, *(None,) * 13]
                self._next += 1
            self._roll(row, group)
            rows.append(row)
            spans.append((row[0], min(p[0] for p in group), max(p[0] for p in group)))
            sid = row[0]
            self._db.executemany(
                PUT_POINT,
                [(sid, t, w, n, step, value, value != value, section) for t, w, n, step, value, section in group],
            )
        self._db.executemany(PUT, rows)
        return spans

    def _roll(self, row: list[Any], group: list[tuple[int, int, int, Any, float, int | None]]) -> None:
        """Fold points into a stored roll-up: count .. argmax are columns 5 to 20, see schema.sql."""
        texts = self._names.writer_texts
        row[5] += len(group)
        finite = [p for p in group if -inf < p[4] < inf]
        if len(finite) < len(group):
            nan = sum(isnan(p[4]) for p in group)
            row[6] += nan
            row[7] += len(group) - len(finite) - nan
        first, last = group[0], group[0]
        if len(group) > 1:
            first = min(group, key=lambda p: (p[0], texts[p[1]], p[2]))
            last = max(group, key=lambda p: (p[0], texts[p[1]], p[2]))
        if row[9] is None or (first[0], texts[first[1]], first[2]) < (row[9], texts[row[10]], row[11]):
            row[8:12] = [_plain(first[4]), *first[:3]]
        if row[14] is None or (last[0], texts[last[1]], last[2]) > (row[14], texts[row[15]], row[16]):
            row[12:17] = [_plain(last[4]), last[3], *last[:3]]
        if finite:
            low = min(finite, key=lambda p: (p[4], step_key(p[3])))
            high = min(finite, key=lambda p: (-p[4], step_key(p[3])))
            if row[17] is None or (low[4], step_key(low[3])) < (row[17], step_key(row[18])):
                row[17:19] = [low[4], low[3]]
            if row[19] is None or (-high[4], step_key(high[3])) < (-row[19], step_key(row[20])):
                row[19:21] = [high[4], high[3]]


def _plain(value: float) -> float | None:
    """NaN is stored as null, which SQLite makes of it anyway."""
    return None if isnan(value) else value
