"""Metric points in columns, and their roll-ups, kept in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import isfinite, isnan
from typing import Any, Final

from begat.graph_schema.fold import step_key
from begat.graph_schema.neo4j.long_ids import short
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.statements import Context, Point, Points, Position, Rollup, canonical

#: Points in one node at most: a list is read as a whole.
TOGETHER: Final = 10_000

PointRow = tuple[int, int, int | float | None, float, str | None]


class Series:
    """Folds a batch's points (with their contexts' numbers) into the series of one transaction, each once: the caller
    sees to it."""

    def __init__(self, tx: Transaction, points: Iterable[tuple[int, Points]]) -> None:
        self._tx = tx
        self._keyed = [(short(canonical([p.activity, ctx, p.name, p.labels])), ctx, p) for ctx, p in points]
        keys = sorted({k for k, _, _ in self._keyed})
        self._held = {p["key"]: p for (p,) in tx.many("series", "load", keys, of="keys")}

    def put(self, commit: int) -> None:
        """Write them."""
        rolled: dict[str, Row] = {}
        columns: list[Row] = []
        for key, ctx, p in self._keyed:
            roll = rolled.get(key)
            if roll is None:
                new = {"key": key, "ctx": ctx, "name": p.name, "labels": p.labels, "count": 0, "nan": 0, "infinite": 0}
                roll = rolled[key] = self._held.get(key, new)
            rolled[key]["activity"] = p.activity
            roll_in(roll, p)
            columns += ({"key": key, "p": {"commit": commit, **c}} for c in chunks(p))
        rows = [{"activity": r.pop("activity"), "p": r} for r in rolled.values()]
        self._tx.put("series", "put", rows)
        self._tx.put("series", "put_points", columns)


def chunks(p: Points) -> Iterator[Row]:
    """A series' points as columns: a list holds no nulls and one type, so points go by what they have."""
    sorts: dict[tuple[type, bool], list[PointRow]] = defaultdict(list)
    for row in p.rows:
        sorts[type(row[2]), row[4] is not None].append(row)
    for (step, with_section), rows in sorts.items():
        for i in range(0, len(rows), TOGETHER):
            times, seqs, steps, values, sections = zip(*rows[i : i + TOGETHER], strict=True)
            column: Row = {"w": p.writer, "t": list(times), "n": list(seqs), "value": [float(v) for v in values]}
            if step is not type(None):
                column["step"] = list(steps)
            if with_section:
                column["section"] = list(sections)
            yield column


def points_of(activity: str, context: Context, name: str, labels: str, p: Row) -> Iterator[Point]:
    """The points of a stored chunk."""
    many = len(p["t"])
    steps, sections = p.get("step") or [None] * many, p.get("section") or [None] * many
    for t, n, value, step, section in zip(p["t"], p["n"], p["value"], steps, sections, strict=True):
        yield Point(context, Position(t, p["w"], n), activity, name, value, labels, step, section)


def roll_in(roll: Row, p: Points) -> None:
    """Fold points into a roll-up as stored."""
    times, seqs, steps, values, _ = zip(*p.rows, strict=True)
    places = list(zip(times, seqs, strict=True))
    first, last = min(places), max(places)
    roll["count"] += len(values)
    if "first" not in roll or (first[0], p.writer, first[1]) < (roll["first_t"], roll["first_w"], roll["first_n"]):
        roll["first"] = values[places.index(first)]
        roll["first_t"], roll["first_w"], roll["first_n"] = first[0], p.writer, first[1]
    if "last" not in roll or (last[0], p.writer, last[1]) > (roll["last_t"], roll["last_w"], roll["last_n"]):
        at = places.index(last)
        roll["last"], roll["last_step"] = values[at], steps[at]
        roll["last_t"], roll["last_w"], roll["last_n"] = last[0], p.writer, last[1]
    if not isfinite(sum(values)):  # else all are, and nothing need be looked at twice
        finite = [(s, v) for s, v in zip(steps, values, strict=True) if isfinite(v)]
        nan = sum(map(isnan, values))
        roll["nan"] += nan
        roll["infinite"] += len(values) - len(finite) - nan
        steps, values = tuple(s for s, _ in finite), tuple(v for _, v in finite)
    for extreme, least, argument, sign in ((min, "min", "argmin", 1), (max, "max", "argmax", -1)):
        if values:
            _extreme(roll, extreme(values) + 0.0, steps, values, (least, argument), sign)


def _extreme(
    roll: Row, value: float, steps: tuple[Any, ...], values: tuple[float, ...], names: tuple[str, str], sign: int
) -> None:
    """Take in a least or greatest value (zero without a sign), and the first step that had it."""
    least, argument = names
    at = steps[values.index(value)]
    if values.count(value) > 1:
        at = min((s for s, v in zip(steps, values, strict=True) if v == value), key=step_key)
    held = roll.get(least)
    if held is None or (sign * value, step_key(at)) < (sign * held, step_key(roll.get(argument))):
        roll[least], roll[argument] = value, at


def rollup_of(activity: str, context: Context, p: Row) -> Rollup:
    """A stored roll-up as scan gives it."""
    ends = (p.get("min"), p.get("max"), p.get("argmin"), p.get("argmax"), p.get("last_step"))
    return Rollup(
        context, activity, p["name"], p["labels"], p["count"], p["nan"], p["infinite"], p["first"], p["last"], *ends
    )
