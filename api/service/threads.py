"""Questions in threads of their own: stores are synchronous, and the loop must not wait for them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar

from begat.api.service.problem import RETRY, Problem

T = TypeVar("T")
#: Questions that wait for a thread at most, for each thread.
WAITING: Final = 16


class Threads:
    """So many questions at once; further ones wait, and beyond WAITING for each thread they are turned away."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count, "begat-ask")
        self.busy = 0

    async def do(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises, in a thread. Raises Problem (503) when too many wait already."""
        if self.busy >= self._count * (1 + WAITING):
            raise Problem(503, "busy", "too many questions at once: ask again in a moment", {"Retry-After": str(RETRY)})
        self.busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, work)
        finally:
            self.busy -= 1

    def close(self) -> None:
        """Wait for what is running; nothing waits any more."""
        self._pool.shutdown(cancel_futures=True)
