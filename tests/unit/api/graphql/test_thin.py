"""Thinning: which points of a long series are shown."""

from math import sin

import pytest

from begat.api.graphql.thin import METHODS, Dot, lttb, min_max


def dots(*values: float) -> list[Dot]:
    return [Dot(float(i), v, i) for i, v in enumerate(values)]


def test_a_lonely_peak_is_kept_by_both() -> None:
    series = dots(*([0.0] * 50), 9.0, *([0.0] * 50))
    assert 50 in lttb(series, 10)
    assert 50 in min_max(series, 10)


def test_lttb_takes_the_largest_triangle_of_each_bucket() -> None:
    """By hand: buckets (1, 2, 3) and (4, 5, 6) between 0 and 7."""
    series = dots(0, 5, 1, 0, 0, 1, -5, 0)
    assert lttb(series, 4) == [0, 1, 6, 7]


def test_minmax_takes_the_least_and_the_greatest_of_each_bucket() -> None:
    assert min_max(dots(0, 5, 1, 0, 0, 1, -5, 0), 6) == [0, 1, 3, 5, 6, 7]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("most", [4, 5, 10, 99])
def test_there_are_no_more_than_asked_for_in_order_with_both_ends(method: str, most: int) -> None:
    series = dots(*(sin(i / 7) for i in range(100)))
    places = METHODS[method](series, most)
    assert len(places) <= most
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (0, 99)
