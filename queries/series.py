"""Series of measures: their points, and these rolled up as of a time. Stores keep roll-ups of the present alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, Final, NamedTuple

from begat.queries.answer import shown
from begat.queries.expr import Var
from begat.queries.plan import N, Query, Rows, T

_POINT: Final = ("name", "labels", "at", "step", "value", "nan")
#: The points of the activities `ids`, each series in their order; of several of one time the last step is the last.
POINTS: Final = Query(
    (Rows("ids", "id"), N("x", id=Var("id")), T("point", "x", {c: c for c in _POINT})),
    {"id": Var("x"), **{c: Var(c) for c in _POINT}},
    ("id", "name", "labels", "at", "step", "value", "nan"),
)


class RollUp(NamedTuple):
    """What a store keeps of a series, as of a time. `least` and `greatest` of the finite values, None without any."""

    id: str
    name: str
    labels: str
    points: int
    last: float | None
    least: float | None
    greatest: float | None
    nan: int


def rolled_up(points: Iterable[Iterable[Any]]) -> Iterator[RollUp]:
    """The roll-ups of the rows of POINTS."""
    series: dict[tuple[str, str, str], list[tuple[float | None, int]]] = defaultdict(list)
    for id_, name, labels, _, _, value, nan in points:
        series[id_, name, labels or ""].append((value, nan))
    for key, held in series.items():
        finite = [v for v, _ in held if v is not None and isfinite(v)]
        least, greatest = min(finite, default=None), max(finite, default=None)
        yield RollUp(*key, len(held), held[-1][0], least, greatest, sum(nan for _, nan in held))


def point_value(value: float | None) -> float | str:
    """A point's value as answers tell it where there is no column `nan`: NaN, which stores hold as null, by name."""
    return "NaN" if value is None else shown(value, "number")
