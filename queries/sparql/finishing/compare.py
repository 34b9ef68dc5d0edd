"""Two things, or the two best models of an experiment, beside each other: see questions/compare.py, which tells what of
their details differs."""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, Final

from begat.graph_schema.fold import number_in
from begat.graph_schema.statements import canonical
from begat.graph_schema.terms import SECTION_TYPE, subtypes
from begat.queries.measures import derived
from begat.queries.paging import ordered
from begat.queries.question import Row, Rows
from begat.queries.questions import compare
from begat.queries.sparql.finishing.lineage import ACTIVITY
from begat.queries.sparql.finishing.points import points
from begat.queries.sparql.finishing.told import Finished, Told, attributes, grouped, things

#: By whom a row of details is.
_OF: Final = "of"
_USED: Final = frozenset(t for name in ("Dataset", "Model", "Code", "Environment") for t in subtypes(name))
#: Of a series the last point first.
_LATEST: Final = ("-at", "-step", "value", "nan")

Details = dict[tuple[Any, ...], Rows]


def finish(told: Told) -> Finished:
    """What stands for both sides, with its details, and what of these differs. Raises NotFound, UsageError."""
    details = {name: grouped([*rows(told)], _OF) for name, rows in _DETAILS.items()}
    known = things(told.rows["compared_parts"])
    around = grouped(told.rows["compared_parts"], "given")
    rows = [
        {**side, "id": part, **{name: of.get((part,), []) for name, of in details.items()}}
        for side in _sides(told, known, details["evaluations"])
        for part in _parts(side["given"], {r["id"] for r in around.get((side["given"],), ())}, known)
    ]
    return Finished(compare.finish(rows))


def _parts(given: str, around: set[str], known: Mapping[str, Row]) -> Iterator[str]:
    """A model stands for its training and itself, a training for itself and the models it made; no section does."""
    made = known[given]["kind"] == ACTIVITY if given in known else False
    for part in sorted(around):
        types, acts = known[part]["types"], known[part]["kind"] == ACTIVITY
        model = "Model" in types and "Checkpoint" not in types
        if part == given or (model if made else acts and SECTION_TYPE not in types):
            yield part


def _sides(told: Told, known: Mapping[str, Row], evaluations: Details) -> Rows:
    """The thing and the other, else the two best models, the best first."""
    values = told.values
    if values["other"] is not None:
        return [{"given": values[name], "side": side} for side, name in enumerate(("thing", "other"))]
    how = derived({**values})
    measured_by = grouped([*points(told.rows["compared_points"])], _OF)
    least: dict[str, float] = {}
    for r in told.rows["compared_models"]:
        evaluated = [number_in(v["value"]) for v in evaluations.get((r["model"],), ()) if _meant(v, values, how)]
        measured = [v["value"] for v in measured_by.get((r["training"],), ()) if _meant(v, values, how)]
        scores = [v for v in evaluated if v is not None] or [v for v in measured if v is not None and isfinite(v)]
        if scores:
            worth = min(-v if how["greatest"] else v for v in scores)
            least[r["model"]] = min(worth, least.get(r["model"], worth))
    best = sorted(least, key=lambda model: (least[model], model))[:2]
    return [
        {
            "given": model, "side": None, "given_name": known[model]["name"], "measure": values["measure"],
            "value": -least[model] if how["greatest"] else least[model],
        }
        for model in best
    ]  # fmt: skip


def _meant(score: Row, values: Mapping[str, Any], how: Mapping[str, Any]) -> bool:
    """Whether it is of the measure and split asked for."""
    split = how["words"]
    return score["name"] == values["measure"] and (split is None or not set(split).isdisjoint(score["splits"]))


def _settings(told: Told) -> Iterator[Row]:
    yield from told.rows["compared_settings"]


def _used(told: Told) -> Iterator[Row]:
    for (of, id_, role), rows in grouped(told.rows["compared_used"], _OF, "id", "role").items():
        thing = things(rows)[id_]
        if not _USED.isdisjoint(thing["types"]):
            attrs = canonical(attributes(rows))
            yield {"of": of, "id": id_, "role": role, "name": thing["name"], "type": thing["type"], "attrs": attrs}


def _series(told: Told) -> Iterator[Row]:
    for series in grouped([*points(told.rows["compared_points"])], _OF, "name", "labels").values():
        yield ordered(series, _LATEST)[0]


def _evaluations(told: Told) -> Iterator[Row]:
    for (of, _, on), rows in grouped(told.rows["compared_evaluations"], _OF, "id", "on").items():
        attrs, first = attributes(rows), rows[0]
        yield {
            "of": of, "name": first["name"], "value": first["value"], "on": on, "attrs": canonical(attrs),
            "splits": attrs.get("split", []),
        }  # fmt: skip


_DETAILS: Final[Mapping[str, Callable[[Told], Iterator[Row]]]] = {
    "settings": _settings,
    "used": _used,
    "series": _series,
    "evaluations": _evaluations,
}
