"""Late events: the projection spliced where they fall, instead of redone.

What an event adds depends on where the projection stands before it (projection.Tail), and that on its neighbours: the
last usage, start and end of a part, and generation before it. So a late event is put in like this: where the projection
stood before it is found from those neighbours; from there the events as they were and as they are now are followed side
by side, until both stand at the same place again. From then on nothing has changed; what differs until then is all that
has to be written. The events after it are read a few at a time, so what a late event costs goes by what it moves:

| late                                | what it moves                                                              |
|-------------------------------------|----------------------------------------------------------------------------|
| a usage                             | what was hung between the usages before and after it: most often nothing   |
| a usage of what was used only later | the same, and that later usage, which counts no more, is taken out         |
| a generation, a part's start        | the usages up to the next thing hung, and what is hung up to the one after |
| a part's end                        | the generations up to the next usage or end of a part                      |
| an exact generation                 | nothing: what hangs on an activity's name hangs there wherever it stands   |

For that a store keeps a trail of an activity: its events that count, to be found by their rank and position. The trail
is begun when late events come to the activity for the second time; most never need one. Not spliced, but marked and
projected anew, as a whole and at the end of the pass:

| what                                                               | why                                           |
|--------------------------------------------------------------------|-----------------------------------------------|
| late events of an activity without a trail, or many (see `worth`)  | projecting once costs less                    |
| generations of what was made again, and usages of it               | its further phases change for whoever used it |
| what an alias has moved                                            | it was elsewhere before                       |
| parts begun or ended twice, or in several contexts, or ended first | which of them counts, all its starts say      |
| wasInformedBy                                                      | another activity has to have its fin          |
| what was said before, but for usages at the same time              | its position may have changed                 |
"""

from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec

from begat.graph_schema.law import Key, Node
from begat.graph_schema.projection import (
    FIN,
    GENERATION,
    NO_KEY,
    PART_END,
    PART_START,
    USE,
    Edge,
    Ended,
    Happening,
    Phase,
    Tail,
    advance,
    first_uses,
    follow,
    stale_fin,
    time_of,
)

RANKS: Final = (USE, PART_START, PART_END, GENERATION)
#: How many events of each rank are read at first after a late one, and how many times more each time that is too few.
FIRST_LOOK: Final = 6
MORE: Final = 4
#: From the how manieth time on a store keeps a trail of an activity that late events come to.
TRAIL_FROM: Final = 2
#: A late event put in costs about as much as this many projected anew.
DEARER: Final = 8

T = TypeVar("T")


class Last(NamedTuple):
    """Asks for the position of an activity's last event of a rank before a position."""

    node: Node
    rank: int
    before: Key


class Since(NamedTuple):
    """Asks for an activity's events of a rank from `start` on, in order, before `before` where that is not None."""

    node: Node
    rank: int
    start: Key
    before: Key | None
    many: int | None  # no more than these; None: all


class Trail(Protocol):
    """What a store keeps of the events of activities. Answers stand in the order of what was asked."""

    def last(self, asked: Sequence[Last]) -> Sequence[Key | None]:
        """None: there is no such event."""
        ...

    def since(self, asked: Sequence[Since]) -> Sequence[list[Happening]]:
        """The events, by position."""
        ...


Asked = list[Last | Since]
#: Work that asks a trail now and then: what it yields is answered all at once.
Work = Generator[Asked, list[Any], T]


class Late(NamedTuple):
    """What came to an activity of which a trail is kept: what is put in, what is taken out, and what stands after all
    that it had done before."""

    node: Node
    tail: Tail
    added: list[Happening]
    removed: list[Happening]
    after: list[Happening]


class Spliced(NamedTuple):
    """What late events change: edges to take away and to put, and where the projection stands now. `events`: all that
    count and have made the edges to put, and perhaps some more."""

    removed: set[Edge]
    added: set[Edge]
    tail: Tail
    events: list[Happening]


def worth(tail: Tail, events: Iterable[Happening]) -> bool:
    """Whether these events of an activity are put in; otherwise it is marked."""
    return tail.kept is not None and sum(e.at <= tail.last for e in events) * DEARER <= sum(tail.kept)


def late(node: Node, tail: Tail, events: Iterable[Happening], used: dict[tuple[Phase, Any], Key]) -> Late:
    """Sort out new events (in order) of an activity. `used`: when it first used what they use, in which context."""
    found = Late(node, tail, [], [], [])
    for e in first_uses(events):
        before = used.get((e.other, e.context)) if e.rank == USE else None
        if before is not None and before <= e.at:
            continue
        if before is not None:
            found.removed.append(e._replace(at=before, time=time_of(before)))
        (found.added if e.at <= tail.last else found.after).append(e)
    return found


def trailed(events: Iterable[Happening]) -> list[Happening]:
    """Those of the events that count which a trail holds: exact generations need none."""
    return [e for e in events if not e.exact]


def begin(tail: Tail, before: Tail | None, events: Iterable[Happening]) -> list[Happening]:
    """The trail of an activity that has been projected anew, with these events that count: nothing while it needs
    none. `before` is the tail it had."""
    tail.late = 0 if before is None else before.late
    if tail.late < TRAIL_FROM:
        return []
    kept = trailed(events)
    tail.kept = [sum(e.rank == rank for e in kept) for rank in RANKS]
    return kept


def splice(trail: Trail, activities: Sequence[Late]) -> list[Spliced]:
    """What late events change in the projections of these activities, in their order.

    Appends what stands after them too. Of each activity the trail has to hold what it had done before, and nothing of
    what has come now.
    """
    work = _together([_splice(a) for a in activities])
    try:
        asked = next(work)
        while True:
            asked = work.send(_answers(trail, asked))
    except StopIteration as done:
        spliced: list[Spliced] = done.value
        return spliced


def _answers(trail: Trail, asked: Asked) -> list[Any]:
    last = iter(trail.last([a for a in asked if isinstance(a, Last)]))
    since = iter(trail.since([a for a in asked if isinstance(a, Since)]))
    return [next(last) if isinstance(a, Last) else next(since) for a in asked]


def _together(works: Sequence[Work[T]]) -> Work[list[T]]:
    """Several works as one: what they ask at a time is asked together."""
    results: dict[int, T] = {}
    answers: dict[int, Any] = dict.fromkeys(range(len(works)))
    while answers:
        asked: dict[int, Asked] = {}
        for i, answer in answers.items():
            try:
                asked[i] = works[i].send(answer)
            except StopIteration as done:
                results[i] = done.value
        if not asked:
            break
        found = iter((yield [a for some in asked.values() for a in some]))
        answers = {i: [next(found) for _ in some] for i, some in asked.items()}
    return [results[i] for i in range(len(works))]


class _Span:
    """A stretch of an activity's events as they were: where the projection stood before `at`, and what came then."""

    def __init__(self, at: Key, tail: Tail) -> None:
        self.at = at
        self.tail = tail
        self.events: list[Happening] = []
        self.end: Key | None = at  # those before it are known; None: all
        self.many = FIRST_LOOK

    def ask(self, node: Node, ranks: list[int]) -> Asked:
        assert self.end is not None
        return [Since(node, rank, self.end, None, self.many) for rank in ranks]

    def learn(self, answers: list[list[Happening]]) -> None:
        """Take in what was asked. Of a rank with more events than that nothing is known from the last one on."""
        ends = [some[-1].at for some in answers if len(some) == self.many]
        self.end = min(ends, default=None)
        found = [e for some in answers for e in some if self.end is None or e.at < self.end]
        self.events += sorted(found, key=lambda e: (e.at, e.rank))
        self.many *= MORE


def _span(node: Node, ranks: list[int], at: Key) -> Work[_Span]:
    """Read where the projection stood before a position, and the first events from there on."""
    span = _Span(at, Tail())
    answers = yield [*(Last(node, rank, at) for rank in ranks), *span.ask(node, ranks)]
    span.learn(answers[len(ranks) :])
    span.tail = yield from _before(node, at, dict(zip(ranks, answers, strict=False)))
    return span


def _before(node: Node, at: Key, last: dict[int, Key | None]) -> Work[Tail]:
    """Where the projection stood before `at`, by the last event of each rank."""
    use, end, generation = (last.get(rank) for rank in (USE, PART_END, GENERATION))
    hung = _latest(last.get(PART_START), generation)
    tail = Tail(any_ended=end is not None)
    if hung is not None and use is not None and use > hung:
        tail.input = hung
    elif hung is not None:
        tail.hung = hung
        if use is not None:
            tail.input = _latest(*(yield [Last(node, rank, use) for rank in (PART_START, GENERATION)]))
    if end is not None and (generation is None or end > generation):
        unread = _Unread(node, NO_KEY if generation is None else _after(generation), at)
        tail.fresh = [Ended(unread, None, None)]
    if generation is not None and end is not None:
        ended, used = end, use
        if end > generation or (use is not None and use > generation):
            ended, used = yield [Last(node, rank, _after(generation)) for rank in (PART_END, USE)]
        if ended is not None:
            ((opened, *_),) = yield [Since(node, GENERATION, max(ended, used or ended), None, 1)]
            tail.output = opened.at
            tail.output_input = NO_KEY if use is not None and use > generation else tail.input
    return tail


def _latest(*keys: Key | None) -> Key | None:
    return max((k for k in keys if k is not None), default=None)


def _after(at: Key) -> Key:
    """The next position there could be."""
    return at[0], at[1], at[2] + 1


class _Unread(NamedTuple):
    """Stands for the parts that ended from `start` on and before `before`: most often nobody has to know which."""

    node: Node
    start: Key
    before: Key


def _ended(u: _Unread) -> Since:
    return Since(u.node, PART_END, u.start, u.before, None)


def _splice(a: Late) -> Work[Spliced]:
    tail = a.tail
    kept = list(tail.kept or ())
    ranks = [rank for rank in RANKS if kept[rank]]
    exact = [e for e in a.added if e.exact]
    changes = _Changes(trailed(a.added), a.removed)
    spans = yield from _together([_span(a.node, ranks, at) for at in changes.positions])
    while True:
        followed = _Followed(a.node, spans, changes)
        if not followed.short:
            break
        answers = iter((yield [ask for span in followed.short for ask in span.ask(a.node, ranks)]))
        for span in followed.short:
            span.learn([next(answers) for _ in ranks])
    again = {(e.other, e.context) for e in a.removed}  # the same edge at times, yet another event's
    same = {e for e in followed.old & followed.new if (e.target, e.context) in again} if again else set()
    removed, added = followed.old - followed.new | same, followed.new - followed.old | same
    added.update(follow(a.node, Tail(), exact))
    removed = yield from _read(removed)
    added = yield from _read(added)
    now = msgspec.structs.replace(tail, fresh=[*tail.fresh], kept=kept)
    if followed.final is not None:
        now.input, now.hung, now.output = followed.final.input, followed.final.hung, followed.final.output
        now.output_input, now.any_ended = followed.final.output_input, followed.final.any_ended
        now.fresh = yield from _read_ended(followed.final.fresh)
    for e in trailed([*a.added, *a.after]):
        kept[e.rank] += 1
    kept[USE] -= len(a.removed)
    added.update(advance(a.node, now, a.after))
    stale = stale_fin(a.node, (tail.has_fin, tail.fin), now)
    if stale is not None:
        removed.add(stale)
    return Spliced(removed, added, now, [*followed.events, *trailed(a.after)])


def _read(edges: set[Edge]) -> Work[set[Edge]]:
    """The edges with the parts that ended instead of what stands for them."""
    out = {e for e in edges if not isinstance(e.target.node, _Unread)}
    unread = [e for e in edges if isinstance(e.target.node, _Unread)]
    if unread:
        found = yield [_ended(e.target.node) for e in unread]
        for e, some in zip(unread, found, strict=True):
            out.update(Edge(e.source, Phase(p.other.node, FIN), p.context, p.time) for p in some)
    return out


def _read_ended(fresh: list[Ended]) -> Work[list[Ended]]:
    out: list[Ended] = []
    for ended in fresh:
        if isinstance(ended.part, _Unread):
            (found,) = yield [_ended(ended.part)]
            out += (Ended(p.other.node, p.context, p.time) for p in found)
        else:
            out.append(ended)
    return out


class _Changes:
    """Events put in and taken out, by position."""

    def __init__(self, added: list[Happening], removed: list[Happening]) -> None:
        self.added: dict[Key, list[Happening]] = {}
        self.removed = {_same(e) for e in removed}
        for e in added:
            self.added.setdefault(e.at, []).append(e)
        self.positions = sorted({*self.added, *(e.at for e in removed)})

    def applied(self, at: Key, old: list[Happening]) -> list[Happening]:
        """The events at a position as they are now."""
        kept = [e for e in old if _same(e) not in self.removed] if self.removed else old
        return sorted([*kept, *self.added.get(at, ())], key=lambda e: e.rank)


def _same(e: Happening) -> tuple[Key, int, Phase, Any]:
    return e.at, e.rank, e.other, e.context


class _Followed:
    """Events as they were and as they are now, followed side by side from each change until both stand the same.

    `old` and `new` are the edges on these ways, `events` those on the new one; `final` is where the new one ends if it
    went on to the activity's last event. `short` are the spans in which too little is known to go on.
    """

    def __init__(self, node: Node, spans: list[_Span], changes: _Changes) -> None:
        self.old: set[Edge] = set()
        self.new: set[Edge] = set()
        self.events: list[Happening] = []
        self.final: Tail | None = None
        self.short: list[_Span] = []
        self._node, self._spans, self._changes = node, spans, changes
        self._starts = [s.at for s in spans]
        self._ended = False
        i = 0
        while i < len(spans):
            i = self._follow(i)

    def _follow(self, i: int) -> int:
        """Follow from the i-th change on; returns which change is the next."""
        first, positions, tail = i, self._changes.positions, self._spans[i].tail
        old, new = (msgspec.structs.replace(tail, fresh=[*tail.fresh]) for _ in range(2))
        for at, events in self._groups(i):
            changed = i < len(positions) and positions[i] == at
            applied = self._changes.applied(at, events) if changed else events
            self.events += applied
            self.old.update(follow(self._node, old, events))
            self.new.update(follow(self._node, new, applied))
            i += changed
            if _stand(old) == _stand(new):
                return i
        if self._ended:
            self.final = new
        return max(i, first + 1)

    def _groups(self, i: int) -> Iterator[tuple[Key, list[Happening]]]:
        """The old events by position, from the i-th change on; none where there is nothing but a change."""
        span, k = self._spans[i], 0
        changes = iter([*self._changes.positions[i:], None])
        change = next(changes)
        while True:
            known = k < len(span.events)
            if change is not None and (span.events[k].at >= change if known else span.end is None or change < span.end):
                at = change
            elif known:
                at = span.events[k].at
            elif span.end is None:
                self._ended = True
                return
            else:
                onward = self._spans[bisect_right(self._starts, span.end) - 1]
                if onward.end is not None and onward.end <= span.end:
                    self.short.append(span)
                    return
                span, k = onward, bisect_left(onward.events, span.end, key=lambda e: e.at)
                continue
            group = k
            while k < len(span.events) and span.events[k].at == at:
                k += 1
            if at == change:
                change = next(changes)
            yield at, span.events[group:k]


def _stand(tail: Tail) -> tuple[Any, ...]:
    """All that what comes after depends on."""
    same_input = tail.output is not None and tail.output_input == tail.input
    return tail.input, tail.hung, tail.output, same_input, tail.any_ended, tail.fresh
