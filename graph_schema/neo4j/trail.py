"""The trails of activities that late events come to: what splice.py asks, as relationships.

Each event that counts has made one FLOW relationship. On a trail it carries the event: `of` whom and of which `rank` it
is, and its position as `at` (the time, a number also where there is none), `w` and `n`. An index finds it by these.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from begat.graph_schema.law import LAST, Key
from begat.graph_schema.neo4j.phases import phase_of
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.projection import (
    FIN,
    NAME,
    OUTPUT,
    PART_END,
    PART_START,
    USE,
    Edge,
    Happening,
    Phase,
    time_of,
)
from begat.graph_schema.splice import Last, Since

#: After every position; more events than there are.
_END: Final[Key] = (LAST + 1, "", 0)
_ALL: Final = 1 << 31


def carried(node: str, edges: Iterable[Edge], events: Iterable[Happening]) -> dict[Edge, Row]:
    """Which of an activity's edges were made by these events, and what their relationships carry."""
    made: dict[tuple[bool, Phase, Any], Happening] = {}
    for e in events:
        other = Phase(e.other.node, FIN) if e.rank == PART_END else e.other
        made[e.rank in (USE, PART_END), other, e.context] = e
    found: dict[Edge, Row] = {}
    for edge in edges:
        if edge.source.node == node and edge.source.kind != OUTPUT:
            event = made.get((True, edge.target, edge.context))
        elif edge.target.node == node and edge.target.kind != NAME:
            event = made.get((False, edge.source, edge.context))
        else:
            event = None
        if event is not None:
            t, w, n = event.at
            found[edge] = {"of": node, "rank": event.rank, "at": t, "w": w, "n": n}
    return found


class Trails:
    """Reads trails in one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def last(self, asked: Sequence[Last]) -> list[Key | None]:
        rows = [{"i": i, "of": a.node, "rank": a.rank, **_at(a.before)} for i, a in enumerate(asked)]
        found: list[Key | None] = [None] * len(asked)
        for i, t, w, n in self._tx.many("trail", "last", rows):
            found[i] = (t, w, n)
        return found

    def since(self, asked: Sequence[Since]) -> list[list[Happening]]:
        rows: dict[int, list[Row]] = defaultdict(list)
        for i, a in enumerate(asked):
            end = _END if a.before is None else a.before
            row = {"i": i, "of": a.node, "rank": a.rank, **_at(a.start), "end": _at(end)}
            rows[_ALL if a.many is None else a.many].append(row)
        found: list[list[Happening]] = [[] for _ in asked]
        for many, some in rows.items():
            for i, at, w, n, ctx, *source_and_target in self._tx.many("trail", "since", some, many=many):
                rank = asked[i].rank
                columns = source_and_target[5:] if rank in (USE, PART_END) else source_and_target[:5]
                other = phase_of(*columns)
                if rank in (PART_START, PART_END):
                    other = Phase(other.node)
                found[i].append(Happening((at, w, n), rank, other, False, ctx, time_of((at, w, n))))
        for some_found in found:
            some_found.sort(key=lambda e: e.at)
        return found

    def used(self, asked: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str, int], Key]:
        """When activities first used entities, seen from contexts."""
        rows = [{"of": a, "e": e, "ctx": ctx} for a, e, ctx in asked]
        return {(a, e, ctx): (t, w, n) for a, e, ctx, t, w, n in self._tx.many("trail", "used", rows, rank=USE)}


def _at(key: Key) -> Row:
    return {"t": key[0], "w": key[1], "n": key[2]}
