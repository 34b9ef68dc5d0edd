"""What it costs to follow a spool: next to nothing where nothing happens."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema import events as ev
from begat.ingest.watch import follow
from tests.unit.ingest.calls import Calls

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal


def odd(path: str, text: str) -> None:
    pytest.fail(f"{path}: {text}")


def test_ten_thousand_sealed_segments_cost_a_stat_a_folder(
    spool: Path, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    j = journal()
    j.train("a", 1)
    one = j.seal()
    for n in range(9_999):
        os.link(one, one.with_name(f"x{n}.0001.seg"))
    j.next()  # one open segment
    monkeypatch.setattr(follow, "STEADY", 0.0)
    following = follow.Following((spool,), odd)
    following.look()
    for f in following.pending():
        f.mark = f.size
        following.looked(f, f.size, None)
    following.look()
    calls = Calls(monkeypatch)
    assert calls.of(following.look) == (3, 0, 0)  # the spool, its one folder, the open segment
    assert following.counts() == (1, 10_000)
    j.next()
    assert calls.of(following.look) == (5, 1, 0)  # both open ones, of which the new one for the first time


@pytest.mark.parametrize("age", [0, 3600])
@pytest.mark.parametrize("told", [True, False])
def test_open_segments_nobody_writes_to_cost_little(
    told: bool, age: int, spool: Path, journal: "NewJournal", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand writers were killed: their segments stay open for ever. The kernel tells of one that was not."""
    if not told:
        monkeypatch.setattr(follow, "LOCAL", frozenset())
    journals = [journal(f"w{n}") for n in range(1_000)]
    then = time.time() - age
    for j in journals:
        os.utime(j.path, (then, then))
    monkeypatch.setattr(follow, "STEADY", 0.0)
    monkeypatch.setattr(follow, "TURN", 1e6)
    following = follow.Following((spool,), odd)
    following.look()
    following.begin({f.key: f.size for f in following.pending()})
    following.look()
    following.look()
    calls = Calls(monkeypatch)
    busy = not told and not age  # they may be alive: over a network, nothing but looking at them tells
    assert calls.of(following.look)[0] in (range(1_000, 1_010) if busy else range(2, 10))
    journals[7].write(ev.Beat(0, 0))
    if not told and age:
        following.look()
        monkeypatch.setattr(follow, "TURN", 1e-6)  # it is seen when its turn comes
    following.look()
    assert [f.path for f in following.pending()] == [str(journals[7].path)]
    following.close()


def test_more_notices_than_the_kernel_keeps_are_no_loss(spool: Path, journal: "NewJournal") -> None:
    a, b = journal("a"), journal("b")
    following = follow.Following((spool,), odd)
    following.look()
    for f in following.pending():
        f.mark = f.size
        following.looked(f, f.size, None)
    kept = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    with a.path.open("ab", buffering=0) as one, b.path.open("ab", buffering=0) as other:
        for _ in range(kept // 2 + 10):  # in turn, for equal notices after each other become one
            one.write(b"x")
            other.write(b"x")
    following.look()
    assert len(following.pending()) == 2
    following.close()
