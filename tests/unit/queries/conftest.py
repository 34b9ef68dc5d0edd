from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from begat.graph_schema.statements import AnyStatement, Context, Description, Position
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

    def write(self, statements: Iterable[AnyStatement]) -> None:
        self.store.write(Batch(list(statements)))
        self.store.settle()


@pytest.fixture(params=["memory:", "sqlite:///{folder}/graph.db"], ids=["memory", "sqlite"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    store = open_store(str(request.param).format(folder=tmp_path_factory.mktemp("store")))
    yield Shelf(store)
    store.close()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


Named = Callable[[str], tuple[str, list[str]]]


@pytest.fixture
def named(shelf: Shelf) -> Named:
    """Finds a thing by its name: its id, and the notes."""
    from begat.queries.engine import look
    from begat.queries.naming import find_thing

    def find(text: str) -> tuple[str, list[str]]:
        thing = find_thing(shelf.store, text, look(shelf.store))
        return thing.id, thing.notes

    return find
