"""What hangs on a thing at its least depth, and on the data that has it as a feature: see questions/impact.py."""

from collections.abc import Iterator
from typing import Any, Final

from begat.queries.paging import ordered
from begat.queries.question import Row, Rows
from begat.queries.reach import Step, reach
from begat.queries.sparql.finishing.lineage import after
from begat.queries.sparql.finishing.told import Finished, Told, generations, things
from begat.queries.windows import SINCE, UNTIL, WINDOWED, checked

#: A thing at its depth, and the node before.
Way = tuple[str, dict[str, Any]]
_NEAREST: Final = ("depth", "via")
_NO_DEPTH: Final[Row] = {"depth": None, "via": None}
#: From when on something counts that comes of a use: the use, or an end. What was informed counts at any time.
_COUNTS_FROM: Final = {"made": "used_at", "part": "used_at", "whole": "ended_at"}


def finish(told: Told) -> Finished:
    """Of several ways the nearest one. With a window what came of uses in it."""
    graph = _After(told)
    start, values = told.values["thing"], told.values
    found = reach(graph.steps({start}), values["depth"])
    ways: list[Way] = [(id_, {"depth": r.depth, "via": min(r.vias)}) for id_, r in found.found.items()]
    is_feature = start in graph.known and "Feature" in graph.known[start]["types"]
    if checked({**values})[WINDOWED]:
        uses = [*_uses(told)]
        # Points of series are made as well, and nothing hangs on them.
        first = {r["first"] for r in uses if _came_of_it(r) and r["first"] in graph.known}
        used = {r["user"] for r in uses} | graph.came_of(first)
        ways = [way for way in ways if way[0] in used] + [(id_, _NO_DEPTH) for id_ in used if is_feature]
    elif is_feature:
        data = {r["id"] for r in told.rows["things_after"] if r["featured"]}
        ways += [(id_, {"depth": 1, "via": start}) for id_ in data]
        ways += [(id_, _NO_DEPTH) for id_ in graph.came_of(data) - data]
    by_thing: dict[str, Rows] = {}
    for id_, way in ways:
        by_thing.setdefault(id_, []).append(way)
    rows = [{**graph.known[id_], **ordered(of, _NEAREST)[0]} for id_, of in by_thing.items()]
    return Finished(rows, found.truncated)


class _After:
    """What hangs on things by lineage."""

    def __init__(self, told: Told) -> None:
        rows = told.rows["things_after"]
        self._made = generations(rows)
        self._edges = told.rows["edges_after"]
        self.known = things(rows)

    def steps(self, starts: set[str]) -> list[Step]:
        return after(self._edges, starts, self.known, self._made)

    def came_of(self, starts: set[str]) -> set[str]:
        """These, and what hangs on them."""
        return starts.union(reach(self.steps(starts)).found)


def _uses(told: Told) -> Iterator[Row]:
    """Those in the window."""
    since, until = told.values[SINCE], told.values[UNTIL]
    for r in told.rows["uses_of"]:
        if (since is None or r["used_at"] >= since) and (until is None or r["used_at"] < until):
            yield r


def _came_of_it(use: Row) -> bool:
    """Whether the first that may have come of a use has; one without a time has."""
    if use["first"] is None:
        return False
    begin = use[_COUNTS_FROM[use["how"]]] if use["how"] in _COUNTS_FROM else None
    return use["then"] is None or begin is None or bool(use["then"] >= begin)
