"""The Neo4j store: a graph that people can look at and ask in Cypher, for many users and large histories.

A batch is one transaction (a large one several, see ../pieces.py), and the writers of one store take turns: what the
committed ranges already hold is passed over, the rest is folded (nodes.py, edges.py, series.py), its lineage appended
or marked (flow.py), and the ranges and the outbox go with it. README.md has the graph.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from begat.graph_schema.errors import StoreError
from begat.graph_schema.events import Header
from begat.graph_schema.fold import later_writer
from begat.graph_schema.fresh import Fresh, by_writer, fresh, ids_of
from begat.graph_schema.neo4j import outbox
from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.cypher import cypher
from begat.graph_schema.neo4j.edges import Edges
from begat.graph_schema.neo4j.flow import Flow
from begat.graph_schema.neo4j.lineage import lineage
from begat.graph_schema.neo4j.long_ids import LONGEST, short, shortened
from begat.graph_schema.neo4j.nodes import Described, Nodes
from begat.graph_schema.neo4j.scan import scan, scan_of, stats
from begat.graph_schema.neo4j.series import Series
from begat.graph_schema.neo4j.settle import Settling
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.neo4j.wide import any_wide
from begat.graph_schema.pieces import MOST, pieces
from begat.graph_schema.ranges import merge
from begat.graph_schema.statements import (
    Alias,
    AnyStatement,
    Context,
    Description,
    Ended,
    Point,
    Points,
    Relation,
    Scanned,
    Started,
)
from begat.graph_schema.store import Batch, Change, Quarantined, Range, Stats, Writer
from begat.graph_schema.unstorable import refused


class Neo4jStore:
    """A Store in a Neo4j database, by its URL: neo4j://USER:PASSWORD@HOST:7687/DATABASE. Threads may share it.

    `most` is what a transaction may weigh (../pieces.py), for a server with less memory than most have.
    """

    dialect = "neo4j"

    def __init__(self, url: str, *, create: bool = True, most: int = MOST) -> None:
        self._db = Connection(url, create=create)
        self._most = most

    # -- writing

    def write(self, batch: Batch) -> None:
        """Commit a batch, a large one in pieces; see the port."""
        with refused():
            for piece in pieces(batch, self._most):
                self._db.write(partial(self._write, piece))

    def write_document(self, parts: Iterable[list[AnyStatement]]) -> None:
        for part in parts:
            self.write(Batch(part))

    def _write(self, batch: Batch, tx: Transaction) -> None:
        commits, wide = self._lock(tx)
        given = by_writer(batch.ranges)
        held = {w: list(zip(a, b, strict=True)) for w, a, b in tx.many("store", "ranges", [*given], of="writers")}
        new = fresh(batch, given, held)
        _put_headers(tx, batch.writers)
        rows = []
        for writer, pairs in given.items():
            merged = merge([*held.get(writer, []), *pairs])
            rows.append({"id": writer, "firsts": [a for a, _ in merged], "lasts": [b for _, b in merged]})
        tx.put("store", "put_ranges", rows)
        tx.put("store", "put_bookmarks", [b._asdict() for b in batch.bookmarks])
        tx.put("store", "put_quarantined", [q._asdict() for q in batch.quarantined])
        if new.statements or new.points:
            self._store(tx, new, commits + 1)
            if not wide and any_wide(new.statements, new.points):
                tx.run("store", "widen")

    def _lock(self, tx: Transaction) -> tuple[int, bool]:
        """Wait for one's turn; returns the number of commits so far, and whether any text needs a key (wide.py)."""
        tx.run("store", "lock")
        rows = tx.run("store", "locked")  # a statement of its own: one that writes may have read before it waited
        if not rows:
            raise StoreError(f"{self._db.address} is not a begat store any more")
        schema, commits, wide = rows[0]
        self._db.check(schema)
        return int(commits), bool(wide)

    def _store(self, tx: Transaction, batch: Fresh, commit: int) -> None:
        told = batch.statements
        long = [i for i in dict.fromkeys(ids_of(told, batch.points)) if len(i) > LONGEST]
        if long:
            batch = shortened(batch, long)
        points = [*batch.points, *(Points.of(s) for s in batch.statements if type(s) is Point)]
        number = _numbers(tx, [*(s.context for s in batch.statements), *(p.context for p in points)])
        described: list[Described] = []
        related: list[tuple[int, Relation]] = []
        aliased: list[tuple[int, Alias]] = []
        for s in batch.statements:
            ctx = number[s.context]
            if type(s) is Relation:
                related.append((ctx, s))
            elif type(s) is Alias:
                aliased.append((ctx, s))
            elif isinstance(s, (Description, Started, Ended)):
                described.append((ctx, s))
        ids = list(dict.fromkeys(ids_of(batch.statements, points)))
        known: dict[str, Any] = dict(tx.many("nodes", "known", ids, of="ids"))
        made = {i for i in ids if i not in known}
        # Aliases are between nodes that are there; a node that is described and no observation is made with all it has.
        whole = {s.node for _, s in described} - {i for _, a in aliased for i in (a.observation, a.version)}
        bare = [i for i in ids if i in made and i not in whole]
        tx.put("nodes", "create_named", bare, of="ids")
        nodes, edges = Nodes(tx, {n: c for c, n in number.items()}), Edges(tx, made)
        moved = edges.aliases(aliased) if aliased else []
        # What is there is asked for first: then the server writes, and nobody waits for it, for as long as can be.
        if edges.any_alias():
            gone = edges.versions({s.node for _, s in described} - (made - set(bare)))
            described = [(ctx, s) for ctx, s in described if s.node not in gone]
        nodes.load({s.node for _, s in described} & {i for i, is_described in known.items() if is_described})
        said = edges.said(related)
        series = Series(tx, [(number[p.context], p) for p in points])
        begun = sorted({s.node for _, s in described if type(s) is not Description} - made)
        wholes = [(part, whole, ctx) for part, whole, ctx in tx.many("flow", "wholes", begun, of="ids")]
        nodes.fold(described, made - set(bare))
        happened = lineage(said.edges, said.repeated, nodes, wholes, made)
        for e in moved:
            happened.moved(e)
        flow = Flow(tx, made, happened)
        edges.put(said)
        series.put(commit)
        flow.put()
        tx.put("nodes", "put_long", [{"id": short(i), "long": i} for i in long])
        outbox.add(tx, commit, told)

    def settle(self) -> int:
        """Project what is marked; see the port."""
        if not self._db.read(cypher("flow", "marked"), {"many": 1}):
            return 0
        projected = 0
        while some := self._db.write(self._settle):
            projected += some
        return projected

    def _settle(self, tx: Transaction) -> int:
        self._lock(tx)
        return Settling(tx).some()

    # -- reading

    def read(self, statement: Any, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        """Rows of a Cypher text. Raises StoreError when it runs longer than `limit_s` seconds."""
        return self._db.read(statement, params, limit_s)

    def _contexts(self) -> dict[int, Context]:
        rows = self._db.read(cypher("store", "contexts"), {})
        return {ctx: Context(project, bundle) for ctx, project, bundle in rows}

    def scan(self, of: Collection[str] | None = None) -> Iterator[Scanned]:
        yield from scan(self._db, self._contexts()) if of is None else scan_of(self._db, self._contexts(), of)

    def changes(self, since: int = 0) -> Iterator[Change]:
        yield from outbox.since(self._db, since, self._contexts())

    def head(self) -> int:
        rows = self._db.read(cypher("store", "head"), {})
        return int(rows[0][0]) if rows else 0

    def bookmarks(self) -> dict[str, int]:
        return dict(self._db.read(cypher("store", "bookmarks"), {}))

    def ranges(self, writer: str) -> list[Range]:
        """Committed ranges."""
        rows = self._db.read(cypher("store", "ranges"), {"writers": [writer]})
        return [Range(w, a, b) for w, firsts, lasts in rows for a, b in zip(firsts, lasts, strict=True)]

    def writers(self, only: Collection[str] | None = None) -> list[Writer]:
        if only is None:
            rows = self._db.read(cypher("store", "writers"), {})
        else:
            rows = [row[1:] for row in self._db.read(cypher("store", "headers"), {"writers": sorted(only)})]
        return [Writer(msgspec.json.decode(h, type=Header), last, dropped) for h, last, dropped in rows]

    def quarantine(self) -> Iterable[Quarantined]:
        return [Quarantined(*row) for row in self._db.read(cypher("store", "quarantined"), {})]

    def stats(self) -> Stats:
        return stats(self._db)

    def close(self) -> None:
        """Close every connection. A closed store must not be used."""
        self._db.close()


def _numbers(tx: Transaction, said: Iterable[Context]) -> dict[Context, int]:
    """Numbers of contexts, from 1, those of the store and those said now."""
    number = {Context(project, bundle): ctx for ctx, project, bundle in tx.run("store", "contexts")}
    rows: list[Row] = []
    for context in dict.fromkeys(said):
        if context not in number:
            number[context] = len(number) + 1
            rows.append({"ctx": number[context], "project": context.project, "bundle": context.bundle})
    tx.put("store", "put_contexts", rows)
    return number


def _put_headers(tx: Transaction, writers: list[Writer]) -> None:
    known: dict[str, Writer] = {}
    for writer, header, last, dropped in tx.many(
        "store", "headers", sorted({w.header.writer for w in writers}), of="writers"
    ):
        known[writer] = Writer(msgspec.json.decode(header, type=Header), last, dropped)
    for w in writers:
        before = known.get(w.header.writer)
        known[w.header.writer] = w if before is None else later_writer(before, w)
    rows = [
        {"id": i, "header": msgspec.json.encode(w.header).decode(), "last": w.last, "dropped": w.dropped}
        for i, w in known.items()
    ]
    tx.put("store", "put_headers", rows)
