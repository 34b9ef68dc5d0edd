"""A transaction whose statements one thread makes ready and another runs: what is seen, and how it ends early."""

import os
import signal
import threading
import time
from typing import TYPE_CHECKING, LiteralString

import pytest

from begat.graph_schema.errors import StoreError
from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG: LiteralString = "UNWIND range(1, 10000000000) AS i RETURN count(i)"
BOOKMARKS = "MATCH (b:Bookmark) RETURN b.source ORDER BY b.source"


@pytest.fixture
def connection(empty_neo4j: "Callable[[], str]") -> "Iterator[Connection]":
    one = Connection(empty_neo4j(), create=True)
    yield one
    one.close()
    assert not [t for t in threading.enumerate() if t.name == "begat-transaction"]


def put(tx: Transaction, *sources: str) -> None:
    for source in sources:
        tx.put("store", "put_bookmarks", [{"source": source, "offset": 1}])


def bookmarks(connection: Connection) -> list[str]:
    return [source for (source,) in connection.read(BOOKMARKS, {})]


def test_what_is_asked_sees_what_was_put_before(connection: Connection) -> None:
    def work(tx: Transaction) -> list[str]:
        put(tx, "a", "b")
        return [source for source, _ in tx.run("store", "bookmarks")]

    assert sorted(connection.write(work)) == ["a", "b"]
    assert bookmarks(connection) == ["a", "b"]


def test_of_work_that_fails_nothing_stays(connection: Connection) -> None:
    def work(tx: Transaction) -> None:
        put(tx, "a")
        raise LookupError("on the way")

    with pytest.raises(LookupError, match="on the way"):
        connection.write(work)
    assert bookmarks(connection) == []


def test_a_statement_that_fails_ends_the_work(connection: Connection) -> None:
    done: list[int] = []

    def work(tx: Transaction) -> None:
        put(tx, "a")
        tx.put("store", "put_bookmarks", [{"source": None, "offset": 1}])
        for n in range(1000):
            put(tx, f"b{n}")
            done.append(n)

    with pytest.raises(StoreError, match="null"):
        connection.write(work)
    assert len(done) < 100
    assert bookmarks(connection) == []


@pytest.fixture
def ctrl_c() -> "Iterator[None]":
    """As in a terminal: what runs in the background of a shell does not hear of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_a_statement_that_runs(connection: Connection) -> None:
    def work(tx: Transaction) -> None:
        put(tx, "a")
        tx.do(LONG)

    began = time.monotonic()
    threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        connection.write(work)
    assert time.monotonic() - began < 30
    assert bookmarks(connection) == []
