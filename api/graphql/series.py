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


def series(at: At, ids: Iterable[str], given: Mapping[str, Any]) -> dict[str, list[Series]]:
    """The series of activities by name and context. Raises UsageError where they have more points than are read."""
    labels = given.get("context")
    params = {
        "ids": sorted(set(ids)),
        "names": given.get("names"),
        "labels": None if labels is None else readings(labels),
    }
    most, method = given["max"], given["method"].value
    if most < LEAST:
        raise UsageError(f"max is {most}: give a number of points from {LEAST}")
    result = run(at.store, _WANTED, params, at.scope, MOST)
    if result.more:
        raise UsageError(f"series: more than {MOST:,} points: ask for fewer names or activities")
    held: dict[tuple[str, str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for of, name, context, *point in result.rows:
        held[of, name, context or ""].append(tuple(point))
    found: dict[str, list[Series]] = defaultdict(list)
    for (of, name, context), points in held.items():
        found[of].append(_thinned(name, context, points, most, method))
    return found


def _thinned(name: str, context: str, points: list[tuple[Any, ...]], most: int, method: str) -> Series:
    """`points` are (at, step, value, nan), in order. What is no number is left out of a thinned answer."""
    shown_, by = points, None
    if len(points) > most:
        dots = [
            Dot(float(i if step is None else step), value, i)
            for i, (_, step, value, _) in enumerate(points)
            if value is not None and isfinite(value)
        ]
        places = METHODS[method](dots, most) if len(dots) > most else [d.place for d in dots]
        shown_, by = [points[p] for p in places], method
    return Series(
        name,
        msgspec.json.decode(context) if context else {},
        len(points),
        by,
        [
            Point(shown(step, "number"), point_value(value), None if when is None else iso(when))
            for when, step, value, _ in shown_
        ],
    )
