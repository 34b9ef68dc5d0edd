"""An axis: from values to pixels, and the round numbers that stand on it."""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

#: About how many numbers stand on an axis.
TICKS: Final = 5
ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
#: What is larger stands at the end of an axis: no float has room for the distance of the largest.
LARGEST: Final = 1e300


class Scale(NamedTuple):
    """Values from `first` to `last`, at pixels from `low` to `high`; `step` lies between two numbers on the axis."""

    first: float
    last: float
    low: float
    high: float
    step: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        inside = min(max(value, self.first), self.last)
        return self.low + (inside - self.first) / (self.last - self.first) * (self.high - self.low)

    def ticks(self) -> Iterator[tuple[str, float]]:
        """The numbers on the axis, as text, and their pixels."""
        start = math.ceil(self.first / self.step - 1e-9)
        for n in range(start, start + 4 * TICKS):
            value = n * self.step
            if not value <= self.last + self.step * 1e-9:
                return
            yield f"{value:.10g}", self.at(value)


def scale(values: Sequence[float], low: float, high: float, *, whole: bool = False) -> Scale:
    """A scale that holds all values, with a little room; `whole` numbers have no fractions on their axis."""
    first, last = (min(max(v, -LARGEST), LARGEST) for v in (min(values, default=0.0), max(values, default=1.0)))
    if last - first <= 1e-12 * max(abs(first), abs(last)) or last - first < 1 / LARGEST:
        room = max(abs(first) / 10, 1.0 if whole or abs(first) < 1e-9 else 0.0)
        first, last = first - room, last + room
    step = _round((last - first) / TICKS)
    if whole:
        return Scale(first, last, low, high, max(1.0, step if step >= TICKS else math.ceil(step)))
    return Scale(first - step / 4, last + step / 4, low, high, step)


def _round(step: float) -> float:
    """The next larger round number."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(r * power for r in (*ROUND, 20.0) if r * power >= step * (1 - 1e-9))
