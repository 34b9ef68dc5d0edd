"""What waits for one subscriber: bounded, so that who reads slowly holds up nobody.

What a run's changes tell comes in by `put` and goes out by `next`. What the store has already comes in by `begin`; what
was put before that waits, and is left out where the store told it too. All of it is of the loop's thread.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from begat.api.graphql.errors import TooSlow
from begat.api.graphql.live.happenings import BySeries, Happening, by_series
from begat.api.graphql.series import Row
from begat.graph_schema.errors import BegatError

#: Things that may wait for one subscriber.
MOST: Final = 50_000
#: Points of one series: of more every other one is left out.
MOST_POINTS: Final = 20_000


class Waited(NamedTuple):
    """Points of a series that have waited, so `many` of which some are left."""

    name: str
    labels: str
    rows: list[Row]
    many: int


class Buffer(ABC):
    """What all have: an end, a failure, and somebody who waits."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._wrong: BegatError | None = None
        self._over = False

    def finish(self) -> None:
        """Nothing comes after what is here."""
        self._over = True
        self._news.set()

    def fail(self, wrong: BegatError) -> None:
        """Nothing more comes, for this reason."""
        self._wrong = self._wrong or wrong
        self._news.set()

    async def next(self) -> list[Any]:
        """The values that have come, awaited; empty at the end. Raises what it failed with."""
        while True:
            if self._wrong is not None:
                raise self._wrong
            values = self._taken()
            if values or self._over:
                return values
            self._news.clear()
            await self._news.wait()

    @abstractmethod
    def _taken(self) -> list[Any]: ...


class OfRun(Buffer):
    """Of what happens in a run. `through`: up to which commit the store's own account goes for sure."""

    def __init__(self) -> None:
        super().__init__()
        self._early: list[tuple[int, list[Happening], BySeries]] | None = []
        self._count = 0
        self._through = self._perhaps = 0
        self._known: Counter[Any] = Counter()

    def put(self, commit: int, happened: list[Happening], points: BySeries) -> None:
        """What a commit tells, and the points among it by series."""
        if self._wrong is not None or self._over:
            return
        if self._early is not None:
            self._early.append((commit, happened, points))
            self._count += len(happened)
            if self._count > MOST:
                self._slow(self._count)
        else:
            self._new(commit, happened, points)
            self._news.set()

    def begin(self, through: int, perhaps: int, known: Iterable[Happening]) -> None:
        """The store has told all commits up to `through`, and of those up to `perhaps` what is in `known`."""
        early, self._early = self._early or [], None
        self._through, self._perhaps = through, perhaps
        self._known = Counter(h.key for h in known) if perhaps > through else Counter()
        for told in early:
            self._new(*told)
        self._news.set()

    def _new(self, commit: int, happened: list[Happening], points: BySeries) -> None:
        """Add what the store has not told."""
        if commit > self._perhaps:
            self._known.clear()
            self._add(happened, points)
        elif commit > self._through:
            fresh = [h for h in happened if not self._known[h.key]]
            self._known.subtract(h.key for h in happened if self._known[h.key])
            self._add(fresh, by_series(fresh))

    @abstractmethod
    def _add(self, happened: list[Happening], points: BySeries) -> None: ...

    def _slow(self, waiting: int) -> None:
        self.fail(TooSlow(f"{waiting} things wait to be read, the limit is {MOST}: read faster, and subscribe again"))


class Happenings(OfRun):
    """Each thing that happens is a value."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[Happening] = []

    def _add(self, happened: list[Happening], points: BySeries) -> None:
        self._held += happened
        if len(self._held) > MOST:
            self._slow(len(self._held))

    def _taken(self) -> list[Any]:
        held, self._held = self._held, []
        return held


class Points(OfRun):
    """The points that have come are one value, by series: of who reads slowly there are fewer."""

    def __init__(self, names: list[str] | None, labels: list[str] | None) -> None:
        super().__init__()
        self._names, self._labels = names, labels
        self._rows: BySeries = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    def _add(self, happened: list[Happening], points: BySeries) -> None:
        for key, rows in points.items():
            if self._wants(*key):
                self._counts[key] += len(rows)
                held = self._rows.setdefault(key, [])
                held += rows
                while len(held) > MOST_POINTS:
                    del held[::2]

    def _wants(self, name: str, labels: str) -> bool:
        return (self._names is None or name in self._names) and (self._labels is None or labels in self._labels)

    def _taken(self) -> list[Any]:
        if self._early is not None or not self._rows:
            return []
        rows, counts = self._rows, self._counts
        self._rows, self._counts = {}, Counter()
        return [[Waited(*key, held, counts[key]) for key, held in sorted(rows.items())]]


class Latest(Buffer):
    """Only the last value counts."""

    def __init__(self) -> None:
        super().__init__()
        self._held: Any = None

    def put(self, value: Any) -> None:
        """A value that stands instead of one that was not read."""
        self._held = value
        self._news.set()

    def _taken(self) -> list[Any]:
        held, self._held = self._held, None
        return [] if held is None else [held]


