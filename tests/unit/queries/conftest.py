from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest

from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation, Started
from begat.graph_schema.store import Batch, Store, open_store

MOMENT = 1_750_000_000_000_000


class Shelf:
    """A store to put described nodes into, each a second after the one before."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._seq = count(1)

    def at(self) -> Position:
        n = next(self._seq)
        return Position(MOMENT + n * 1_000_000, "w", n)

    def put(self, id: str, name: str | None = None, kind: str = "Entity", **attributes: Any) -> str:
        self.write([Description(Context(), self.at(), id, (kind,), (), name, attributes)])
        return id

    def start(self, id: str, name: str) -> int:
        """An activity starts. The time, in microseconds."""
        self.put(id, name, "Activity")
        at = self.at()
        self.write([Started(Context(), at, id)])
        return at.time or 0

    def relate(self, relation: str, source: str, target: str) -> int:
        """One thing stands to another. The time, in microseconds."""
        at = self.at()
        self.write([Relation(Context(), at, relation, source, target, time=at.time)])
        return at.time or 0

    def write(self, statements: Iterable[AnyStatement]) -> None:
        self.store.write(Batch(list(statements)))
        self.store.settle()


STORES = {"memory": "memory:", "sqlite": "sqlite:///{folder}/graph.db", "neo4j": "neo4j"}


@pytest.fixture(params=list(STORES.values()), ids=list(STORES))
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """An empty one, in each kind of store."""
    if request.param == "neo4j":
        store = open_store(request.getfixturevalue("neo4j"))
    else:
        store = open_store(str(request.param).format(folder=tmp_path_factory.mktemp("store")))
    yield Shelf(store)
    store.close()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Named(Protocol):
    def __call__(self, text: str, as_of: int | None = None) -> tuple[str, list[str]]: ...


@pytest.fixture
def named(shelf: Shelf) -> Named:
    """Finds a thing by its name: its id, and the notes."""
    from begat.queries.engine import look
    from begat.queries.naming import find_thing

    def find(text: str, as_of: int | None = None) -> tuple[str, list[str]]:
        thing = find_thing(shelf.store, text, look(shelf.store, as_of=as_of))
        return thing.id, thing.notes

    return find
