"""What a sent piece of a journal is answered, and what is refused with nothing stored."""

import io
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.dump import lines
from begat.graph_schema.errors import FormatError
from begat.graph_schema.receipt import Receipt
from begat.graph_schema.store import Store, open_store
from begat.ingest import received, segment
from begat.ingest.ingest import ingest
from begat.ingest.received import Foreign, receive

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import Journal, NewJournal


def sent(store: Store, content: bytes, **how: object) -> Receipt:
    return receive(store, io.BytesIO(content), **how)  # type: ignore[arg-type]


def test_a_whole_file_is_a_piece(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    content = w.seal().read_bytes()
    assert sent(store, content) == Receipt("w", 1, w.seq, len(content), 0)
    again = open_store("memory:")
    ingest(again, spool)
    store.settle()
    assert list(lines(store)) == list(lines(again))
    before = store.stats()
    assert sent(store, content) == Receipt("w", 1, w.seq, len(content), 0)
    assert store.stats() == before


def test_later_lines_first_leave_a_hole_until_the_others_come(store: Store, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    content = w.path.read_bytes()
    head, *rest = content.splitlines(keepends=True)
    middle = len(head) + sum(map(len, rest[:5]))
    assert sent(store, head + content[middle:], offset=middle) == Receipt("w", 1, 0, len(content), 0)
    assert sent(store, head + b"".join(rest[:3])).committed == 3
    assert sent(store, head + b"".join(rest[:5])).committed == w.seq


def test_a_damaged_line_is_kept_aside_once_with_its_place_and_passed(store: Store, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    head, *rest = w.path.read_bytes().splitlines(keepends=True)
    damaged = rest[3].replace(b'"', b"'", 1)
    content = head + b"".join([*rest[:3], damaged, *rest[4:]])
    place = len(head) + sum(map(len, rest[:3]))
    for _ in range(2):
        told = sent(store, head + damaged + rest[4], offset=place)
        assert (told.through, told.quarantined) == (place + len(damaged) + len(rest[4]), 1)
        assert sent(store, content) == Receipt("w", 1, 3, len(content), 1)
    (kept,) = store.quarantine()
    assert kept == ("received:w.0001", place, segment.DAMAGED, damaged[:-1].decode())


def test_a_torn_end_waits_for_the_rest_unless_its_writer_has_ended(store: Store, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    whole = w.path.read_bytes()
    torn = whole + b'00000000 {"type"'
    assert sent(store, torn) == Receipt("w", 1, w.seq, len(whole), 0)
    assert list(store.quarantine()) == []
    assert sent(store, torn, ended=True) == Receipt("w", 1, w.seq, len(torn), 1)
    assert [q.offset for q in store.quarantine()] == [len(whole)]
    assert sent(store, torn, ended=True).quarantined == 1
    assert len(list(store.quarantine())) == 1


def _header(w: "Journal", **fields: object) -> bytes:
    header = w.header()
    for name, value in fields.items():
        setattr(header, name, value)
    return ev.line(header)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"format": 2}, "journal format 2, this begat reads up to 1: upgrade begat, nothing is lost"),
        ({"writer": ""}, "printable"),
        ({"writer": "w" * 201}, "printable"),
        ({"writer": "w\nx"}, "printable"),
        ({"segment": -1}, "beyond what it counts"),
        ({"wall": 10**18}, "beyond what it counts"),
        ({"pid": 2**63}, "beyond what it counts"),
    ],
)
def test_a_header_that_is_none_of_ours(
    fields: dict[str, object], says: str, store: Store, journal: "NewJournal"
) -> None:
    w = journal()
    with pytest.raises(FormatError, match=says):
        sent(store, _header(w, **fields) + w.line(ev.Beat(0, 0)))
    assert list(store.writers()) == []


@pytest.mark.parametrize("content", [b"", b"hello\n", b"hello", b"\n" * 10, b"x" * 200_000, b"00000000 {}\n"])
def test_what_is_no_journal_is_refused_and_nothing_stored(content: bytes, store: Store) -> None:
    with pytest.raises(FormatError):
        sent(store, content)
    assert list(store.quarantine()) == []


def test_an_offset_within_the_header(store: Store, journal: "NewJournal") -> None:
    with pytest.raises(FormatError, match="offset 3 lies in the header"):
        sent(store, journal().path.read_bytes(), offset=3)


def test_another_project_than_the_one_that_is_taken(store: Store, journal: "NewJournal") -> None:
    w = journal(project="rivers")
    w.train("a")
    content = w.path.read_bytes()
    with pytest.raises(Foreign, match=r"of the project 'rivers', and only 'digits' is taken here"):
        sent(store, content, project="digits")
    assert (list(lines(store)), list(store.writers())) == ([], [])
    assert sent(store, content, project="rivers").committed == w.seq


def test_nobody_goes_on_with_the_journal_of_another_project(store: Store, journal: "NewJournal") -> None:
    """Else one with a token for one project could have the events of another passed over."""
    w = journal(project="rivers")
    w.train("a")
    sent(store, w.path.read_bytes())
    before = list(lines(store))
    with pytest.raises(Foreign, match="has written for another project than 'digits'"):
        sent(store, _header(w, project="digits") + w.line(ev.Start(0, 0, "b", "mine")), project="digits")
    assert list(lines(store)) == before


def test_a_gap_that_counts_beyond_64_bits_is_kept_aside(store: Store, journal: "NewJournal") -> None:
    w = journal()
    w.write(ev.Gap(0, 0, 2**70, "much"), ev.Beat(0, 0))
    assert sent(store, w.path.read_bytes()).quarantined == 1
    assert store.stats().dropped == 0


def test_a_large_piece_is_taken_in_in_batches(tmp_path: Path, journal: "NewJournal") -> None:
    """36 MiB of journal cost no more memory than a few batches."""
    w = journal()
    w.write(ev.Start(0, 0, "a", "train"))
    w.write(*(ev.Metric(0, 0, "a", "loss", 0.5, step=n, context={"note": "x" * 1200}) for n in range(30_000)))
    assert w.path.stat().st_size > 35 << 20
    store = open_store(f"sqlite:///{tmp_path}/graph.db")
    tracemalloc.start()
    with w.path.open("rb") as file:
        assert receive(store, file).committed == w.seq
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    store.close()
    assert most < 120 << 20
    assert received.MOST_BYTES < 35 << 20
