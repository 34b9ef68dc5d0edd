"""What of a batch is not committed yet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from begat.graph_schema.errors import StoreError
from begat.graph_schema.ranges import Pairs, holds, merge, overlap, without
from begat.graph_schema.statements import Alias, AnyStatement, Description, Ended, Point, Points, Relation, Started
from begat.graph_schema.store import Batch, Range


class Fresh(NamedTuple):
    """The statements and points that are new, each once, and the ranges they are in."""

    statements: list[AnyStatement]
    points: list[Points]
    ranges: list[Range]


def by_writer(ranges: Iterable[Range]) -> dict[str, Pairs]:
    """The ranges of each writer, as they are given."""
    found: dict[str, Pairs] = {}
    for r in ranges:
        found.setdefault(r.writer, []).append((r.first, r.last))
    return found


def fresh(batch: Batch, given: Mapping[str, Pairs], held: Mapping[str, Pairs]) -> Fresh:
    """What of a batch, whose ranges by writer are `given`, lies outside the ranges that the store holds already."""
    committed = {w: held[w] for w, pairs in given.items() if w in held and overlap(held[w], merge(pairs))}
    statements, points = batch.statements, [*batch.points.values()]
    if committed:
        statements = [s for s in statements if not holds(committed.get(s.position.writer, []), s.position.seq)]
        points = [_only(p, (r for r in p.rows if not holds(committed.get(p.writer, []), r[1]))) for p in points]
    if any(_size(merge(pairs)) < _size(pairs) for pairs in given.values()):
        statements = list({msgspec.json.encode(s): s for s in statements}.values())
        points = [_only(p, {r[1]: r for r in p.rows}.values()) for p in points]
    new = [Range(w, *pair) for w, pairs in given.items() for pair in without(merge(pairs), committed.get(w, []))]
    return Fresh(statements, [p for p in points if p.rows], new)


def _size(pairs: Pairs) -> int:
    return sum(b - a + 1 for a, b in pairs)


def _only(series: Points, rows: Iterable[tuple[Any, ...]]) -> Points:
    """The series with these rows instead of its own: a batch stays as it was given."""
    return msgspec.structs.replace(series, rows=list(rows))


def ids_of(statements: Iterable[AnyStatement], points: Iterable[Points]) -> Iterator[str]:
    """Every id of a node that these name."""
    for s in statements:
        if type(s) is Relation:
            if s.source is not None:
                yield s.source
            if s.target is not None:
                yield s.target
        elif type(s) is Alias:
            yield s.observation
            yield s.version
        elif isinstance(s, (Description, Started, Ended)):
            yield s.node
        elif type(s) is not Point:
            raise StoreError(f"a store takes statements, not {type(s).__name__}")
    for p in points:
        yield p.activity
        yield from {r[4] for r in p.rows if r[4] is not None}
