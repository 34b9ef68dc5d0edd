"""What is asked of one experiment or thing costs the server as much in a large laboratory as in a small one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest
from begat.queries.ask import ask
from benchmarks.asked import ASKED, HERE
from benchmarks.laboratory import Laboratory, Size
from benchmarks.neo4j_server import session

SMALL: Final = Size(HERE + 2, 4, 1)
LARGER: Final = Size(HERE + 8, 4, 1)
#: Closures of each kind: up and down, with depths and without, from one start and from many, over stored relations.
NAMES: Final = (
    "raw_sources", "datasets_about", "best_model_settings", "cost_of_model", "impact", "models_of_entity",
    "retract_window",
)  # fmt: skip


@pytest.fixture(scope="module")
def hits(empty_neo4j: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, int]]]:
    """What each question reads, in database hits, of the smaller laboratory and of the larger."""
    yield [_asked_of(empty_neo4j(), size, tmp_path_factory.mktemp("spool")) for size in (SMALL, LARGER)]
    empty_neo4j()


def _asked_of(address: str, size: Size, spool: Path) -> dict[str, int]:
    events = Laboratory(size).write(spool)
    with closing(open_store(address)) as store, session(address) as server:
        assert ingest(store, spool).events == events

        class Profiling:
            """A store that has the server count what it reads for each statement."""

            hits = 0

            def read(self, text: str, params: Mapping[str, Any], *limits: Any) -> Any:
                self.hits += _all_hits(server.run(f"PROFILE {text}", dict(params)).consume().profile)
                return store.read(text, params, *limits)

            def __getattr__(self, name: str) -> Any:
                return getattr(store, name)

        found = {}
        for name in NAMES:
            profiling: Any = Profiling()
            assert ask(profiling, name, ASKED[name].params).rows
            found[name] = profiling.hits
        return found


def _all_hits(step: Mapping[str, Any]) -> int:
    return int(step.get("dbHits", 0)) + sum(map(_all_hits, step.get("children", ())))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_of_one_experiment_reads_no_more_among_more_of_them(
    hits: list[dict[str, int]], name: str
) -> None:
    small, larger = hits
    assert larger[name] <= 1.02 * small[name]
