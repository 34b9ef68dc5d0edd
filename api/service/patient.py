"""uvicorn's protocols, with an end to their patience: a client is hung up on that never finishes a request's head, or
takes nothing of what a WebSocket has for it."""

import asyncio
from typing import Any, ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from begat.api.service import problem

#: Seconds between two pieces, of up to 256 KiB, of what nobody wants any more.
SLOWLY: Final = 0.005


class PatientProtocol(H11Protocol):
    """`patience` in seconds, from the first byte of a request, or from the connection, to the end of its head.

    `idle`: the connections of a server on which no request is being answered, those first that have been so longest.
    Where there are too many connections, these are closed for new ones: who holds many and asks nothing keeps nobody
    out.
    """

    patience = 20.0
    idle: "ClassVar[dict[PatientProtocol, None]]"
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()
        self.idle[self] = None
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._answering():
            self.idle.pop(self, None)
        elif self._answered() and self.conn.their_state is h11.SEND_BODY:
            # Refused by its head. Many clients look for an answer only when all is sent, so all is heard: slowly, for
            # others are to be heard too.
            self.transport.pause_reading()
            self.loop.call_later(SLOWLY, self._hear)
        # Between requests uvicorn itself waits, for as long as a connection may idle.
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()
        elif self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not (self.transport.is_closing() or self._answering()):
            self.idle[self] = None

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self.idle.pop(self, None)
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self.idle.pop(self, None)
        super().connection_lost(exc)
        if self._waiting is not None:
            self._waiting.cancel()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP, or has too long a head, is told in the shape of every other problem."""
        told = problem.answer(problem.Problem(400, "wrong request", "this is no HTTP request, or its head is too long"))
        headers = [*told.raw_headers, (b"connection", b"close")]
        data = h11.Data(data=bytes(told.body))
        for event in (h11.Response(status_code=400, headers=headers), data, h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _hear(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def _answering(self) -> bool:
        cycle: Any = self.cycle  # none before the first request
        return cycle is not None and not cycle.response_complete

    def _answered(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and bool(cycle.response_complete)

    def _make_room(self) -> None:
        """Close the connection that has been idle longest; where none is, uvicorn answers that there are too many."""
        oldest = next(iter(self.idle))
        if oldest is not self:
            del self.idle[oldest]
            self.connections.discard(oldest)
            oldest.transport.abort()

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.patience, self.transport.close)


def with_patience(seconds: float) -> type[asyncio.Protocol]:
    """The protocol with so many seconds of it."""
    return type("Patient", (PatientProtocol,), {"patience": seconds, "idle": {}})


class PatientSocket(WebSocketsSansIOProtocol):
    """`patience` in seconds, in which some of what waits has to be taken."""

    patience = 20.0
    _stuck: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look_later(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        self._taken()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._taken()

    def shutdown(self) -> None:
        """A client that takes nothing would not see why it ends, and would be waited for."""
        if self.writable.is_set():
            super().shutdown()
        else:
            self.transport.abort()

    def _look_later(self, waiting: int) -> None:
        self._taken()
        self._stuck = self.loop.call_later(self.patience, self._look, waiting)

    def _look(self, before: int) -> None:
        now = self.transport.get_write_buffer_size()
        if now >= before:
            self.transport.abort()
        else:
            self._look_later(now)

    def _taken(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


def socket_with_patience(seconds: float) -> type[asyncio.Protocol]:
    """The protocol of WebSockets with so many seconds of it."""
    return type("Patient", (PatientSocket,), {"patience": seconds})
