"""What people are told where no Neo4j server answers, or one that is too old."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from begat.graph_schema.errors import StoreAway
from begat.graph_schema.neo4j import connection
from begat.graph_schema.neo4j.connection import Connection, supported


@contextmanager
def listening(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """A port where every caller gets this answer, and is then hung up on."""

    def serve() -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            with caller:
                answer(caller)

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = threading.Thread(target=serve)
        server.start()
        try:
            yield door.getsockname()[1]
        finally:
            door.shutdown(socket.SHUT_RDWR)
            server.join()


def http(caller: socket.socket) -> None:
    caller.recv(1000)
    caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def silence(caller: socket.socket) -> None:
    """Wait until the other side has had enough."""
    while caller.recv(1000):
        pass


def hang_up(caller: socket.socket) -> None:
    caller.recv(1000)


@pytest.mark.parametrize(
    ("scheme", "answer", "said"),
    [
        ("neo4j", http, "that is a port of HTTP; give the port of Bolt"),
        ("bolt", http, "that is a port of HTTP; give the port of Bolt"),
        ("neo4j", hang_up, r"does not speak Bolt, or only by TLS \(neo4j\+s://\)"),
        ("neo4j", silence, "it says nothing"),
        ("bolt+s", silence, "it says nothing"),
        ("neo4j+s", http, r"it does not speak TLS, which the \+s in the address asks for"),
    ],
    ids=["http", "http, direct", "hang up", "silence", "silence, TLS", "no TLS"],
)
def test_something_else_listens_there(
    scheme: str, answer: Callable[[socket.socket], object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECT_S", 0.5)
    with listening(answer) as port, pytest.raises(StoreAway, match=f"^no Neo4j server answers at .*: .*{said}") as told:
        Connection(f"{scheme}://me:secret@127.0.0.1:{port}/neo4j", create=True)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "neo4j+s"], ids=["routed", "direct", "TLS"])
def test_nothing_listens_there(scheme: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # it does not listen
        with pytest.raises(StoreAway, match="Connection refused"):
            Connection(f"{scheme}://me:secret@127.0.0.1:{nobody.getsockname()[1]}/neo4j", create=True)


@pytest.mark.parametrize(
    ("agent", "new_enough"),
    [
        ("Neo4j/5.26.28", True),
        ("Neo4j/5.27-aura", True),
        ("Neo4j/2025.10.1", True),
        ("Neo4j/5.9.0", False),
        ("Neo4j/4.4.44", False),
        ("Another/9.9", False),
    ],
)
def test_a_server_tells_its_version(agent: str, new_enough: bool) -> None:
    assert supported(agent) is new_enough
