"""A small HTTP server for /metrics and /healthz: a request at a time, on loopback unless told otherwise."""

import ipaddress
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from begat.api.metrics.text import CONTENT_TYPE, rendered
from begat.api.metrics.watcher import Told
from begat.graph_schema.errors import UsageError

#: Seconds that a client may take to ask.
PATIENCE: Final = 5.0


class Endpoint(NamedTuple):
    """Where to listen; port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def endpoint(text: str, public: bool) -> Endpoint:
    """From HOST:PORT, :PORT or PORT. Raises UsageError for what is none, and for a host that others can reach.

    With `public` any address will do.
    """
    try:
        parts = urlsplit(f"//{text if ':' in text else ':' + text}")
        host, port = parts.hostname or "127.0.0.1", parts.port
        if port is None or parts.path or parts.username is not None:
            raise ValueError
    except ValueError:
        raise UsageError(f"--metrics {text!r} is no address: write 127.0.0.1:9464, or a port alone") from None
    if not public and not loopback(host):
        raise UsageError(
            f"--metrics {text}: whoever reaches {host} could read the counts; listen on 127.0.0.1, or say "
            "--metrics-public if that is meant"
        )
    return Endpoint(host, port)


def loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, which may mean anything
        return False


@contextmanager
def serving(where: Endpoint, told: Told) -> Iterator[Endpoint]:
    """Answer in a thread of its own until the block ends; gives the address with its port. Raises UsageError."""
    pages: dict[str, Callable[[], tuple[int, str, str]]] = {
        "/metrics": lambda: (200, CONTENT_TYPE, rendered(told.families())),
        "/healthz": lambda: _health(told),
    }

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE
        server_version = "begat"
        sys_version = ""

        def do_GET(self) -> None:
            page = pages.get(urlsplit(self.path).path)
            status, kind, text = page() if page else (404, "text/plain; charset=utf-8", "/metrics or /healthz\n")
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """A watcher's lines are about its spool, not about who asks."""

    class Server(HTTPServer):
        address_family = socket.AF_INET6 if ":" in where.host else socket.AF_INET

        def server_bind(self) -> None:
            # Without HTTPServer's look-up of the host's full name, which may wait for a name server.
            socketserver.TCPServer.server_bind(self)
            self.server_name, self.server_port = where.host, self.server_address[1]

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Who hangs up in the middle of an answer wants nothing more of it."""
            if not isinstance(sys.exception(), OSError):
                super().handle_error(request, client_address)

    try:
        server = Server(where, Handler)
    except OSError as e:
        raise UsageError(f"--metrics {where}: cannot listen there: {e.strerror or e}") from e
    thread = threading.Thread(target=server.serve_forever, name="begat-metrics", daemon=True)
    thread.start()
    try:
        yield Endpoint(where.host, server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _health(told: Told) -> tuple[int, str, str]:
    well, said = told.health()
    return 200 if well else 503, "application/json", msgspec.json.encode(said).decode() + "\n"
