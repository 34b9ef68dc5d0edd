"""What two lists have in common: the right stretches, and work that does not explode where much repeats."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.queries.diff import alike as module
from begat.queries.diff.alike import alike

#: Lines of a file of 25 KB.
MANY: Final = 2500


class Word(str):
    """A text that counts how often it is looked up."""

    __slots__ = ()
    looked_up = 0

    def __hash__(self) -> int:
        Word.looked_up += 1
        return super().__hash__()


def common(a: Sequence[str], b: Sequence[str]) -> list[str]:
    """What is alike; that both hold it in that order, each place once, is checked on the way."""
    found: list[str] = []
    i = j = 0
    for x, y, size in alike(a, b, (a, b)):
        assert (x >= i, y >= j) == (True, True)
        assert a[x : x + size] == b[y : y + size]
        found += a[x : x + size]
        i, j = x + size, y + size
    assert (i, j) == (len(a), len(b))
    return found


@pytest.mark.parametrize("every", [2, 7, 100])
def test_where_much_repeats_each_line_is_looked_at_a_few_times(every: int) -> None:
    """Left to itself difflib goes through all lines for each stretch that it finds."""
    a, b = ([Word(f"{side} {n}" if n % every == 0 else "x = 1") for n in range(MANY)] for side in "ab")
    Word.looked_up = 0
    common(a, b)
    assert Word.looked_up < 200 * MANY


def test_what_is_known_to_be_the_same_is_found_where_all_looks_alike() -> None:
    a, b = ([f"{side} {n}" if n % 7 == 0 else "x = 1" for n in range(MANY)] for side in "ab")
    marks = [[n if word == "x = 1" else word for n, word in enumerate(of)] for of in (a, b)]
    assert sum(size for _, _, size in alike(a, b, (marks[0], marks[1]))) == a.count("x = 1")


def test_a_long_list_with_few_changes_is_cut_where_something_stands_once() -> None:
    a = [f"line {n}" if n % 2 else "" for n in range(20 * MANY)]
    b = [*a[:100], "new", *a[100:40_000], "newer", *a[40_001:]]
    assert common(a, b) == a[:40_000] + a[40_001:]


def test_marks_tell_apart_what_looks_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands once in these, but of some it is known which is which."""
    for bound in ("FEW_PAIRS", "MOST_PAIRS"):
        monkeypatch.setattr(module, bound, 0)
    a, b = "xyxyxx", "yxyyxy"
    assert list(alike(a, b, (a, b))) == [(6, 6, 0)]
    assert list(alike(a, b, (["x", "y", 3, "y", "x", "x"], ["y", "x", "y", "y", 3, "y"]))) == [
        (1, 3, 1), (2, 4, 2), (6, 6, 0),
    ]  # fmt: skip


LISTS = st.lists(st.sampled_from("abcdefgh"), max_size=12)


@given(a=LISTS, b=LISTS, bounds=st.sampled_from([(0, 0), (0, 4), (4, 16), (40_000, 1_000_000)]))
def test_any_two_lists(a: list[str], b: list[str], bounds: tuple[int, int]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        for name, bound in zip(("FEW_PAIRS", "MOST_PAIRS"), bounds, strict=True):
            patched.setattr(module, name, bound)
        found = common(a, b)
    if a == b:
        assert found == a
