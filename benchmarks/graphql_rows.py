"""GraphQL over HTTP: 10,000 rows of 9 fields from the running service, from a route made by hand for just those, and
from strawberry: by a schema as its documentation would have it, and by the service's own, uncompiled; and 10 rows.

All are routes of one process, on the same store, asked in turn over one connection; they give the same rows,
which is checked. By hand it is one statement (graphql_rows.sql), a msgspec struct a row and one encoding. CPU is the
server's, all its threads.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

from begat.graph_schema.store import open_store
from benchmarks import kept
from benchmarks.budget import at_least, at_most, plain
from benchmarks.by_hand_rows import QUERY
from benchmarks.neo4j_server import NoServer, server
from benchmarks.runs_table import RUNS, load
from benchmarks.scratch import scratch
from benchmarks.timing import Times, clock_of, warm_in_turn

FEW: Final = 10
HAND: Final = 1.5
STRAWBERRY: Final = 8
OVERHEAD_MS: Final = 0.3


def sqlite() -> dict[str, Any]:
    """On the embedded store."""
    with scratch() as folder:
        address = f"sqlite:///{folder}/graph.db"
        with closing(open_store(address)) as store:
            load(store)
        return measured(address, {RUNS: 7, FEW: 200})


def medium() -> dict[str, Any]:
    """The latest runs of set M on the embedded store: 10 of 10,000 and more, in 400,000 nodes."""
    return measured(f"sqlite:///{kept.sqlite('M')}", {FEW: 200})


def neo4j() -> dict[str, Any]:
    """On Neo4j."""
    try:
        with server() as address:
            with closing(open_store(address)) as store:
                load(store)
            return measured(address, {RUNS: 7, FEW: 100})
    except NoServer as e:
        return {"no server": {"error": str(e)}}


def neo4j_medium() -> dict[str, Any]:
    """The latest runs of set M on Neo4j."""
    try:
        with kept.neo4j("M") as graph:
            return measured(graph.address, {FEW: 100})
    except NoServer as e:
        return {"no server": {"error": str(e)}}


def measured(address: str, sizes: dict[int, int]) -> dict[str, Any]:
    """`sizes`: rounds by how many rows are asked for."""
    told: dict[str, Any] = {}
    with serving(address) as (client, process):
        clock = clock_of(process)
        for n, rounds in sizes.items():
            works = [partial(work, client, n) for work in (by_hand, compiled, by_strawberry, uncompiled)]
            bodies = [work() for work in works]
            assert bodies[0] == bodies[1]
            assert bodies[1] == bodies[3]
            assert json.loads(bodies[1]) == json.loads(bodies[2])
            told |= _rows(n, len(bodies[0]), *warm_in_turn(*works, rounds=rounds, warm=3, clock=clock))
    return told


@contextmanager
def serving(address: str) -> Iterator[tuple[HTTPConnection, int]]:
    """A connection to a server of the store, and the number of its process."""
    command = [sys.executable, "-m", "benchmarks.graphql_server", address]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet, text=True) as process:
        assert process.stdout
        at = urlsplit(process.stdout.readline().strip())
        with closing(HTTPConnection(at.hostname or "", at.port)) as client:
            yield client, process.pid
        process.communicate()  # it ends with its standard input


def _rows(n: int, size: int, hand: Times, quick: Times, slow: Times, own: Times) -> dict[str, Any]:
    shown = {
        f"{name}_{what}": round(getattr(times, field), 2)
        for name, times in (("by_hand", hand), ("compiled", quick), ("strawberry", slow), ("uncompiled", own))
        for what, field in (("ms", "median"), ("cpu_ms", "cpu"))
    }
    if n == FEW:
        return {f"{n} rows, beyond by hand": at_most(quick.median - hand.median, OVERHEAD_MS, "ms", **shown)}
    return {
        f"{n} rows, of by hand": at_most(quick.median / hand.median, HAND, "times", **shown, bytes=size),
        f"{n} rows, faster than strawberry": at_least(slow.median / quick.median, STRAWBERRY, "times"),
        f"{n} rows, of by hand in CPU": plain(quick.cpu / hand.cpu, "times"),
        f"{n} rows, faster than strawberry in CPU": plain(slow.cpu / quick.cpu, "times"),
        f"{n} rows, faster than uncompiled": plain(own.median / quick.median, "times"),
        f"{n} rows, a row": plain(quick.cpu / n * 1000, "us"),
    }


def compiled(client: HTTPConnection, n: int) -> bytes:
    """As the service answers."""
    return _asked(client, "POST", "/graphql", n)


def by_strawberry(client: HTTPConnection, n: int) -> bytes:
    """As a schema of strawberry's answers."""
    return _asked(client, "POST", "/strawberry/", n)


def uncompiled(client: HTTPConnection, n: int) -> bytes:
    """As the service would answer what it does not compile."""
    return _asked(client, "GET", f"/uncompiled?n={n}", n)


def by_hand(client: HTTPConnection, n: int) -> bytes:
    """As somebody would who needs no other rows than these."""
    return _asked(client, "GET", f"/by-hand?n={n}", n)


def _asked(client: HTTPConnection, method: str, path: str, n: int) -> bytes:
    body = json.dumps({"query": QUERY, "variables": {"n": n}}) if method == "POST" else None
    client.request(method, path, body, {"Content-Type": "application/json"})
    answer = client.getresponse()
    found = answer.read()
    assert answer.status == 200, found[:500]
    return found
