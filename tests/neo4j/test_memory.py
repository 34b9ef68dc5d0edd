"""A server with little memory: what is too large goes in in pieces, and what does not is told at once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from begat.graph_schema.dump import lines
from begat.graph_schema.errors import StoreError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.store import Neo4jStore
from begat.graph_schema.neo4j.transaction import Transaction
from begat.graph_schema.pieces import pieces
from begat.graph_schema.statements import AnyStatement, Context, Description, Points, Position, Relation
from begat.graph_schema.store import Batch, Bookmark, Range

HERE: Final = Context()
#: What all of a transaction may take, 24 MiB, and pieces that take half of it.
LIMIT: Final = "db.memory.transaction.max=24m"
MOST: Final = 1 << 20

#: More than such a transaction holds.
LARGE: Final = "UNWIND range(1, 2000000) AS n WITH collect('a text of some length ' + n) AS texts RETURN size(texts)"


class Server:
    """A server of one's own, by its orders (see server.py)."""

    def __init__(self) -> None:
        program = [sys.executable, str(Path(__file__).parent / "server.py"), "--piped"]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()
        self.address = self.order("start", LIMIT)

    def order(self, *words: str) -> str:
        assert self._process.stdin
        print(*words, file=self._process.stdin, flush=True)
        return self._answer()

    def end(self) -> None:
        self._process.communicate()

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def server(neo4j_server: str) -> Iterator[Server]:
    """One with little memory, where the machine can run servers at all."""
    one = Server()
    yield one
    one.end()


def readings(many: int) -> Batch:
    """A run reads many files, each described, and a document tells of one that it wrote; the run's loss beside it."""
    said: list[AnyStatement] = []
    for n in range(1, 2 * many, 2):
        file = f"sha256:{n:064d}"
        said.append(Description(HERE, Position(n, "w", n), file, ("Entity",), ("Dataset",), f"{n}.csv", {"size": n}))
        said.append(Relation(HERE, Position(n + 1, "w", n + 1), "used", "run", file))
    said.append(Relation(HERE, Position(None, "", 0), "wasGeneratedBy", "report", "run"))
    loss = Points(HERE, "w", "run", "loss", "", [(n, 2 * many + n, n, 1 / n, None) for n in range(1, 1001)])
    key = (HERE, "w", "run", "loss", "")
    return Batch(said, {key: loss}, [Range("w", 1, 2 * many + 1000)], bookmarks=[Bookmark("w.open", 1)])


def test_a_batch_larger_than_the_memory_of_neo4j_goes_in_in_pieces(server: Server) -> None:
    batch = readings(3000)
    parts = list(pieces(batch, MOST))
    assert len(parts) > 3
    at_once, store = Neo4jStore(server.address), Neo4jStore(server.address, most=MOST)
    with pytest.raises(StoreError, match=r"^neo4j://\S+: the server has too little memory for this: .*24") as told:
        at_once.write(batch)
    assert not told.value.retryable
    assert list(store.changes()) == []
    for part in parts[:2]:  # its writer is killed here; another one begins again
        store.write(part)
    assert store.bookmarks() == {}
    store.write(batch)
    store.settle()
    expected = MemoryStore()
    expected.write(batch)
    assert lines(store) == lines(expected)
    assert store.bookmarks() == {"w.open": 1}
    assert [c.commit for c in store.changes()] == list(range(1, len(parts) + 1))
    assert sum(len(c.statements) for c in store.changes()) == batch.size()
    at_once.close()
    store.close()


def test_work_for_which_neo4j_has_too_little_memory_is_done_once(server: Server) -> None:
    """The server calls it transient; the same again would end the same way. It may come to light at the commit."""
    db = Connection(server.address, create=True)
    tries: list[int] = []

    def work(tx: Transaction) -> None:
        tries.append(1)
        tx.put("nodes", "create_named", [f"{n:01000d}" for n in range(20_000)], of="ids")

    for call in (lambda: db.write(work), lambda: db.write(lambda tx: tx.do(LARGE)), lambda: db.read(LARGE, {})):
        with pytest.raises(StoreError, match="the server has too little memory for this") as told:
            call()
        assert not told.value.retryable
    assert tries == [1]
    assert db.read("RETURN 1", {}) == [(1,)]  # what is small goes on
    db.close()
