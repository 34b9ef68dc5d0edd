"""Lineage closures from a snapshot in memory instead of SQL, where there is one that is current, with the same result.

It is used once it pays: a process that asks little never loads it. BEGAT_ACCELERATOR=on uses it from the first closure,
off never; see docs/howto/accelerate.md.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from begat.graph_schema.errors import StoreError, UsageError
from begat.graph_schema.sqlite.snapshot import log
from begat.graph_schema.sqlite.store import SqliteStore
from begat.graph_schema.store import Store
from begat.queries.clock import left
from begat.queries.plan import Direction
from begat.queries.reach import Step
from begat.queries.scope import Scope
from begat.queries.sql.flow import NUMBER, REACHED, ROOT, lineage_start
from begat.queries.sql.sight import Sight

if TYPE_CHECKING:
    from begat.graph_schema.sqlite.snapshot.loaded import Snapshot
    from begat.queries.sql.frontier import Closed, Frontier, Seed

Found = TypeVar("Found")
VARIABLE: Final = "BEGAT_ACCELERATOR"
WAYS: Final = ("auto", "on", "off")
#: Loading takes about so long, in seconds: to import numpy, and for each byte of the file.
IMPORT_S, BYTE_S = 0.2, 1e-9

#: Seconds that closures took as SQL, by the store's file.
_spent: dict[str, float] = {}
#: Statements whose closures were too small, too thin or too new, and how often they are SQL's from then on.
_slower: dict[str, int] = {}
MOST_SLOWER, PASSED = 1000, 20


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
    return _searched(store, scope, start, direction, lambda frontier, seed: frontier.reach(seed, hi))


def leading(store: Store, scope: Scope, start: str, end: str) -> list[Step] | None:
    """The steps of least ways from a node up to another, for walk.shortest; None where SQL is to answer."""
    numbers = store.read(NUMBER, {"id": end}, left()) if isinstance(store, SqliteStore) else []
    if not numbers:
        return None
    return _searched(store, scope, start, "up", lambda frontier, seed: frontier.leading(seed, numbers[0][0]))


def _searched(
    store: Store, scope: Scope, start: str, direction: Direction, search: "Callable[[Frontier, Seed], Found]"
) -> "Found | None":
    with _snapshot(store) as current:
        if current is None:
            return None
        from begat.queries.sql.frontier import Frontier, GaveUp, Seed, as_json

        seeds = current.read(lineage_start(direction, Sight(scope)), {ROOT: start, **as_json(scope)})
        if not seeds:
            return None
        _, owner, counted = seeds[0]
        try:
            frontier = Frontier(current.snapshot, scope, direction, current.read)
            return search(frontier, Seed([n for n, _, _ in seeds], owner, bool(counted)))
        except GaveUp:
            return None


def answered(store: Store, scope: Scope, text: str, bound: Mapping[str, Any]) -> list[tuple[Any, ...]] | None:
    """The rows of a statement that asks REACHED for its closures; None where SQL is to answer all of it."""
    if _slower.get(text):
        _slower[text] -= 1
        return None
    with _snapshot(store) as current:
        if current is None:
            return None
        from begat.queries.sql.frontier import GaveUp
        from begat.queries.sql.reached import Reached

        reached = Reached(current.snapshot, scope, current.within)
        try:
            with current.store.answering(REACHED, reached):
                return current.store.read(text, bound, left())
        except StoreError:
            if reached.wrong is None:
                raise
            if not isinstance(reached.wrong, GaveUp):
                raise reached.wrong from None
            if text in _slower or len(_slower) < MOST_SLOWER:
                _slower[text] = PASSED
            return None


class _Current(NamedTuple):
    """A snapshot of a store that is current in this thread's transaction."""

    store: SqliteStore
    snapshot: "Snapshot"

    def read(self, sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        return self.store.read(sql, params, left())

    def within(self, sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        """While a statement runs, whose time limit holds for both."""
        return self.store.read(sql, params)


@contextmanager
def _snapshot(store: Store) -> Iterator[_Current | None]:
    """The snapshot of a store, in a transaction in which it is current; None where SQL is to answer."""
    if not isinstance(store, SqliteStore) or (asked := way()) == "off" or _no_numpy():
        yield None
        return

    def read(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        return store.read(sql, params, left())

    with store.at_once():
        state = log.state(read)
        token = None if state is None or not state.current else state.token
        if state is None or token is None or (asked == "auto" and not _pays(store.path, token)):
            yield None
        else:
            from begat.graph_schema.sqlite.snapshot import loaded

            snapshot = loaded.load(store.path, token)
            usable = snapshot is not None and snapshot.refresh(read, state.last)
            yield _Current(store, snapshot) if snapshot is not None and usable else None


def _no_numpy() -> bool:
    return sys.modules.get("numpy") is None and find_spec("numpy") is None


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
