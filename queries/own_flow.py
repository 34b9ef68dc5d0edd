"""The lineage law's projection of one project's own statements.

The store's projection is made of all projects' statements, so its phases would tell when others did something to what a
project shares with them. A thing's edges are a pure function of what is said around it (projection.py), so that they
are made of some things at a time.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from begat.graph_schema.law import History
from begat.graph_schema.projection import Edge, project
from begat.graph_schema.statements import AnyStatement, Ended, Folded, Relation, Scanned, Started
from begat.graph_schema.store import Store
from begat.graph_schema.terms import RELATIONS

#: Things whose edges are made together where all are made.
TOGETHER: Final = 5_000
#: The relations that lineage follows.
FOLLOWED: Final = frozenset((*(name for name, r in RELATIONS.items() if r.lineage), "partOf"))
_MADE: Final = "wasGeneratedBy"


class OwnFlow:
    """The edges of one project."""

    def __init__(self, store: Store, project: str) -> None:
        self._store, self._project = store, project

    def all(self) -> Iterator[set[Edge]]:
        """All edges, those of some things at a time. The ids of what the project speaks of are held in memory."""
        waiting = iter(dict.fromkeys(name for s in self._store.scan() for name in self._named(s)))
        while things := set(islice(waiting, TOGETHER)):
            yield self.edges(things)[0]

    def _named(self, s: Scanned) -> Iterator[str]:
        if isinstance(s, Folded | Relation) and s.context.project == self._project:
            yield from (n for n in ((s.node,) if isinstance(s, Folded) else (s.source, s.target)) if n is not None)

    def around(self, things: Collection[str]) -> Iterator[Folded | Relation]:
        """The relations that lineage follows of these things, and what is told of the things, as the project says."""
        for s in self._store.scan(things) if things else ():
            if (isinstance(s, Folded) or (isinstance(s, Relation) and s.relation in FOLLOWED)) and (
                s.context.project == self._project
            ):
                yield s

    def edges(self, things: set[str]) -> tuple[set[Edge], set[str]]:
        """The edges that these things own, and all activities that they have to do with."""
        told = list[AnyStatement]()
        beside = set[str]()
        for s in self.around(things):
            if isinstance(s, Relation):
                told.append(s)
                beside |= ends(s)
            else:
                told += _unfolded(s)
        # Of what they deal with: when it was made, whoever made it; of their parts: when these started and ended.
        for s in self.around(beside - things):
            if isinstance(s, Folded):
                told += _unfolded(s)
            elif s.relation == _MADE and not ends(s) & things:
                told.append(s)
        history = History.of(told)
        return {edge for thing in things for edge in project(history, thing).edges}, history.activities


def ends(r: Relation) -> set[str]:
    """The ids that a relation joins."""
    return {r.source or "", r.target or ""} - {""}


def _unfolded(s: Folded) -> Iterator[AnyStatement]:
    """What lineage looks at of a thing: whether it is an activity, when it started and ended."""
    for at in s.starts:
        yield Started(s.context, at, s.node)
    for end in s.ends:
        yield Ended(s.context, end.position, s.node)
