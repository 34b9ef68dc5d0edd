"""A server to play with: started for one user, running until Ctrl-C or SIGTERM."""

import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from begat.api.neo4j_server.container import Container, engine
from begat.api.neo4j_server.jars import can_fetch, user_cache
from begat.api.neo4j_server.server import JAVA, Server
from begat.graph_schema.errors import StoreError
from begat.graph_schema.neo4j.address import Address

#: In a folder that is kept: the server's address, password and all, for its owner's eyes.
ADDRESS: Final = "address"


def play(folder: Path | None, *, browser: bool) -> None:
    """Start a server, print its address on stdout, and return when Ctrl-C or SIGTERM has ended it.

    With a folder its data is kept there, and the next server in it has the same password, and the same port if that is
    free; without one nothing is kept. Raises StoreError where the machine has not what it takes.
    """
    with _ended_by_signals(), _home(folder) as home:
        port, password = _known(home)
        server = _server(home, port, password, browser)
        try:
            server.start()
            _write(home / ADDRESS, server.address)
            print(server.address, flush=True)
            for line in _hints(server.address, server.web, folder):
                print(f"neo4j: {line}", file=sys.stderr)
            signal.pause()
        except KeyboardInterrupt:
            pass
        finally:
            # What is not kept need not be put in order.
            server.kill() if folder is None else server.stop()


def _server(home: Path, port: int, password: str, browser: bool) -> Server | Container:
    cache = user_cache()
    if shutil.which("java") and can_fetch(cache):
        return Server(home, cache=cache, password=password, port=port, browser=browser)
    runs = engine()
    if runs:
        return Container(runs, home, password=password, port=port, browser=browser)
    raise StoreError(
        f"this machine has nothing to run Neo4j with: install Java {JAVA} and Maven (mvn), or start Docker or Podman"
    )


def _hints(address: str, web: str | None, folder: Path | None) -> Iterator[str]:
    kept = "without keeping anything" if folder is None else f"keeping its data in {folder}"
    # A shell script's background job does not hear Ctrl-C.
    yield f"running until Ctrl-C or SIGTERM (kill {os.getpid()}), {kept}"
    yield f"to use it: export BEGAT_STORE={address}"
    if web:
        yield f"Neo4j Browser is at {web}: user neo4j, the password is in the address"
        yield "its colours: begat doctor --neo4j-style > style.grass, and drag that file into it"


@contextmanager
def _home(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()  # Neo4j takes no path with .. in it
        return
    home = Path(tempfile.mkdtemp(prefix="begat-neo4j-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _known(home: Path) -> tuple[int, str]:
    """The port and the password of a server that was here before, else none and a new one."""
    try:
        before = Address.of((home / ADDRESS).read_text().strip())
    except FileNotFoundError:
        password = secrets.token_urlsafe(12)
        _write(home / ADDRESS, f"neo4j://neo4j:{password}@127.0.0.1:7687/neo4j")
        return 7687, password
    return int(before.server.rpartition(":")[2]), before.password or ""


def _write(file: Path, text: str) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
        f.write(text + "\n")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end the server; a second one does not disturb its end.

    What is ignored (nohup) still is.
    """
    heard = [s for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if signal.getsignal(s) is not signal.SIG_IGN]

    def end(number: int, frame: FrameType | None) -> NoReturn:
        for s in heard:
            signal.signal(s, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {s: signal.signal(s, end) for s in heard}
    try:
        yield
    finally:
        for s, handler in before.items():
            signal.signal(s, handler)
