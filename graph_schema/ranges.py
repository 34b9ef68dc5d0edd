"""Sets of sequence numbers as sorted, disjoint, non-adjacent (first, last) pairs, both inclusive."""

from bisect import bisect_right
from collections.abc import Iterable

Pairs = list[tuple[int, int]]


def merge(pairs: Iterable[tuple[int, int]]) -> Pairs:
    """The union of any pairs."""
    out: Pairs = []
    for first, last in sorted(pairs):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return out


def holds(pairs: Pairs, n: int) -> bool:
    """Whether n is in the set."""
    i = bisect_right(pairs, (n, 1 << 62)) - 1
    return i >= 0 and pairs[i][0] <= n <= pairs[i][1]


def overlap(a: Pairs, b: Pairs) -> bool:
    """Whether two sets have a number in common."""
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i][1] < b[j][0]:
            i += 1
        elif b[j][1] < a[i][0]:
            j += 1
        else:
            return True
    return False


def without(a: Pairs, b: Pairs) -> Pairs:
    """What is in a and not in b."""
    out: Pairs = []
    for first, last in a:
        for from_, to in b:
            if first <= to and from_ <= last:
                if first < from_:
                    out.append((first, from_ - 1))
                first = to + 1
        if first <= last:
            out.append((first, last))
    return out
