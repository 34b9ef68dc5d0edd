"""The trainings at work, by what is recorded, with the last point of a measure: see questions/running_now.py."""

from typing import Final

from begat.queries.paging import ordered
from begat.queries.question import Row
from begat.queries.questions import running_now
from begat.queries.sparql.finishing.points import points
from begat.queries.sparql.finishing.told import Finished, Told, grouped, things

#: In what order details come.
_AROUND: Final = {"experiments": ("name", "id"), "machines": ("name", "id"), "jobs": ("-started", "id")}
#: Of all points the last one first.
_LATEST: Final = ("-at", "-step", "-context")


def finish(told: Told) -> Finished:
    """A training each; nulls where it has not measured."""
    around = grouped(told.rows["at_work_around"], "of", "how")
    measured = grouped([_point(p) for p in points(told.rows["at_work_points"])], "of")
    return Finished(running_now.finish([
        {
            **training,
            "last": ordered(measured.get((id_,), []), _LATEST)[:1],
            **{how: ordered(around.get((id_, how), []), order) for how, order in _AROUND.items()},
        }
        for id_, training in things(told.rows["at_work"]).items()
    ]))  # fmt: skip


def _point(point: Row) -> Row:
    return {"context": point["labels"], **{c: point[c] for c in ("of", "step", "value", "nan", "at")}}
