"""All that is recorded of a project, as JSON lines, sent while it is read."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from begat.api.service import parameters
from begat.api.service.access import Access
from begat.api.service.openapi import wrong
from begat.api.service.state import State
from begat.graph_schema.dump import line
from begat.graph_schema.errors import BegatError
from begat.graph_schema.statements import Flow, Rollup
from begat.graph_schema.store import Store

_log: Final = logging.getLogger(__name__)
#: Bytes that are sent together, and such pieces that wait for a slow reader.
PIECE, WAITING = 64 << 10, 8
OPENAPI: Final[dict[str, Any]] = {
    "/api/v1/export": {
        "get": {
            "operationId": "export",
            "tags": ["take away"],
            "summary": "All that is recorded of a project, a JSON object a line, in no particular order.",
            "parameters": [
                {"name": "project", "in": "query", "schema": {"type": "string"}, "description": parameters.PROJECT.help}
            ],
            "responses": {
                "200": {"description": "The lines.", "content": {"application/x-ndjson": {}}},
                **wrong("400", "401", "403", "405", "503"),
            },
        }
    }
}


async def export(request: Request) -> Response:
    """What is derived (roll-ups, the flow) is left out."""
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    given = parameters.read(request.query_params.multi_items(), {"project": parameters.PROJECT})
    project = access.of_project(given.get("project"), state.project)
    pieces = _Pieces(state, project)
    first = await pieces.start()
    return _Stream(pieces.after(first), media_type="application/x-ndjson")


class _Stream(StreamingResponse):
    """One that breaks off where the store does, which its reader sees: the last chunk is missing."""

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        except BegatError as e:
            _log.warning("an export broke off: %s", e)


class _Pieces:
    """Reads in one thread from beginning to end, as far ahead of the reader as a few pieces."""

    def __init__(self, state: State, project: str) -> None:
        self._state, self._project = state, project
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(WAITING)
        self._over = False

    async def start(self) -> bytes | None:
        """Begin, and wait for the first piece: what goes wrong by then is raised."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(self._state.threads.do(self._read))
        first = asyncio.ensure_future(self._queue.get())
        await asyncio.wait((self._task, first), return_when=asyncio.FIRST_COMPLETED)
        if not first.done():
            first.cancel()
            await self._task  # it failed, or else the queue had something
        piece = await first
        if piece is None:
            await self._task  # it has nothing, or failed before there was something
        return piece

    async def after(self, piece: bytes | None) -> AsyncIterator[bytes]:
        """The first piece, and all others."""
        try:
            while piece is not None:
                yield piece
                piece = await self._queue.get()
            await self._task
        finally:
            self._over = True  # the reader may have gone before the end
            while not self._queue.empty():
                self._queue.get_nowait()

    def _read(self) -> None:
        try:
            waiting, size = [], 0
            for text in _lines(self._state.store.store(), self._project):
                waiting.append(text)
                size += len(text)
                if size >= PIECE:
                    self._put(b"".join(waiting))
                    waiting, size = [], 0
                if self._over:
                    return
            self._put(b"".join(waiting))
        finally:
            self._put(None)

    def _put(self, piece: bytes | None) -> None:
        while not self._over:
            put = asyncio.run_coroutine_threadsafe(self._queue.put(piece), self._loop)
            try:
                put.result(1)
            except TimeoutError:
                put.cancel()
            else:
                return


def _lines(store: Store, project: str) -> Any:
    for s in store.scan():
        if not isinstance(s, Flow | Rollup) and s.context.project == project:
            yield line(s) + b"\n"
