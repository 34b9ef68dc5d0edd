"""Which trainings are in trouble, as it changes: asked once for all who ask the same."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any, Final

from begat.api.graphql.asking import Answered
from begat.api.graphql.live.buffers import Latest
from begat.api.graphql.live.feed import Feed
from begat.graph_schema.errors import BegatError

#: Seconds after which it is asked again though nothing was said: who is silent is in trouble too.
EVERY: Final = 5.0
#: Seconds from one time to the next at least, and so many times what the last one took.
LEAST: Final = 1.0
PAUSE: Final = 4.0
#: Asks, in a thread.
Ask = Callable[[], Awaitable[Answered]]


class _Asked:
    """One question, and who waits for its answers."""

    def __init__(self, project: str, ask: Ask) -> None:
        self.project, self.ask = project, ask
        self.buffers: set[Latest] = set()
        self.answer: Answered | None = None
        self.task: asyncio.Task[None] | None = None

    async def run(self, feed: Feed) -> None:
        changed = asyncio.Event()
        told: Any = None
        async with feed.listening(self.project, changed.set):
            while True:
                changed.clear()
                began = time.monotonic()
                try:
                    answer = await self.ask()
                except BegatError as e:
                    if not e.retryable:
                        self._fail(e)
                        return
                else:
                    self.answer = answer
                    who = {(row["id"], row["trouble"]) for row in answer.rows}
                    if who != told:
                        told = who
                        for buffer in self.buffers:
                            buffer.put(answer)
                await asyncio.sleep(max(LEAST, PAUSE * (time.monotonic() - began)))
                try:
                    await asyncio.wait_for(changed.wait(), EVERY)
                except TimeoutError:
                    continue

    def ended(self, task: asyncio.Task[None]) -> None:
        """Nobody waits for ever for a task that has failed."""
        if not task.cancelled() and (wrong := task.exception()) is not None:
            self._fail(wrong if isinstance(wrong, BegatError) else BegatError("the service failed"))

    def _fail(self, wrong: BegatError) -> None:
        for buffer in self.buffers:
            buffer.fail(wrong)


class Troubles:
    """All that is asked so."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._asked: dict[Hashable, _Asked] = {}

    @asynccontextmanager
    async def following(self, project: str, given: Hashable, ask: Ask, buffer: Latest) -> AsyncIterator[None]:
        """Within, a buffer gets the answer, and the next one when others are in trouble, or in another one."""
        key = (project, given)
        asked = self._asked.get(key)
        if asked is None or asked.task is None or asked.task.done():
            asked = self._asked[key] = _Asked(project, ask)
            asked.task = asyncio.create_task(asked.run(self._feed))
            asked.task.add_done_callback(asked.ended)
        asked.buffers.add(buffer)
        if asked.answer is not None:
            buffer.put(asked.answer)
        try:
            yield
        finally:
            asked.buffers.discard(buffer)
            if not asked.buffers:
                asked.task.cancel()
                if self._asked.get(key) is asked:
                    del self._asked[key]
