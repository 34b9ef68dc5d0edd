"""Text and the integers it is stored as: nodes, contexts, writers, types. One instance a write connection.

Caches are only ever filled inside the write transaction; `forget` empties them when it was rolled back.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from begat.graph_schema.statements import Context

#: Nodes remembered between batches: about 150 bytes each.
REMEMBERED: Final = 500_000


def numbers_of(db: sqlite3.Connection, ids: Collection[str]) -> Iterator[tuple[str, int]]:
    """Those of these ids that the store has, with their numbers."""
    found = "SELECT i.id, i.nid FROM json_each(?) j CROSS JOIN ident i ON i.id = j.value"
    yield from db.execute(found, (json.dumps(list(ids)),))
    for i in ids:
        if "\0" in i:  # where json_each ends a text
            yield from db.execute("SELECT id, nid FROM ident WHERE id = ?", (i,))


class Names:
    """Numbers for names, allocated in the transaction of the batch that first says them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Start without caches, as after a rollback or another process's commit."""
        self._nodes: dict[str, int] = {}
        self._next = -1
        contexts = self._db.execute("SELECT ctx, project, bundle FROM context")
        self._contexts: dict[Context, int] = {Context(p, b): c for c, p, b in contexts}
        self._writers: dict[str, int] = {i: w for w, i in self._db.execute("SELECT w, id FROM writer")}
        self.types: dict[str, int] = {n: c for c, n in self._db.execute("SELECT code, name FROM type")}
        self.writer_texts = {w: i for i, w in self._writers.items()}
        self.contexts_by_number = {c: x for x, c in self._contexts.items()}

    def nodes(self, ids: Iterable[str]) -> tuple[dict[str, int], int]:
        """Numbers of all ids, and the first number that is new in this call: numbers from there on are new nodes."""
        if self._next < 0:
            self._next = (self._db.execute("SELECT max(nid) FROM ident").fetchone()[0] or 0) + 1
        if len(self._nodes) > REMEMBERED:
            self._nodes = {}
        known = self._nodes
        missing = [i for i in dict.fromkeys(ids) if i not in known]
        first_new = self._next
        if missing:
            known.update(numbers_of(self._db, missing))
            fresh = [i for i in missing if i not in known]
            numbers = range(first_new, first_new + len(fresh))
            known.update(zip(fresh, numbers, strict=True))
            self._db.executemany("INSERT INTO ident (nid, id) VALUES (?, ?)", zip(numbers, fresh, strict=True))
            self._next += len(fresh)
        return known, first_new

    def text(self, nid: int) -> str:
        """The id of a node's number."""
        return str(self._db.execute("SELECT id FROM ident WHERE nid = ?", (nid,)).fetchone()[0])

    def context(self, context: Context) -> int:
        """A context's number, from 1."""
        number = self._contexts.get(context)
        if number is None:
            number = len(self._contexts) + 1
            self._db.execute("INSERT INTO context (ctx, project, bundle) VALUES (?, ?, ?)", (number, *context))
            self._contexts[Context(*context)] = number
            self.contexts_by_number[number] = Context(*context)
        return number

    def writer(self, id: str) -> int:
        """A writer's number; 0 for documents."""
        number = self._writers.get(id)
        if number is None:
            number = max(self.writer_texts) + 1
            self._db.execute("INSERT INTO writer (w, id) VALUES (?, ?)", (number, id))
            self._writers[id] = number
            self.writer_texts[number] = id
        return number

    def type(self, name: str) -> int:
        """A type's code: of terms.py, or from 1000 for foreign types."""
        code = self.types.get(name)
        if code is None:
            code = max(1000, *(c + 1 for c in self.types.values()))
            self._db.execute("INSERT INTO type (code, name) VALUES (?, ?)", (code, name))
            self.types[name] = code
        return code
