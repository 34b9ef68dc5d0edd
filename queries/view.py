"""A memory store as one question sees it: the visible part, folded, with the properties and tables of properties.py.

Naive: everything is read and indexed once a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import isnan
from typing import Any

from begat.graph_schema.events import RESUMED
from begat.graph_schema.fold import number_in, roll_up, sorted_types
from begat.graph_schema.law import History, later_key
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import Alias, Folded, Point, Position, Relation, canonical
from begat.graph_schema.terms import KINDS, subtypes
from begat.queries.scope import Scope
from begat.queries.values import whole


class View:
    """Nodes by id, relations by either end, points by activity, and the history that the lineage law works on."""

    def __init__(self, store: MemoryStore, scope: Scope) -> None:
        self.scope = scope
        self.nodes: dict[str, list[Folded]] = defaultdict(list)
        self.outgoing: dict[str, list[Relation]] = defaultdict(list)
        self.incoming: dict[str, list[Relation]] = defaultdict(list)
        self.points: dict[str, list[Point]] = defaultdict(list)
        for node in store.nodes():
            if node.context.project == scope.project:
                self.nodes[node.node].append(node)
        relations = [r for r in store.relations() if self._visible(r)]
        for r in relations:
            if r.source is not None and r.target is not None:
                self.outgoing[r.source].append(r)
                self.incoming[r.target].append(r)
        others = [s for s in store.statements() if not isinstance(s, Relation)]
        for s in others:
            if isinstance(s, Point) and self._visible(s):
                self.points[s.activity].append(s)
        # An alias says which version a file was, whenever that became known: it holds at any time.
        self.history = History.of(
            s
            for s in (*relations, *others)
            if s.context.project == scope.project and (isinstance(s, Alias) or scope.sees(s.position.time))
        )

    def _visible(self, s: Relation | Point) -> bool:
        return s.context.project == self.scope.project and self.scope.sees(s.position.time)

    def known(self, node: str) -> bool:
        """Whether anything visible is said of the node: it is described, started or related by the scope's time."""
        rows = self.nodes.get(node, [])
        stamps = [p.time for f in rows for p in (*f.starts[:1], *([f.named] if f.named else []))]
        past = [p.time for f in rows for p in (*f.starts[1:], *(e.position for e in f.ends[:-1]))]
        past += [h.position.time for f in rows for h in f.history]
        if any(self.scope.sees(t) for t in stamps + past) or (rows and not stamps):
            return True
        return bool(self.outgoing.get(node) or self.incoming.get(node))

    def is_a(self, node: str, types: tuple[str, ...]) -> bool:
        """Whether the node is of one of the kinds or types, subtypes included."""
        rows = self.nodes.get(node, [])
        held = {t for f in rows for t in f.types}
        kinds = {k for f in rows for k in f.kinds} | {KINDS[k].within for f in rows for k in f.kinds}
        return any(t in kinds if t in KINDS else held.intersection(subtypes(t)) for t in types)

    def prop(self, node: str | None, name: str) -> Any:
        """A property of properties.PROPERTIES."""
        if node is None:
            return None
        return getattr(self, "_" + name)(node, self.nodes.get(node, []))

    def _id(self, node: str, rows: list[Folded]) -> str:
        return node

    def _name(self, node: str, rows: list[Folded]) -> str | None:
        return self._single(rows, "name", [(f.named, f.name) for f in rows])

    def _value(self, node: str, rows: list[Folded]) -> str | None:
        return self._single(rows, "value", [(f.valued, f.value) for f in rows])

    def _number(self, node: str, rows: list[Folded]) -> float | None:
        return number_in(self._value(node, rows))

    def _single(self, rows: list[Folded], key: str, current: list[tuple[Position | None, str | None]]) -> str | None:
        said = [(p, v) for p, v in current if p is not None and v is not None]
        past = [(h.position, h.value) for f in rows for h in f.history if h.key == key]
        by_then = [(p, v) for p, v in said + past if self.scope.sees(p.time)]
        chosen = max(by_then or said, key=lambda x: (later_key(x[0]), x[1]), default=None)
        return chosen[1] if chosen else None

    def _kind(self, node: str, rows: list[Folded]) -> str | None:
        kinds = {k for f in rows for k in f.kinds}
        if not kinds:
            return None
        return next((k for k in ("Activity", "Agent") if k in kinds), "Entity")

    def _type(self, node: str, rows: list[Folded]) -> str | None:
        return next(iter(sorted_types({t for f in rows for t in f.types})), None)

    def _started(self, node: str, rows: list[Folded]) -> int | None:
        if self.scope.as_of is None:
            return min((f.starts[0].time for f in rows if f.starts and f.starts[0].time is not None), default=None)
        return min(self._times(p for f in rows for p in f.starts), default=None)

    def _ended(self, node: str, rows: list[Folded]) -> int | None:
        """The last end; none where that is the one of who has resumed it, and goes on."""
        ends = [e for f in rows for e in (f.ends[-1:] if self.scope.as_of is None else f.ends)]
        last = max(self._times(e.position for e in ends), default=None)
        resumed = max(self._times(e.position for e in ends if e.outcome == RESUMED), default=None)
        return None if last == resumed else last

    def _times(self, positions: Iterable[Position]) -> Iterator[int]:
        return (p.time for p in positions if p.time is not None and self.scope.sees(p.time))

    def _seen(self, node: str, rows: list[Folded]) -> int | None:
        started = self._started(node, rows)
        if started is not None:
            return started
        return max((f.named.time for f in rows if f.named and f.named.time is not None), default=None)

    def attribute(self, node: str, key: str) -> list[Any]:
        """The values of an attribute, over all visible descriptions."""
        return [v for f in self.nodes.get(node, []) for v in f.attributes.get(key, [])]

    def rows(self, table: str, node: str) -> Iterator[dict[str, Any]]:
        """The rows of a table of properties.TABLES."""
        yield from getattr(self, "_rows_" + table)(node, self.nodes.get(node, []))

    def _rows_point(self, node: str, rows: list[Folded]) -> Iterator[dict[str, Any]]:
        for p in self.points.get(node, []):
            nan = isnan(p.value)
            yield {
                "step": whole(p.step), "name": p.name, "labels": p.labels, "value": _number(p.value),
                "nan": int(nan), "at": p.position.time, "section": p.section,
            }

    def _rows_rollup(self, node: str, rows: list[Folded]) -> Iterator[dict[str, Any]]:
        series: dict[Any, list[Point]] = defaultdict(list)
        for p in self.points.get(node, []):
            series[p.context, p.name, p.labels].append(p)
        for points in series.values():
            r = roll_up(points)
            yield {
                "name": r.name, "labels": r.labels, "count": r.count, "nan": r.nan, "infinite": r.infinite,
                "first": _number(r.first), "last": _number(r.last), "last_step": whole(r.last_step),
                "min": r.min, "argmin": whole(r.argmin), "max": r.max, "argmax": whole(r.argmax),
            }

    def _rows_start(self, node: str, rows: list[Folded]) -> Iterator[dict[str, Any]]:
        for p in {p for f in rows for p in f.starts if self.scope.sees(p.time)}:
            yield {"writer": p.writer, "at": p.time}

    def _rows_end(self, node: str, rows: list[Folded]) -> Iterator[dict[str, Any]]:
        for e in {e for f in rows for e in f.ends if self.scope.sees(e.position.time)}:
            yield {
                "writer": e.position.writer, "at": e.position.time, "outcome": e.outcome, "error": e.error,
                "trace": e.trace,
            }

    def _rows_type(self, node: str, rows: list[Folded]) -> Iterator[dict[str, Any]]:
        for t in {t for f in rows for t in f.types}:
            yield {"type": t}

    def _rows_description(self, node: str, rows: list[Folded]) -> Iterator[dict[str, Any]]:
        for f in rows:
            yield {"bundle": f.context.bundle, "attrs": canonical(f.attributes)}

    def _rows_past(self, node: str, rows: list[Folded]) -> Iterator[dict[str, Any]]:
        for f in rows:
            for h in f.history:
                yield {"key": h.key, "value": h.value, "at": h.position.time}


def _number(x: float | None) -> float | None:
    return None if x is None or isnan(x) else x + 0.0  # zero has no sign
