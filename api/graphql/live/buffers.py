"""What waits for one subscriber: bounded, so that who reads slowly holds up nobody.

What a run's changes tell comes in by `put` and goes out by `next`. What the store has already comes in by `begin`; what
was put before that waits, and is left out where the store told it too. All of it is of the loop's thread.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from begat.api.graphql.errors import TooSlow
from begat.api.graphql.live.happenings import Happening
from begat.api.graphql.series import Row, Series, fewer, row_of, thinned
from begat.graph_schema.errors import BegatError

#: Things that may wait for one subscriber.
MOST: Final = 50_000


class Buffer:
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

    def _taken(self) -> list[Any]:
        raise NotImplementedError


class OfRun(Buffer):
    """Of what happens in a run. `through`: up to which commit the store's own account goes for sure."""

    def __init__(self) -> None:
        super().__init__()
        self._early: list[tuple[int, list[Happening]]] | None = []
        self._count = 0
        self._through = self._perhaps = 0
        self._known: Counter[Any] = Counter()

    def put(self, commit: int, happened: list[Happening]) -> None:
        """What a commit tells."""
        if self._wrong is not None or self._over:
            return
        if self._early is not None:
            self._early.append((commit, happened))
            self._count += len(happened)
            if self._count > MOST:
                self._slow(self._count)
        else:
            self._add(self._new(commit, happened))
            self._news.set()

    def begin(self, through: int, perhaps: int, known: Iterable[Happening]) -> None:
        """The store has told all commits up to `through`, and of those up to `perhaps` what is in `known`."""
        early, self._early = self._early or [], None
        self._through, self._perhaps = through, perhaps
        self._known = Counter(h.key for h in known) if perhaps > through else Counter()
        for commit, happened in early:
            self._add(self._new(commit, happened))
        self._news.set()

    def _new(self, commit: int, happened: list[Happening]) -> list[Happening]:
        if commit <= self._through:
            return []
        if commit > self._perhaps:
            self._known.clear()
            return happened
        fresh = [h for h in happened if not self._known[h.key]]
        self._known.subtract(h.key for h in happened if self._known[h.key])
        return fresh

    def _add(self, happened: list[Happening]) -> None:
        raise NotImplementedError

    def _slow(self, waiting: int) -> None:
        self.fail(TooSlow(f"{waiting} things wait to be read, the limit is {MOST}: read faster, and subscribe again"))


class Happenings(OfRun):
    """Each thing that happens is a value."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[Happening] = []

    def first(self, happened: list[Happening]) -> None:
        """What the store has."""
        self._held[:0] = happened

    def _add(self, happened: list[Happening]) -> None:
        self._held += happened
        if len(self._held) > MOST:
            self._slow(len(self._held))

    def _taken(self) -> list[Any]:
        held, self._held = self._held, []
        return held


class Points(OfRun):
    """The points that have come are one value, a list of series: of who reads slowly they are thinned."""

    def __init__(self, given: Mapping[str, Any], labels: list[str] | None) -> None:
        super().__init__()
        self._names: list[str] | None = given.get("names")
        self._labels, self._most, self._method = labels, given["max"], given["method"].value
        self._first: list[Series] | None = None
        self._rows: dict[tuple[str, str], list[Row]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    def first(self, series: list[Series]) -> None:
        """What the store has: the first value, be it empty."""
        self._first = series
        self._news.set()

    def _add(self, happened: list[Happening]) -> None:
        for h in happened:
            if h.kind == "METRIC" and h.name is not None and self._wants(h.name, h.labels):
                key = (h.name, h.labels)
                self._counts[key] += 1
                held = self._rows.setdefault(key, [])
                held.append(row_of(h.moment, h.step, h.number))
                if len(held) > 4 * self._most:
                    self._rows[key] = fewer(held, self._most, self._method)

    def _wants(self, name: str, labels: str) -> bool:
        return (self._names is None or name in self._names) and (self._labels is None or labels in self._labels)

    def _taken(self) -> list[Any]:
        first, self._first = self._first, None
        if first is not None:
            return [first]
        if self._early is not None or not self._rows:
            return []
        rows, counts = self._rows, self._counts
        self._rows, self._counts = {}, Counter()
        return [
            [thinned(*key, held, self._most, self._method, counts[key]) for key, held in sorted(rows.items())]
        ]


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


