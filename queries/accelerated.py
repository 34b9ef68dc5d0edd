"""Lineage closures from a snapshot in memory instead of SQL, where there is one that is current, with the same result.

It is used once it pays: a process that asks little never loads it. BEGAT_ACCELERATOR=on uses it from the first closure,
off never; see docs/howto/accelerate.md.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from begat.graph_schema.errors import UsageError
from begat.graph_schema.sqlite.snapshot import log
from begat.graph_schema.sqlite.store import SqliteStore
from begat.graph_schema.store import Store
from begat.queries.clock import left
from begat.queries.plan import Direction
from begat.queries.scope import AS_OF, CONTEXTS, Scope
from begat.queries.sql.flow import ROOT, lineage_start
from begat.queries.sql.sight import Sight

if TYPE_CHECKING:
    from begat.queries.sql.frontier import Closed

VARIABLE: Final = "BEGAT_ACCELERATOR"
WAYS: Final = ("auto", "on", "off")
#: Loading takes about so long, in seconds: to import numpy, and for each byte of the file.
IMPORT_S, BYTE_S = 0.2, 1e-9

#: Seconds that closures took as SQL, by the store's file.
_spent: dict[str, float] = {}


def way() -> str:
    """What the environment asks for. Raises UsageError for what nobody knows."""
    given = os.environ.get(VARIABLE) or "auto"
    if given not in WAYS:
        raise UsageError(f"{VARIABLE} is {given!r}: it is one of {', '.join(WAYS)}")
    return given


@contextmanager
def by_sql(store: Store) -> Iterator[None]:
    """Counts the time of a closure that SQL answers."""
    began = time.monotonic()
    try:
        yield
    finally:
        if isinstance(store, SqliteStore):
            _spent[store.path] = _spent.get(store.path, 0.0) + time.monotonic() - began


def closed(store: Store, scope: Scope, start: str, direction: Direction, hi: int | None = None) -> "Closed | None":
    """What a lineage closure finds from the node with the id `start`; None where SQL is to answer."""
    if not isinstance(store, SqliteStore) or (asked := way()) == "off" or find_spec("numpy") is None:
        return None

    def read(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        return store.read(sql, params, left())

    with store.at_once():
        state = log.state(read)
        if state is None or state.token is None or not state.current:
            return None
        if asked == "auto" and not _pays(store.path, state.token):
            return None
        from begat.graph_schema.sqlite.snapshot import loaded
        from begat.queries.sql.frontier import Frontier, GaveUp, Seed

        snapshot = loaded.load(store.path, state.token)
        if snapshot is None or not snapshot.refresh(read, state.last):
            return None
        params: dict[str, Any] = {ROOT: start}
        if scope.contexts is not None:
            params[CONTEXTS] = str([0, *scope.contexts])
        if scope.as_of is not None:
            params[AS_OF] = scope.as_of
        seeds = read(lineage_start(direction, Sight(scope)), params)
        if not seeds:
            return None
        _, owner, counted = seeds[0]
        try:
            return Frontier(snapshot, scope, direction, read).reach(
                Seed([n for n, _, _ in seeds], owner, bool(counted)), hi
            )
        except GaveUp:
            return None


def _pays(path: str, token: str) -> bool:
    """Whether it is loaded, or SQL has taken as long by now as loading it would."""
    loaded = sys.modules.get("begat.graph_schema.sqlite.snapshot.loaded")
    if loaded is not None and loaded.held(path, token):
        return True
    try:
        size = log.place(path, token).stat().st_size
    except OSError:
        return False
    return _spent.get(path, 0.0) >= IMPORT_S + BYTE_S * size
