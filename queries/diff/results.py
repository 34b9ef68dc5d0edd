"""What came out: content, evaluations, measures, status; how long it took is told, and is no difference."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec

from begat.queries.diff import plans
from begat.queries.diff.data import UNKNOWN
from begat.queries.diff.environment import single
from begat.queries.diff.facts import Asked, Attributes, decoded, merge
from begat.queries.diff.row import Row, row
from begat.queries.diff.settings import value
from begat.queries.diff.side import Side
from begat.queries.series import POINTS, RollUp, point_value, rolled_up
from begat.queries.status import statuses

#: Of a series' roll-up, what is compared.
MEASURES: Final[dict[str, Callable[[RollUp], Any]]] = {
    "last": lambda r: point_value(r.last), "least": lambda r: r.least, "greatest": lambda r: r.greatest,
    "NaN points": lambda r: r.nan,
}  # fmt: skip
#: Attributes of a version that say where it is and when it was seen, not what it is.
PLACE: Final = frozenset(("digest", "path", "uri", "mtime", "inode"))
OTHER_DATA: Final = "on another version of that data"
UNITS: Final = {"size": "B"}


def results(a: Side, b: Side, asked: Asked) -> Iterator[Row]:
    """The things' own content, their evaluations, what the runs measured, how these ended."""
    if a.fact.kind != "Activity":
        yield from _content(a, b)
    yield from _evaluations(a, b, asked)
    roots = [s.root for s in (a, b) if s.root is not None]
    yield from _series(a, b, asked, roots)
    yield from _ends(a, b, asked, roots)


def _content(a: Side, b: Side) -> Iterator[Row]:
    x, y = a.fact, b.fact
    told = [f.digest for f in (x, y)]
    if not set(a.keys.get(x.id, ())) & set(b.keys.get(y.id, ())):
        yield row("results", "content", [t or UNKNOWN for t in told], (x.id, y.id))
    for key in sorted((x.attributes.keys() | y.attributes.keys()) - PLACE):
        pair = [single(f.attributes.get(key, [])) for f in (x, y)]
        if _text(pair[0]) != _text(pair[1]):
            yield row("results", key, pair, (x.id, y.id), unit=UNITS.get(key))


class _Evaluated(msgspec.Struct):
    """An evaluation: JSON text of its value, the version it was made on, and its attributes by bundle."""

    id: str
    name: str | None
    value: str | None
    at: int
    attributes: Attributes
    data: set[str]
    data_names: set[str]

    @property
    def label(self) -> str:
        about = [f"{k}={single(v)}" for k, v in sorted(self.attributes.items())]
        return " ".join([self.name or "evaluation", *about, *(f"on {n}" for n in sorted(self.data_names))])


def _evaluations(a: Side, b: Side, asked: Asked) -> Iterator[Row]:
    found: dict[str, dict[str, _Evaluated]] = {}
    for r in asked.rows(plans.EVALUATIONS, (a.thing, b.thing)):
        data = decoded(r["about_data"]).get("digest") or ([r["data"]] if r["data"] else [])
        told = found.setdefault(r["id"], {}).setdefault(
            r["evaluation"], _Evaluated(r["evaluation"], r["name"], r["value"], r["at"] or 0, {}, set(), set())
        )
        told.data.update(map(str, data))
        if r["data_name"]:
            told.data_names.add(r["data_name"])
        merge(told.attributes, r["attrs"])
    of_a, of_b = (_by_label(found.get(side.thing, {})) for side in (a, b))
    for label in sorted(of_a.keys() | of_b.keys()):
        x, y = of_a.get(label, []), of_b.get(label, [])
        data_x, data_y = ({d for e in of for d in e.data} for of in (x, y))
        other = bool(x and y) and data_x != data_y
        values = [[e.value or "null" for e in of] for of in (x, y)]
        if values[0] != values[1] or other:
            yield row(
                "results", label, [value(v) if v else None for v in values],
                (x[-1].id if x else None, y[-1].id if y else None), there=(bool(x), bool(y)),
                detail=OTHER_DATA if other else None,
            )  # fmt: skip


def _by_label(found: dict[str, _Evaluated]) -> dict[str, list[_Evaluated]]:
    """Evaluations of one name and kind in the order of time."""
    told: dict[str, list[_Evaluated]] = {}
    for e in sorted(found.values(), key=lambda e: (e.at, e.id)):
        told.setdefault(e.label, []).append(e)
    return told


def _series(a: Side, b: Side, asked: Asked, roots: list[str]) -> Iterator[Row]:
    found: dict[str, dict[tuple[str, str], RollUp]] = {}
    for r in _roll_ups(asked, roots):
        found.setdefault(r.id, {})[r.name, r.labels or ""] = r
    of_a, of_b = (found.get(side.root or "", {}) for side in (a, b))
    for name, labels in sorted(of_a.keys() | of_b.keys()):
        x, y = of_a.get((name, labels)), of_b.get((name, labels))
        context = [f"{k}={v}" for k, v in decoded(labels).items()]
        for words, measure in MEASURES.items():
            values = [None if of is None else measure(of) for of in (x, y)]
            if values[0] != values[1]:
                full = f"{' '.join([name, *context])}, {words}"
                yield row("results", full, values, (a.root, b.root), there=(x is not None, y is not None))


def _roll_ups(asked: Asked, roots: list[str]) -> Iterable[RollUp]:
    if asked.scope.as_of is not None:
        return rolled_up(r.values() for r in asked.rows(POINTS, roots))
    return (
        RollUp(*(r[c] for c in ("id", "name", "labels", "count", "last", "min", "max", "nan")))
        for r in asked.rows(plans.SERIES, roots)
    )


def _ends(a: Side, b: Side, asked: Asked, roots: list[str]) -> Iterator[Row]:
    if a.root == b.root:
        return
    found = statuses(asked.store, asked.scope, roots)
    told = [found.get(side.root or "") for side in (a, b)]
    if told[0] != told[1]:
        yield row("results", "status", told, (a.root, b.root))
    took = [_seconds(side) for side in (a, b)]
    if took[0] != took[1]:
        yield row("results", "duration", took, (a.root, b.root), noted=True, unit="s")


def _seconds(side: Side) -> float | None:
    fact = side.known.facts.get(side.root or "")
    if fact is None or fact.started is None or fact.ended is None:
        return None
    return (fact.ended - fact.started) / 1_000_000


def _text(x: Any) -> str:
    return msgspec.json.encode(x, order="sorted").decode()
