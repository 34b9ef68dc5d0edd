"""All that is recorded of a project, or what lies around a thing, sent while it is read: JSON lines, or a document."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from begat.api.service import parameters
from begat.api.service.access import Access
from begat.api.service.etag import is_known
from begat.api.service.forms import chosen
from begat.api.service.openapi import described_parameter, wrong
from begat.api.service.problem import Problem
from begat.api.service.state import State
from begat.graph_schema import ids
from begat.graph_schema.dump import line
from begat.graph_schema.errors import BegatError, MissingExtra, UsageError
from begat.graph_schema.statements import Flow, Rollup
from begat.graph_schema.store import Store
from begat.ingest.documents.archive import prefixes
from begat.queries.clock import within
from begat.queries.documents.export import around, written
from begat.queries.documents.media import MEDIA
from begat.queries.elsewhere import elsewhere
from begat.queries.question import Parameter
from begat.queries.subgraph import SIDES

_log: Final = logging.getLogger(__name__)
_PROCESS: Final = ids.mint()
#: Bytes that are sent together, and such pieces that wait for a slow reader.
PIECE, WAITING = 64 << 10, 8


class _Form(NamedTuple):
    media: str
    name: str


#: What the store holds, in lines: no document.
LINES: Final = _Form("application/x-ndjson", "ndjson")
#: The first is sent to who does not say what they want.
EXPORTS: Final = {"ndjson": LINES, **{name: _Form(media, name) for name, media in MEDIA.items()}}
#: What its address may have.
KNOWN: Final[Mapping[str, Parameter]] = {
    p.name: p
    for p in (
        parameters.PROJECT,
        Parameter("format", "text", "the form, before what the Accept header says", words=tuple(EXPORTS)),
        Parameter("of", "thing", "a document of this thing and what lies around it"),
        Parameter("direction", "text", "with `of`: which way; up, its ancestors, if none is given", words=tuple(SIDES)),
        Parameter("depth", "integer", "with `of`: how far, in entities and activities", least=0),
        Parameter("points", "text", "false: a document without the points of series", words=("true", "false")),
        Parameter("depends_on", "text", "true: a document with what lineage is computed from", words=("true", "false")),
    )
}
OPENAPI: Final[dict[str, Any]] = {
    "/api/v1/export": {
        "get": {
            "operationId": "export",
            "tags": ["take away"],
            "summary": "All that is recorded of a project: a JSON object a line, in no order, or a document.",
            "parameters": [described_parameter(p) for p in KNOWN.values()],
            "responses": {
                "200": {
                    "description": "The lines, or the document.",
                    "content": {form.media.partition(";")[0]: {} for form in EXPORTS.values()},
                },
                "304": {"description": "Nothing has changed since the ETag that If-None-Match has."},
                **wrong("400", "401", "403", "404", "405", "406", "409", "501", "503"),
            },
        }
    }
}


async def export(request: Request) -> Response:
    """Stream it; of lines, what is derived (roll-ups, the flow) is left out. 304 where nothing was committed since."""
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    given = parameters.read(request.query_params.multi_items(), KNOWN)
    form = chosen(given.pop("format", None), request.headers.get("accept"), EXPORTS)
    project = access.of_project(given.pop("project", None), state.project)
    if "of" not in given and (alone := given.keys() & {"direction", "depth"}):
        raise _nothing(f"{min(alone)} is of what lies around a thing, and there is no `of`")
    if form is LINES and given:
        raise _nothing(f"{min(given)} is of documents, and this form is none: give a format, as prov-json")
    headers = {"Vary": "Accept, Authorization"}
    if access.project is None:  # to others it would tell when somebody else's project gets something
        tag = await state.threads.do(lambda: _tag(state.store.store(), project, form.name, given, state.base))
        # Weak: what is the same need not be in the same order (RFC 9110, 8.8.1).
        headers["ETag"] = f"W/{tag}"
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
    pieces = _Pieces(state, lambda store: _made(store, state, project, form, given))
    try:
        first = await pieces.start()
    except MissingExtra:
        raise
    except UsageError as e:  # the form cannot hold what there is
        raise _nothing(str(e)) from e
    return _Stream(pieces.after(first), media_type=form.media, headers=headers)


def _tag(store: Store, *asked: Any) -> str:
    """Of a store as it is now: another one in its place, and another process, count their commits anew."""
    told = msgspec.json.encode([_PROCESS, id(store), store.head(), *asked])
    return f'"{blake2b(told, digest_size=16).hexdigest()}"'


def _nothing(why: str) -> Problem:
    """Each parameter is what it should be: it is what they say together that there is no document of."""
    return Problem(404, "no such answer", why)


def _made(store: Store, state: State, project: str, form: _Form, given: Mapping[str, Any]) -> Iterable[bytes]:
    if form is LINES:
        return _lines(store, project)
    only = None
    if "of" in given:
        with elsewhere(), within(state.limits.seconds):
            only = around(store, given["of"], given.get("direction", "up"), given.get("depth"), project)
    points, depends_on = given.get("points") != "false", given.get("depends_on") == "true"
    return written(
        form.name, store, project, only, points=points, depends_on=depends_on, base=state.base,
        known={} if state.spool is None else prefixes(state.spool, project),
    )  # fmt: skip


class _Stream(StreamingResponse):
    """One that breaks off where the store does, which its reader sees: the last chunk is missing."""

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        except BegatError as e:
            _log.warning("an export broke off: %s", e)


class _Pieces:
    """Reads in one thread from beginning to end, as far ahead of the reader as a few pieces."""

    def __init__(self, state: State, make: Callable[[Store], Iterable[bytes]]) -> None:
        self._state, self._make = state, make
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
            for text in self._make(self._state.store.store()):
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


def _lines(store: Store, project: str) -> Iterator[bytes]:
    for s in store.scan():
        if not isinstance(s, Flow | Rollup) and s.context.project == project:
            yield line(s) + b"\n"
