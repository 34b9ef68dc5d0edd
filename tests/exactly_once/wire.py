"""A cable to a Neo4j server that can be cut: python wire.py PORT

Prints the port it listens on, and hands on what goes between there and PORT on this machine. Orders come on standard
input, one a line, and each is answered with one:

    WHERE N DO [PROCESS]    at the N-th WHERE from now on, counted from 1 over all connections, DO; answered with "ok"
    heal                    connections made from now on are whole again; those that hung are reset
    struck                  "yes" once the last WHERE N DO was done, else "no"

WHERE: `begin` (a transaction), `run` (a statement), `commit` (before the server learns of it), `committed` (before the
client does). DO: `kill` the PROCESS with SIGKILL; `reset` all connections, as a firewall does; `hang`: hand on nothing
any more, and say nothing, as a cable that was pulled out. After `reset` and `hang` new connections fare the same.
"""

import contextlib
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from typing import Final, NamedTuple

#: The first bytes of Bolt's messages: a structure's marker and the message's signature.
HELLO: Final = b"\xb1\x01"
SAID: Final = {b"\xb1\x11": "begin", b"\xb3\x10": "run", b"\xb0\x12": "commit"}
SUCCESS: Final = b"\xb1\x70"


class Order(NamedTuple):
    """What to do at the n-th time somewhere; `process` is whom to kill."""

    where: str
    n: int
    do: str
    process: int


class Cut(Exception):
    """Nothing more is handed on."""


class Cable:
    """What all connections share: the order, and whether it is whole."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._order: Order | None = None
        self._left = 0
        self.cut = ""
        self.struck = False
        self._ends: list[socket.socket] = []

    def order(self, order: Order) -> None:
        with self._lock:
            self._order, self._left, self.struck = order, order.n, False

    def heal(self) -> None:
        with self._lock:
            self.cut = ""
            self._reset()

    def _reset(self) -> None:
        for end in self._ends:
            reset(end)
        self._ends = []

    def at(self, where: str) -> None:
        """This is such a place. Raises Cut when nothing goes on from here."""
        with self._lock:
            if self._order is None or self._order.where != where:
                return
            self._left -= 1
            if self._left:
                return
            done, self._order, self.struck = self._order, None, True
            if done.do == "kill":
                os.kill(done.process, signal.SIGKILL)
                raise Cut
            self.cut = done.do
            if self.cut == "reset":
                self._reset()
        raise Cut

    def connect(self, client: socket.socket) -> None:
        """Lay the cable between a client and the server."""
        if self.cut:
            self._ends.append(client)  # kept: a socket that nobody holds is closed, and that can be seen
            if self.cut == "reset":
                reset(client)
            return
        server = socket.create_connection(("127.0.0.1", self._server))
        self._ends += (client, server)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each small message waits for an answer
        one = Connection(self, client, server)
        for way in (one.up, one.down):
            threading.Thread(target=way, daemon=True).start()


class Connection:
    """One connection through the cable."""

    def __init__(self, cable: Cable, client: socket.socket, server: socket.socket) -> None:
        self._cable, self._client, self._server = cable, client, server
        self._asked = threading.Event()  # for its commit
        self._gone = False

    def up(self) -> None:
        """Hand on from client to server, a message at a time."""
        waiting = b""
        met = within = False
        with self._until_it_ends():
            while more := self._client.recv(1 << 16):
                waiting += more
                if not met:  # they agree on Bolt's version first
                    start = waiting.find(HELLO) - 2
                    met = start >= 0
                    self._hand_on(waiting[:start] if met else waiting)
                    waiting = waiting[start:] if met else b""
                while len(waiting) >= 2 and len(waiting) >= (end := 2 + int.from_bytes(waiting[:2], "big")):
                    # A long message comes in several chunks; one of no bytes is its end.
                    where = "" if within else SAID.get(waiting[2:4], "")
                    within = end > 2
                    self._cable.at(where)
                    if where == "commit":
                        self._asked.set()
                    self._hand_on(waiting[:end])
                    waiting = waiting[end:]

    def down(self) -> None:
        """Hand on from server to client."""
        with self._until_it_ends():
            while more := self._server.recv(1 << 16):
                if self._asked.is_set() and SUCCESS in more:
                    self._asked.clear()
                    self._cable.at("committed")
                if self._cable.cut or self._gone:
                    raise Cut
                self._client.sendall(more)

    def _hand_on(self, some: bytes) -> None:
        if self._cable.cut or self._gone:
            raise Cut
        self._server.sendall(some)

    @contextlib.contextmanager
    def _until_it_ends(self) -> Iterator[None]:
        try:
            yield
        except Cut:
            self._gone = True
            if self._cable.cut == "hang":
                return
        except OSError:  # an end has gone
            pass
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def reset(end: socket.socket) -> None:
    """Close at once, with a reset instead of a goodbye."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RD)
    end.close()


def accept(cable: Cable, door: socket.socket) -> None:
    while True:
        client, _ = door.accept()
        try:
            cable.connect(client)
        except ConnectionRefusedError:  # no server
            client.close()


def main(port: int) -> None:
    cable = Cable(port)
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=accept, args=(cable, door), daemon=True).start()
        print(door.getsockname()[1], flush=True)
        for line in sys.stdin:
            answer = "ok"
            match line.split():
                case ["heal"]:
                    cable.heal()
                case ["struck"]:
                    answer = "yes" if cable.struck else "no"
                case [where, n, do, *process]:
                    cable.order(Order(where, int(n), do, int(process[0]) if process else 0))
            print(answer, flush=True)
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
