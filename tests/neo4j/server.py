"""A real Neo4j Community server for tests and for play: fetched by Maven once, started empty, gone when it ends.

    python tests/neo4j/server.py            start one, print its address, stop at Ctrl-C
    python tests/neo4j/server.py --piped    the same, and stop when standard input ends: its parent is gone

Piped, it takes orders, one a line, and answers each with one: `kill` (SIGKILL, answered once it is dead), `start`
(again, with the data it had and on the same port; further words NAME=VALUE are settings for this time; answered when it
can be asked) and `process` (its number).

Exit 3, with the reason in one line, where the machine has not what it takes.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final, LiteralString, NoReturn
from xml.etree import ElementTree

HERE: Final = Path(__file__).resolve().parent
POM: Final = HERE / "pom.xml"
PASSWORD: Final = "begat-in-tests"
START_S: Final = 120.0
CONF: Final = """\
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
dbms.usage_report.enabled=false
server.memory.heap.initial_size=512m
server.memory.heap.max_size=1g
server.memory.pagecache.size=256m
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=keep_none
"""
#: What the server's Java has to be let into.
OPENS: Final = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


class Missing(Exception):
    """The machine has not what it takes; the text says what."""


def jars() -> Path:
    """The folder of the server's jars, fetched when it is not there."""
    version = ElementTree.parse(POM).getroot().findtext("properties/neo4j.version")
    cache = HERE.parents[1] / ".cache" / f"neo4j-{version}"
    done = cache / "complete"
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _fetch(cache / "lib")
            done.touch()
    return cache / "lib"


def _fetch(lib: Path) -> None:
    if shutil.which("mvn") is None:
        raise Missing("Maven (mvn) is not installed, so no Neo4j server can be fetched")
    print(f"neo4j: fetching the server into {lib.parent}", file=sys.stderr)
    shutil.rmtree(lib, ignore_errors=True)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={lib}"]
    # -C: a jar whose checksum does not fit fails.
    fetched = subprocess.run(["mvn", "-q", "-B", "-C", "-f", POM, *goal], capture_output=True, text=True, check=False)
    if fetched.returncode != 0:
        lines = [line for line in fetched.stdout.splitlines() if "ERROR" in line] or ["no reason given"]
        raise Missing(f"Maven could not fetch Neo4j: {lines[0]}")


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


class Server:
    """A server in a folder of its own, which outlives it: started again, it has the data it had."""

    def __init__(self, home: Path) -> None:
        java = shutil.which("java")
        if java is None:
            raise Missing("Java is not installed: a Neo4j server needs Java 17")
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENS]
        program = [*opens, "-cp", f"{jars()}/*", "org.neo4j.server.CommunityEntryPoint"]
        self._command = [java, "-Xms512m", "-Xmx1g", *program, f"--home-dir={home}", f"--config-dir={home}/conf"]
        self._conf = home / "conf/neo4j.conf"
        self._log = home / "console.log"
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"neo4j://neo4j:{PASSWORD}@127.0.0.1:{self._port}/neo4j"

    @property
    def process(self) -> int:
        """The number of its process."""
        assert self._process, "it was never started"
        return self._process.pid

    def start(self, *settings: str) -> None:
        """Start it, and wait until it can be asked. `settings` are lines of neo4j.conf for this time."""
        first = not self._conf.exists()
        self._conf.parent.mkdir(exist_ok=True)
        self._conf.write_text(CONF.format(port=self._port) + "".join(f"{line}\n" for line in settings))
        with open(self._log, "wb") as out:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        if first:
            self._until_it_answers("neo4j", "system", "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password")
        self._until_it_answers(PASSWORD, "neo4j", "RETURN 1")

    def kill(self) -> None:
        """End it with SIGKILL, as a machine does that loses its power; returns when it is dead."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _until_it_answers(self, password: str, database: str, statement: LiteralString) -> None:
        """Run a statement as soon as it can be run."""
        from neo4j import GraphDatabase
        from neo4j.exceptions import DriverError, Neo4jError

        assert self._process
        until = time.monotonic() + START_S
        with GraphDatabase.driver(f"bolt://127.0.0.1:{self._port}", auth=("neo4j", password)) as driver:
            while True:
                try:
                    with driver.session(database=database) as session:
                        session.run(statement, password=PASSWORD).consume()
                    return
                except (DriverError, Neo4jError) as e:
                    if self._process.poll() is not None or time.monotonic() > until:
                        told = self._log.read_text(errors="replace").strip().splitlines() or [str(e)]
                        raise Missing(f"Neo4j did not start: {told[-1]}") from e
                    time.sleep(0.1)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A running, empty server; it ends with the block, and what it holds is thrown away."""
    home = Path(tempfile.mkdtemp(prefix="begat-neo4j-"))
    try:
        one = Server(home)
        try:
            one.start()
            yield one
        finally:
            one.kill()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def obey(one: Server) -> None:
    """Take orders on standard input, until it ends."""
    for line in sys.stdin:
        match line.split():
            case ["kill"]:
                one.kill()
                print("killed", flush=True)
            case ["start", *settings]:
                one.kill()
                one.start(*settings)
                print(one.address, flush=True)
            case ["process"]:
                print(one.process, flush=True)
            case _:
                raise SystemExit(f"neo4j: no such order: {line.strip()}")


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main(argv: list[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    try:
        with server() as one:
            print(one.address, flush=True)
            if "--piped" in argv:
                obey(one)
            else:
                print("neo4j: running until Ctrl-C; BEGAT_STORE=<the address above> begat ...", file=sys.stderr)
                signal.pause()
    except Missing as e:
        print(f"neo4j: {e}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
