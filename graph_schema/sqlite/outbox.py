"""The outbox: each commit's statements, for those who live on changes. Points are not kept twice: a commit names the
series and the sequence numbers it added, and they are read from the point table."""

import sqlite3
from collections.abc import Iterator
from typing import Final

import msgspec

from begat.graph_schema.ranges import holds, merge
from begat.graph_schema.statements import AnyStatement, Context, Point, Position
from begat.graph_schema.store import Change, Range

POINTS: Final = (
    "SELECT i.id, c.project, c.bundle, r.name, r.labels, p.t, w.id, p.n, p.step, p.value, p.nan, z.id "
    "FROM series r CROSS JOIN point p ON p.sid = r.sid CROSS JOIN ident i ON i.nid = r.nid "
    "CROSS JOIN context c ON c.ctx = r.ctx CROSS JOIN writer w ON w.w = p.w LEFT JOIN ident z ON z.nid = p.section "
    "WHERE r.sid = ? AND p.t BETWEEN ? AND ?"
)


class Commit(msgspec.Struct):
    """One commit as stored."""

    statements: list[AnyStatement]
    ranges: list[Range]
    spans: list[tuple[int, int, int]]  # series, first time, last time


class Outbox:
    """Writes and reads the outbox table."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, statements: list[AnyStatement], ranges: list[Range], spans: list[tuple[int, int, int]]) -> None:
        """Append a commit, in the transaction that stores it."""
        others = [s for s in statements if type(s) is not Point]
        body = msgspec.msgpack.encode(Commit(others, ranges, spans))
        self._db.execute("INSERT INTO outbox (statements) VALUES (?)", (body,))

    def since(self, commit: int) -> Iterator[Change]:
        """The commits after one, in order."""
        decoder = msgspec.msgpack.Decoder(Commit)
        rows = self._db.execute("SELECT number, statements FROM outbox WHERE number > ? ORDER BY number", (commit,))
        for number, body in rows:
            held = decoder.decode(body)
            yield Change(number, [*held.statements, *self._points(held)])

    def _points(self, commit: Commit) -> Iterator[Point]:
        by_writer: dict[str, list[tuple[int, int]]] = {}
        for r in commit.ranges:
            by_writer.setdefault(r.writer, []).append((r.first, r.last))
        pairs = {w: merge(p) for w, p in by_writer.items()}
        spans: dict[int, tuple[int, int]] = {}
        for series, first, last in commit.spans:  # several of one series, where several writers wrote to it
            before = spans.get(series, (first, last))
            spans[series] = (min(first, before[0]), max(last, before[1]))
        for series, span in spans.items():
            for point in points(self._db, POINTS, (series, *span)):
                if holds(pairs.get(point.position.writer, []), point.position.seq):
                    yield point


def points(db: sqlite3.Connection, sql: str, params: tuple[int | str, ...]) -> Iterator[Point]:
    """Points from rows in the order of POINTS."""
    for activity, project, bundle, name, labels, t, w, n, step, value, nan, section in db.execute(sql, params):
        number = float("nan") if nan else float(value)
        yield Point(Context(project, bundle), Position(t, w, n), activity, name, number, labels, step, section)
