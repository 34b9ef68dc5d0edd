"""What values mean: docs/reference/values.md, for the memory store and for what stores are given and give back."""

import math
import operator
from collections.abc import Callable, Iterable
from typing import Any, Final

#: Whole numbers up to this, either way, are exact as floats; the result of a calculation is whole below it.
EXACT: Final = 2**53
#: The largest integer that a store knows.
LARGEST: Final = 2**63 - 1

ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
COMPARISON: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def place(value: Any) -> tuple[bool, Any]:
    """Where a value that is not null stands in an order: numbers before texts, texts by code point."""
    return (isinstance(value, str), value)


def calculated(name: str, a: int | float, b: int | float) -> int | float | None:
    """a + b, a - b, a * b: whole where it is exact, else a float; None where it is no number."""
    rough = ARITHMETIC[name](float(a), float(b))
    if math.isnan(rough):
        return None
    result: int | float = ARITHMETIC[name](a, b) if abs(rough) < EXACT else rough
    return result + 0  # zero has no sign


def divided(a: int | float, b: int | float) -> float | None:
    """a / b, a float; None where it is no number."""
    if b == 0:
        return None
    result = float(a) / float(b)
    return None if math.isnan(result) else result + 0.0


def within(value: Any, among: Iterable[Any]) -> bool | None:
    """Whether a value is one of a list's; unknown where it is not, but the list holds null."""
    some = list(among)
    return True if value in [v for v in some if v is not None] else None if None in some else False


def alike(name: str, held: Any, wanted: Any) -> bool:
    """A comparison of two JSON values: only like with like, whole numbers as such, any others as floats."""
    if isinstance(held, bool) or isinstance(wanted, bool):
        if not (isinstance(held, bool) and isinstance(wanted, bool)):
            return False
    elif isinstance(held, int | float) and isinstance(wanted, int | float):
        if not all(isinstance(v, int) and -LARGEST - 1 <= v <= LARGEST for v in (held, wanted)):
            held, wanted = float(held), float(wanted)
    elif not (isinstance(held, str) and isinstance(wanted, str)):
        return False
    return COMPARISON[name](held, wanted)


def of_sort(sort: str, values: Iterable[Any]) -> list[Any]:
    """The texts, or the numbers as doubles, among JSON values."""
    if sort == "text":
        return [v for v in values if isinstance(v, str)]
    return [float(v) + 0.0 for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def first_whole(values: Iterable[Any]) -> int | None:
    """The first of some JSON values, if it is a whole number of 64 bits."""
    first = next(iter(values), None)
    fits = isinstance(first, int) and not isinstance(first, bool) and abs(first) <= LARGEST
    return first if fits else None


def aggregate(name: str, values: Iterable[Any]) -> Any:
    """A plan's aggregate of values; see plan.Agg."""
    held = sorted((v for v in values if v is not None), key=place)
    distinct = tuple(dict.fromkeys(held))
    match name:
        case "count":
            return len(distinct)
        case "collect":
            return distinct
        case "sum":
            return sum(held)
        case _ if not held:
            return None
        case "avg":
            return divided(sum(held), len(held))
        case _:
            places = {"min": 1, "max": len(held), "median": (len(held) + 1) // 2, "p95": (95 * len(held) + 99) // 100}
            return held[places[name] - 1]


def whole(step: int | float | None) -> int | float | None:
    """A step as shown: 1.0 is 1."""
    return int(step) if isinstance(step, float) and abs(step) <= EXACT and step == int(step) else step
