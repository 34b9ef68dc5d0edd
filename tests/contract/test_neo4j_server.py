"""The Neo4j store and its server: what is refused, in one line each, and several users at once."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final, LiteralString

import pytest

from begat.graph_schema.errors import MissingExtra, StoreError, StoreNewer, UsageError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.neo4j.address import Address
from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.store import Neo4jStore
from begat.graph_schema.neo4j.transaction import Transaction
from begat.graph_schema.statements import AnyStatement, Context, Description, Ended, Position, Relation, Started
from begat.graph_schema.store import Batch, Bookmark, Store, open_store
from begat.queries import ask

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE = Context()


def run_of(writer: str, shared: str = "data") -> list[AnyStatement]:
    """A run that reads what all read, describes it, and makes something."""
    at = [Position(1_000_000 + n, writer, n) for n in range(1, 6)]
    return [
        Started(HERE, at[0], f"run {writer}"),
        Description(HERE, at[1], shared, ("Entity",), ("Dataset",), f"as {writer} saw it", {"seen": writer}),
        Relation(HERE, at[2], "used", f"run {writer}", shared),
        Relation(HERE, at[3], "wasGeneratedBy", f"made {writer}", f"run {writer}"),
        Ended(HERE, at[4], f"run {writer}"),
    ]


@pytest.fixture
def store(neo4j: str) -> Iterator[Neo4jStore]:
    """An empty store."""
    opened = Neo4jStore(neo4j)
    yield opened
    opened.close()


def cypher(address: str, text: LiteralString) -> None:
    """Do to a database what only another program does."""
    connection = Connection(address, create=True)
    with connection.session() as session:
        session.run(text).consume()
    connection.close()


def refused(url: str, *, create: bool = True, retryable: bool | None = None) -> str:
    """The one line with which opening is refused, and whether the same may go well later, if that is held to."""
    with pytest.raises(StoreError) as told:
        open_store(url, create=create)
    assert told.value.exit_code == 4
    assert retryable in (None, told.value.retryable)
    line = str(told.value)
    assert "\n" not in line
    return line


# -- what is refused


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # it does not listen
        port = nobody.getsockname()[1]
        began = time.monotonic()
        line = refused(f"neo4j://me:secret@127.0.0.1:{port}/neo4j")
    assert line.startswith(f"no Neo4j server answers at neo4j://127.0.0.1:{port}/neo4j: ")
    assert time.monotonic() - began < 20


def test_a_wrong_password_is_not_repeated_in_the_message(neo4j: str) -> None:
    where = Address.of(neo4j)
    line = refused(neo4j.replace(f":{where.password}@", ":not-the-password@"), retryable=False)
    assert line == f"{where}: the user or password is wrong"


def test_an_address_without_a_user(neo4j: str) -> None:
    where = Address.of(neo4j)
    line = refused(f"{where.server}/{where.database}", retryable=False)
    assert line.startswith(f"{where}: the server asks for a user: write neo4j://USER:PASSWORD@")


def test_a_database_that_is_not_there(neo4j: str) -> None:
    where = Address.of(neo4j)._replace(database="nowhere")
    nowhere = neo4j.rpartition("/")[0] + "/nowhere"
    assert refused(nowhere, retryable=False) == f"{where}: there is no such database"


def test_a_database_without_a_store_is_not_made_one_by_reading(neo4j: str) -> None:
    cypher(neo4j, "MATCH (b:Begat) DELETE b")
    assert "there is no store at" in refused(neo4j, create=False)
    open_store(neo4j).close()
    open_store(neo4j, create=False).close()


def test_a_graph_of_someone_else(neo4j: str) -> None:
    cypher(neo4j, "MATCH (b:Begat) DELETE b CREATE (:Commit {message: 'Initial commit'})")
    assert "holds a graph, but not a begat store" in refused(neo4j)


def test_a_store_of_a_newer_begat(neo4j: str, store: Neo4jStore, load: "Load") -> None:
    cypher(neo4j, "MATCH (b:Begat) SET b.schema = 99")
    with pytest.raises(StoreNewer, match="has schema 99"):
        open_store(neo4j)
    with pytest.raises(StoreNewer, match="has schema 99"):
        load(store, run_of("w"))


@pytest.mark.parametrize("url", ["neo4j:graph", "neo4j://", "bolt://me:secret@/neo4j", "neo4j://me:secret@host:port/db",
                                 "neo4j://me:secret@host/a/b", "neo4j://me:secret@host/neo4j?x=1"])  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError) as told:
        open_store(url)
    assert "secret" not in str(told.value)


def test_an_address_may_hold_any_password() -> None:
    found = Address.of("neo4j+s://me%40home:p%2Fw%3A@[::1]:7688/runs")
    assert found == Address("neo4j+s://[::1]:7688", "me@home", "p/w:", "runs")
    assert Address.of("bolt://host") == Address("bolt://host", None, None, None)


def test_a_missing_driver_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [m for m in sys.modules if m.startswith("begat.graph_schema.neo4j")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "neo4j", None)
    with pytest.raises(MissingExtra, match=r"begat\[neo4j\]"):
        open_store("neo4j://me:secret@host/neo4j")


# -- limits


def test_a_question_ends_when_its_time_is_over(store: Neo4jStore) -> None:
    began = time.monotonic()
    with pytest.raises(StoreError, match="longer than it may"):
        store.read("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a % 7 + b % 7)", {}, 0.5)
    assert time.monotonic() - began < 20
    assert store.read("RETURN $a", {"a": 1}) == [(1,)]


ENDLESS: Final = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN max(a * b)"


def _asked_for_too_long(store: Neo4jStore) -> None:
    with pytest.raises(StoreError, match="longer than it may"):
        store.read(ENDLESS, {}, 2.0)


def _running(store: Neo4jStore) -> bool:
    rows = store.read("SHOW TRANSACTIONS YIELD currentQuery AS text WHERE text = $text RETURN text", {"text": ENDLESS})
    return bool(rows)


def test_a_question_that_runs_too_long_ends_on_the_server_too(store: Neo4jStore) -> None:
    """Nobody waits for it any more, so it must not go on there."""
    began = time.monotonic()
    endless = threading.Thread(target=_asked_for_too_long, args=(store,))
    endless.start()
    while not _running(store):
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    endless.join()
    while _running(store):
        assert time.monotonic() - began < 40
        time.sleep(0.05)


def test_the_server_gives_no_more_rows_than_are_asked_for(neo4j: str, load: "Load") -> None:
    asked: list[int] = []

    class Listening(Neo4jStore):
        def read(self, statement: Any, params: Mapping[str, Any], limit_s: float | None = None) -> list[Any]:
            rows = super().read(statement, params, limit_s)
            if "_limit" in params:
                asked.append(len(rows[0][0]))
            return rows

    with closing(load(Listening(neo4j), [s for n in range(30) for s in run_of(f"w{n}")])) as store:
        answer = ask(store, "impact", {"thing": "data"}, limit=7)
    assert (len(answer.rows), answer.truncated) == (7, True)
    # The thing; one row more than asked for, to tell that there are more; the starts and ends of seven runs.
    assert asked == [1, 8, 14]


def test_a_question_that_is_none_is_told_in_a_line(store: Neo4jStore) -> None:
    with pytest.raises(StoreError) as told:
        store.read("RETURN this is no Cypher", {})
    assert "\n" not in str(told.value)


def test_reading_cannot_write(store: Neo4jStore) -> None:
    with pytest.raises(StoreError):
        store.read("CREATE (:Resource {id: 'x'})", {})
    assert store.read("MATCH (n:Resource) RETURN n.id", {}) == []


# -- several at once


def test_several_ingesters_at_once_lose_nothing(
    neo4j: str, store: Neo4jStore, load: "Load", dump: Callable[[Store], list[str]]
) -> None:
    """They describe one dataset, and each batch is written by two of them."""
    writers = [f"w{n}" for n in range(6)]
    failed: list[Exception] = []

    def ingest(mine: list[str]) -> None:
        one = Neo4jStore(neo4j)
        try:
            for writer in mine:
                for event in load.events(run_of(writer)):
                    one.write(load.batch([event]))
        except Exception as e:
            failed.append(e)
        finally:
            one.close()

    threads = [threading.Thread(target=ingest, args=(w,)) for w in (writers[:4], writers[2:], writers[::-1])]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failed == []
    store.settle()
    oracle = load(MemoryStore(), [s for w in writers for s in run_of(w)])
    assert dump(store) == dump(oracle)
    assert [c.commit for c in store.changes()] == list(range(1, 31))


def test_a_deadlock_is_tried_again(neo4j: str, store: Neo4jStore) -> None:
    """Two lock a pair of nodes the other way round, both their first before either its second."""
    store.write(Batch(bookmarks=[Bookmark("a", 0), Bookmark("b", 0)]))
    both_hold_one = threading.Barrier(2, timeout=60)
    tries: list[str] = []

    def add(first: str, second: str) -> None:
        def work(tx: Transaction) -> None:
            tries.append(first)
            tx.put("store", "put_bookmarks", [{"source": first, "offset": 1}])
            tx.run("store", "contexts")  # now the server has it
            if tries.count(first) == 1:
                both_hold_one.wait()
            tx.put("store", "put_bookmarks", [{"source": second, "offset": 1}])

        connection = Connection(neo4j, create=False)
        connection.write(work)
        connection.close()

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(add, "a", "b"), pool.submit(add, "b", "a")]:
            done.result()
    assert len(tries) == 3
    assert store.bookmarks() == {"a": 1, "b": 1}


def test_a_reader_sees_whole_commits(neo4j: str, store: Neo4jStore, load: "Load") -> None:
    reader = Neo4jStore(neo4j, create=False)
    load(store, run_of("w"))
    assert len(list(reader.scan())) == len(list(store.scan()))
    assert (reader.stats().activities, reader.stats().relations) == (1, 2)
    reader.close()


def test_a_label_that_is_the_stores_own_is_a_type_like_any_other(store: Neo4jStore, load: "Load") -> None:
    types = ("Series", "Begat", "Phase", "ex:thing")
    load(store, [Description(HERE, Position(1, "w", 1), "e", ("Entity",), types)])
    assert store.stats().by_type == dict.fromkeys(sorted(types), 1)
    assert store.read("MATCH (e:`ex:thing`) RETURN labels(e)", {}) == [(["Resource", "Entity", "ex:thing"],)]
    store.write(load.batch([[Started(HERE, Position(2, "w", 2), "run")]]))
