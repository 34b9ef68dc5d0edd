"""Graphs of laboratories, taken in as any other, which stay below .cache/benchmarks for the next run.

What a set is made of names its graph, so that another begat makes another.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from begat.api.neo4j_server.server import Server
from begat.graph_schema.errors import StoreError
from begat.graph_schema.neo4j.connection import SCHEMA as NEO4J_SCHEMA
from begat.graph_schema.sqlite.migrate import SCHEMA
from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from benchmarks.laboratory import SIZES, Laboratory
from benchmarks.neo4j_server import ADDRESS, NoServer, server
from benchmarks.scratch import above, scratch

#: Where jars are kept that tests have fetched.
JARS: Final = Path(__file__).resolve().parents[1] / ".cache/begat"
PASSWORD: Final = "begat-in-benchmarks"
#: Says that all was taken in, and in how many seconds.
DONE: Final = "taken-in.json"


class Kept(NamedTuple):
    """A graph on a server: its address, the number of the server's process where it is ours, seconds to take it in."""

    address: str
    process: int | None
    took: float


def sqlite(size: str) -> Path:
    """The graph of a set on the embedded store."""
    graph = above() / f"laboratory-{size}-{SCHEMA}-{_made_of()}.db"
    if not graph.exists():
        for old in above().glob(f"laboratory-{size}-*"):
            old.unlink()
        with scratch() as folder:
            with closing(open_store(f"sqlite:///{folder}/graph.db")) as store:
                filled(store, folder / "spool", size)
            (folder / "graph.db").rename(graph)
    return graph


@contextmanager
def neo4j(size: str) -> Iterator[Kept]:
    """The graph of a set on a server: one of its own, or the one whose address is given, whose database is emptied.

    Raises NoServer where none can be had.
    """
    if os.environ.get(ADDRESS, "") not in ("", "start"):
        with server() as address:
            yield Kept(address, None, _fill(address, size))
        return
    home = above() / f"neo4j-{size}-{NEO4J_SCHEMA}-{_made_of()}"
    if not (home / DONE).exists():
        for old in above().glob(f"neo4j-{size}-*"):
            shutil.rmtree(old)
    try:
        one = Server(home, cache=JARS, password=PASSWORD)
        one.start()
    except StoreError as e:
        raise NoServer(str(e)) from e
    try:
        if not (home / DONE).exists():
            (home / DONE).write_text(json.dumps(_fill(one.address, size)))
        yield Kept(one.address, one.process, json.loads((home / DONE).read_text()))
    finally:
        one.stop()


def filled(store: Store, spool: Path, size: str) -> float:
    """Make a set, and take it in; in how many seconds. Raises RuntimeError when an event is missing."""
    events = Laboratory(SIZES[size]).write(spool)
    began = time.perf_counter()
    report = ingest(store, spool)
    if report.events != events:
        raise RuntimeError(f"{events} events were written, {report.events} taken in")
    return time.perf_counter() - began


def _fill(address: str, size: str) -> float:
    with scratch() as folder, closing(open_store(address)) as store:
        return filled(store, folder, size)


def _made_of() -> str:
    sources = sorted((Path(__file__).parent / "laboratory").glob("*.py"))
    return hashlib.blake2b(b"".join(s.read_bytes() for s in sources), digest_size=6).hexdigest()
