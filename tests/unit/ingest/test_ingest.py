"""What a pass over the spool takes in, what it leaves, and what it tells."""

import os
import random
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema import dump
from begat.graph_schema import events as ev
from begat.graph_schema.errors import UsageError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import Relation
from begat.graph_schema.store import Store, open_store
from begat.ingest import batches, segment
from begat.ingest import spool as spools
from begat.ingest.ingest import ingest

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal


def ranges(store: Store, writer: str = "w") -> list[tuple[int, int]]:
    return [(r.first, r.last) for r in store.ranges(writer)]


def reasons(store: Store) -> list[str]:
    return [q.reason for q in store.quarantine()]


def pending(store: Store, spool: Path) -> int:
    return spools.pending(spool, store.bookmarks())


def old(path: Path) -> None:
    """Make a file look as if nobody had written to it for an hour."""
    then = time.time() - 3600
    os.utime(path, (then, then))


def test_a_sealed_and_an_open_segment_are_taken_in(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    w.seal()
    w.next()
    w.train("b")
    assert pending(store, spool) == w.seq
    report = ingest(store, spool)
    assert (report.events, report.points, report.files, report.quarantined) == (w.seq, 6, 2, 0)
    assert report.findings == []
    assert report.complete
    assert ranges(store) == [(1, w.seq)]
    assert pending(store, spool) == 0
    assert store.stats().metric_points == 6
    assert store.stats().by_type["Training"] == 2


def test_a_second_pass_reads_only_what_is_new(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    assert ingest(store, spool).events == w.seq
    assert ingest(store, spool).files == 0
    before = w.seq
    w.write(ev.Metric(0, 0, "a", "late", 1.0), ev.Beat(0, 0))
    assert pending(store, spool) == 2
    w.seal()
    assert pending(store, spool) == 2
    report = ingest(store, spool)
    assert (report.events, report.findings) == (w.seq - before, [])
    assert ingest(store, spool).files == 0


def test_small_batches_make_the_same_graph(spool: Path, journal: "NewJournal") -> None:
    journal("w").train("a", 5)
    journal("x").train("b", 5)
    dumps = []
    for size in (1, 3, 1000):
        store = open_store("memory:")
        ingest(store, spool, batch_events=size)
        dumps.append(dump.lines(store))
    assert dumps[0] == dumps[1] == dumps[2]


def test_ended_early_the_rest_is_pending(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a", 50)
    report = ingest(store, spool, batch_events=10, seconds=0)
    assert not report.complete
    assert pending(store, spool) == w.seq - report.events > 0
    assert ingest(store, spool).complete
    assert ranges(store) == [(1, w.seq)]


class Halves:
    """Ways to give the same journals to a store."""

    @staticmethod
    def at_once(store: Store, spool: Path, files: list[Path]) -> None:
        ingest(store, spool)

    @staticmethod
    def twice(store: Store, spool: Path, files: list[Path]) -> None:
        ingest(store, spool, *files)
        ingest(store, spool)
        copies = spool.parent / "copies"
        shutil.copytree(spool, copies)
        ingest(store, copies)

    @staticmethod
    def shuffled(store: Store, spool: Path, files: list[Path]) -> None:
        for file in random.Random(7).sample(files, len(files)):
            ingest(store, spool, file)

    @staticmethod
    def reversed(store: Store, spool: Path, files: list[Path]) -> None:
        for file in files[::-1]:
            ingest(store, spool, file, batch_events=5)

    @staticmethod
    def in_halves(store: Store, spool: Path, files: list[Path]) -> None:
        """The second half of every segment first, as copies with the header; then the segments."""
        halves = spool.parent / "halves"
        halves.mkdir()
        for file in files:
            lines = file.read_bytes().splitlines(keepends=True)
            half = halves / file.with_suffix(".open").name
            half.write_bytes(lines[0] + b"".join(lines[len(lines) // 2 : -1]))
        ingest(store, halves)
        ingest(store, spool)


@pytest.mark.parametrize("way", [Halves.twice, Halves.shuffled, Halves.reversed, Halves.in_halves])
def test_any_order_and_any_repetition_make_the_same_graph(
    way: Callable[[Store, Path, list[Path]], None], store: Store, spool: Path, journal: "NewJournal"
) -> None:
    files = []
    for writer, run in (("w", "a"), ("x", "b")):
        j = journal(writer)
        j.train(run)
        files.append(j.seal())
        j.next()
        j.write(ev.Start(0, 0, f"{run}-eval", "evaluate", parent=run), ev.Used(0, 0, f"{run}-eval", f"{run}-data"))
        j.train(f"{run}2", 1)
        j.write(ev.Alias(0, 0, f"{run}-data", "version"), ev.Generated(0, 0, f"{run}-eval", "report"))
        files.append(j.seal())
    expected = open_store("memory:")
    ingest(expected, spool)
    way(store, spool, files)
    assert dump.lines(store) == dump.lines(expected)
    assert ranges(store, "x") == ranges(expected, "x")


def test_a_torn_line_is_awaited_while_its_writer_lives(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal(pid=os.getpid())
    w.train("a")
    line = w.line(ev.Metric(0, 0, "a", "loss", 0.5))
    w.write(line[:20])
    old(w.path)
    report = ingest(store, spool)
    assert (report.quarantined, report.findings) == (0, [])
    assert pending(store, spool) == 0
    w.write(line[20:])
    assert ingest(store, spool).events == 1
    assert ranges(store) == [(1, w.seq)]


def test_a_torn_line_is_kept_aside_when_its_writer_is_dead(store: Store, spool: Path, journal: "NewJournal") -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    w = journal(pid=child.pid)
    w.train("a")
    torn = w.line(ev.Metric(0, 0, "a", "loss", 0.5))[:20]
    w.write(torn)
    assert ingest(store, spool).quarantined == 0
    child.communicate(b"\n")
    assert ingest(store, spool).quarantined == 1
    [q] = store.quarantine()
    assert (q.source, q.raw, q.reason) == (str(w.path), torn.decode(), "torn: the writer ended in the middle of it")
    assert q.offset == w.path.stat().st_size - 20
    assert ingest(store, spool).files == 0
    assert ranges(store) == [(1, w.seq - 1)]


def test_a_writer_elsewhere_is_given_up_after_a_silence_and_heard_again(
    store: Store, spool: Path, journal: "NewJournal"
) -> None:
    w = journal()
    line = w.line(ev.Metric(0, 0, "a", "loss", 0.5))
    w.write(line[:20])
    assert ingest(store, spool).quarantined == 0
    old(w.path)
    assert ingest(store, spool).quarantined == 1
    w.write(line[20:])  # it was only slow
    assert ingest(store, spool).events == 1
    assert ranges(store) == [(1, 1)]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda line: line.replace(b"loss", b"lost"), "crc does not fit"),
        (lambda line: b"?" + line[1:], "crc does not fit"),
        (lambda line: b"\n", "crc does not fit"),
        (lambda line: signed(line[9:-2]), "truncated"),
        (lambda line: signed(line[9:-1].replace(b"metric", b"dream")), "'dream'"),
        (lambda line: signed(line[9:-1].replace(b"0.5", b'"a lot"')), "'a lot' is not a number"),
        (lambda line: signed(line[9:-1].replace(b'"seq":2', b'"seq":-2')), "-2 is not one"),
        (lambda line: signed(line[9:-1].replace(b'"seq":2', b'"seq":99999999999999999999')), "is not one"),
        (lambda line: signed(line[9:-1].replace(b'"at":1', b'"at":99999999999')), "is not within the years 1 to 9999"),
        (lambda line: signed(line[9:-1].replace(b'"loss"', b"[" * 20000)), ""),
    ],
)
def test_a_bad_line_is_kept_aside_and_reading_goes_on(
    damage: Callable[[bytes], bytes], reason: str, store: Store, spool: Path, journal: "NewJournal"
) -> None:
    w = journal()
    w.write(ev.Start(0, 0, "a", "train"))
    offset = w.path.stat().st_size
    bad = damage(w.line(ev.Metric(0, 0, "a", "loss", 0.5)))
    w.write(bad, ev.End(0, 0, "a"))
    report = ingest(store, spool)
    assert (report.events, report.quarantined) == (2, 1)
    [q] = store.quarantine()
    assert (q.offset, q.raw) == (offset, bad[:-1].decode("latin-1"))
    assert reason in q.reason
    assert ranges(store) == [(1, 1), (3, 3)]


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_line_too_long_to_be_one_is_not_read_into_memory(
    end: str, store: Store, spool: Path, journal: "NewJournal"
) -> None:
    """A disk can leave hundreds of megabytes of zeros where a line was, and then go on."""
    w = journal()
    w.train("a")
    offset = w.path.stat().st_size
    os.truncate(w.path, offset + 4 * segment.LONGEST)
    w.write(end.encode())
    if end:
        w.train("b")
    old(w.path)
    tracemalloc.start()
    report = ingest(store, spool)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * segment.LONGEST
    assert (report.events, report.quarantined) == (w.seq, 1)
    [q] = store.quarantine()
    assert (q.source, q.offset, q.raw) == (str(w.path), offset, "\0" * segment.KEPT)
    assert q.reason.startswith("the line is longer than 32 MB" if end else "torn")
    assert ingest(store, spool).files == 0


def test_a_header_too_long_to_be_one_is_skipped(store: Store, spool: Path, journal: "NewJournal") -> None:
    path = journal().path
    path.write_bytes(b"")
    os.truncate(path, 2 * segment.LONGEST)
    report = ingest(store, spool)
    assert (report.events, report.quarantined) == (0, 1)
    assert "skipped, whose events these are cannot be known" in report.findings[0]


def signed(body: bytes) -> bytes:
    """A line whose crc is right, whatever it says."""
    from zlib import crc32

    return b"%08x %b\n" % (crc32(body), body)


def test_a_clean_copy_fills_the_hole_of_a_damaged_one(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    clean = w.path.read_bytes()
    w.path.write_bytes(clean.replace(b"train.csv", b"brain.csv"))
    assert ingest(store, spool).quarantined == 1
    assert ranges(store) == [(1, 1), (3, w.seq)]
    copy = spool.parent / "copy" / w.path.name
    copy.parent.mkdir()
    copy.write_bytes(clean)
    ingest(store, spool, copy)
    expected = open_store("memory:")
    ingest(expected, spool, copy)
    assert ranges(store) == [(1, w.seq)]
    assert dump.lines(store) == dump.lines(expected)


def test_a_number_used_twice_is_a_repeat_or_an_impostor(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    first = w.line(ev.Start(0, 0, "a", "train"))
    second = w.line(ev.Metric(0, 0, "a", "loss", 0.5))
    w.write(first, second, first, second, signed(second[9:-1].replace(b"0.5", b"0.7")))
    w.write(ev.End(0, 0, "a"))
    report = ingest(store, spool)
    assert (report.events, report.quarantined) == (3, 1)
    assert reasons(store) == ["sequence number 2 was used before, for another event"]
    assert ranges(store) == [(1, 3)]
    assert store.stats().metric_points == 1


def test_a_newer_format_is_left_alone(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal("w")
    w.path.write_bytes(signed(b'{"type":"journal","format":2,"writers":["w"]}') + signed(b'{"what":"is this"}'))
    journal("x").train("b")
    before = w.path.read_bytes()
    report = ingest(store, spool)
    assert report.files == 1
    assert report.quarantined == 0
    assert report.findings == [
        f"{w.path}: left alone: journal format 2, this begat reads up to 1: upgrade begat, nothing is lost"
    ]
    assert w.path.read_bytes() == before
    assert ingest(store, spool).findings == report.findings  # until somebody does


@pytest.mark.parametrize("first", [b"not a journal\n", b"\n", signed(b'{"type":"beat","seq":1,"at":1}')])
def test_a_damaged_header_is_kept_aside_and_its_events_not_guessed(
    first: bytes, store: Store, spool: Path, journal: "NewJournal"
) -> None:
    w = journal()
    w.train("a")
    w.path.write_bytes(first + w.path.read_bytes().split(b"\n", 1)[1])
    report = ingest(store, spool)
    assert (report.events, report.quarantined) == (0, 1)
    [finding] = report.findings
    assert finding.startswith(f"{w.path}: skipped, whose events these are cannot be known")
    assert [(q.offset, q.raw) for q in store.quarantine()] == [(0, first[:-1].decode())]
    assert ranges(store) == []
    assert ingest(store, spool).quarantined == 0  # told once


def test_a_file_just_opened_is_awaited(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    whole = w.path.read_bytes()
    for part in (b"", whole[:30]):
        w.path.write_bytes(part)
        report = ingest(store, spool)
        assert (report.files, report.quarantined, report.findings) == (0, 0, [])
        assert pending(store, spool) == 0
    w.path.write_bytes(whole)
    w.train("a")
    assert ingest(store, spool).events == w.seq


def test_a_wrong_or_missing_footer_is_told(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.train("a")
    w.write(ev.line(ev.Footer(99, 0)))
    w.path = w.path.rename(w.path.with_suffix(".seg"))
    x = journal("x")
    x.train("b")
    x.path = x.path.rename(x.path.with_suffix(".seg"))
    y = journal("y")
    y.train("c")
    y.write(ev.line(ev.Footer(y.seq, 0)))
    report = ingest(store, spool)
    assert sorted(report.findings) == [
        f"{w.path}: the footer counts 99 events, the segment holds {w.seq}",
        f"{x.path}: sealed, but without a footer: its end may be missing",
        f"{y.path}: the footer's crc does not fit the segment",
    ]
    assert report.quarantined == 0
    assert report.events == w.seq + x.seq + y.seq


def test_dropped_events_are_counted_once(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal()
    w.write(ev.Gap(0, 0, 5, "disk full"))
    ingest(store, spool)
    w.write(ev.Gap(0, 0, 8, "disk full"))  # a gap tells all that its writer has dropped so far
    ingest(store, spool)
    copy = spool.parent / "copy.open"
    shutil.copy(w.path, copy)
    ingest(store, spool, copy)
    assert store.stats().dropped == 8


def test_projects_are_kept_apart(store: Store, spool: Path, journal: "NewJournal") -> None:
    journal("w", project="ours").write(ev.Used(0, 0, "a", "x"))
    journal("x", project="theirs").write(ev.Used(0, 0, "a", "x"))
    ingest(store, spool)
    assert {s.context.project for s in store.scan() if isinstance(s, Relation)} == {"ours", "theirs"}


def test_a_path_that_is_not_there_is_told(store: Store, spool: Path) -> None:
    with pytest.raises(UsageError, match="no file or folder"):
        ingest(store, spool, spool / "nothing.seg")


def test_a_spool_that_is_not_there_holds_nothing(store: Store, spool: Path) -> None:
    assert ingest(store, spool).files == pending(store, spool) == 0


def test_no_flipped_bit_makes_a_wrong_event(spool: Path, journal: "NewJournal") -> None:
    """2,000 single bits anywhere in a segment: what is taken in is what was written, or it is missing."""
    w = journal()
    w.train("a", 10)
    w.seal()
    clean = w.path.read_bytes()
    told = statements(spool)
    rng = random.Random(11)
    for _ in range(2000):
        bit = rng.randrange(len(clean) * 8)
        damaged = bytearray(clean)
        damaged[bit // 8] ^= 1 << bit % 8
        w.path.write_bytes(damaged)
        store = MemoryStore()
        report = ingest(store, spool)
        assert {repr(s) for s in store.statements()} <= told, f"bit {bit} made a wrong event"
        assert report.quarantined or report.findings, f"bit {bit} was not told"


def statements(spool: Path) -> set[str]:
    """All that a spool says."""
    store = MemoryStore()
    report = ingest(store, spool)
    assert report.events or report.findings
    return {repr(s) for s in store.statements()}


def test_a_time_that_no_calendar_has_is_kept_aside(store: Store, spool: Path, journal: "NewJournal") -> None:
    w = journal("w")
    w.write(ev.line(ev.Start(1, 2**61, "r", "train")))
    w.seal()
    report = ingest(store, spool)
    assert report.quarantined == 1
    assert "not within the years 1 to 9999" in next(iter(store.quarantine())).reason


def test_a_batch_ends_where_its_bytes_are_many(
    store: Store, spool: Path, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store takes a batch as one value, which has an end: so long settings must not gather in one."""
    monkeypatch.setattr(batches, "MOST_BYTES", 3 << 20)
    w = journal("w")
    w.write(*(ev.Setting(0, 0, "r", f"prompt{n}", "x" * 1_000_000) for n in range(10)))
    w.seal()
    commits = []
    ingest(store, spool, progress=lambda done, total: commits.append(done))
    assert len(commits) >= 3
    assert store.stats().entities == 10
