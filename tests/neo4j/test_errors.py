"""A Neo4j server that is read-only, and one that goes away and comes back."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from begat.api.neo4j_server.server import Server
from begat.graph_schema.errors import StoreAway, StoreError
from begat.graph_schema.neo4j.connection import RETRY_S
from begat.graph_schema.neo4j.store import Neo4jStore
from begat.graph_schema.statements import Context, Position, Started
from begat.graph_schema.store import Batch, Range
from tests.needs import cannot

CACHE = Path(__file__).resolve().parents[2] / ".cache/begat"


@pytest.fixture(scope="module")
def own_neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that tests start with settings of their own."""
    try:
        server = Server(tmp_path_factory.mktemp("neo4j"), cache=CACHE, password="begat-in-tests")
    except StoreError as e:
        cannot(f"no Neo4j server: {e}")
    yield server
    server.kill()


def event(n: int) -> Batch:
    return Batch([Started(Context(), Position(n, "w", n), f"run {n}")], ranges=[Range("w", n, n)])


def refused(call: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as told:
        call()
    assert "\n" not in str(told.value)
    return told.value


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


def test_a_neo4j_that_goes_away_is_told_in_seconds_and_is_used_when_it_is_back(own_neo4j: Server) -> None:
    own_neo4j.start()
    store = Neo4jStore(own_neo4j.address)
    try:
        own_neo4j.kill()
        for call in (lambda: store.write(event(4)), store.stats):
            began = time.monotonic()
            told = refused(call)
            assert isinstance(told, StoreAway)
            assert told.retryable
            assert time.monotonic() - began < RETRY_S / 2  # not for as long as a leader may be chosen
        own_neo4j.start()
        store.write(event(4))
        assert [r.last for r in store.ranges("w")][-1] == 4
    finally:
        store.close()
        own_neo4j.kill()
