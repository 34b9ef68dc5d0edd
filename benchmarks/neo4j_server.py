"""A Neo4j server to measure on: the one whose address is given, or one of its own that ends with the measurement."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PROGRAM = Path(__file__).resolve().parents[1] / "tests/neo4j/server.py"
#: The address of a server whose database benchmarks may empty; without it, or with `start`, they start one.
ADDRESS = "BEGAT_TEST_NEO4J"

#: What a commit holds is large: the server would have no memory for many at a time.
EMPTY = (
    "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS",
    "MATCH (c:Commit) CALL (c) { DELETE c } IN TRANSACTIONS OF 1 ROW",
    "MATCH (p:Points) CALL (p) { DELETE p } IN TRANSACTIONS OF 1000 ROWS",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS",
)


class NoServer(Exception):
    """There is none to measure on; the text says why."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a server with an empty database. Raises NoServer where none can be had."""
    given = os.environ.get(ADDRESS, "")
    if given not in ("", "start"):
        empty(given)
        yield given
        return
    program = [sys.executable, str(PROGRAM), "--piped"]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        address = process.stdout.readline().strip()
        if not address:
            raise NoServer(process.stderr.read().strip())
        yield address
        process.communicate()  # it ends with its standard input


@contextmanager
def session(address: str) -> Iterator[Any]:
    """A session of the driver on the database, without begat."""
    from neo4j import GraphDatabase

    at = urlsplit(address)
    auth = (unquote(at.username or ""), unquote(at.password or ""))
    uri = f"{at.scheme}://{at.hostname}:{at.port or 7687}"
    with (
        GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database=at.path[1:] or None, fetch_size=10_000) as one,
    ):
        yield one


def forget_plans(address: str) -> None:
    """Have the server plan every statement anew."""
    with session(address) as one:
        one.run("CALL db.clearQueryCaches()").consume()


def empty(address: str) -> None:
    """Delete all nodes and relationships; constraints and indexes stay."""
    with session(address) as one:
        for text in EMPTY:
            one.run(text).consume()
