"""The graph of a folder, to compare it with that of another moment."""

from contextlib import closing
from pathlib import Path

from begat.graph_schema.dump import lines
from begat.graph_schema.store import open_store


def dumped(folder: Path) -> list[bytes]:
    """The lines of its canonical dump."""
    with closing(open_store(f"sqlite:///{folder}/.begat/graph.db", create=False)) as store:
        return lines(store)
