"""A spool sent to `begat serve`: server and sender killed, connections cut, answers lost; one graph all the same."""

import random
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from begat.graph_schema.store import open_store

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Program, Programs, Same

KILLED: Final = -9
#: How a sender that was not killed ends: lines of the history cannot be read.
DONE: Final = (0, 1)
#: What has to be the same; bookmarks are of files, and what was kept aside is named otherwise.
ACCOUNTS: Final = ("ranges", "writers", "changes", "marked")


class Site:
    """A spool to send, and a server at an address that stays, which is started again and again."""

    def __init__(self, folder: Path, spool: Path, programs: "Programs", same: "Same") -> None:
        self.spool = shutil.copytree(spool, folder / "spool")
        self.url = f"sqlite:///{folder}/graph.db"
        self._programs, self._same = programs, same
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def serve(self, *options: object) -> "Program":
        """A server that answers."""
        server = self._programs.start(
            self._programs.INGESTER, *options, "serve", "--port", self.port, "--no-watch",
            env={"BEGAT_STORE": self.url, "BEGAT_SPOOL": str(self.spool)},
        )  # fmt: skip
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return server
            assert server.process.poll() is None, server.ended()
            time.sleep(0.02)

    def send(self, *options: object, port: int | None = None) -> "Program":
        """Somebody who sends."""
        return self._programs.start(
            self._programs.INGESTER, *options, "spool", "send", "--to", f"http://127.0.0.1:{port or self.port}",
            env={"BEGAT_STORE": self.url, "BEGAT_SPOOL": str(self.spool)},
        )  # fmt: skip

    def finish(self) -> None:
        """Send what is left to a server that lives, and hold its graph to that of a clean ingest."""
        server = self.serve()
        code, told = self.send().ended()
        assert code in DONE, told
        server.process.send_signal(signal.SIGTERM)
        assert server.ended()[0] == 0
        store = open_store(self.url, create=False)
        try:
            found = self._same.graph(store)
            assert {k: found[k] for k in ACCOUNTS} == {k: self._same.expected.books[k] for k in ACCOUNTS}
        finally:
            store.close()


@pytest.fixture
def site(tmp_path: Path, spool: Path, programs: "Programs", same: "Same") -> Site:
    return Site(tmp_path, spool, programs, same)


@pytest.mark.parametrize(("place", "times"), [("begin", 2), ("statement", 60), ("commit", 3), ("committed", 2)])
def test_the_server_is_killed_while_it_commits(place: str, times: int, site: Site) -> None:
    """Its sender finds the next one, and sends again what was not acknowledged."""
    server = site.serve("--die", place, times)
    sender = site.send()
    assert server.ended()[0] == KILLED
    server = site.serve("--die", place, times + 2)
    code, told = sender.ended()
    assert code in (*DONE, 4), told  # 4: the second one died, too
    assert "Traceback" not in told
    server.clear()
    site.finish()


@pytest.mark.parametrize("place", ["replace", "replaced"])
def test_the_sender_is_killed_while_it_remembers(place: str, site: Site) -> None:
    """What the server has, and it has not noted, is sent again; what it has noted is not."""
    server = site.serve()
    for times in (1, 3, 2):
        assert site.send("--die", place, times).ended()[0] == KILLED
    server.clear()
    site.finish()


def test_both_are_killed_at_random(site: Site) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")  # shown when it fails
    chance = random.Random(seed)
    for _ in range(4):
        server, senders = site.serve(), [site.send(), site.send()]
        time.sleep(chance.uniform(0.1, 1.5))
        for program in chance.sample([server, *senders], 2):
            program.kill()
        for program in (server, *senders):
            program.clear()
    site.finish()


class Cable:
    """Hands on what goes between a sender and the server, and cuts a connection after so many bytes of it: `up`, of
    what is sent, or `down`, of what is answered."""

    def __init__(self, port: int, cuts: Iterator[tuple[str, int]]) -> None:
        self._to, self._cuts = port, cuts
        self._ends: list[socket.socket] = []
        self._at_work: list[threading.Thread] = []
        self._over = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._start(self._accept)

    def _start(self, do: Callable[..., None], *given: object) -> None:
        self._at_work.append(threading.Thread(target=do, args=given))
        self._at_work[-1].start()

    def _accept(self) -> None:
        while True:
            near, _ = self._door.accept()
            self._ends.append(near)
            if self._over:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._ends.append(far)
            way, after = next(self._cuts, ("", 0))
            self._start(self._carry, near, far, after if way == "up" else 1 << 40)
            self._start(self._carry, far, near, after if way == "down" else 1 << 40)

    @staticmethod
    def _carry(a: socket.socket, b: socket.socket, left: int) -> None:
        with suppress(OSError):
            while some := a.recv(min(left, 1 << 16)):
                b.sendall(some)
                left -= len(some)
                if not left:
                    break
        _shut(a, b)

    def close(self) -> None:
        self._over = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._at_work[0].join()
        _shut(*self._ends)
        for thread in self._at_work:
            thread.join()
        for end in (*self._ends, self._door):
            end.close()


def _shut(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def cable() -> Iterator[Callable[[int, list[tuple[str, int]]], Cable]]:
    laid: list[Cable] = []

    def lay(port: int, cuts: list[tuple[str, int]]) -> Cable:
        laid.append(Cable(port, iter(cuts)))
        return laid[-1]

    yield lay
    for one in laid:
        one.close()


def test_connections_are_cut_in_the_middle_of_bodies_and_answers(
    site: Site, cable: Callable[[int, list[tuple[str, int]]], Cable]
) -> None:
    """Also before the first byte of an answer: what was committed then is sent again, and changes nothing."""
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")  # shown when it fails
    chance = random.Random(seed)
    server = site.serve()
    cuts = [("up", chance.randrange(1, 4000)) if chance.random() < 0.5 else ("down", chance.randrange(1, 500))
            for _ in range(3)]  # fmt: skip
    code, told = site.send(port=cable(site.port, [*cuts, ("down", 1)]).port).ended()
    assert code in DONE, told
    server.clear()
    site.finish()
