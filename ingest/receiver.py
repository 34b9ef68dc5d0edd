"""The one place of a process where pieces of journals that come over a network are committed, one after the other.

Many may hand pieces in at a time, from any thread; each waits for its own commit. Lineage that could not simply be
appended is worked out when nothing else is to be done, and the more seldom the longer it takes. A store that is away is
opened again with the next piece.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from begat.graph_schema.errors import StoreAway, StoreBusy, StoreError
from begat.graph_schema.receipt import Receipt
from begat.graph_schema.store import Store, open_store
from begat.ingest.filesystem import identity
from begat.ingest.received import receive

#: Pieces that may wait; whoever brings a further one is asked to come again.
WAITING: Final = 64
#: Lineage is worked out after so many seconds without a piece, and so many times more seldom than it takes.
QUIET: Final = 0.2
SETTLE_PAUSE: Final = 4

T = TypeVar("T")


class Receiver:
    """Commits to the store of an address. `file` is the embedded store's file, if it is one."""

    def __init__(self, url: str, file: Path | None = None) -> None:
        self._url, self._file = url, file
        self._store: Store | None = None
        self._inode: tuple[int, int] | None = None
        self._waiting: queue.Queue[tuple[Callable[[Store], Any], Future[Any]] | None] = queue.Queue(WAITING)
        self._unsettled = True
        self._looked = False
        self._settle_at = 0.0
        self._closed = False
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="begat-receiver", daemon=True)

    def take(
        self, piece: BinaryIO, offset: int | None = None, *, project: str | None = None, ended: bool = False
    ) -> Receipt:
        """Commit a piece, and tell how far its segment is committed then; see `receive` for what is given and raised.

        Raises as `hand_in` too.
        """
        return self.hand_in(lambda store: receive(store, piece, offset, project=project, ended=ended)).result()

    def hand_in(self, work: Callable[[Store], T]) -> Future[T]:
        """Have something committed, in its turn; it is called in the receiver's thread.

        Raises StoreBusy when too many wait already, StoreAway when this is closed.
        """
        done: Future[T] = Future()
        with self._turn:
            if self._closed:
                raise StoreAway("the server is ending: send it again to the next one")
            self._begin()
            try:
                self._waiting.put_nowait((work, done))
            except queue.Full:
                raise StoreBusy(f"{WAITING} others wait already to have journals committed: send it again") from None
        return done

    def begin(self) -> None:
        """Work out the lineage that one who was killed has left, without waiting for a piece."""
        with self._turn:
            self._begin()

    def _begin(self) -> None:
        if not self._closed and not self._thread.is_alive():
            self._thread.start()

    def close(self) -> None:
        """Commit what was handed in, take nothing more, and close the store."""
        with self._turn:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                given = self._waiting.get(timeout=self._rest())
            except queue.Empty:
                self._settle()
                continue
            if given is None:
                break
            self._do(*given)
        self._settle()
        self._drop()

    def _rest(self) -> float | None:
        """How long to wait for a piece before there is something else to do."""
        if not self._looked:
            return QUIET
        if not self._unsettled or self._store is None:
            return None
        return max(QUIET, self._settle_at - time.monotonic())

    def _do(self, work: Callable[[Store], T], done: Future[T]) -> None:
        if not done.set_running_or_notify_cancel():  # whoever brought it has gone: it will be sent again
            return
        try:
            answer = work(self._opened())
            self._unsettled = True
            self._surely_there()
        except StoreError as e:
            self._drop()
            done.set_exception(e)
        except Exception as e:  # whoever handed it in is told; the next piece is no worse for it
            done.set_exception(e)
        else:
            done.set_result(answer)

    def _opened(self) -> Store:
        if self._store is not None and identity(self._file) != self._inode:
            self._drop()
        if self._store is None:
            self._store = open_store(self._url, steady=True)
            self._inode = identity(self._file)
        return self._store

    def _surely_there(self) -> None:
        """Raises StoreAway if what was just written went into a file that is no longer the store."""
        if identity(self._file) != self._inode:
            raise StoreAway(f"{self._file} was removed or replaced while it was written to: send it again")

    def _is_there(self) -> bool:
        return self._file is None or self._file.exists()

    def _settle(self) -> None:
        first, self._looked = not self._looked, True
        if not self._unsettled or (self._store is None and not (first and self._is_there())):
            return
        began = time.monotonic()
        try:
            self._opened().settle()
            self._unsettled = False
        except StoreError:  # the next piece tells who brings it; what is marked stays marked
            self._drop()
        self._settle_at = time.monotonic() + SETTLE_PAUSE * (time.monotonic() - began)

    def _drop(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            store.close()
