"""Generic PROV in an SQLite file, read as begat reads its own: the same pragmas, the same limit of time."""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from begat.graph_schema.sqlite.script import statements
from begat.graph_schema.sqlite.store import STEPS
from begat.graph_schema.store import Store
from benchmarks.generic.form import Form, Link, Thing

SQL: Final = Path(__file__).parent / "sql"
INDEX: Final = "CREATE INDEX"
#: Relations with a table of their own: its name, and whether exact and a point's columns are in it.
TABLES: Final = {
    "used": "INSERT INTO used VALUES (:s, :role, :d, :time, :n, :more)",
    "wasGeneratedBy": "INSERT INTO was_generated_by "
    "VALUES (:s, :d, :role, :time, :n, :exact, :more, :labels, :step, :section)",
    "hadMember": "INSERT INTO had_member VALUES (:s, :role, :d, :n, :more)",
    "wasAssociatedWith": "INSERT INTO was_associated_with VALUES (:s, :role, :d, :n, :more)",
}
OTHER: Final = "INSERT INTO relation VALUES (:s, :relation, :d, :role, :time, :n, :more)"


class GenericSqlite:
    """What a question needs of a store, with another graph in it. `writers` are begat's books, and stay begat's."""

    dialect = "generic-sqlite"
    language = SQL

    def __init__(self, path: Path, typed: Store) -> None:
        self.path = path
        self.writers = typed.writers
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA cache_size = -65536")
        self._db.execute("PRAGMA mmap_size = 1073741824")

    def load(self, form: Form) -> None:
        """Write all of it into an empty file, then make the indexes."""
        texts = list(statements((SQL / "schema.sql").read_text(encoding="utf-8")))
        self._db.execute("BEGIN")
        for text in texts:
            if INDEX not in text:
                self._db.execute(text)
        numbers = {t.id: n for n, t in enumerate(form.things, 1)}
        for t in form.things:
            self._thing(numbers[t.id], t)
        for n, link in enumerate(form.links):
            self._link(n, numbers[link.source], numbers[link.target], link)
        for text in texts:
            if INDEX in text:
                self._db.execute(text)
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def forget_names(self) -> None:
        """Do without the index on names and values."""
        self._db.execute("DROP INDEX entity_by_label")

    def _thing(self, n: int, t: Thing) -> None:
        match t.kind:
            case "Activity":
                self._db.execute("INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?)", (n, *t[1:4], t.started, t.ended))
            case "Agent":
                self._db.execute("INSERT INTO agent VALUES (?, ?, ?, ?)", (n, *t[1:4]))
            case _:
                self._db.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?)", (n, *t[1:6]))

    def _link(self, n: int, s: int, d: int, link: Link) -> None:
        self._db.execute(TABLES.get(link.relation, OTHER), {"n": n, "s": s, "d": d, **link._asdict()})

    def read(self, statement: Any, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        """Rows of an SQL text."""
        end = None if limit_s is None else time.monotonic() + limit_s
        self._db.set_progress_handler(lambda: end is not None and time.monotonic() > end, STEPS)
        return self._db.execute(statement, params).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()
