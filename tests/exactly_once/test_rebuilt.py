"""A rebuild killed with SIGKILL: the store is the old one or the new one, whole, and nothing is lost of either."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from begat.graph_schema.store import open_store

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Programs, Same

KILLED: Final = -9
DONE: Final = (0, 1)


def commits(url: str) -> int:
    store = open_store(url, create=False)
    try:
        return store.stats().commit
    finally:
        store.close()


@pytest.mark.parametrize(
    ("place", "times"),
    [("begin", 1), ("begin", 9), ("statement", 300), ("commit", 9), ("committed", 9), ("replace", 1), ("replaced", 1)],
)
@pytest.mark.parametrize("before", ["nothing", "a part", "damaged"])
def test_killed_while_it_rebuilds(
    before: str, place: str, times: int, tmp_path: Path, spool: Path, programs: "Programs", same: "Same"
) -> None:
    file = tmp_path / "graph.db"
    url = f"sqlite:///{file}"
    held = 0
    if before == "a part":
        assert programs.run(url, spool, "--die", "begin", 8)[0] == KILLED
        held = commits(url)
    elif before == "damaged":
        file.write_bytes(b"?" * 50_000)
    assert programs.run(url, spool, "--die", place, times, command="rebuild")[0] == KILLED
    if place == "replaced" and before != "damaged":
        same(url)
    elif before == "a part":
        assert commits(url) == held
    elif before == "nothing":
        assert not file.exists()
    else:
        aside = [p for p in tmp_path.iterdir() if p.read_bytes() == b"?" * 50_000]
        assert len(aside) == 1
    if before == "damaged" or place == "begin":
        assert programs.run(url, spool, command="rebuild")[0] in DONE
    else:
        assert programs.run(url, spool)[0] in DONE
    same(url)
