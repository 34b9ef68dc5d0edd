"""A store in a place where nothing can be written is read all the same."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from begat.graph_schema.errors import StoreError
from begat.graph_schema.statements import Context, Description, Position
from begat.graph_schema.store import Batch, open_store
from tests.needs import cannot


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder; `freeze` makes it read-only, for root too where that can be done by mounting."""
    yield tmp_path / "place"
    subprocess.run(["umount", tmp_path / "place"], capture_output=True, check=False)
    (tmp_path / "place").chmod(0o755)


def freeze(place: Path) -> None:
    if os.geteuid() != 0:
        place.chmod(0o555)
        return
    for options in (["--bind", str(place), str(place)], ["-o", "remount,bind,ro", str(place)]):
        if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
            cannot("root may write anywhere, and may not mount here: nothing can be made read-only")


def filled(place: Path) -> str:
    place.mkdir()
    url = f"sqlite:///{place / 'graph.db'}"
    store = open_store(url)
    store.write(Batch([Description(Context(), Position(1, "w", 1), "x", ("Entity",), name="x")]))
    store.close()
    return url


def test_it_is_read(place: Path) -> None:
    url = filled(place)
    freeze(place)
    store = open_store(url, create=False)
    assert store.stats().entities == 1
    store.close()


def test_writing_says_why_not(place: Path) -> None:
    url = filled(place)
    freeze(place)
    with pytest.raises(StoreError, match="cannot be written: the file or its folder is read-only"):
        open_store(url)


def test_a_writer_that_did_not_end_well_is_told(place: Path) -> None:
    url = filled(place)
    log = place / "graph.db-wal"
    log.write_bytes(b"x" * 100)
    freeze(place)
    with pytest.raises(StoreError, match="its last writer did not end well: copy it"):
        open_store(url, create=False)
