"""The same journals, however they come: segments in any order, in pieces, twice, from two spools."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Same

#: How many orders are tried: on Neo4j each takes seconds.
EXAMPLES: Final = {"memory": 8, "sqlite": 8, "neo4j": 2}
#: What has to be the same; bookmarks are by place, and a torn line that grew was kept aside once.
ACCOUNTS: Final = ("ranges", "writers", "changes", "marked")
#: Segments of the history (history.py, of the size of the spool of the stories).
SEGMENTS: Final = 9


class Arrival(NamedTuple):
    """A segment, by its number, has come so far in one of two spools; `taken_in`: an ingest finds it so."""

    spool: int
    segment: int
    part: float
    taken_in: bool


@st.composite
def arrivals(draw: st.DrawFn) -> list[Arrival]:
    """Every segment comes whole at last, some in pieces, some in a second spool too; pieces of a file in order."""
    files = [(0, n) for n in range(SEGMENTS)] + [(1, n) for n in draw(st.sets(st.integers(0, SEGMENTS - 1)))]
    pieces = [f for f in files for _ in range(draw(st.integers(1, 3)))]
    order = draw(st.permutations(pieces))
    parts = {f: [*sorted(draw(st.floats(0, 1)) for _ in range(pieces.count(f) - 1)), 1.0] for f in files}
    return [Arrival(*f, parts[f].pop(0), draw(st.booleans())) for f in order]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_however_the_segments_come(
    kind: str, spool: Path, same: "Same", tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    segments = sorted(p for p in spool.rglob("*") if p.is_file())
    assert len(segments) == SEGMENTS

    @settings(max_examples=EXAMPLES[kind], suppress_health_check=[HealthCheck.too_slow])
    @given(arrivals())
    def come(order: list[Arrival]) -> None:
        folder = tmp_path_factory.mktemp("arrivals")
        store = open_store(address(kind, folder, request))
        for a in order:
            whole = segments[a.segment].read_bytes()
            grow(folder / f"spool-{a.spool}" / segments[a.segment].name, whole[: round(len(whole) * a.part)])
            if a.taken_in:
                take_in(store, folder)
        take_in(store, folder)
        found = same.graph(store)
        assert {k: found[k] for k in ACCOUNTS} == {k: same.expected.books[k] for k in ACCOUNTS}
        store.close()

    come()


def address(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if kind == "neo4j":
        empty: Callable[[], str] = request.getfixturevalue("empty_neo4j")
        return empty()
    return {"memory": "memory:", "sqlite": f"sqlite:///{folder}/graph.db"}[kind]


def take_in(store: Store, folder: Path) -> None:
    for spool in sorted(folder.glob("spool-*")):
        assert ingest(store, spool, batch_events=50).complete


def grow(file: Path, content: bytes) -> None:
    """Make a file longer, as its writer does, or whoever copies it."""
    file.parent.mkdir(exist_ok=True)
    with file.open("ab") as out:
        out.write(content[out.tell() :])
