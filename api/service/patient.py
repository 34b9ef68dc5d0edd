"""uvicorn's protocol, with an end to its patience: a client that never finishes a request's head is hung up on."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from begat.api.service import problem


class PatientProtocol(H11Protocol):
    """`patience` in seconds, from the first byte of a request, or from the connection, to the end of its head."""

    patience = 20.0
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # Between requests uvicorn itself waits, for as long as a connection may idle.
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()
        elif self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def connection_lost(self, exc: Exception | None) -> None:
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

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.patience, self.transport.close)


def with_patience(seconds: float) -> type[asyncio.Protocol]:
    """The protocol with so many seconds of it."""
    return type("Patient", (PatientProtocol,), {"patience": seconds})
