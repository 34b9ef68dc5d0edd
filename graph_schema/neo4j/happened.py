"""What activities did in a batch, in the form that Flow.append takes."""

from collections import defaultdict

from begat.graph_schema.law import Key
from begat.graph_schema.neo4j import edges as stored
from begat.graph_schema.neo4j.rows import key_of, use_key
from begat.graph_schema.projection import GENERATION, USE, Edge, Happening, Phase, time_of


class Happened:
    """Collects it, edge by edge."""

    def __init__(self) -> None:
        self.by_activity: dict[str, list[Happening]] = defaultdict(list)
        self.wanted: set[str] = set()
        self.marks: set[str] = set()
        self.links: list[Edge] = []
        self.made: dict[str, set[Key]] = defaultdict(set)

    def relation(self, e: stored.Edge, repeated: bool) -> None:
        """Take in a lineage edge as stored."""
        at = key_of(*e.at)
        if e.relation == stored.GENERATED:
            self.made[e.s].add(at)
        if repeated or e.relation == stored.INFORMED:
            self.marks.update((e.s, e.d))
        elif e.relation == stored.USED:
            at = use_key(*e.at)
            self.by_activity[e.s].append(Happening(at, USE, Phase(e.d), False, e.ctx, time_of(at)))
        elif e.relation == stored.GENERATED:
            self.by_activity[e.d].append(Happening(at, GENERATION, Phase(e.s), e.exact, e.ctx, time_of(at)))
        else:
            self.links.append(Edge(Phase(e.s), Phase(e.d), e.ctx, time_of(at)))

    def moved(self, e: stored.Edge) -> None:
        """Take in an edge that an alias has moved, as it was or as it is."""
        if e.flows():
            self.marks.update((e.s, e.d))
            if e.relation == stored.GENERATED:
                self.made[e.s].add(key_of(*e.at))

    def part(self, part: str, whole: str, ctx: int, rank: int, at: Key) -> None:
        """Take in a part's start or end."""
        self.by_activity[whole].append(Happening(at, rank, Phase(part), False, ctx, time_of(at)))

    def entities(self) -> set[str]:
        """Every entity that the batch's lineage names."""
        events = (e for events in self.by_activity.values() for e in events)
        named = {e.other.node for e in events if e.rank in (USE, GENERATION)}
        return named | {p.node for e in self.links for p in (e.source, e.target)}

    def set_aside(self, entities: set[str]) -> None:
        """Mark whoever deals with these entities, instead of appending."""
        for activity, events in self.by_activity.items():
            if any(e.other.node in entities for e in events):
                self.marks.add(activity)
        kept = []
        for e in self.links:
            if e.source.node in entities or e.target.node in entities:
                self.marks.add(e.source.node)
            else:
                kept.append(e)
        self.links = kept
