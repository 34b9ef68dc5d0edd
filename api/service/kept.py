"""The store that a service keeps open, also over times when it is away."""

import threading
import time
from pathlib import Path
from typing import Final

from begat.graph_schema.errors import BegatError, StoreAway
from begat.graph_schema.store import Store, open_store

#: Seconds after a failure to open it in which nobody tries again.
PAUSE: Final = 1.0


class Kept:
    """Opens the store when it is first needed, and again later where that failed."""

    def __init__(self, url: str, file: Path | None) -> None:
        self._url, self._file = url, file
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._failed: tuple[float, BegatError] | None = None

    def store(self) -> Store:
        """The open store. Raises StoreError and its kinds."""
        if self._store is None:
            with self._lock:
                if self._store is None:
                    self._store = self._opened()
        return self._store

    def _opened(self) -> Store:
        if self._failed is not None and time.monotonic() - self._failed[0] < PAUSE:
            raise self._failed[1]
        try:
            # An embedded store that is there is only read here: the watcher writes.
            there = self._file is not None and self._file.is_file() and self._file.stat().st_size > 0
            return open_store(self._url, create=not there)
        except StoreAway as e:
            self._failed = (time.monotonic(), e)
            raise

    def close(self) -> None:
        """Close it, if it is open."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None
