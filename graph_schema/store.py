"""The port between the graph and whoever keeps it.

To write a store of your own, implement Store, register its URL scheme in `open_store`, and run the contract suite
(tests/contract) on it. The memory store is the shortest example and the oracle of the others.

`write` takes batches in any order and any repetition and must end in the same graph: identity of an event is (writer,
seq), and what of a batch the store's committed ranges already hold is passed over, in the same transaction that
stores the rest and the new ranges. A batch is one transaction; a store whose transactions have a bounded size writes a
large one in pieces (pieces.py), each a transaction and a commit of its own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from begat.graph_schema.errors import UsageError
from begat.graph_schema.events import Header
from begat.graph_schema.migrations import Migration
from begat.graph_schema.statements import AnyStatement, Context, Points, Scanned

#: Addresses of stores.
KNOWN: Final = ("sqlite:///PATH", "neo4j://USER:PASSWORD@HOST:7687/DATABASE", "memory:")

#: Schemes of a Neo4j server's address, as its driver knows them.
NEO4J: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")

SeriesKey = tuple[Context, str, str, str, str]


class Range(NamedTuple):
    """The events first..last (inclusive) of a writer."""

    writer: str
    first: int
    last: int


class Quarantined(NamedTuple):
    """A line that could not be decoded or stored: where, why, and its bytes (as latin-1 text)."""

    source: str
    offset: int
    reason: str
    raw: str


class Bookmark(NamedTuple):
    """How far a source file has been read; only a short cut, the committed ranges are what counts."""

    source: str
    offset: int


class Writer(NamedTuple):
    """What is known of a writer: its process (from the header), the time of its last event, how many it dropped."""

    header: Header
    last: int
    dropped: int = 0


class Batch(msgspec.Struct):
    """What is written together. `ranges` are the events that the statements come from; `points` are the metric
    points among them, by (context, writer, activity, name, labels). A point is counted once because its writer's range
    is: one without a writer, or outside the ranges, must not be written twice."""

    statements: list[AnyStatement] = []
    points: dict[SeriesKey, Points] = {}
    ranges: list[Range] = []
    writers: list[Writer] = []
    bookmarks: list[Bookmark] = []
    quarantined: list[Quarantined] = []

    def size(self) -> int:
        """How much is in it: statements and points."""
        return len(self.statements) + sum(len(p.rows) for p in self.points.values())


class Change(NamedTuple):
    """A committed batch as subscribers see it: commits are numbered from 1 without gaps."""

    commit: int
    statements: Sequence[AnyStatement]


class Stats(msgspec.Struct):
    """Counts of what is stored, placeholders left out; `by_type` counts nodes a type."""

    entities: int = 0
    activities: int = 0
    agents: int = 0
    relations: int = 0
    metric_points: int = 0
    by_type: dict[str, int] = {}
    pending_events: int = 0
    quarantined: int = 0
    dropped: int = 0
    marked: int = 0
    commit: int = 0


class Store(Protocol):
    """Small and synchronous. Raises errors.StoreError and its kinds."""

    dialect: str

    def write(self, batch: Batch) -> None:
        """Commit a batch, or nothing of it. Lineage that could not simply be appended is marked, until `settle`.

        On Neo4j a batch of more than some 25,000 points or 37,000 statements is several commits: when this raises,
        some may be in, and readers may have seen them. Each has whole events, so that what ranges protect is in once
        when the batch is written again.

        Raises FormatError for what no store holds: see unstorable.py.
        """
        ...

    def write_document(self, parts: Iterable[list[AnyStatement]]) -> None:
        """Commit what a document says, which no ranges protect: written again it folds to the same.

        Parts are taken one after the other, so that one at a time is in memory; each may be a commit of its own for
        `changes`. Readers see all of them at once, or none. On Neo4j each part is written as `write` writes it: when
        this raises, some may be in. Raises as `write` does, and what giving a part raises.
        """
        ...

    def settle(self) -> int:
        """Project what is marked, once; call it at the end of a pass. Returns how many nodes were projected."""
        ...

    def read(self, statement: Any, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        """Rows of a statement in the store's own language (`dialect`): SQL, Cypher, a callable over the store."""
        ...

    def scan(self, of: Collection[str] | None = None) -> Iterator[Scanned]:
        """All that is stored, folded, in no particular order: the record, the projection and the roll-ups.

        `of`: only these nodes, the relations that begin or end at one of them, and their points.
        """
        ...

    def changes(self, since: int = 0) -> Iterator[Change]:
        """The batches committed after commit `since`, in order."""
        ...

    def head(self) -> int:
        """The number of the last commit, 0 before the first; found as quickly however many there are."""
        ...

    def bookmarks(self) -> dict[str, int]:
        """How far each source file has been read."""
        ...

    def ranges(self, writer: str) -> list[Range]:
        """What of a writer is committed, merged and sorted."""
        ...

    def writers(self, only: Collection[str] | None = None) -> Iterable[Writer]:
        """All writers ever seen, or those of these ids, each found by its id."""
        ...

    def quarantine(self) -> Iterable[Quarantined]:
        """All that could not be stored."""
        ...

    def stats(self) -> Stats: ...

    def close(self) -> None: ...


def open_store(url: str, *, create: bool = True, steady: bool = False) -> Store:
    """The store behind a URL: see KNOWN. With create=False a missing one is an error.

    `steady`: for a process that lasts and asks from many threads. It has a fixed amount of memory for what is read of
    an embedded store, however large that grows; without, an answer may hold all that it needs.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite":
        from begat.graph_schema.sqlite.store import SqliteStore

        if not rest.startswith("///") or rest == "///":
            raise UsageError(f"{url!r} is not a store: write sqlite:///PATH (four slashes for an absolute path)")
        return SqliteStore(rest[3:], create=create, steady=steady)
    if scheme == "memory":
        from begat.graph_schema.memory import MemoryStore

        return MemoryStore()
    if scheme in NEO4J:
        from begat.graph_schema.neo4j.store import Neo4jStore

        return Neo4jStore(url, create=create)
    raise UsageError(f"no store for {scheme + ':'!r}: known are {', '.join(KNOWN)}")


def migrate_store(url: str, *, dry_run: bool = False, copy: bool = True) -> Migration | None:
    """Bring the store behind a URL to this begat's schema; None for one that lives in a process's memory.

    `dry_run` only looks. `copy`: an embedded store is first kept as it was, see sqlite/migrate.py. Raises StoreError
    where there is no store, StoreNewer, and StoreOlder where a step does not go through.
    """
    scheme, _, rest = url.partition(":")
    if scheme in NEO4J:
        from begat.graph_schema.neo4j import migrate as neo4j

        return neo4j.waiting(url) if dry_run else neo4j.migrate(url)
    if scheme != "sqlite":
        open_store(url).close()
        return None
    if not rest.startswith("///") or rest == "///":
        open_store(url)
    from begat.graph_schema.sqlite import connection as sqlite

    todo = sqlite.waiting(rest[3:])
    return todo if dry_run or not todo.steps else sqlite.migrate_file(rest[3:], copy=copy)
