"""Late events spliced into the projection, against the projection of all: random histories, orders and batches."""

from bisect import insort
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, Literal, NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from begat.graph_schema.law import FIRST, LAST, Key
from begat.graph_schema.projection import (
    GENERATION,
    PART_END,
    PART_START,
    USE,
    Edge,
    Happening,
    Phase,
    Tail,
    advance,
    first_uses,
    time_of,
)
from begat.graph_schema.splice import Last, Since, late, splice, trailed

RUN: Final = "run"


def order(e: Happening) -> tuple[Key, int]:
    return e.at, e.rank


def key(e: Happening) -> tuple[object, ...]:
    return e.at, e.rank, str(e.other.node), e.context


class Kept:
    """A trail in a list, which counts what is read of it."""

    def __init__(self) -> None:
        self.events: list[Happening] = []
        self.read = 0

    def put(self, events: Sequence[Happening]) -> None:
        for e in events:
            insort(self.events, e, key=key)

    def last(self, asked: Sequence[Last]) -> list[Key | None]:
        self.read += len(asked)
        return [
            max((e.at for e in self.events if e.rank == rank and e.at < before), default=None)
            for _, rank, before in asked
        ]

    def since(self, asked: Sequence[Since]) -> list[list[Happening]]:
        found = []
        for _, rank, start, before, many in asked:
            some = [e for e in self.events if e.rank == rank and e.at >= start and (before is None or e.at < before)]
            found.append(some[:many])
            self.read += 1 + len(found[-1])
        return found


class Spliced:
    """An activity's projection as a store has it: edges, a tail, a trail."""

    def __init__(self, *, wanted: bool = False) -> None:
        self.edges: set[Edge] = set()
        self.trail = Kept()
        self.tail = Tail(wanted=wanted, kept=[0, 0, 0, 0])
        self.written = 0

    def take(self, events: list[Happening]) -> None:
        """Put in a batch."""
        used = {(e.other, e.context): e.at for e in self.trail.events if e.rank == USE}
        come = late(RUN, self.tail, sorted(events, key=order), used)
        (done,) = splice(self.trail, [come])
        assert done.removed <= self.edges
        assert not done.added & (self.edges - done.removed)
        self.written += len(done.removed) + len(done.added)
        self.edges = (self.edges - done.removed) | done.added
        gone = {key(e) for e in come.removed}
        self.trail.events = [e for e in self.trail.events if key(e) not in gone]
        self.trail.put(trailed([*come.added, *come.after]))
        self.tail = done.tail


def whole(events: list[Happening], *, wanted: bool = False) -> tuple[set[Edge], Tail, list[Happening]]:
    tail = Tail(wanted=wanted)
    counted = list(first_uses(sorted(events, key=order)))
    return set(advance(RUN, tail, counted)), tail, trailed(counted)


def stands(tail: Tail) -> dict[str, object]:
    """All that a tail says of what comes next."""
    said = msgspec.structs.asdict(tail)
    said["fresh"] = sorted(tail.fresh, key=str)
    said["output_input"] = tail.output is not None and tail.output_input == tail.input
    for name in ("last", "kept", "late"):
        del said[name]
    return said


What = Literal["use", "make", "begin", "end", "make exactly"]


class Event(NamedTuple):
    """An event of the history: `wait` moves the clock of its writer."""

    what: What
    which: int
    wait: int
    writer: int
    context: int


def history(events: list[Event]) -> Iterator[Happening]:
    clocks = [0, 0, 0]
    begun: set[int] = set()
    for n, e in enumerate(events):
        clocks[e.writer] += e.wait
        at: Key = (clocks[e.writer], "vwu"[e.writer], n)
        if e.which == 9:  # of a document, without a time
            at = (FIRST if e.what == "use" else LAST, "", 0)
        if e.what == "use":
            yield Happening(at, USE, Phase(f"e{e.which % 5}"), False, e.context, time_of(at))
        elif e.what in ("begin", "end"):
            part = Phase(f"part{n if e.what == 'begin' else e.which}")
            if e.what == "begin":
                yield Happening(at, PART_START, part, False, e.context, time_of(at))
            elif e.which not in begun:
                begun.add(e.which)
                yield Happening(at, PART_END, part, False, e.context, time_of(at))
        else:
            yield Happening(at, GENERATION, Phase(f"made{n}"), e.what == "make exactly", e.context, time_of(at))


events = st.builds(
    Event,
    st.sampled_from(("use", "make", "use", "make", "begin", "end", "make exactly")),
    st.integers(0, 9),
    st.sampled_from((1, 2, 0)),
    st.integers(0, 2),
    st.sampled_from((1, 1, 1, 2)),
)
histories = st.integers(1, 60).flatmap(lambda n: st.lists(events, min_size=n, max_size=n))


@settings(max_examples=800)
@given(
    told=histories,
    random=st.randoms(use_true_random=False),
    sizes=st.lists(st.sampled_from((1, 1, 2, 5, 20)), min_size=1, max_size=5),
    wanted=st.booleans(),
)
def test_spliced_is_projected(told: list[Event], random: Random, sizes: list[int], wanted: bool) -> None:
    all_ = list(history(told))
    random.shuffle(all_)
    run = Spliced(wanted=wanted)
    come: list[Happening] = []
    n = 0
    while len(come) < len(all_):
        batch = all_[len(come) : len(come) + sizes[n % len(sizes)]]
        n += 1
        come += batch
        run.take(batch)
        edges, tail, counted = whole(come, wanted=wanted)
        assert run.edges == edges
        assert stands(run.tail) == stands(tail)
        assert run.tail.last >= tail.last
        assert {key(e) for e in run.trail.events} == {key(e) for e in counted}
        assert run.tail.kept == [sum(e.rank == rank for e in counted) for rank in range(4)]
