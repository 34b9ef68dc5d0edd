"""What the stories need: a spool, its graph, programs that run and die, a cable, a server of their own."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pytest

from begat.graph_schema.dump import dump
from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from tests.needs import cannot

HERE: Final = Path(__file__).parent
#: The stores that have to be exact, by their addresses; the memory store says what that is.
STORES: Final = ("sqlite", "neo4j")
#: How long any program of a story may take, in seconds.
PATIENCE: Final = 120.0
#: A server says so often that it is still at work, and has clients give it up when it missed that twice. Its default is
#: a minute, which no test can wait for.
KEEP_ALIVE: Final = "server.bolt.connection_keep_alive=4s"


class Graph(NamedTuple):
    """All that a store holds: its canonical dump as a file, and what the dump leaves out."""

    file: Path
    books: dict[str, Any]

    @classmethod
    def of(cls, store: Store, file: Path) -> "Graph":
        with file.open("wb") as out:
            assert dump(store, out) > 0
        return cls(file, books(store))


def books(store: Store) -> dict[str, Any]:
    """A store's accounts: what is committed of whom, what was kept aside, and what its changes say, counted."""
    changes = list(store.changes())
    assert [c.commit for c in changes] == list(range(1, len(changes) + 1))
    writers = {w.header.writer: w for w in store.writers()}
    return {
        "ranges": {w: store.ranges(w) for w in sorted(writers)},
        "writers": writers,
        "quarantine": sorted(store.quarantine()),
        "bookmarks": store.bookmarks(),
        "changes": Counter(msgspec.json.encode(s) for c in changes for s in c.statements),
        "marked": store.stats().marked,
        "counts": msgspec.structs.replace(store.stats(), commit=0),
    }


class Program:
    """A program of this folder, or begat's own command line, as a process."""

    def __init__(self, *command: object, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **(env or {})},
        )  # fmt: skip

    def says(self) -> str:
        """Its next line."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line: str) -> str:
        """Its answer to a line."""
        self.say(line)
        return self.says()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)

    def ended(self) -> tuple[int, str]:
        """Its exit code (-9: killed), when it has one, and what it wrote to stderr."""
        _, told = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, told

    def clear(self) -> None:
        """Have it gone, whatever it is at."""
        if self.process.poll() is None:
            self.kill()
        self.process.communicate()


class Programs:
    """Starts programs; none outlives the story."""

    INGESTER: Final = HERE / "ingester.py"

    def __init__(self) -> None:
        self._all: list[Program] = []

    def start(self, *command: object, env: dict[str, str] | None = None) -> Program:
        program = Program(*command, env=env)
        self._all.append(program)
        return program

    def ingester(self, url: str, spool: Path, *options: object, command: str = "ingest") -> Program:
        """An ingester (see ingester.py) of a spool; many batches, but fewer where each takes long."""
        batch = 10 if url.startswith("sqlite:") else 80
        return self.start(
            self.INGESTER, "--batch", batch, *options, command,
            env={"BEGAT_STORE": url, "BEGAT_SPOOL": str(spool)},
        )  # fmt: skip

    def run(self, url: str, spool: Path, *options: object, command: str = "ingest") -> tuple[int, str]:
        """An ingester's exit code and what it told."""
        return self.ingester(url, spool, *options, command=command).ended()

    def clear(self) -> None:
        for program in self._all:
            program.clear()


@pytest.fixture
def programs() -> Iterator[Programs]:
    started = Programs()
    yield started
    started.clear()


def write_history(spool: Path, runs: int) -> Path:
    subprocess.run([sys.executable, HERE / "history.py", spool, str(runs)], check=True)
    return spool


@pytest.fixture(scope="session")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A spool with the history of so many runs, in a folder of its own."""
    return lambda runs: write_history(tmp_path_factory.mktemp("history") / "spool", runs)


@pytest.fixture(scope="session")
def spool(histories: Callable[[int], Path]) -> Iterator[Path]:
    """The spool of the stories, which nobody may change."""
    path = histories(4)
    before = digest(path)
    yield path
    assert digest(path) == before


def digest(folder: Path) -> dict[str, str]:
    """A digest of each file in a folder."""
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="session")
def graph_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Graph]:
    """What one clean ingest of a spool gives, by the memory store."""

    def make(spool: Path) -> Graph:
        store = open_store("memory:")
        assert ingest(store, spool).complete
        return Graph.of(store, tmp_path_factory.mktemp("expected") / "dump")

    return make


@pytest.fixture(scope="session")
def expected(spool: Path, graph_of: Callable[[Path], Graph]) -> Graph:
    return graph_of(spool)


class Same:
    """Holds a store to a graph: equal by the program that compares dumps, and all accounts equal."""

    def __init__(self, expected: Graph, folder: Path) -> None:
        self.expected = expected
        self._file = folder / "dump"

    def __call__(self, url: str) -> None:
        store = open_store(url, create=False)
        try:
            assert self.graph(store) == self.expected.books
        finally:
            store.close()

    def graph(self, store: Store) -> dict[str, Any]:
        """Only the graph is held to; returns the accounts."""
        found = Graph.of(store, self._file)
        compare = [sys.executable, "-m", "begat.graph_schema.compare", str(self.expected.file), str(found.file)]
        compared = subprocess.run(compare, capture_output=True, text=True, check=False)
        assert (compared.stdout, compared.returncode) == ("", 0)
        return found.books


@pytest.fixture
def same(expected: Graph, tmp_path: Path) -> Same:
    return Same(expected, tmp_path)


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of a store that nobody has used, each time it is called."""
    if request.param == "neo4j":
        address: Callable[[], str] = request.getfixturevalue("empty_neo4j")
        return address
    numbers = iter(range(1000))
    return lambda: f"sqlite:///{tmp_path}/graph-{next(numbers)}.db"


class Cable(NamedTuple):
    """A cable to a server that can be cut (wire.py), and the store's address at its near end."""

    program: Program
    address: str

    def order(self, order: str) -> None:
        assert self.program.ask(order) == "ok"

    def struck(self) -> bool:
        """Whether the order was carried out."""
        return self.program.ask("struck") == "yes"

    def carry_out(self, order: str, ingester: Program) -> None:
        """Let an ingester that waits go, and wait until the order was carried out on its way."""
        self.order(order)
        assert ingester.says() == "ready"
        ingester.say("go")
        end = time.monotonic() + PATIENCE
        while not self.struck():
            assert ingester.process.poll() is None, "it ended before"
            assert time.monotonic() < end, "it never came there"
            time.sleep(0.01)


@pytest.fixture
def new_cable(programs: Programs) -> Callable[[str], Cable]:
    """Lays a cable to the server of an address."""

    def lay(address: str) -> Cable:
        before, _, place = address.rpartition("@")
        host, _, database = place.partition("/")
        program = programs.start(HERE / "wire.py", host.rpartition(":")[2])
        user = before.partition("://")[2]
        # A bolt address: the routing table behind a neo4j address would lead the driver around the cable.
        return Cable(program, f"bolt://{user}@127.0.0.1:{program.says()}/{database}")

    return lay


@pytest.fixture
def cable(new_cable: Callable[[str], Cable], neo4j: str) -> Cable:
    """A cable to an empty Neo4j store."""
    return new_cable(neo4j)


class MortalNeo4j:
    """A Neo4j server that a story may kill; its data and its port stay."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.address = program.says()

    def process(self) -> int:
        return int(self._program.ask("process"))

    def empty(self) -> None:
        """Throw away what is in its database."""
        connection = Connection(self.address, create=True)
        with connection.session() as session:
            session.run("MATCH (n) DETACH DELETE n").consume()
        connection.close()

    def kill(self) -> None:
        assert self._program.ask("kill") == "killed"

    def stop(self) -> None:
        """End it in peace: one that was killed cannot be started read-only, as it has to repair its files."""
        assert self._program.ask("stop") == "stopped"

    def start(self, *settings: str) -> None:
        """Start it (again), with more settings if need be; returns when it answers."""
        assert self._program.ask(" ".join(("start", KEEP_ALIVE, *settings))) == self.address


@pytest.fixture(scope="session")
def mortal_neo4j() -> Iterator[MortalNeo4j]:
    """A running Neo4j server, whose one database is everyone's."""
    program = Program(HERE.parent / "neo4j/server.py", "--piped", KEEP_ALIVE)
    server = MortalNeo4j(program)
    if not server.address:
        cannot(f"no Neo4j server: {program.ended()[1].strip()}")
    yield server
    program.ended()  # with its standard input


class OneLine:
    """Holds an ingester that could not use the store to what it owes its user: exit 4, one line, no secret."""

    def __call__(self, ended: tuple[int, str], url: str = "") -> str:
        code, told = ended
        assert code == 4, told
        assert told.startswith("begat: ")
        assert told.count("\n") == 1
        password = url.rpartition("@")[0].rpartition(":")[2]
        assert not password or password not in told
        return told.strip()


@pytest.fixture
def one_line() -> OneLine:
    return OneLine()
