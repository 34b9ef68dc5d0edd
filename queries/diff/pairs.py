"""Which of one side belongs to which of the other: equal ones first, then those of one name."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
Pair = tuple[T | None, T | None]


def one(pair: Pair[T]) -> T:
    """The second of a pair where it is, else the first."""
    found = pair[1] if pair[1] is not None else pair[0]
    assert found is not None
    return found


def pairs(a: Iterable[T], b: Iterable[T], *alike: Callable[[T], Hashable]) -> Iterator[Pair[T]]:
    """Pairs by the first of `alike` that agrees (None agrees with nothing), in order; then what has no counterpart."""
    left, right = list(a), list(b)
    for key in alike:
        left, right, found = _paired(left, right, key)
        yield from found
    yield from ((x, None) for x in left)
    yield from ((None, y) for y in right)


def _paired(
    left: Sequence[T], right: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[list[T], list[T], list[Pair[T]]]:
    waiting: dict[Hashable, list[T]] = {}
    for y in right:
        waiting.setdefault(key(y), []).append(y)
    alone: list[T] = []
    found: list[Pair[T]] = []
    taken: set[int] = set()
    for x in left:
        others = waiting.get(key(x)) if key(x) is not None else None
        if others:
            y = others.pop(0)
            taken.add(id(y))
            found.append((x, y))
        else:
            alone.append(x)
    return alone, [y for y in right if id(y) not in taken], found
