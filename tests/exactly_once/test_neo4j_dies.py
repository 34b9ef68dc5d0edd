"""Neo4j killed with SIGKILL while an ingester works, and started again with the data it had.

The ingester asks again for half a minute, which may or may not be enough for the server to be back: it then goes on by
itself, or gives up in one line, and is called again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Cable, MortalNeo4j, OneLine, Programs, Same

DONE: Final = (0, 1)
READ_ONLY: Final = "server.databases.default_to_read_only=true"


@pytest.fixture
def server(mortal_neo4j: "MortalNeo4j") -> "MortalNeo4j":
    """A running server without a store."""
    mortal_neo4j.empty()
    return mortal_neo4j


@pytest.mark.parametrize(("place", "times"), [("run", 80), ("commit", 4), ("committed", 4)])
def test_neo4j_is_killed(
    place: str, times: int, server: "MortalNeo4j", new_cable: "Callable[[str], Cable]", spool: Path,
    programs: "Programs", one_line: "OneLine", same: "Same",
) -> None:  # fmt: skip
    cable = new_cable(server.address)
    ingester = programs.ingester(cable.address, spool, "--wait")
    cable.carry_out(f"{place} {times} kill {server.process()}", ingester)
    server.start()
    code, told = ingester.ended()
    if code not in DONE:
        one_line((code, told), server.address)
        assert programs.run(server.address, spool)[0] in DONE
    same(server.address)


def test_neo4j_is_away_then_read_only_then_back(
    server: "MortalNeo4j", spool: Path, programs: "Programs", one_line: "OneLine", same: "Same"
) -> None:
    """What was taken in before stays, what was not is taken in at the end."""
    store = open_store(server.address)
    assert ingest(store, spool, next(spool.rglob("curator*"))).events > 0
    store.close()
    server.stop()
    line = one_line(programs.run(server.address, spool), server.address)
    assert "no Neo4j server answers at neo4j://127.0.0.1" in line
    server.start(READ_ONLY)
    assert "read-only" in one_line(programs.run(server.address, spool), server.address)
    server.start()
    assert programs.run(server.address, spool)[0] in DONE
    same(server.address)
