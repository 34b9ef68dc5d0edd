"""The hand-over: readers of other processes ask while the keeper follows the store, and always find triples to read."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from begat.graph_schema.statements import Context, Description, Position
from begat.graph_schema.store import Batch, Range, open_store
from begat.graph_schema.triples.kept import Kept, read_mark
from begat.queries.sparql.followed import Followed
from begat.queries.sparql.here import bring_up
from begat.queries.sparql.keeper import Follow, Start
from begat.queries.sparql.place import folder_of, place_of
from begat.queries.sparql.pool import Limits, Pool, Question

MANY = "SELECT (count(*) AS ?n) { ?e a <http://www.w3.org/ns/prov#Entity> }"
READERS, ASKED = 4, 8


class Told:
    """A store that gets an entity with each commit, and a keeper that follows it."""

    def __init__(self, folder: Path) -> None:
        file = folder / "graph.db"
        self.url = f"sqlite:///{file}"
        self.count = 0
        place = place_of(self.url, file)
        self.folder = folder_of(place, "default")
        self.followed = Followed(Start(self.url, str(file), str(place)))
        self._store = open_store(self.url)

    def more(self) -> None:
        n = self.count + 1
        said = Description(Context(), Position(n, "w", n), f"e{n}", ("Entity",))
        self._store.write(Batch([said], ranges=[Range("w", n, n)]))
        self.count = n

    def close(self) -> None:
        self.followed.close()
        self._store.close()


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    made = Told(tmp_path)
    made.more()
    yield made
    made.close()


def many(pool: Pool, folder: Path) -> int:
    with pool.ask(folder, Question(MANY)).file as file:
        return int(json.load(file)["results"]["bindings"][0]["n"]["value"])


def test_who_asks_while_others_commit_finds_what_was_there_before(told: Told) -> None:
    """Each as `begat sparql` does, half of them with a new worker each time."""
    told.followed.folder(Follow("default"))
    wrong: list[object] = []

    def ask(fresh: bool) -> None:
        pool, store = Pool(), open_store(told.url, create=False)
        try:
            for _ in range(ASKED):
                before = told.count
                bring_up(store, told.folder, "default", wrong.append)
                found = many(pool, told.folder)
                if not before <= found <= told.count:
                    wrong.append((before, found, told.count))
                if fresh:
                    pool.close()
                    pool = Pool()
        except Exception as e:  # a thread's own is told nobody
            wrong.append(e)
        finally:
            pool.close()
            store.close()

    readers = [threading.Thread(target=ask, args=(n % 2 == 0,)) for n in range(READERS)]
    for r in readers:
        r.start()
    while any(r.is_alive() for r in readers):
        told.more()
    assert wrong == []


def test_a_mark_is_read_again_where_others_came_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two generations between reading a mark and looking for its copy, which is removed with the second."""
    with Kept(tmp_path, "default") as kept:
        kept.clear()
        kept.publish(1, "")
        is_dir = Path.is_dir

        def look(path: Path) -> bool:
            if path.name.startswith("at-1"):
                kept.publish(2, "")
                kept.publish(3, "")
            return is_dir(path)

        monkeypatch.setattr(Path, "is_dir", look)
        mark = read_mark(tmp_path)
        assert mark is not None
        assert mark.commit == 3


def test_a_mark_without_its_copy_is_none(tmp_path: Path) -> None:
    with Kept(tmp_path, "default") as kept:
        kept.clear()
        copy = kept.publish(1, "").copy
    (tmp_path / copy).rename(tmp_path / "elsewhere")
    assert read_mark(tmp_path) is None


def test_a_worker_takes_little_before_it_is_asked(tmp_path: Path) -> None:
    """Of the memory that its question may take; with a heap for each of its threads it took more, by chance."""
    with Kept(tmp_path, "default") as kept:
        kept.clear()
        kept.publish(1, "")
    for _ in range(5):
        pool = Pool(Limits(memory=384 << 20))
        assert many(pool, tmp_path) == 0
        pool.close()
