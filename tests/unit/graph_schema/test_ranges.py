"""Sets of sequence numbers as pairs, against Python's sets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from begat.graph_schema.ranges import holds, merge, overlap, without

pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)).map(lambda p: (p[0], p[0] + p[1])), max_size=8)


def members(ranges: list[tuple[int, int]]) -> set[int]:
    return {n for first, last in ranges for n in range(first, last + 1)}


@given(pairs)
def test_merge_is_the_union_in_fewest_pairs(some: list[tuple[int, int]]) -> None:
    merged = merge(some)
    assert members(merged) == members(some)
    assert all(a[1] + 1 < b[0] for a, b in pairwise(merged))
    assert merge(merged) == merged


@given(pairs, st.integers(-1, 40))
def test_holds_says_what_is_in(some: list[tuple[int, int]], n: int) -> None:
    assert holds(merge(some), n) == (n in members(some))


@given(pairs, pairs)
def test_overlap_says_whether_anything_is_in_both(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    assert overlap(merge(some), merge(others)) == bool(members(some) & members(others))


@given(pairs, pairs)
def test_without_is_the_difference(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    left = without(merge(some), merge(others))
    assert members(left) == members(some) - members(others)
    assert all(first <= last for first, last in left)


def test_neighbours_become_one() -> None:
    assert merge([(4, 5), (1, 3)]) == [(1, 5)]
    assert merge([(1, 2), (4, 5)]) == [(1, 2), (4, 5)]
    assert merge([]) == []
