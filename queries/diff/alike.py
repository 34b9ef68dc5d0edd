"""What two lists have in common, in an order that both have: exact where they are short, in bounded time where not.

difflib's work grows with the third power of a list in which much repeats. So only short stretches go to it as they are;
longer ones are cut where something stands once in both, and what is very long even then has only its ends in common.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

#: Up to so many pairs of places nothing is cut.
FEW_PAIRS: Final = 200 * 200
#: Up to so many difflib looks for what is alike; from 200 places on it leaves out what repeats much.
MOST_PAIRS: Final = 1000 * 1000

Key = Sequence[Hashable]
#: Where a common stretch begins in either list, and how long it is.
Block = tuple[int, int, int]


def alike(a: Key, b: Key, marks: tuple[Key, Key]) -> Iterator[Block]:
    """The common stretches of two lists, in their order; at last an empty one at both ends.

    `marks` are the same lists with more told of what is in them: equal ones are equal, and more of them stand once.
    """
    i = j = 0
    for x, y in (*(_once(*marks) if len(a) * len(b) > FEW_PAIRS else ()), (len(a), len(b))):
        yield from _between(a, b, (i, x), (j, y))
        i, j = x, y
    yield len(a), len(b), 0


def _between(a: Key, b: Key, of_a: tuple[int, int], of_b: tuple[int, int]) -> Iterator[Block]:
    """The common stretches of two slices: what they begin and end with, and what is alike between."""
    (i, i2), (j, j2) = of_a, of_b
    first = 0
    while i + first < i2 and j + first < j2 and a[i + first] == b[j + first]:
        first += 1
    last = 0
    while i2 - last > i + first and j2 - last > j + first and a[i2 - last - 1] == b[j2 - last - 1]:
        last += 1
    if first:
        yield i, j, first
    i, j = i + first, j + first
    x, y = a[i : i2 - last], b[j : j2 - last]
    if x and y and len(x) * len(y) <= MOST_PAIRS:
        for n, m, size in SequenceMatcher(None, x, y).get_matching_blocks():
            if size:
                yield i + n, j + m, size
    if last:
        yield i2 - last, j2 - last, last


def _once(a: Key, b: Key) -> Iterator[tuple[int, int]]:
    """Places of what stands once in both, of it the most that are in one order: the longest rising sequence."""
    of_a, of_b = Counter(a), Counter(b)
    place = {key: j for j, key in enumerate(b) if of_b[key] == 1}
    pairs = [(i, place[key]) for i, key in enumerate(a) if of_a[key] == 1 and key in place]
    ends: list[int] = []  # the least place in b that a rising sequence of each length ends at
    held: list[int] = []  # the pair that has it
    before: list[int | None] = []
    for n, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(held[length - 1] if length else None)
        ends[length : length + 1] = [j]
        held[length : length + 1] = [n]
    way: list[tuple[int, int]] = []
    at = held[-1] if held else None
    while at is not None:
        way.append(pairs[at])
        at = before[at]
    return reversed(way)
