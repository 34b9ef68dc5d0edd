"""The store that a service keeps open, also over times when it is away."""

import threading
import time
from pathlib import Path
from typing import Final

from begat.graph_schema.errors import BegatError, StoreAway, StoreEmpty
from begat.graph_schema.store import Store, open_store
from begat.ingest.filesystem import identity

#: Seconds after a failure to open it in which nobody tries again.
PAUSE: Final = 1.0


class Kept:
    """Opens the store when it is first needed, and again later where that failed. `create`: one that is not there."""

    def __init__(self, url: str, file: Path | None, *, create: bool) -> None:
        self._url, self._file, self._create = url, file, create
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._inode: tuple[int, int] | None = None
        self._aside: list[Store] = []
        self._failed: tuple[float, BegatError] | None = None

    def store(self) -> Store:
        """The open store. Raises StoreError and its kinds."""
        now = identity(self._file)
        store = self._store
        if store is None or now != self._inode:
            with self._lock:
                if self._store is None or now != self._inode:
                    # One that was put aside stays open: somebody may be asking it just now.
                    self._aside += [] if self._store is None else [self._store]
                    self._store = None
                    self._store = self._opened()
                    self._inode = identity(self._file)
                store = self._store
        return store

    def _opened(self) -> Store:
        if self._failed is not None and time.monotonic() - self._failed[0] < PAUSE:
            raise self._failed[1]
        try:
            # One that is there is only read here: the watcher writes.
            there = self._file is not None and self._file.is_file() and self._file.stat().st_size > 0
            try:
                return open_store(self._url, create=self._create and not there, steady=True)
            except StoreEmpty:  # the watcher makes it just now: whoever comes second waits for the first
                if not self._create:
                    raise
                return open_store(self._url, steady=True)
        except StoreAway as e:
            self._failed = (time.monotonic(), e)
            raise

    def close(self) -> None:
        """Close it, if it is open."""
        with self._lock:
            for store in (*self._aside, *([] if self._store is None else [self._store])):
                store.close()
            self._store, self._aside = None, []
