"""The generated laboratory on which the questions are timed: an answer to each, and the same one in every size."""

from pathlib import Path
from typing import Any, Final

import pytest

from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from begat.queries.ask import ask
from benchmarks.asked import ASKED, HERE, question
from benchmarks.laboratory import Laboratory, Size

SMALL: Final = Size(HERE + 2, 4, 1)
LARGER: Final = Size(HERE + 6, 4, 1)


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


def test_it_is_made_from_its_seed(tmp_path: Path) -> None:
    first, again, other = (_bytes(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert first == again
    assert first != other


def _bytes(spool: Path, seed: int) -> list[bytes]:
    Laboratory(Size(1, 2, 0), seed).write(spool)
    return [file.read_bytes() for file in sorted(spool.rglob("*.seg"))]
