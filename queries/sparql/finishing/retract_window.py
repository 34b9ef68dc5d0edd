"""What has values of a thing of the world of some time: see questions/retract_window.py."""

from collections.abc import Iterator
from typing import Final

from begat.graph_schema.terms import subtypes
from begat.queries.question import Row
from begat.queries.questions.retract_window import AFFECTED
from begat.queries.reach import reach
from begat.queries.sparql.finishing.lineage import after
from begat.queries.sparql.finishing.told import Finished, Told, generations, things
from begat.queries.windows import SINCE, UNTIL

_DATA: Final = frozenset(subtypes("Dataset"))
_AFFECTED: Final = frozenset(t for name in AFFECTED for t in subtypes(name))


def finish(told: Told) -> Finished:
    """The data about it, and what they are behind. What was made without that time is neither, and no way on."""
    known = things(told.rows["things_after_data"])
    left_out = {r["id"] for r in told.rows["made_without"] if _leaves_out(r, told)}
    about = {r["id"] for r in told.rows["data_about"] if _overlaps(r, told)} - left_out
    data = {id_ for id_ in about if not _DATA.isdisjoint(known[id_]["types"])}
    edges = [e for e in told.rows["edges_after_data"] if left_out.isdisjoint((e["from_thing"], e["to_thing"]))]
    found = reach(after(edges, data, known, generations(told.rows["things_after_data"]))).found
    derived = {id_ for id_ in found if not _AFFECTED.isdisjoint(known[id_]["types"])}
    return Finished([*_rows(data, "about", known), *_rows(derived - data, "derived", known)])


def _rows(ids: set[str], how: str, known: dict[str, Row]) -> Iterator[Row]:
    return ({**known[id_], "how": how} for id_ in ids)


def _leaves_out(left: Row, told: Told) -> bool:
    """Whether all of the time asked for lies in the time that was left out."""
    since, until = told.values[SINCE], told.values[UNTIL]
    begin, end = left["begin"], left["end"]
    begins = begin is None or (since is not None and begin <= since)
    return begins and (end is None or (until is not None and end >= until))


def _overlaps(data: Row, told: Told) -> bool:
    """Whether data have values of some of the time asked for; a window that ends as it begins has none."""
    ends = [(data["begin"], data["end"]), (told.values[SINCE], told.values[UNTIL])]
    return all(a is None or b is None or a < b for a, _ in ends for _, b in ends)
