"""Series of fewer points that look the same: each answer says by what, and from how many.

LTTB is "largest triangle three buckets", after Sveinn Steinarsson, Downsampling Time Series for Visual Representation
(2013): the first and last point, and of each of so many buckets between them the point that makes the largest triangle
with the one taken before and the mean of the next bucket. MINMAX takes the least and the greatest of each bucket.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple


class Dot(NamedTuple):
    """A point to be thinned: where it lies and what it is; `place` is its place in the series."""

    x: float
    y: float
    place: int


def _buckets(dots: Sequence[Dot], many: int) -> list[Sequence[Dot]]:
    """All but the first and last dot in `many` parts of about the same size, none empty."""
    inner = len(dots) - 2
    bounds = [1 + i * inner // many for i in range(many + 1)]
    return [dots[a:b] for a, b in pairwise(bounds)]


def lttb(dots: Sequence[Dot], most: int) -> list[int]:
    """The places of `most` dots, in order."""
    buckets = _buckets(dots, most - 2)
    taken = [dots[0]]
    for bucket, after in zip(buckets, [*buckets[1:], dots[-1:]], strict=True):
        x = sum(d.x for d in after) / len(after)
        y = sum(d.y for d in after) / len(after)
        a = taken[-1]
        taken.append(max(bucket, key=lambda d: abs((a.x - x) * (d.y - a.y) - (a.x - d.x) * (y - a.y))))
    return [d.place for d in (*taken, dots[-1])]


def min_max(dots: Sequence[Dot], most: int) -> list[int]:
    """The places of at most `most` dots, in order."""
    places = {dots[0].place, dots[-1].place}
    for bucket in _buckets(dots, (most - 2) // 2):
        places |= {min(bucket, key=lambda d: d.y).place, max(bucket, key=lambda d: d.y).place}
    return sorted(places)


METHODS: Final[dict[str, Callable[[Sequence[Dot], int], list[int]]]] = {"LTTB": lttb, "MINMAX": min_max}
#: With fewer points there is no bucket.
LEAST: Final = 4
