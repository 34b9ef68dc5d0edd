"""Packed segments: read as what they were made of, exactly once, whatever dies while they are made."""

import gzip
import os
import random
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from begat.graph_schema import dump
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.store import Store, open_store
from begat.ingest import spool as spools
from begat.ingest.batches import Batches
from begat.ingest.ingest import ingest
from begat.ingest.pack import pack, parts
from begat.ingest.prune import remove, verdicts
from begat.ingest.rebuild import rebuild

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import Journal, NewJournal

SOURCE: Final = Path(__file__).parents[3] / ".src"


def lines(store: Store) -> list[bytes]:
    return list(dump.lines(store))


def told(spool: Path) -> list[bytes]:
    """The graph of a spool."""
    store = MemoryStore()
    ingest(store, spool)
    return lines(store)


def names(spool: Path) -> list[str]:
    return sorted(p.name for p in spool.rglob("*") if p.is_file())


@pytest.fixture
def sealed(journal: "NewJournal") -> "Journal":
    """A sealed segment of a training, and an open one after it."""
    j = journal()
    j.train("a", 20)
    j.seal()
    j.next()
    j.train("b")
    return j


def test_sealed_ones_are_packed_and_say_the_same(sealed: "Journal", spool: Path) -> None:
    before = told(spool)
    (done,) = pack(spool)
    assert (done.problem, done.after < done.before / 3) == ("", True)
    assert [n.partition(".")[2].rpartition(".")[2] for n in names(spool)] == ["gz", "open"]
    assert told(spool) == before
    assert list(pack(spool)) == []
    assert gzip.decompress(done.path.read_bytes()).count(b"\n") == 20 * 5 + 6 + 2


def test_what_was_read_is_not_read_again(sealed: "Journal", spool: Path, store: Store) -> None:
    ingest(store, spool)
    (place,) = [p for p in spools.find(spool) if p.sealed]
    list(pack(spool))
    assert {p.key: p.size for p in spools.find(spool)}[place.key] == place.size
    assert spools.unread(spools.find(spool), store.bookmarks()) == []
    assert ingest(store, spool).files == 0
    assert spools.pending(spool, store.bookmarks()) == 0


def test_half_read_and_packed_the_rest_is_read(sealed: "Journal", spool: Path, store: Store) -> None:
    before = told(spool)
    ingest(store, spool, batch_events=5, seconds=0)
    pending = spools.pending(spool, store.bookmarks())
    assert pending > 0
    list(pack(spool))
    assert spools.pending(spool, store.bookmarks()) == pending
    ingest(store, spool)
    assert lines(store) == before


def test_rebuilt_from_packed_ones(sealed: "Journal", spool: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    store = open_store(url)
    ingest(store, spool)
    before = lines(store)
    store.close()
    list(pack(spool))
    rebuild(url, spool)
    store = open_store(url, create=False)
    assert lines(store) == before
    store.close()


def test_one_that_somebody_compressed_by_hand_is_read(sealed: "Journal", spool: Path, store: Store) -> None:
    before = told(spool)
    (plain,) = spool.rglob("*.seg")
    plain.with_name(plain.name + ".gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    ingest(store, spool)
    assert lines(store) == before
    assert ingest(store, spool).files == 0


def test_a_segment_packed_since_it_was_found_is_read(sealed: "Journal", spool: Path, store: Store) -> None:
    before = told(spool)
    places = spools.find(spool)
    list(pack(spool))
    for batch in Batches({}, lambda w: [], 1000).read(places):
        store.write(batch)
    store.settle()
    assert lines(store) == before


#: Kills the process that packs at one of its steps: before it or after it.
DYING: Final = """
    import os, signal, sys
    from pathlib import Path
    from begat.ingest import pack
    step, when, spool = sys.argv[1:]
    def mortal(do):
        def call(*given, **named):
            if when == "before": os.kill(os.getpid(), signal.SIGKILL)
            done = do(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)
        return call
    if step == "unlink":  # of the sealed segment
        do = mortal(Path.unlink)
        unlink = Path.unlink
        Path.unlink = lambda self, **given: (do if self.suffix == ".seg" else unlink)(self, **given)
    else:
        setattr(os, step, mortal(getattr(os, step)))
    list(pack.pack(Path(spool)))
"""


@pytest.mark.parametrize("step", ["utime", "fsync", "rename", "unlink"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_packing(step: str, when: str, sealed: "Journal", spool: Path, store: Store) -> None:
    before = told(spool)
    program = [sys.executable, "-c", textwrap.dedent(DYING), step, when, str(spool)]
    done = subprocess.run(program, env={"PYTHONPATH": str(SOURCE)}, check=False)
    assert done.returncode == -9
    assert told(spool) == before
    ingest(store, spool)
    assert all(not d.problem for d in pack(spool))
    assert ingest(store, spool).files == 0
    assert lines(store) == before
    assert not list(spool.rglob("*.seg"))


def test_what_was_left_half_written_goes_in_time(sealed: "Journal", spool: Path) -> None:
    part = sealed.folder / "w.0001.1-2.seg.gz.77.part"
    part.write_bytes(b"half")
    list(pack(spool))
    assert parts(spool) == [part]  # somebody may be writing it
    os.utime(part, (1, 1))
    list(pack(spool))
    assert parts(spool) == []


def test_no_flipped_bit_of_a_packed_one_makes_a_wrong_event(sealed: "Journal", spool: Path) -> None:
    """What is read before the damage is met is what was written; the damage is told, and the others are read."""
    (done,) = pack(spool)
    clean = done.path.read_bytes()
    whole = statements(spool)
    rng = random.Random(11)
    refused = 0
    for _ in range(500):
        bit = rng.randrange(len(clean) * 8)
        damaged = bytearray(clean)
        damaged[bit // 8] ^= 1 << bit % 8
        done.path.write_bytes(damaged)
        found = statements(spool)
        assert found <= whole, f"bit {bit} made a wrong event"
        refused += found != whole
    assert refused > 100


def statements(spool: Path) -> set[str]:
    store = MemoryStore()
    report = ingest(store, spool)
    assert report.events
    return {repr(s) for s in store.statements()}


def test_damage_is_told(sealed: "Journal", spool: Path, store: Store) -> None:
    (done,) = pack(spool)
    done.path.write_bytes(done.path.read_bytes()[:-300])
    report = ingest(store, spool)
    (finding,) = report.findings
    assert str(done.path) in finding
    assert "damaged" in finding
    assert next(v.kept for v in verdicts(store, spool, 0)).startswith("cannot be read")


# -- pruning


def kept(store: Store, spool: Path, days: float = 0) -> list[str]:
    return [v.kept for v in verdicts(store, spool, days)]


@pytest.mark.parametrize("packed", [False, True])
def test_only_what_is_committed_goes(
    packed: bool, sealed: "Journal", journal: "NewJournal", spool: Path, store: Store
) -> None:
    ingest(store, spool)
    late = journal("late")
    late.train("c")
    late.seal()
    if packed:
        assert len(list(pack(spool))) == 2
    before = lines(store)
    found = list(verdicts(store, spool, 0))
    assert sorted(v.kept for v in found) == ["", "event 1 is not in the store"]
    for verdict in found:
        if not verdict.kept:
            remove(verdict)
        else:
            with pytest.raises(ValueError, match="has to stay"):
                remove(verdict)
    assert [n.partition(".")[0] for n in names(spool)] == ["late", "w"]  # and the open one stays
    ingest(store, spool)
    assert set(before) < set(lines(store))
    assert kept(store, spool) == [""]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: text.replace(b'"train.csv"', b'"tra1n.csv"', 1), "a line in it is damaged"),
        (lambda text: text[:-3], "its end is missing"),
        (lambda text: text.rpartition(b"\n")[0].rpartition(b"\n")[0] + b"\n", "its end is missing"),
        (lambda text: b"x" + text, "crc does not fit"),
        (lambda text: text + text.splitlines(keepends=True)[2], "a line in it is damaged"),
        (lambda text: text.replace(text.splitlines(keepends=True)[3], b"", 1), "the footer counts"),
    ],
)
def test_what_is_doubtful_stays(
    damage: Callable[[bytes], bytes], reason: str, sealed: "Journal", spool: Path, store: Store
) -> None:
    ingest(store, spool)  # all of it is committed
    (path,) = spool.rglob("*.seg")
    path.write_bytes(damage(path.read_bytes()))
    (why,) = kept(store, spool)
    assert reason in why


def test_the_young_stay(sealed: "Journal", spool: Path, store: Store) -> None:
    ingest(store, spool)
    assert kept(store, spool, 1) == ["younger than 1 days"]
    list(pack(spool))
    assert kept(store, spool, 1) == ["younger than 1 days"]  # packing makes nothing young or old
    assert kept(store, spool) == [""]


def test_an_empty_store_lets_nothing_go(sealed: "Journal", spool: Path, store: Store) -> None:
    assert kept(store, spool) == ["event 1 is not in the store"]
