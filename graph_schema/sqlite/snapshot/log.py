"""The snapshot's side in the store: which file counts, and the log of what changed since; see log.sql.

All here is asked of a connection, or of a `read` that is one at a time: what belongs together is read in one
transaction.
"""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

from begat.graph_schema.sqlite.script import statements

Read = Callable[[str, dict[str, Any]], list[tuple[Any, ...]]]

_PACKAGE: Final = "begat.graph_schema.sqlite.snapshot"
TABLES: Final = ("flow_snapshot", "flow_log")
TRIGGERS: Final = ("flow_put", "flow_changed", "flow_removed", "flow_made_again")
#: All of it is there, on the tables that are read: a migration that made `flow` anew has taken its triggers along.
_THERE: Final = (
    f"SELECT count(*) FROM sqlite_master WHERE (type = 'table' AND name IN {TABLES}) "
    f"OR (type = 'trigger' AND name IN {TRIGGERS} AND tbl_name IN ('flow', 'phase'))"
)
_STATE: Final = "SELECT token, mark, room, coalesce((SELECT max(number) FROM flow_log), 0) FROM flow_snapshot"


class State(NamedTuple):
    """What the store says of its snapshot: `token` None where none counts; the log's last number, and its room."""

    token: str | None
    mark: int
    room: int
    last: int

    @property
    def full(self) -> bool:
        """Whether changes may have gone by that the log does not tell."""
        return self.last >= self.room

    @property
    def current(self) -> bool:
        """Whether the snapshot and the log together are the flow edges."""
        return self.token is not None and not self.full


def state(read: Read) -> State | None:
    """What the store says, None where it never had a snapshot."""
    if read(_THERE, {})[0][0] != len(TABLES) + len(TRIGGERS):
        return None
    rows = read(_STATE, {})
    return State(*rows[0]) if rows else None


class Row(NamedTuple):
    """A row of the log, and the lot that was drawn for it."""

    number: int
    lot: int


def last(read: Read) -> Row | None:
    """The log's last row; None where there is no log, or nothing in it."""
    if state(read) is None:
        return None
    rows = read("SELECT number, lot FROM flow_log ORDER BY number DESC LIMIT 1", {})
    return Row(*rows[0]) if rows else None


def holds(read: Read, row: Row) -> bool:
    """Whether a row is in the log: it is not in a copy of the store from before the row was told."""
    return read("SELECT lot FROM flow_log WHERE number = :number", {"number": row.number}) == [(row.lot,)]


def begin(execute: Callable[[str], object]) -> None:
    """Tell the log of no edge and no entity, so that a build has a row to know the store again by."""
    execute("INSERT INTO flow_log (s, d) VALUES (-1, 0)")


def make(execute: Callable[[str], object]) -> None:
    """Make the tables and triggers, in the caller's transaction."""
    for statement in statements(files(_PACKAGE).joinpath("log.sql").read_text(encoding="utf-8")):
        execute(statement)


def drop(execute: Callable[[str], object]) -> None:
    """Drop whatever there is of them, in the caller's transaction."""
    for name in TRIGGERS:
        execute(f"DROP TRIGGER IF EXISTS {name}")
    for name in TABLES:
        execute(f"DROP TABLE IF EXISTS {name}")


def place(store: str, token: str) -> Path:
    """The file of a snapshot: beside the store's."""
    return Path(f"{store}.flow-{token}")
