"""A small HTTP server that commits journals, for tests of who sends them; it can be told to misbehave."""

import io
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from begat.graph_schema.errors import BegatError, FormatError
from begat.ingest.receiver import Receiver


class Server(ThreadingHTTPServer):
    """`requests` has what was asked: path, headers, the unpacked body. `then` says what the next ones meet, one each:
    a status, `reset` (before an answer, after the commit), `cut` (in the middle of it), `cut in a header`, `hang`."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, url: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        file = url.removeprefix("sqlite:///")
        self.receiver = Receiver(url, Path(file) if file != url else None)
        self.requests: list[tuple[str, Any, bytes]] = []
        self.connections = 0
        self.then: list[int | str] = []
        self.always: int | str | None = None
        self.released = threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up wants nothing more."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def at(self) -> Server:
        assert isinstance(self.server, Server)
        return self.server

    def setup(self) -> None:
        super().setup()
        self.at.connections += 1

    def do_POST(self) -> None:
        body = zlib.decompress(self.rfile.read(int(self.headers["Content-Length"])), 31)
        self.at.requests.append((self.path, self.headers, body))
        meets = self.at.then.pop(0) if self.at.then else self.at.always
        if isinstance(meets, int):
            self._answer(meets, b'{"detail": "so it was asked of this test"}', {"Retry-After": "1"})
            return
        if meets == "hang":
            self.at.released.wait(60)
            self.close_connection = True
            return
        query = parse_qs(urlsplit(self.path).query)
        try:
            receipt = self.at.receiver.take(
                io.BytesIO(body), int(query["offset"][0]), ended=query.get("ended") == ["true"]
            )
        except FormatError as e:
            self._answer(422, msgspec.json.encode({"detail": str(e)}))
        except BegatError as e:
            self._answer(503 if e.retryable else 409, msgspec.json.encode({"detail": str(e)}))
        else:
            answer = msgspec.json.encode(receipt)
            if meets == "reset":
                self.close_connection = True
            elif meets == "cut":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
                self.close_connection = True
            elif meets == "cut in a header":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
                self.close_connection = True
            else:
                self._answer(200, answer)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at `requests`."""


@contextmanager
def serving(url: str, port: int = 0) -> Iterator[Server]:
    """A server that commits to a store; when it ends, what it was given is committed and its lineage worked out."""
    with Server(url, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()
            server.receiver.close()


def soon(what: Any, seconds: float = 30.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
