"""The embedded store: one SQLite file, one writer at a time, readers that never wait.

A batch is one transaction: what the committed ranges already hold is passed over, the rest is folded (nodes.py,
edges.py, series.py), its lineage appended or marked (flow.py), and the ranges and the outbox go with it.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from begat.graph_schema.events import Header
from begat.graph_schema.fresh import Fresh, by_writer, fresh, ids_of
from begat.graph_schema.projection import PART_END, PART_START
from begat.graph_schema.ranges import Pairs, merge
from begat.graph_schema.sqlite.connection import check, errors, open_reader, open_writer
from begat.graph_schema.sqlite.edges import PART_OF, Edges
from begat.graph_schema.sqlite.flow import Flow, Happened
from begat.graph_schema.sqlite.names import Names
from begat.graph_schema.sqlite.nodes import Nodes, Stamp
from begat.graph_schema.sqlite.outbox import Outbox
from begat.graph_schema.sqlite.scan import scan, scan_of
from begat.graph_schema.sqlite.series import Series
from begat.graph_schema.sqlite.sheets import Sheets
from begat.graph_schema.sqlite.stats import stats
from begat.graph_schema.statements import (
    Alias,
    AnyStatement,
    Description,
    Ended,
    Point,
    Points,
    Relation,
    Scanned,
    Started,
)
from begat.graph_schema.store import Batch, Change, Quarantined, Range, Stats, Writer
from begat.graph_schema.terms import PART
from begat.graph_schema.unstorable import refused

#: How often a running question looks whether its time is over, in SQLite's virtual machine steps.
STEPS = 10_000


class SqliteStore:
    """A Store in a file. Open it once a process; `read` may be called from several threads, `write` from one."""

    dialect = "sqlite"

    def __init__(self, path: str, *, create: bool = True, steady: bool = False) -> None:
        self.path = path
        self._steady = steady
        self._writer: sqlite3.Connection | None = None
        self._readers = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._seen_version = -1
        if create:
            self._db()
        else:
            self._reader()

    # -- writing

    def _db(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = db = open_writer(self.path, create=True)
            self._names = Names(db)
            self._nodes = Nodes(db, self._names)
            self._edges = Edges(db, self._names)
            self._series = Series(db, self._names)
            self._flow = Flow(db, self._names)
            self._outbox = Outbox(db)
            self._sheets = Sheets(db)
        return self._writer

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """BEGIN IMMEDIATE .. COMMIT; caches are dropped when another process committed, or this is rolled back."""
        with errors(self.path):
            db = self._db()
            db.execute("BEGIN IMMEDIATE")
            try:
                version = db.execute("PRAGMA data_version").fetchone()[0]
                if version != self._seen_version:
                    check(db, self.path)
                    self._forget()
                    self._seen_version = version
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                self._forget()
                raise

    def _forget(self) -> None:
        self._names.forget()
        self._series.forget()

    def write(self, batch: Batch) -> None:
        """Commit a batch; see the port."""
        with refused(), self._transaction() as db:
            given = by_writer(batch.ranges)
            held = {w: [(r.first, r.last) for r in self.ranges(w)] for w in given}
            new = fresh(batch, given, held)
            self._put_writers(db, batch)
            self._put_ranges(db, {w: merge([*held[w], *pairs]) for w, pairs in given.items()})
            db.executemany(
                "INSERT INTO bookmark VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET offset = excluded.offset",
                batch.bookmarks,
            )
            db.executemany("INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?)", batch.quarantined)
            if new.statements or new.points:
                self._store(db, new)

    def write_document(self, parts: Iterable[list[AnyStatement]]) -> None:
        """Commit a document's statements, all parts in one transaction; see the port."""
        with refused(), self._transaction() as db:
            for part in parts:
                if part:
                    self._store(db, Fresh(part, [], []))

    def _put_writers(self, db: sqlite3.Connection, batch: Batch) -> None:
        for w in batch.writers:
            number = self._names.writer(w.header.writer)
            held = db.execute("SELECT header FROM writer WHERE w = ?", (number,)).fetchone()[0]
            header = w.header
            if held is not None:
                header = min(msgspec.json.decode(held, type=Header), header, key=lambda h: h.segment)
            db.execute(
                "UPDATE writer SET header = ?, last = max(coalesce(last, 0), ?), dropped = max(dropped, ?) WHERE w = ?",
                (msgspec.json.encode(header).decode(), w.last, w.dropped, number),
            )

    def _put_ranges(self, db: sqlite3.Connection, ranges: Mapping[str, Pairs]) -> None:
        for writer, pairs in ranges.items():
            number = self._names.writer(writer)
            db.execute("DELETE FROM range WHERE w = ?", (number,))
            db.executemany("INSERT INTO range VALUES (?, ?, ?)", [(number, a, b) for a, b in pairs])

    def _store(self, db: sqlite3.Connection, batch: Fresh) -> None:
        names = self._names
        points = [*batch.points, *(Points.of(s) for s in batch.statements if type(s) is Point)]
        numbers, first_new = names.nodes(ids_of(batch.statements, points))
        context, writer = names.context, names.writer
        described: list[tuple[int, int, Stamp, Description | Started | Ended]] = []
        related: list[tuple[int | None, int | None, int, Stamp, Relation]] = []
        aliased: list[tuple[int, int, int, Stamp, Alias]] = []
        here, by, ctx, number = None, None, 0, 0
        for s in batch.statements:
            t, w, n = s.position
            if s.context != here or w != by:
                here, by, ctx, number = s.context, w, context(s.context), writer(w)
            stamp = (t, number, n)
            if type(s) is Relation:
                source = None if s.source is None else numbers[s.source]
                related.append((source, None if s.target is None else numbers[s.target], ctx, stamp, s))
            elif type(s) is Alias:
                aliased.append((numbers[s.observation], numbers[s.version], ctx, stamp, s))
            elif isinstance(s, (Description, Started, Ended)):
                described.append((numbers[s.node], ctx, stamp, s))
        moved = self._edges.aliases(aliased, first_new) if aliased else []
        if aliased or db.execute("SELECT 1 FROM alias LIMIT 1").fetchone():
            gone = self._edges.versions({nid for nid, _, _, _ in described})
            described = [d for d in described if d[0] not in gone]
        self._nodes.fold(described, first_new)
        edges, repeated = self._edges.relations(related, first_new)
        self._sheets.add(edges, moved, self._nodes.rows, first_new)
        spans = self._series.add(points, numbers)
        self._outbox.add(batch.statements, batch.ranges, spans)
        happened = Happened(self._flow, first_new)
        for i, e in enumerate(edges):
            if e.rel <= 5:
                happened.relation(e, i in repeated)
        for e in moved:
            if e.flows():
                happened.marks.update((e.s, e.d))
                if e.rel == 1:
                    happened.made[e.s].add(self._flow.key(e.t, e.w, e.n))
        self._parts(db, edges, repeated, happened, first_new)
        self._lineage(happened, first_new)

    def _parts(
        self, db: sqlite3.Connection, edges: list[Any], repeated: set[int], happened: Happened, first_new: int
    ) -> None:
        """What a batch says of parts, for their wholes: the part's start and end are events of the whole."""
        key = self._flow.key
        told = {nid: row for (nid, _), row in self._nodes.rows.items() if row.told}
        for (nid, _), row in self._nodes.rows.items():
            one = told.get(nid)
            if one is not None and one is not row and (row.start or row.end):
                one.starts_before = one.started_again = True  # told in two contexts: no case for appending
        ended: list[tuple[int, int, int]] = []
        for i, e in enumerate(edges):
            if e.rel == PART_OF and e.role == PART:
                happened.wanted.add(e.s)
                begun = told.get(e.s)
                if i in repeated or begun is None or begun.start is None or begun.starts_before or e.s < first_new:
                    happened.marks.add(e.d)
                else:
                    happened.part(e.s, e.d, e.ctx, PART_START, key(*begun.start))
                    ended.append((e.s, e.d, e.ctx))
        for nid, whole, ctx in self._wholes(db, [nid for nid in told if nid < first_new]):
            row = told[nid]
            if row.starts_before and row.end is not None and not row.ends_before and not row.started_again:
                ended.append((nid, whole, ctx))
            else:
                happened.marks.add(whole)
        for nid, whole, ctx in ended:
            row = told[nid]
            if row.end is not None:
                happened.part(nid, whole, ctx, PART_END, key(*row.end))

    def _wholes(self, db: sqlite3.Connection, parts: list[int]) -> Iterator[tuple[int, int, int]]:
        query = (
            "SELECT e.s, e.d, e.ctx FROM json_each(?) j "
            "CROSS JOIN edge e ON e.s = j.value AND e.rel = 15 WHERE e.role = 'part'"
        )
        yield from db.execute(query, (msgspec.json.encode(parts).decode(),))

    def _lineage(self, happened: Happened, first_new: int) -> None:
        """Append the batch's lineage, or mark what cannot be appended."""
        flow = self._flow
        for entity, keys in happened.made.items():
            if entity < first_new or len(keys) > 1:
                flow.remade(entity, keys)
        again = flow.recurrent(happened.entities())
        if again:
            happened.set_aside(again)
        flow.mark(happened.marks)
        flow.append(happened.by_activity, happened.wanted, happened.links)

    def settle(self) -> int:
        """Project what is marked, and make the sheets of what has changed; see the port."""
        if self._writer is None and not self._query("SELECT 1 FROM mark LIMIT 1"):
            return 0
        with self._transaction():
            self._sheets.settle()
            return self._flow.settle()

    # -- reading

    def _reader(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._readers, "db", None)
        if db is None:
            db = self._readers.db = open_reader(self.path, steady=self._steady)
            self._open.append(db)
        return db

    def _query(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        with errors(self.path):
            return self._reader().execute(sql, params).fetchall()

    def read(self, statement: Any, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        """Rows of an SQL text. Raises StoreError when it runs longer than `limit_s` seconds."""
        db = self._reader()
        with errors(self.path):
            if limit_s is None:
                return db.execute(statement, params).fetchall()
            end = time.monotonic() + limit_s
            db.set_progress_handler(lambda: time.monotonic() > end, STEPS)
            try:
                return db.execute(statement, params).fetchall()
            finally:
                db.set_progress_handler(None, 0)

    @contextmanager
    def answering(self, name: str, answer: Callable[[str, str], str]) -> Iterator[None]:
        """In statements that this thread reads inside, an SQL function of this name and two texts is `answer`."""
        db, mine = self._reader(), self._readers
        if not hasattr(mine, name):
            with errors(self.path):  # once for the connection: SQLite prepares all statements anew when one changes
                db.create_function(name, 2, lambda a, b: getattr(mine, name)(a, b))
        setattr(mine, name, answer)
        try:
            yield
        finally:
            setattr(mine, name, None)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What this thread reads inside is all of one state of the store."""
        db = self._reader()
        with errors(self.path):
            db.execute("BEGIN")
            try:
                yield
            finally:
                db.execute("ROLLBACK")

    def scan(self, of: Collection[str] | None = None) -> Iterator[Scanned]:
        with errors(self.path):
            yield from scan(self._reader()) if of is None else scan_of(self._reader(), of)

    def changes(self, since: int = 0) -> Iterator[Change]:
        with errors(self.path):
            yield from Outbox(self._reader()).since(since)

    def head(self) -> int:
        return int(self._query("SELECT coalesce(max(number), 0) FROM outbox")[0][0])

    def bookmarks(self) -> dict[str, int]:
        return dict(self._query("SELECT source, offset FROM bookmark"))

    def ranges(self, writer: str) -> list[Range]:
        """Committed ranges; inside a transaction as that sees them."""
        sql = "SELECT first, last FROM range WHERE w = (SELECT w FROM writer WHERE id = ?) ORDER BY first"
        if self._writer is not None and self._writer.in_transaction:
            rows = self._writer.execute(sql, (writer,)).fetchall()
        else:
            rows = self._query(sql, (writer,))
        return [Range(writer, a, b) for a, b in rows]

    def writers(self, only: Collection[str] | None = None) -> list[Writer]:
        ids = "" if only is None else " AND id IN (SELECT value FROM json_each(:only))"
        text = f"SELECT header, last, dropped FROM writer WHERE header IS NOT NULL{ids} ORDER BY +w"
        rows = self._query(text, {"only": json.dumps(list(only or ()))})
        return [Writer(msgspec.json.decode(h, type=Header), last, dropped) for h, last, dropped in rows]

    def quarantine(self) -> list[Quarantined]:
        rows = self._query("SELECT source, offset, reason, raw FROM quarantine ORDER BY source, offset")
        return [Quarantined(*r) for r in rows]

    def stats(self) -> Stats:
        return stats(self._query)

    def close(self) -> None:
        """Close every connection. Raises nothing; a closed store must not be used."""
        for db in [*self._open, *([self._writer] if self._writer else [])]:
            db.close()
        self._open, self._writer = [], None
        self._readers = threading.local()
