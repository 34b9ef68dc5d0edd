"""The metric series of activities, thinned on the server where they are long."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Final

import msgspec

from begat.api.graphql.thin import LEAST, METHODS, Dot
from begat.api.graphql.things import At
from begat.graph_schema.errors import UsageError
from begat.queries.answer import iso, shown
from begat.queries.engine import run
from begat.queries.expr import Par, Var, op
from begat.queries.facts import readings
from begat.queries.plan import Query, W, When
from begat.queries.series import POINTS, point_value

#: Points that one field reads at most, of all activities together.
MOST: Final = 2_000_000
#: The same plan as for roll-ups as of a time, with only the series that are wanted.
_WANTED: Final = Query(
    (
        *POINTS.body,
        When("names", (W(op("in", Var("name"), Par("names"))),)),
        When("labels", (W(op("in", Var("labels"), Par("labels"))),)),
    ),
    POINTS.cols,
    POINTS.order,
)


class Point(msgspec.Struct, frozen=True):
    """A point as shown."""

    step: Any
    value: Any
    at: str | None


class Series(msgspec.Struct, frozen=True):
    """`count` points are known, of which `points` are shown: all, or those that `thinned` chose."""

    name: str
    labels: Any
    count: int
    thinned: str | None
    points: list[Point]


#: A point that is read: (at, step, value, whether it is no number).
Row = tuple[Any, ...]
Key = tuple[str, str, str]


def series(at: At, ids: Iterable[str], given: Mapping[str, Any]) -> dict[str, list[Series]]:
    """The series of activities by name and context. Raises UsageError where they have more points than are read."""
    found: dict[str, list[Series]] = defaultdict(list)
    most, method = thinning(given)
    for (of, name, context), points in held(at, ids, given).items():
        found[of].append(thinned(name, context, points, most, method))
    return found


def thinning(given: Mapping[str, Any]) -> tuple[int, str]:
    """To how many points, and by what. Raises UsageError for too few."""
    most: int = given["max"]
    if most < LEAST:
        raise UsageError(f"max is {most}: give a number of points from {LEAST}")
    return most, given["method"].value


def contexts(given: Mapping[str, Any]) -> list[str] | None:
    """The contexts that are asked for, as they may be stored; None: all."""
    labels = given.get("context")
    return None if labels is None else readings(labels)


def held(at: At, ids: Iterable[str], given: Mapping[str, Any]) -> dict[Key, list[Row]]:
    """The points of series by activity, name and context, in order; raises as `series`."""
    params = {"ids": sorted(set(ids)), "names": given.get("names"), "labels": contexts(given)}
    result = run(at.store, _WANTED, params, at.scope, MOST)
    if result.more:
        raise UsageError(f"series: more than {MOST:,} points: ask for fewer names or activities")
    found: dict[Key, list[Row]] = defaultdict(list)
    for of, name, context, *point in result.rows:
        found[of, name, context or ""].append(tuple(point))
    return found


def row_of(moment: int | None, step: Any, number: float | None) -> Row:
    """A point as one that is read."""
    is_none = number is None or number != number
    return (moment, step, None if is_none else number, int(is_none))


def fewer(points: list[Row], most: int, method: str) -> list[Row]:
    """At most so many of the points that are numbers."""
    dots = [
        Dot(float(i if step is None else step), value, i)
        for i, (_, step, value, _) in enumerate(points)
        if value is not None and isfinite(value)
    ]
    places = METHODS[method](dots, most) if len(dots) > most else [d.place for d in dots]
    return [points[p] for p in places]


def thinned(name: str, context: str, points: list[Row], most: int, method: str, count: int | None = None) -> Series:
    """Points in order as a series. What is no number is left out of a thinned one.

    `count`: how many there were, where these are only some of them.
    """
    count = len(points) if count is None else count
    shown_ = fewer(points, most, method) if len(points) > most else points
    return Series(
        name,
        msgspec.json.decode(context) if context else {},
        count,
        None if shown_ is points and count == len(points) else method,
        [
            Point(shown(step, "number"), point_value(value), None if when is None else iso(when))
            for when, step, value, _ in shown_
        ],
    )
