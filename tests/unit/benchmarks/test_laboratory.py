"""The generated laboratory on which the questions are timed: an answer to each, and the same one in every size."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from begat.queries.ask import ask
from benchmarks.asked import ASKED, HERE, question
from benchmarks.laboratory import Laboratory, Size

SMALL: Final = Size(HERE + 2, 4, 1)
LARGER: Final = Size(HERE + 8, 4, 1)
#: Steps of SQLite's machine that are counted as one.
STEPS: Final = 100


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> list[Store]:
    return [_taken_in(tmp_path_factory.mktemp(f"of-{size.experiments}"), size) for size in (SMALL, LARGER)]


def _taken_in(folder: Path, size: Size) -> Store:
    events = Laboratory(size).write(folder / "spool")
    store = open_store(f"sqlite:///{folder}/graph.db")
    report = ingest(store, folder / "spool")
    assert (report.events, report.quarantined, report.findings) == (events, 0, [])
    return store


@pytest.mark.parametrize("name", ASKED)
def test_every_question_has_an_answer(stores: list[Store], name: str) -> None:
    asked = ASKED[name]
    small, larger = (_rows(store, name) for store in stores)
    assert small
    if asked.scoped:
        assert larger == small


def _rows(store: Store, name: str) -> list[dict[str, Any]]:
    return ask(store, question(name), ASKED[name].params, limit=ASKED[name].limit).rows


@pytest.mark.parametrize("name", [name for name, asked in ASKED.items() if asked.scoped])
def test_what_is_asked_of_one_experiment_takes_no_more_steps_among_more_of_them(stores: list[Store], name: str) -> None:
    small, larger = (_steps(store, name) for store in stores)
    assert larger <= 1.02 * small


def _steps(store: Any, name: str) -> int:
    """How far SQLite counts for all statements of a question."""
    asked: list[tuple[str, Any]] = []

    class Listening:
        dialect = store.dialect

        def read(self, text: str, params: Any, *limits: Any) -> Any:
            asked.append((text, params))
            return store.read(text, params, *limits)

        def writers(self, only: Any) -> Any:
            return store.writers(only)

    heard: Any = Listening()
    _rows(heard, name)
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(sqlite3.connect(store.path)) as db:
        db.set_progress_handler(step, STEPS)
        for text, params in asked:
            db.execute(text, params).fetchall()
    return steps


def test_it_is_made_from_its_seed(tmp_path: Path) -> None:
    first, again, other = (_bytes(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert first == again
    assert first != other


def _bytes(spool: Path, seed: int) -> list[bytes]:
    Laboratory(Size(1, 2, 0), seed).write(spool)
    return [file.read_bytes() for file in sorted(spool.rglob("*.seg"))]
