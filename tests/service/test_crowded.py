"""Whoever holds connections and asks nothing, or far too much, keeps nobody else from being answered."""

import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from tests.service.conftest import NewService

#: More than the service takes at once.
MANY: Final = 60


@pytest.mark.parametrize("said", [b"", b"POST /graphql HTTP/1.1\r\nHost: "], ids=["nothing", "half a request"])
def test_idle_connections_make_room_for_new_ones(tmp_path: Path, service: "NewService", said: bytes) -> None:
    one = service(tmp_path, "--connections", "20")
    at = urlsplit(one.url)
    with ExitStack() as held, one.client() as kept:
        assert kept.get("/api/v1/questions").status_code == 200
        for _ in range(MANY):
            held.enter_context(socket.create_connection((at.hostname, at.port), timeout=10)).sendall(said)
        for _ in range(3):
            with one.client() as new:
                assert new.post("/graphql", json={"query": "{ __typename }"}).status_code == 200
        assert kept.get("/api/v1/questions").status_code == 200  # over a new connection, if its own made room


def test_a_request_that_is_too_large_is_refused_by_its_head(tmp_path: Path, service: "NewService") -> None:
    """Nothing of its body is waited for."""
    at = urlsplit(service(tmp_path).url)
    with socket.create_connection((at.hostname, at.port), timeout=30) as client:
        head = f"POST /graphql HTTP/1.1\r\nHost: {at.netloc}\r\nContent-Type: application/json\r\n"
        client.sendall(f"{head}Content-Length: {10 << 20}\r\n\r\n".encode())
        answer = b""
        while b"limit" not in answer and (more := client.recv(1 << 16)):
            answer += more
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"limit" in answer


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_reads_long_requests_apart_is_there_and_ends_with_the_service(
    tmp_path: Path, service: "NewService", how: signal.Signals
) -> None:
    one = service(tmp_path)
    child = until(lambda: started(one.process.pid, b"begat.api.graphql.apart"))
    with one.client() as client:
        for n in range(3):
            said = client.post("/graphql", json={"query": "{ " + "models { nodes { id } } " * 80 + "}"}).json()
            assert "limit on root_fields is 20" in said["errors"][0]["message"], n
    one.end(how)
    until(lambda: not Path(f"/proc/{child}/cmdline").exists())


def started(by: int, what: bytes) -> str | None:
    """The process that a process has started to do this."""
    children = Path(f"/proc/{by}/task/{by}/children").read_text().split()
    return next((n for n in children if what in Path(f"/proc/{n}/cmdline").read_bytes()), None)


def until(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + 30
    while not (one := found()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return one
