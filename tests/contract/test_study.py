"""The study of docs/explanation/the-study.md: the same graph in every store, however its events come."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.api.demo.study import study, write
from begat.graph_schema.store import Store
from begat.ingest.ingest import ingest
from begat.queries import find

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

STATEMENTS = [s for teller in study() for s in teller.statements()]

Dump = Callable[[Store], list[str]]


@pytest.fixture(scope="session")
def expected(load: "Load", dump: Dump) -> list[str]:
    """The study's canonical dump, from the memory store."""
    from begat.graph_schema.memory import MemoryStore

    return dump(load(MemoryStore(), STATEMENTS))


def test_it_is_the_same_graph_in_any_order(
    order: str, expected: list[str], new_store: "NewStore", load: "Load", dump: Dump
) -> None:
    assert dump(load(new_store("sqlite"), STATEMENTS, order)) == expected


def test_it_is_the_same_graph_on_neo4j(
    expected: list[str], new_store: "NewStore", load: "Load", dump: Dump, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("neo4j_server")
    assert dump(load(new_store("neo4j"), STATEMENTS, "shuffled")) == expected


def test_its_journal_says_the_same(store: Store, expected: list[str], dump: Dump, tmp_path: Path) -> None:
    """Taken in twice, and written once more in between."""
    events = write(tmp_path)
    report = ingest(store, tmp_path)
    assert (report.events, report.quarantined, report.findings) == (events, 0, [])
    assert dump(store) == expected
    assert write(tmp_path) == events
    assert ingest(store, tmp_path).events == 0
    assert dump(store) == expected


def test_what_is_in_it(store: Store, load: "Load") -> None:
    """Counted in the picture."""
    load(store, STATEMENTS)
    counts = {t: len(find(store, t).rows) for t in ("Training", "Model", "Curation", "DomainEntity", "Job")}
    assert counts == {"Training": 11, "Model": 9, "Curation": 2, "DomainEntity": 10, "Job": 7}
    assert {r["name"] for r in find(store, "Training", 'status = "FAILED"').rows} == {"train-c"}
