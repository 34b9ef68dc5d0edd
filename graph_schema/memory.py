"""The memory store: naive and short, the oracle of the others. It keeps statements and folds them when asked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from begat.graph_schema.fold import NodeFold, later_writer, normal, observed, qualifier, resolve_aliases, roll_up
from begat.graph_schema.law import History, later_key, versions
from begat.graph_schema.projection import flow_statements, project
from begat.graph_schema.ranges import Pairs, holds, merge
from begat.graph_schema.statements import (
    Alias,
    AnyStatement,
    Context,
    Description,
    Ended,
    Folded,
    Point,
    Relation,
    Rollup,
    Scanned,
    Started,
)
from begat.graph_schema.store import Batch, Change, Quarantined, Range, Stats, Writer
from begat.graph_schema.terms import TYPES
from begat.graph_schema.unstorable import fits, refused

RelationKey = tuple[Context, str | None, str, str | None, int]


class MemoryStore:
    """A Store in a process's memory: gone with it."""

    dialect = "memory"

    def __init__(self) -> None:
        self._committed: list[list[AnyStatement]] = []
        self._ranges: dict[str, Pairs] = defaultdict(list)
        self._writers: dict[str, Writer] = {}
        self._bookmarks: dict[str, int] = {}
        self._quarantined: dict[tuple[str, int], Quarantined] = {}

    def write(self, batch: Batch) -> None:
        fresh = []
        seen: set[bytes] = set()
        points = (p for series in batch.points.values() for p in series.points())
        for s in (*batch.statements, *points):
            if holds(self._ranges[s.position.writer], s.position.seq):
                continue
            with refused():
                key = msgspec.json.encode(s)
                for number in (s.position.time, s.position.seq, getattr(s, "time", None), getattr(s, "step", None)):
                    fits(number)
            if key not in seen:
                seen.add(key)
                fresh.append(s)
        for r in batch.ranges:
            self._ranges[r.writer] = merge([*self._ranges[r.writer], (r.first, r.last)])
        for w in batch.writers:
            known = self._writers.get(w.header.writer)
            self._writers[w.header.writer] = w if known is None else later_writer(known, w)
        self._bookmarks.update({b.source: b.offset for b in batch.bookmarks})
        self._quarantined.update({(q.source, q.offset): q for q in batch.quarantined})
        if fresh:
            self._committed.append(fresh)

    def write_document(self, parts: Iterable[list[AnyStatement]]) -> None:
        self.write(Batch([s for part in parts for s in part]))

    def settle(self) -> int:
        return 0

    def read(self, statement: Any, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        return list(statement(self, **params))

    def statements(self) -> Iterator[AnyStatement]:
        """All that was written."""
        for statements in self._committed:
            yield from statements

    def history(self, projects: Iterable[str] | None = None) -> History:
        """What the lineage law works on, of some projects or of all: the folded relations, starts, ends, aliases."""
        wanted = None if projects is None else set(projects)
        others = (s for s in self.statements() if not isinstance(s, Relation))
        all_ = (*self.relations(), *others)
        return History.of(s for s in all_ if wanted is None or s.context.project in wanted)

    def scan(self, of: Collection[str] | None = None) -> Iterator[Scanned]:
        if of is None:
            yield from self._everything()
        else:
            yield from (s for s in self._everything() if _tells_of(s, frozenset(of)))

    def _everything(self) -> Iterator[Scanned]:
        yield from self.nodes()
        yield from self.relations()
        aliases: dict[tuple[Context, str, str], Alias] = {}
        series: dict[tuple[Context, str, str, str], dict[Any, Point]] = defaultdict(dict)
        for s in self.statements():
            if isinstance(s, Alias):
                key = (s.context, s.observation, s.version)
                aliases[key] = min(aliases.get(key, s), s, key=lambda a: later_key(a.position))
            elif isinstance(s, Point):
                series[s.context, s.activity, s.name, s.labels][s.position] = s
        yield from aliases.values()
        for points in series.values():
            yield from points.values()
            yield roll_up(points.values())
        history = self.history()
        for node in history.nodes():
            yield from flow_statements(project(history, node)[0])

    def nodes(self) -> Iterator[Folded]:
        """The folded nodes; an observation whose version is known is none."""
        version = versions(self.statements())
        folds: dict[tuple[Context, str], NodeFold] = defaultdict(NodeFold)
        for s in self.statements():
            if isinstance(s, (Description, Started, Ended)) and s.node not in version:
                folds[s.context, s.node].add(s)
        for (context, node), fold in folds.items():
            yield fold.folded(context, node)

    def relations(self) -> Iterator[Relation]:
        """The relations with aliases applied, each at its least position."""
        version = versions(self.statements())
        held: dict[RelationKey, Relation] = {}
        for s in self.statements():
            if isinstance(s, Relation):
                r = msgspec.structs.replace(resolve_aliases(s, version), attributes=normal(s.attributes))
                q = observed(qualifier(s), r.observed_source, r.observed_target)
                key = (r.context, r.source, r.relation, r.target, q)
                held[key] = min(held.get(key, r), r, key=lambda x: later_key(x.position))
        yield from held.values()

    def changes(self, since: int = 0) -> Iterator[Change]:
        for n, statements in enumerate(self._committed[since:], since + 1):
            yield Change(n, statements)

    def head(self) -> int:
        return len(self._committed)

    def bookmarks(self) -> dict[str, int]:
        return dict(self._bookmarks)

    def ranges(self, writer: str) -> list[Range]:
        return [Range(writer, a, b) for a, b in self._ranges[writer]]

    def writers(self, only: Collection[str] | None = None) -> list[Writer]:
        return [w for name, w in self._writers.items() if only is None or name in only]

    def quarantine(self) -> list[Quarantined]:
        return list(self._quarantined.values())

    def stats(self) -> Stats:
        stats = Stats(quarantined=len(self._quarantined), commit=len(self._committed))
        stats.dropped = sum(w.dropped for w in self._writers.values())
        seen: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for s in self.scan():
            if isinstance(s, Folded):
                seen[s.node][0].update(s.kinds)
                seen[s.node][1].update(s.types)
            elif isinstance(s, Relation):
                stats.relations += 1
            elif isinstance(s, Rollup):
                stats.metric_points += s.count
        for kinds, types in seen.values():
            stats.entities += "Entity" in kinds
            stats.activities += "Activity" in kinds
            stats.agents += "Agent" in kinds
            for t in types:
                stats.by_type[t] = stats.by_type.get(t, 0) + 1
        stats.by_type = {t: stats.by_type[t] for t in sorted(stats.by_type, key=lambda t: (t not in TYPES, t))}
        return stats

    def close(self) -> None:
        return None


def _tells_of(s: Scanned, of: frozenset[str]) -> bool:
    if isinstance(s, Relation):
        return s.source in of or s.target in of
    return (isinstance(s, Folded) and s.node in of) or (isinstance(s, Point) and s.activity in of)
