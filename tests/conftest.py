import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.needs import REQUIRED, cannot

# A machine under load is no reason to fail, so no deadline per example.
hypothesis.settings.register_profile("begat", deadline=None)
hypothesis.settings.load_profile("begat")

#: The Neo4j server that is tested with: `start` one of our own, or the address of one whose database may be emptied.
#: `no` leaves out what needs one, for a quick run.
NEO4J = os.environ.get("BEGAT_TEST_NEO4J", "start")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a Neo4j server, if BEGAT_TEST_NEO4J says so."""
    if NEO4J != "no":
        return
    if REQUIRED:
        raise pytest.UsageError("Neo4j is required here: BEGAT_TEST_NEO4J may not be `no`")
    out = [i for i in items if "neo4j_server" in getattr(i, "fixturenames", ()) or "neo4j" in i.name]
    config.hook.pytest_deselected(items=out)
    items[:] = [i for i in items if i not in out]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests see begat's defaults, whatever the shell that runs them has set, and leave the user's own state alone."""
    for name in os.environ:
        if name.startswith("BEGAT_") and name != "BEGAT_REQUIRE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[str]:
    """The address of a real Neo4j server, running while tests do. Its one database is everyone's: see `neo4j`."""
    if NEO4J != "start":
        if "PYTEST_XDIST_WORKER" in os.environ:
            pytest.fail("BEGAT_TEST_NEO4J is one server: on several cores tests would empty it for each other")
        yield NEO4J
        return
    program = [sys.executable, str(Path(__file__).parent / "neo4j/server.py"), "--piped"]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert server.stderr
        address = server.stdout.readline().strip()
        if not address:
            cannot(f"no Neo4j server: {server.stderr.read().strip()}")
        yield address
        server.communicate()  # it ends with its standard input


@pytest.fixture(scope="session")
def empty_neo4j(neo4j_server: str) -> Iterator[Callable[[], str]]:
    """Empties the server's database, and gives its address."""
    from neo4j import GraphDatabase

    from begat.graph_schema.neo4j.connection import SCHEMA

    server, _, database = neo4j_server.rpartition("/")
    scheme, _, rest = server.partition("://")
    who, _, where = rest.rpartition("@")
    user, _, password = who.partition(":")
    with GraphDatabase.driver(f"{scheme}://{where}", auth=(user, password)) as driver:

        def empty() -> str:
            with driver.session(database=database) as session:
                session.run(
                    "MATCH (n) WHERE NOT n:Begat CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
                ).consume()
                # Of another schema it is made again by whoever opens it next, with its constraints and indexes.
                session.run("MATCH (b:Begat) WHERE b.schema <> $schema DELETE b", schema=SCHEMA).consume()
                session.run("MATCH (b:Begat) SET b.commits = 0, b.wide = false").consume()
            return neo4j_server

        yield empty


@pytest.fixture
def neo4j(empty_neo4j: Callable[[], str]) -> str:
    """The address of an empty Neo4j database."""
    return empty_neo4j()
