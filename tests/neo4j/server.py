"""A real Neo4j Community server for tests (begat.api.neo4j_server): started empty, gone when it ends.

    python tests/neo4j/server.py            start one, print its address, stop at Ctrl-C
    python tests/neo4j/server.py --piped    the same, and stop when standard input ends: its parent is gone

Further words NAME=VALUE are settings of the server. Piped, it takes orders, one a line, and answers each with one:
`kill` (SIGKILL, answered once it is dead), `stop` (in peace, answered once it has ended), `start` (again, with the data
it had and on the same port, with the settings of this line; answered when it can be asked) and `process` (its number).

Exit 3, with the reason in one line, where the machine has not what it takes.
"""

import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from begat.api.neo4j_server.server import Server
from begat.graph_schema.errors import BegatError

CACHE: Final = Path(__file__).resolve().parents[2] / ".cache/begat"
PASSWORD: Final = "begat-in-tests"


@contextlib.contextmanager
def server(*settings: str) -> Iterator[Server]:
    """A running, empty server; it ends with the block, and what it holds is thrown away."""
    home = Path(tempfile.mkdtemp(prefix="begat-neo4j-"))
    try:
        one = Server(home, cache=CACHE, password=PASSWORD)
        try:
            one.start(*settings)
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
            case ["stop"]:
                one.stop()
                print("stopped", flush=True)
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
        with server(*(word for word in argv if "=" in word)) as one:
            print(one.address, flush=True)
            if "--piped" in argv:
                obey(one)
            else:
                print("neo4j: running until Ctrl-C; BEGAT_STORE=<the address above> begat ...", file=sys.stderr)
                signal.pause()
    except BegatError as e:
        print(f"neo4j: {e}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
