"""What a late event costs: the same, however much its activity has done."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.neo4j import transaction as neo4j
from begat.graph_schema.sqlite import connection
from begat.graph_schema.sqlite import store as embedded
from begat.graph_schema.statements import AnyStatement, Context, Position, Relation, Started
from begat.graph_schema.store import Store, open_store
from tests.contract.conftest import STORES, Load

C: Final = Context()


class Cost(NamedTuple):
    """Of some writing: what was read, as far as the store tells, and the rows it wrote."""

    read: int
    written: int


def used(at: int, writer: str, n: int, entity: str) -> Relation:
    return Relation(C, Position(at, writer, n), "used", "run", entity, time=at)


def made(at: int, writer: str, n: int, entity: str) -> Relation:
    return Relation(C, Position(at, writer, n), "wasGeneratedBy", entity, "run", time=at)


def work(steps: int) -> Iterator[AnyStatement]:
    """A run that uses a file and something that is always the same, makes one, and again."""
    yield Started(C, Position(1, "first", 0), "run")
    for i in range(steps):
        yield used(100 * i + 10, "first", 3 * i + 1, f"file{i}")
        yield used(100 * i + 20, "first", 3 * i + 2, "code")
        yield made(100 * i + 30, "first", 3 * i + 3, f"model{i}")


def late(n: int, around: int) -> list[AnyStatement]:
    """Some events of another writer that fall into the middle of it."""
    t, k = 100 * around, 10 * n
    return [
        used(t + 15, "late", k + 1, f"late-file{n}"),
        made(t + 17, "late", k + 2, f"late-model{n}"),
        used(t + 25, "late", k + 3, "code"),
        made(t + 127, "late", k + 4, f"late-report{n}"),
        used(t + 235, "late", k + 5, f"late-test{n}"),
    ]


class Meters:
    """Counts what stores do: SQLite the steps of its machine, for Neo4j the rows that go there and come back."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.steps = self.rows = 0
        self.db: sqlite3.Connection | None = None
        opened = connection.open_writer

        def open_writer(path: str, *, create: bool) -> sqlite3.Connection:
            db = opened(path, create=create)
            db.set_progress_handler(self.step, 1)
            self.db = db
            return db

        patch.setattr(embedded, "open_writer", open_writer)
        for name in ("run", "many", "put"):
            patch.setattr(neo4j.Transaction, name, self.counted(getattr(neo4j.Transaction, name)))

    def step(self) -> int:
        self.steps += 1
        return 0

    def counted(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def counting(tx: Any, subject: str, name: str, *args: Any, **more: Any) -> Any:
            found = run(tx, subject, name, *args, **more)
            self.rows += 1 + len(found or ()) + sum(len(a) for a in args if isinstance(a, list))
            return found

        return counting

    def __call__(self, work: Callable[[], object]) -> Cost:
        read, written = self.steps + self.rows, self.changes()
        work()
        return Cost(self.steps + self.rows - read, self.changes() - written)

    def changes(self) -> int:
        return 0 if self.db is None else self.db.total_changes


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meters:
    return Meters(monkeypatch)


@pytest.mark.parametrize("kind", [k for k in STORES if k != "memory"])
def test_a_late_event_costs_the_same_however_much_was_done(
    kind: str,
    meter: Meters,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    load: Load,
    dump: Callable[[Store], list[str]],
) -> None:
    def cost(steps: int) -> Cost:
        address = STORES[kind].format(
            folder=tmp_path / str(steps), neo4j=request.getfixturevalue("empty_neo4j")() if kind == "neo4j" else ""
        )
        store = load(open_store(address), work(steps), "in halves")  # late for the first time
        told = [*work(steps)]

        def come(n: int) -> None:
            some = late(n, around=steps // 2 + 5 * n)
            told.extend(some)
            store.write(load.batch(load.events(some)))
            store.settle()

        for n in range(3):
            come(n)
        found = meter(lambda: come(3))
        assert dump(store) == dump(load(MemoryStore(), told))
        store.close()
        return found

    few, many = cost(60), cost(600)
    assert many.written == few.written
    assert many.read <= few.read * 1.05
