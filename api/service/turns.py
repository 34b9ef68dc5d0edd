"""A place for everybody: who asks much waits for their own questions, not others for theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from begat.api.service.problem import RETRY, Problem

#: Questions of one asker that wait, for each that is answered.
WAITING: Final = 16


class Turns:
    """So many questions at once of each asker; further ones wait, and beyond WAITING for each they are turned away."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._turns: dict[str, tuple[asyncio.Semaphore, list[int]]] = {}

    @asynccontextmanager
    async def of(self, who: str) -> AsyncIterator[None]:
        """Within, it is the turn of one question of theirs. Raises Problem (503)."""
        turn, busy = self._turns.setdefault(who, (asyncio.Semaphore(self._count), [0]))
        if busy[0] >= self._count * (1 + WAITING):
            raise Problem(503, "busy", "too many of your questions at once: ask again in a moment", {
                "Retry-After": str(RETRY)})  # fmt: skip
        busy[0] += 1
        try:
            async with turn:
                yield
        finally:
            busy[0] -= 1
            if not busy[0]:
                del self._turns[who]
