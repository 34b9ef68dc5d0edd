"""SQL scripts, a statement at a time."""

import sqlite3
from collections.abc import Iterator


def statements(text: str) -> Iterator[str]:
    """The statements of a script; executescript would commit the transaction it runs in."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
