"""All that stands behind a thing at its least depth, and one hop around each activity: see questions/how_created.py."""

from collections.abc import Iterator
from typing import Final

from begat.graph_schema.terms import RELATIONS
from begat.queries.paging import ordered
from begat.queries.question import Row, Rows
from begat.queries.questions.how_created import AROUND
from begat.queries.reach import Reach, reach
from begat.queries.sparql.finishing.lineage import ACTIVITY, NOT_SAID, behind, relating
from begat.queries.sparql.finishing.told import Finished, Told, things

_AROUND: Final = frozenset(RELATIONS[name].code for name in AROUND)
#: By which of several ways a thing is shown.
_NEAREST: Final = ("around", "depth", "via", "relation", "role")


def finish(told: Told) -> Finished:
    """The nodes behind, then what is around, each by the nearest way."""
    start, known = told.values["thing"], things(told.rows["things_behind"])
    reached = reach(behind(told.rows["edges_behind"], start, known), told.values["depth"])
    ways: dict[str, Rows] = {}
    for way in (*_behind(reached, told.rows["relations_behind"]), *_around(start, reached, known, told)):
        ways.setdefault(way["id"], []).append(way)
    return Finished([{**known[id_], **ordered(of, _NEAREST)[0]} for id_, of in ways.items()], reached.truncated)


def _behind(reached: Reach, relations: Rows) -> Iterator[Row]:
    said = relating(relations)
    for id_, found in reached.found.items():
        via = min(found.vias)
        for r in said.get((via, id_), NOT_SAID):
            yield _way(id_, found.depth, via, r, around=0)


def _around(start: str, reached: Reach, known: dict[str, Row], told: Told) -> Iterator[Row]:
    depths = {start: 0, **{id_: found.depth for id_, found in reached.found.items()}}
    for r in told.rows["relations_behind"]:
        if r["relation"] in _AROUND and r["via"] in depths and known[r["via"]]["kind"] == ACTIVITY:
            yield _way(r["id"], depths[r["via"]] + 1, r["via"], r, around=1)


def _way(id_: str, depth: int, via: str, r: Row, *, around: int) -> Row:
    return {"id": id_, "depth": depth, "via": via, "relation": r["relation"], "role": r["role"], "around": around}
