"""What every store must do: the suite for whoever writes one. A store of your own is one line more in STORES."""

import os
import random
import subprocess
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from textwrap import dedent
from typing import Final, NamedTuple, TypeVar

import pytest

from begat import queries
from begat.graph_schema import law
from begat.graph_schema.dump import lines
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.sqlite.snapshot.build import build
from begat.graph_schema.sqlite.store import SqliteStore
from begat.graph_schema.statements import AnyStatement, Description, Flow
from begat.graph_schema.store import Batch, Range, Store, open_store
from begat.ingest.ingest import ingest
from begat.queries.accelerated import VARIABLE

#: The address of an empty store in a folder.
STORES: Final = {
    "memory": "memory:",
    "sqlite": "sqlite:///{folder}/graph.db",
    **({} if os.environ.get("BEGAT_TEST_NEO4J") == "no" else {"neo4j": "{neo4j}"}),
}

#: The embedded store again, its lineage followed in a snapshot taken when half of the statements were in.
ACCELERATED: Final = "sqlite and snapshot"

S = TypeVar("S", bound=Store)
Thing = TypeVar("Thing")

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

    def __call__(self, store: S, statements: Iterable[AnyStatement], order: str = "in order") -> S:
        parts = list(ORDERS[order](events_of(statements)))
        for n, part in enumerate(parts):
            store.write(batch_of(part))
            if n == len(parts) // 2:
                self.taken(store)
        store.settle()
        return store

    @staticmethod
    def taken(store: Store) -> None:
        """Take a snapshot of an accelerated store; others have none."""
        if isinstance(store, SqliteStore) and Path(store.path).name == "accelerated.db":
            build(store.path)


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
        """With their least depth. An entity is asked at its last generation; an activity whole, and never itself."""
        places = self.places.get(node, set())
        seeds = places if activity or not places else {self._last(node)}
        return self._walk(seeds, self._up, lambda p: not activity or p.node != node)

    def descendants(self, node: str, activities: Iterable[str]) -> dict[str, int]:
        """With their least depth. An entity counts only when its last generation is one."""
        acting = set(activities)
        whole = acting - {node}
        return self._walk(
            self.places.get(node, set()),
            self._down,
            lambda p: p.node in whole or (p.node not in acting and p == self._last(p.node)),
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


class NewStore:
    """Opens stores in a folder or on a server, and closes them."""

    def __init__(self, folder: Path, neo4j: Callable[[], str]) -> None:
        self._folder, self._neo4j = folder, neo4j
        self._opened: list[tuple[Store, str]] = []
        self._patch = pytest.MonkeyPatch()

    def __call__(self, kind: str) -> Store:
        """An empty one, by its name in STORES. Of neo4j's there is one at a time: a Community server has a database."""
        if kind == "neo4j":
            address = self._neo4j()
            assert address not in (a for _, a in self._opened)
            return self._open(address)
        if kind == ACCELERATED:
            self._patch.setenv(VARIABLE, "on")
            return self._open(f"sqlite:///{self._folder / f'store{len(self._opened)}'}/accelerated.db")
        return self._open(STORES[kind].format(folder=self._folder / f"store{len(self._opened)}"))

    def again(self, store: Store) -> Store:
        """The same one as another process has it; what is in this process's memory alone, itself."""
        address = next(a for s, a in self._opened if s is store)
        return store if address == STORES["memory"] else self._open(address)

    def _open(self, address: str) -> Store:
        self._opened.append((open_store(address), address))
        return self._opened[-1][0]

    def close(self) -> None:
        self._patch.undo()
        for store, _ in self._opened:
            store.close()


def few(things: Iterable[Thing], store: Store, each: int, first: int = 0) -> list[Thing]:
    """All of them; on a server each so-manyth, since it plans a statement anew for each form that it is asked in."""
    return list(things)[first::each] if store.dialect == "neo4j" else list(things)


@pytest.fixture
def new_store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewStore]:
    """Opens an empty store, by its name in STORES."""
    stores = NewStore(tmp_path, lambda: str(request.getfixturevalue("neo4j")))
    yield stores
    stores.close()


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


#: What every script begins with: `write` stands for whatever makes a file.
PRELUDE: Final = """\
import begat
from pathlib import Path

def write(path, text="made"):
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(text)
    return path
"""
#: The same for every script that one person runs on one machine: left out of the answers.
SURROUNDINGS: Final = frozenset(("Code", "Environment"))


class Lineage:
    """What scripts have left in their journals, asked on every store, with the events in every order.

    Things go by their names; where several have the same one (versions of a file, epochs), by name@1, name@2 as they
    came. Code and environment are left out.
    """

    def __init__(self, spool: Path, load: Load, new_store: NewStore) -> None:
        first = MemoryStore()
        report = ingest(first, spool)
        assert (report.quarantined, report.findings) == (0, [])
        statements = sorted(first.statements(), key=lambda s: law.later_key(s.position))
        self._name = _labels(statements)
        self._id = {name: node for node, name in self._name.items()}
        self._law = first.history()
        self._stores = {
            (kind, order): load(new_store(kind), statements, order)
            for kind in STORES
            for order in (("shuffled",) if kind == "neo4j" else ("in order", "reversed", "shuffled"))
        }

    def ancestors(self, name: str) -> set[str]:
        """Everything a thing depends on."""
        by_law = self._names(law.ancestors(self._law, self._id[name]))
        for where, store in self._stores.items():
            answer = queries.ancestors(store, self._id[name])
            assert self._names(r["id"] for r in answer.rows) == by_law, where
        return by_law

    def descendants(self, name: str) -> set[str]:
        """Everything that depends on a thing."""
        by_law = self._names(law.descendants(self._law, self._id[name]))
        for where, store in self._stores.items():
            answer = queries.descendants(store, self._id[name])
            assert self._names(r["id"] for r in answer.rows) == by_law, where
        return by_law

    def everything(self) -> set[str]:
        """The names of all that lineage knows of."""
        return self._names(self._law.nodes())

    def _names(self, ids: Iterable[str]) -> set[str]:
        return {self._name[i] for i in ids if i in self._name}


def _labels(statements: list[AnyStatement]) -> dict[str, str]:
    """A name for each node: its own, numbered where it is not the only one."""
    version = law.versions(statements)
    names: dict[str, str] = {}
    surroundings: set[str] = set()
    for s in statements:
        if isinstance(s, Description) and s.name is not None:
            names.setdefault(version.get(s.node, s.node), s.name)
            if SURROUNDINGS.intersection(s.types):
                surroundings.add(version.get(s.node, s.node))
    held = Counter(names.values())
    seen: dict[str, int] = defaultdict(int)
    for node, name in names.items():
        seen[name] += 1
        names[node] = name if held[name] == 1 else f"{name}@{seen[name]}"
    return {node: name for node, name in names.items() if node not in surroundings}


class Tell:
    """Runs scripts one after the other, as their user would, and takes in what they recorded."""

    def __init__(self, folder: Path, load: Load, new_store: NewStore) -> None:
        self.folder, self._load, self._new_store = folder, load, new_store

    def __call__(self, *scripts: str, given: str = "", failing: int | None = None) -> Lineage:
        """`given` are files that are there before; `failing` is the number of the script that ends in an error."""
        for name in given.split():
            (self.folder / name).write_text(name)
        for number, text in enumerate(scripts, 1):
            path = self.folder / f"script{number}.py"
            path.write_text(PRELUDE + dedent(text))
            env = {k: v for k, v in os.environ.items() if not k.startswith("BEGAT_")}
            done = subprocess.run([sys.executable, path], cwd=self.folder, env=env, capture_output=True, text=True)
            assert (done.returncode != 0) == (number == failing), done.stderr
            assert done.stderr == "" or number == failing
        return Lineage(self.folder / ".begat/spool", self._load, self._new_store)


@pytest.fixture
def tell(tmp_path: Path, load: Load, new_store: NewStore) -> Tell:
    """Runs ordinary scripts with the hooks in them, and answers whence things come."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Tell(folder, load, new_store)
