"""What every store must do: the suite for whoever writes one. A store of your own is one line more in STORES."""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from begat.graph_schema.dump import lines
from begat.graph_schema.statements import AnyStatement, Flow
from begat.graph_schema.store import Batch, Range, Store, open_store

#: The address of an empty store in a folder.
STORES: Final = {
    "memory": "memory:",
    "sqlite": "sqlite:///{folder}/graph.db",
}

#: What one hook call says: it is stored whole or not at all.
Event = list[AnyStatement]


def events_of(statements: Iterable[AnyStatement]) -> list[Event]:
    """Statements by the event they come from; one without a writer (of a document) stands alone."""
    events: dict[object, Event] = {}
    for s in statements:
        key = (s.position.writer, s.position.seq) if s.position.writer else id(s)
        events.setdefault(key, []).append(s)
    return list(events.values())


def batch_of(events: Iterable[Event]) -> Batch:
    """A batch of events, with the ranges they come from."""
    statements = [s for e in events for s in e]
    at = dict.fromkeys((s.position.writer, s.position.seq) for s in statements if s.position.writer)
    return Batch(statements=statements, ranges=[Range(w, n, n) for w, n in at])


def _batches(events: list[Event], size: int) -> Iterator[list[Event]]:
    rest = iter(events)
    while part := list(islice(rest, size)):
        yield part


def _shuffled(events: list[Event]) -> list[Event]:
    return random.Random(7).sample(events, len(events))


def _halves(events: list[Event]) -> list[list[Event]]:
    middle = len(events) // 2
    return [events[middle:], events[:middle]]


#: Ways in which the same events may come, as batches.
ORDERS: Final[dict[str, Callable[[list[Event]], Iterable[list[Event]]]]] = {
    "in order": lambda events: _batches(events, 3),
    "reversed": lambda events: _batches(events[::-1], 3),
    "shuffled": lambda events: _batches(_shuffled(events), 3),
    "in halves": _halves,
    "twice": lambda events: [*_batches(events, 5), *_batches(events, 2)],
}


class Load:
    """Writes statements to a store in one of ORDERS, and settles it."""

    events = staticmethod(events_of)
    batch = staticmethod(batch_of)

    def __call__(self, store: Store, statements: Iterable[AnyStatement], order: str = "in order") -> Store:
        for part in ORDERS[order](events_of(statements)):
            store.write(batch_of(part))
        store.settle()
        return store


class Place(NamedTuple):
    """A phase of the flow projection by its name: `node`, `kind` of the phase, and the position it is named by."""

    node: str
    kind: str
    at: tuple[int, str, int]

    @classmethod
    def of(cls, name: str) -> "Place":
        """From the name; for ids without spaces."""
        node, kind, t, w, n = [*name.split(" "), "", "", "", ""][:5]
        return cls(node, kind, (int(t or -1), w, int(n or 0)))


class Reach:
    """Lineage as plain reachability over the flow edges that a store's scan gives: what the law says it must be."""

    def __init__(self, store: Store) -> None:
        self._up: dict[Place, list[tuple[Place, int]]] = {}
        self._down: dict[Place, list[tuple[Place, int]]] = {}
        self.places: dict[str, set[Place]] = {}
        for f in store.scan():
            if isinstance(f, Flow):
                source, target, step = Place.of(f.source), Place.of(f.target), 0 if f.context is None else 1
                self._up.setdefault(source, []).append((target, step))
                self._down.setdefault(target, []).append((source, step))
                for p in (source, target):
                    self.places.setdefault(p.node, set()).add(p)

    def ancestors(self, node: str, *, activity: bool) -> dict[str, int]:
        """With their least depth. An entity is asked at its last generation, an activity whole."""
        places = self.places.get(node, set())
        seeds = places if activity or not places else {self._last(node)}
        return self._walk(seeds, self._up, lambda p: True)

    def descendants(self, node: str, activities: Iterable[str]) -> dict[str, int]:
        """With their least depth. An entity counts only when its last generation is one."""
        whole = set(activities)
        return self._walk(
            self.places.get(node, set()), self._down, lambda p: p.node in whole or p == self._last(p.node)
        )

    def _last(self, node: str) -> Place:
        return max(self.places[node], key=lambda p: (p.kind == "made", p.at))

    @staticmethod
    def _walk(
        seeds: set[Place], onward: dict[Place, list[tuple[Place, int]]], counts: Callable[[Place], bool]
    ) -> dict[str, int]:
        depth = dict.fromkeys(seeds, 0)
        found: dict[str, int] = {}
        queue = deque((p, 0) for p in seeds)
        while queue:
            here, d = queue.popleft()
            if d > depth[here]:
                continue
            for there, step in onward.get(here, ()):
                if step and counts(there):
                    found[there.node] = min(d + 1, found.get(there.node, d + 1))
                if d + step < depth.get(there, d + step + 1):
                    depth[there] = d + step
                    (queue.append if step else queue.appendleft)((there, d + step))
        return found


NewStore = Callable[[str], Store]


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[NewStore]:
    """Opens an empty store, by its name in STORES."""
    opened: list[Store] = []

    def new(name: str) -> Store:
        folder = tmp_path / f"store{len(opened)}"
        opened.append(open_store(STORES[name].format(folder=folder)))
        return opened[-1]

    yield new
    for store in opened:
        store.close()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, new_store: NewStore) -> Store:
    """An empty store, of each kind."""
    return new_store(request.param)


@pytest.fixture(params=ORDERS)
def order(request: pytest.FixtureRequest) -> str:
    """Each way in which events may come."""
    return str(request.param)


@pytest.fixture(scope="session")
def load() -> Load:
    """Writes statements in some order."""
    return Load()


@pytest.fixture(scope="session")
def reach() -> type[Reach]:
    """Lineage over a store's flow edges."""
    return Reach


@pytest.fixture(scope="session")
def dump() -> Callable[[Store], list[str]]:
    """A store's canonical dump."""
    return lambda store: [line.decode() for line in lines(store)]
