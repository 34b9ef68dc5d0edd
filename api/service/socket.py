"""/graphql over WebSocket: the protocol graphql-transport-ws, as the npm package graphql-ws has written it down.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md: a connection is opened and acknowledged, then carries
operations by their ids. What breaks the protocol closes it, by a code of the protocol and with a reason; what is wrong
with an operation is told of it alone, in its `error` message.
"""

import asyncio
import logging
import time
from contextlib import aclosing, suppress
from typing import Any, Final

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from begat.api.graphql.errors import BUSY, FORBIDDEN, INTERNAL, LIMIT, Refused, of_begat
from begat.api.graphql.execute import Operation, Request
from begat.api.graphql.live.subscribe import Subscription
from begat.api.service import access as who
from begat.api.service.access import Access
from begat.api.service.gate import BEARER
from begat.api.service.graphql import answered, context
from begat.api.service.problem import Problem, answer
from begat.api.service.state import State
from begat.graph_schema.errors import BegatError
from begat.queries.clock import within
from begat.queries.elsewhere import elsewhere

PROTOCOL: Final = "graphql-transport-ws"
#: Seconds that a client has to say connection_init.
INIT: Final = 5.0
#: Seconds after which it is looked again whether a token still is good.
CHECK: Final = 5.0
#: Operations of one connection at a time.
OPERATIONS: Final = 100
#: Messages after which others are let in between.
TOGETHER: Final = 32
#: Bytes of a reason, by the WebSocket protocol.
REASON: Final = 123

BAD_REQUEST, UNAUTHORIZED, NOT_ALLOWED, NOT_ACCEPTABLE = 4400, 4401, 4403, 4406
INIT_TIMEOUT, SUBSCRIBER_EXISTS, TOO_MANY_INITS = 4408, 4409, 4429

_log: Final = logging.getLogger(__name__)


class Init(msgspec.Struct, tag_field="type", tag="connection_init"):
    payload: dict[str, Any] | None = None


class Ping(msgspec.Struct, tag_field="type", tag="ping"):
    payload: dict[str, Any] | None = None


class Pong(msgspec.Struct, tag_field="type", tag="pong"):
    payload: dict[str, Any] | None = None


class Payload(msgspec.Struct, rename="camel"):
    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


class Subscribe(msgspec.Struct, tag_field="type", tag="subscribe"):
    id: str
    payload: Payload


class Complete(msgspec.Struct, tag_field="type", tag="complete"):
    id: str


_DECODER: Final = msgspec.json.Decoder(Init | Ping | Pong | Subscribe | Complete)


class Closed(Exception):
    """The connection is to be closed, for a reason."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


async def socket(ws: WebSocket) -> None:
    """Serve a connection until it ends."""
    state: State = ws.app.state.begat
    if state.observed.sockets >= state.limits.sockets:
        full = Problem(503, "busy", f"{state.limits.sockets} WebSockets are open, which is the limit: come again later")
        await ws.send_denial_response(answer(full))
        return
    offered = PROTOCOL in ws.scope["subprotocols"]
    state.observed.sockets += 1
    began = time.monotonic()
    try:
        await ws.accept(PROTOCOL if offered else None)
        connection = Connection(ws, state)
        if not offered:
            await connection.close(NOT_ACCEPTABLE, f"Subprotocol not acceptable: {PROTOCOL} is spoken here")
            return
        await connection.run()
    finally:
        state.observed.sockets -= 1
        access: Access | None = ws.scope["begat.access"]
        state.observed.socket(time.monotonic() - began, "-" if access is None else access.who)


class Connection:
    """One that was accepted."""

    def __init__(self, ws: WebSocket, state: State) -> None:
        self._ws, self._state = ws, state
        self._access: Access | None = ws.scope["begat.access"]
        self._token: str | None = ws.headers.get("authorization")
        self._said_hello = self._acknowledged = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._check: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._closing: BegatError | None = None

    async def run(self) -> None:
        """Until either side ends it."""
        self._reader = asyncio.create_task(self._read())
        try:
            await self._reader
        except Closed as e:
            await self._stop([*self._operations.values()])  # nothing can be sent behind the last word
            await self.close(e.code, e.reason)
        except WebSocketDisconnect:  # told to who would send
            return
        except asyncio.CancelledError:
            if self._closing is None:
                raise
            await self._end_all(self._closing)
        finally:
            await self._stop([t for t in (self._reader, self._check, *self._operations.values()) if t is not None])

    @staticmethod
    async def _stop(tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self, code: int, reason: str) -> None:
        """Say why it ends."""
        if self._ws.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect, RuntimeError):  # it has ended meanwhile
                await self._ws.close(code, reason.encode()[:REASON].decode(errors="ignore"))

    async def _read(self) -> None:
        until = time.monotonic() + INIT
        while True:
            try:
                wait = None if self._said_hello else max(0.0, until - time.monotonic())
                message = await asyncio.wait_for(self._ws.receive(), wait)
            except TimeoutError:
                raise Closed(INIT_TIMEOUT, "Connection initialisation timeout") from None
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                raise Closed(BAD_REQUEST, "a message is text: JSON, as graphql-transport-ws has it")
            try:
                said = _DECODER.decode(text)
            except (msgspec.DecodeError, UnicodeError, RecursionError) as e:
                raise Closed(BAD_REQUEST, f"Invalid message: {e}") from None
            await self._hear(said)

    async def _hear(self, said: Init | Ping | Pong | Subscribe | Complete) -> None:
        match said:
            case Init():
                if self._said_hello:
                    raise Closed(TOO_MANY_INITS, "Too many initialisation requests")
                self._said_hello = True
                await self._init(said.payload or {})
            case Ping():
                await self._send({"type": "pong"} | ({} if said.payload is None else {"payload": said.payload}))
            case Pong():
                pass
            case Subscribe():
                self._subscribe(said)
            case Complete():
                if (task := self._operations.pop(said.id, None)) is not None:
                    task.cancel()

    async def _init(self, payload: dict[str, Any]) -> None:
        """Who is there: told by the header of the request, or by what the first message has as Authorization."""
        given = next((v for k, v in payload.items() if k.lower() == "authorization"), None)
        if given is not None:
            if not isinstance(given, str):
                raise Closed(NOT_ALLOWED, f"Forbidden: {BEARER}")
            self._token, self._access = given, await self._known(given)
        if self._access is None:
            raise Closed(NOT_ALLOWED, "Forbidden: connection_init takes a payload {Authorization: 'Bearer begat_...'}")
        self._ws.scope["begat.access"] = self._access
        try:
            self._access.of_project(self._ws.query_params.get("project"), self._state.project)
        except who.Refused as e:
            raise Closed(NOT_ALLOWED, f"Forbidden: {e}") from None
        if self._token is not None:
            self._check = asyncio.create_task(self._still_known(self._token))
        await self._send({"type": "connection_ack"})
        self._acknowledged = True

    async def _known(self, given: str) -> Access:
        try:
            return await asyncio.to_thread(self._state.rules.bearer, given)
        except who.Refused as e:
            raise Closed(NOT_ALLOWED, f"Forbidden: {e}") from None
        except BegatError as e:
            raise Closed(1011, f"Internal error: {e}") from None

    async def _still_known(self, token: str) -> None:
        """Ends the connection when its token has ended."""
        while True:
            await asyncio.sleep(CHECK)
            try:
                await asyncio.to_thread(self._state.rules.bearer, token)
            except who.Refused as e:
                self._closing = e
                assert self._reader is not None
                self._reader.cancel()
                return
            except BegatError:  # the file of tokens cannot be read just now
                _log.exception("a token could not be looked at")

    async def _end_all(self, wrong: BegatError) -> None:
        """Tell each operation why, then all."""
        operations, self._operations = self._operations, {}
        await self._stop(list(operations.values()))
        with suppress(WebSocketDisconnect, RuntimeError):
            for id_ in operations:
                await self._send({"id": id_, "type": "error", "payload": [of_begat(wrong, FORBIDDEN)]})
        await self.close(NOT_ALLOWED, f"Forbidden: {wrong}")

    def _subscribe(self, said: Subscribe) -> None:
        if not self._acknowledged:
            raise Closed(UNAUTHORIZED, "Unauthorized")
        if not said.id:
            raise Closed(BAD_REQUEST, "Invalid message: an operation has an id of one sign at least")
        if said.id in self._operations:
            raise Closed(SUBSCRIBER_EXISTS, f"Subscriber for {said.id} already exists")
        full = len(self._operations) >= OPERATIONS
        self._operations[said.id] = asyncio.create_task(self._operate(said, full))

    async def _operate(self, said: Subscribe, full: bool) -> None:
        try:
            await self._operated(said, full)
        except WebSocketDisconnect:  # the reader hears of it too
            return
        finally:
            self._forget(said.id)

    async def _operated(self, said: Subscribe, full: bool) -> None:
        try:
            if full:
                raise Refused(LIMIT, f"{OPERATIONS} operations run on this connection, which is the limit: end some")
            await self._answered(said)
        except Refused as e:
            await self._last(said.id, {"id": said.id, "type": "error", "payload": e.told()})
        except BegatError as e:
            told = of_begat(e, BUSY if isinstance(e, Problem) else None)
            await self._last(said.id, {"id": said.id, "type": "error", "payload": [told]})
        except WebSocketDisconnect:
            raise
        except Exception:
            _log.exception("an operation could not be answered")
            line = "an error inside begat: it is in the log of the service"
            failed = {"message": line, "extensions": {"code": INTERNAL}}
            await self._last(said.id, {"id": said.id, "type": "error", "payload": [failed]})
        else:
            await self._last(said.id, {"id": said.id, "type": "complete"})

    async def _answered(self, said: Subscribe) -> None:
        state, access = self._state, self._access
        assert access is not None
        project = access.of_project(self._ws.query_params.get("project"), state.project)
        request = Request(said.payload.query, said.payload.operation_name, said.payload.variables or {})

        def now() -> Any:
            return context(state, access, project)

        def subscription() -> Subscription | None:
            operation = Operation.of(request, now())
            return Subscription(operation, now) if operation.kind == "subscription" else None

        found = await state.threads.do(subscription)
        if found is not None:
            await self._stream(said.id, found)
            return
        reply = await answered(state, request, access, project)
        if reply.kind == "request_error":
            errors = msgspec.json.decode(reply.body)["errors"]
            await self._last(said.id, {"id": said.id, "type": "error", "payload": errors})
        else:
            await self._send({"id": said.id, "type": "next", "payload": msgspec.Raw(reply.body)})

    async def _stream(self, id_: str, found: Subscription) -> None:
        state = self._state
        if state.observed.subscriptions >= state.limits.subscriptions:
            most = state.limits.subscriptions
            raise Refused(LIMIT, f"{most} subscriptions are served, which is the limit: come again later")
        state.observed.subscriptions += 1
        try:
            sent = 0
            async with aclosing(found.values(state.feed, state.troubles, self._do)) as values:
                async for value in values:
                    await self._send({"id": id_, "type": "next", "payload": {"data": found.data(value)}})
                    sent += 1
                    if sent % TOGETHER == 0:
                        await asyncio.sleep(0)
        finally:
            state.observed.subscriptions -= 1

    async def _do(self, work: Any) -> Any:
        def asked() -> Any:
            with elsewhere(), within(self._state.limits.seconds):
                return work()

        return await self._state.threads.do(asked)

    async def _last(self, id_: str, message: dict[str, Any]) -> None:
        """An operation's last message: its id is free before it is sent."""
        if self._forget(id_):
            await self._send(message)

    def _forget(self, id_: str) -> bool:
        """Whether it was this task's: who completes an operation may have begun another one by its id."""
        if self._operations.get(id_) is not asyncio.current_task():
            return False
        del self._operations[id_]
        return True

    async def _send(self, message: dict[str, Any]) -> None:
        if self._ws.application_state is not WebSocketState.CONNECTED:  # another operation has found out
            raise WebSocketDisconnect(1006)
        await self._ws.send({"type": "websocket.send", "text": msgspec.json.encode(message).decode()})
