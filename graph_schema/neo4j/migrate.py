"""Bringing an older store to the schema of this begat.

Constraints and indexes cannot be made in one transaction with data. So a step's commands of the schema are run first,
each alone, written to be run twice (IF NOT EXISTS, IF EXISTS); all else of it is one transaction, which takes the
writers' turn and raises the store's number. Whoever dies in it leaves the store to be migrated again; whoever waits for
the turn meanwhile finds it done; a begat that still knows the old schema alone writes nothing more from then on.
"""

import re
from typing import Final

from begat.graph_schema.errors import StoreError
from begat.graph_schema.migrations import Migration, Step, pending
from begat.graph_schema.neo4j.connection import PACKAGE, Connection
from begat.graph_schema.neo4j.cypher import ours, parts
from begat.graph_schema.neo4j.transaction import Transaction

#: Commands of the schema, which the server takes in a transaction of their own.
_SCHEMA: Final = re.compile(r"(CREATE|DROP)\s+(\w+\s+)?(CONSTRAINT|INDEX)\b")


def waiting(url: str) -> Migration:
    """What a store would be migrated by; nothing is changed. Raises StoreError for what is no store."""
    db = Connection(url, create=False, check=False)
    try:
        return _waiting(db)
    finally:
        db.close()


def _waiting(db: Connection) -> Migration:
    found = db.schema()
    if not found:
        raise StoreError(f"there is no store at {db.address}: no begat has written to it yet")
    return pending(PACKAGE, str(db.address), found)


def migrate(url: str) -> Migration:
    """Take what steps are pending. Returns what was done. Raises StoreError; the store then is as after the last step
    that went through.
    """
    db = Connection(url, create=False, check=False)
    try:
        todo = _waiting(db)
        for step in todo.steps:
            texts = list(parts(step.text).values())
            for text in texts:
                if _SCHEMA.match(text):
                    db.write(lambda tx, text=text: tx.do(ours(text)))  # type: ignore[misc]
            db.write(lambda tx, step=step, texts=texts: _take(tx, step, texts))  # type: ignore[misc]
        return todo
    finally:
        db.close()


def _take(tx: Transaction, step: Step, texts: list[str]) -> None:
    tx.run("store", "lock")
    ((schema, *_),) = tx.run("store", "locked")
    if schema >= step.number:  # another process was faster
        return
    for text in texts:
        if not _SCHEMA.match(text):
            tx.do(ours(text))
    tx.run("store", "raise", schema=step.number)
