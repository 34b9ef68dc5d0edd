"""What a Neo4j store does with a server's errors: each of its own type, in a line, repeated where that may help."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from begat.api.neo4j_server.server import Server
from begat.graph_schema.errors import StoreAway, StoreError
from begat.graph_schema.neo4j.connection import RETRY_S, Connection
from begat.graph_schema.neo4j.store import Neo4jStore
from begat.graph_schema.neo4j.transaction import Transaction
from begat.graph_schema.statements import Context, Position, Started
from begat.graph_schema.store import Batch, Range

CACHE = Path(__file__).resolve().parents[2] / ".cache/begat"
REQUIRED = bool(os.environ.get("CI")) or os.environ.get("BEGAT_REQUIRE") == "all"
#: More than a transaction of a few megabytes holds.
LARGE = "UNWIND range(1, 2000000) AS n WITH collect('a text of some length ' + n) AS texts RETURN size(texts)"


@pytest.fixture(scope="module")
def own_neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that tests start with settings of their own."""
    try:
        server = Server(tmp_path_factory.mktemp("neo4j"), cache=CACHE, password="begat-in-tests")
    except StoreError as e:
        (pytest.fail if REQUIRED else pytest.skip)(f"no Neo4j server: {e}")
    yield server
    server.kill()


def event(n: int) -> Batch:
    return Batch([Started(Context(), Position(n, "w", n), f"run {n}")], ranges=[Range("w", n, n)])


class Counted:
    """Work in a transaction, and how often it was begun."""

    def __init__(self, work: Callable[[Transaction], None]) -> None:
        self._work, self.begun = work, 0

    def __call__(self, tx: Transaction) -> None:
        self.begun += 1
        self._work(tx)


def refused(call: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as told:
        call()
    assert "\n" not in str(told.value)
    return told.value


def test_too_little_memory_in_neo4j_is_told_once(own_neo4j: Server) -> None:
    """The server calls it transient; the same again would end the same way."""
    own_neo4j.start("db.memory.transaction.max=4m")
    store = Neo4jStore(own_neo4j.address)
    connection = Connection(own_neo4j.address, create=False)
    try:
        work = Counted(lambda tx: tx.do(LARGE))
        began = time.monotonic()
        for call in (lambda: connection.write(work), lambda: store.read(LARGE, {})):
            told = refused(call)
            assert "the server has too little memory for this" in str(told)
            assert not told.retryable
        assert work.begun == 1
        assert time.monotonic() - began < 2 * RETRY_S
        store.write(event(1))  # what is small goes on
        assert store.stats().activities == 1
    finally:
        store.close()
        connection.close()
        own_neo4j.kill()


def test_a_read_only_neo4j_is_read_and_not_written(own_neo4j: Server) -> None:
    own_neo4j.start()
    store = Neo4jStore(own_neo4j.address)
    store.write(event(2))
    store.close()
    own_neo4j.stop()
    own_neo4j.start("server.databases.default_to_read_only=true")
    store = Neo4jStore(own_neo4j.address)
    try:
        assert store.stats().activities >= 1
        told = refused(lambda: store.write(event(3)))
        assert str(told).endswith(": the database is read-only")
        assert not told.retryable
    finally:
        store.close()
        own_neo4j.stop()


def test_a_neo4j_that_goes_away_is_away(own_neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from begat.graph_schema.neo4j import connection

    monkeypatch.setattr(connection, "RETRY_S", 2.0)
    own_neo4j.start()
    store = Neo4jStore(own_neo4j.address)
    try:
        own_neo4j.kill()
        for call in (lambda: store.write(event(4)), store.stats):
            told = refused(call)
            assert isinstance(told, StoreAway)
            assert told.retryable
        own_neo4j.start()
        store.write(event(4))
        assert [r.last for r in store.ranges("w")][-1] == 4
    finally:
        store.close()
        own_neo4j.kill()


def test_a_wrong_password_is_no_server_that_is_away(neo4j: str) -> None:
    begin, _, end = neo4j.rpartition("@")
    for address in (f"{begin}x@{end}", neo4j.rpartition("/")[0] + "/nowhere"):
        told = refused(lambda address=address: Neo4jStore(address))  # type: ignore[misc]
        assert not isinstance(told, StoreAway)
        assert not told.retryable


def test_a_deadlock_in_neo4j_is_gone_through_again(neo4j: str) -> None:
    """Two transactions take the same two nodes in opposite order: one of them is undone, and then done."""
    Neo4jStore(neo4j).close()
    connection = Connection(neo4j, create=False)
    connection.write(lambda tx: tx.do("UNWIND ['a', 'b'] AS id CREATE (:Resource {id: id, times: 0})"))
    both_hold_one = threading.Barrier(2)

    def take(first: str, second: str) -> Counted:
        def work(tx: Transaction) -> None:
            for n, node in enumerate((first, second)):
                match node:
                    case "a":
                        tx.do("MATCH (n:Resource {id: 'a'}) SET n.times = n.times + 1")
                    case _:
                        tx.do("MATCH (n:Resource {id: 'b'}) SET n.times = n.times + 1")
                if n == 0 and counted.begun == 1:
                    both_hold_one.wait(30)

        counted = Counted(work)
        return counted

    works = [take("a", "b"), take("b", "a")]
    threads = [threading.Thread(target=connection.write, args=(w,)) for w in works]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    try:
        assert sorted(w.begun for w in works) == [1, 2]
        assert connection.read("MATCH (n:Resource) RETURN n.id, n.times ORDER BY n.id", {}) == [("a", 2), ("b", 2)]
    finally:
        connection.close()
