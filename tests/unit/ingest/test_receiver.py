"""The receiver: pieces from many threads, one after the other, and what a killed one has left."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.errors import FormatError, StoreAway
from begat.graph_schema.store import open_store
from begat.ingest.received import receive
from begat.ingest.receiver import Receiver
from tests.journals import soon

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


def test_what_a_killed_one_has_left_is_worked_out_without_a_piece(file: Path, journal: "NewJournal") -> None:
    w, late = journal("w"), journal("late")
    w.write(ev.Start(0, 0, "a", "train"), ev.Node(0, 0, "x", "Entity"), ev.Generated(0, 0, "a", "x"))
    late.write(ev.Used(0, 0, "a", "y"))
    store = open_store(f"sqlite:///{file}")
    for j in (w, late):
        receive(store, io.BytesIO(j.path.read_bytes()))
    assert store.stats().marked > 0
    receiver = Receiver(f"sqlite:///{file}", file)
    receiver.begin()
    soon(lambda: store.stats().marked == 0)
    receiver.close()
    store.close()


def test_one_that_gets_nothing_makes_no_store(file: Path) -> None:
    receiver = Receiver(f"sqlite:///{file}", file)
    receiver.begin()
    receiver.close()
    assert not file.exists()


def test_a_refused_piece_harms_no_other_and_a_closed_one_takes_none(file: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    receiver = Receiver(f"sqlite:///{file}", file)
    with pytest.raises(FormatError):
        receiver.take(io.BytesIO(b"hello"))
    assert receiver.take(io.BytesIO(w.path.read_bytes())).committed == w.seq
    receiver.close()
    receiver.close()
    with pytest.raises(StoreAway, match="the server is ending"):
        receiver.take(io.BytesIO(w.path.read_bytes()))
