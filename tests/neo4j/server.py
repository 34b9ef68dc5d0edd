"""A real Neo4j Community server for tests and for play: fetched by Maven once, started empty, gone when it ends.

    python tests/neo4j/server.py            start one, print its address, stop at Ctrl-C
    python tests/neo4j/server.py --piped    the same, and stop when standard input ends: its parent is gone

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
from typing import Final, NoReturn
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


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running, empty server's address; it ends with the block."""
    java = shutil.which("java")
    if java is None:
        raise Missing("Java is not installed: a Neo4j server needs Java 17")
    lib = jars()
    home = Path(tempfile.mkdtemp(prefix="begat-neo4j-"))
    port = _free_port()
    (home / "conf").mkdir()
    (home / "conf/neo4j.conf").write_text(CONF.format(port=port))
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENS]
    command = [java, "-Xms512m", "-Xmx1g", *opens, "-cp", f"{lib}/*", "org.neo4j.server.CommunityEntryPoint"]
    log = home / "console.log"
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [*command, f"--home-dir={home}", f"--config-dir={home}/conf"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        _log_in(port, process, log)
        yield f"neo4j://neo4j:{PASSWORD}@127.0.0.1:{port}/neo4j"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it holds is thrown away
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _log_in(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it answers, and give it its password."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    until = time.monotonic() + START_S
    while True:
        try:
            with (
                GraphDatabase.driver(f"bolt://127.0.0.1:{port}", auth=("neo4j", "neo4j")) as driver,
                driver.session(database="system") as session,
            ):
                session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password", password=PASSWORD).consume()
            break
        except (DriverError, Neo4jError) as e:
            if process.poll() is not None or time.monotonic() > until:
                told = log.read_text(errors="replace").strip().splitlines() or [str(e)]
                raise Missing(f"Neo4j did not start: {told[-1]}") from e
            time.sleep(0.2)
    with GraphDatabase.driver(f"bolt://127.0.0.1:{port}", auth=("neo4j", PASSWORD)) as driver:
        while time.monotonic() < until:
            try:
                driver.execute_query("RETURN 1", database_="neo4j")
                return
            except (DriverError, Neo4jError):
                time.sleep(0.1)
    raise Missing("Neo4j started, but its database did not come up")


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main(argv: list[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    try:
        with server() as address:
            print(address, flush=True)
            if "--piped" in argv:
                sys.stdin.read()
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
