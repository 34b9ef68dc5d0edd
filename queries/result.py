"""What running a plan gives, and its parameters as a store takes them."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from begat.queries.expr import Const, Expr, Par
from begat.queries.values import LARGEST

Row = tuple[Any, ...]


class Result(msgspec.Struct):
    """Rows in order, whether something lies deeper than was asked for, and whether there are more rows."""

    rows: list[Row]
    deeper: bool = False
    more: bool = False

    @property
    def truncated(self) -> bool:
        """Whether a limit on rows or depth left something out."""
        return self.deeper or self.more


def storable(value: Any) -> Any:
    """A parameter as stores take it: text in UTF-8, written as the hooks write names that are not; 64 bits, no NaN."""
    match value:
        case list() | tuple():
            return [storable(v) for v in value]
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case int() if not -LARGEST <= value <= LARGEST:
            return math.inf if value > 0 else -math.inf
        case float():
            return None if math.isnan(value) else value + 0.0  # zero has no sign
        case _:
            return value


def constant(e: Expr, bound: Mapping[str, Any]) -> Any:
    """The value of a parameter or constant."""
    match e:
        case Par(name):
            return bound[name]
        case Const(value):
            return value
        case _:
            raise TypeError(f"{e!r} is neither a parameter nor a constant")
