"""What depends on what by lineage, as triples that follow a store: edges begat:dependsOn of the flow projection, and
begat:phaseOf, which says whose phase it is that an edge begins or ends at.

The projection is that of a project's own statements (own_flow.py). The edges of the things that a commit is about are
made anew, and nothing is kept but triples.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from begat.graph_schema.documents.iris import id_of_iri, iri_of_id
from begat.graph_schema.documents.n_triples import iri
from begat.graph_schema.documents.qualified import DEPENDS_ON
from begat.graph_schema.projection import FIN, Edge, Phase, phase_name
from begat.graph_schema.statements import Alias, AnyStatement, Description, Ended, Relation, Started
from begat.graph_schema.store import Store
from begat.graph_schema.terms import BEGAT
from begat.graph_schema.triples.kept import Kept
from begat.queries.own_flow import FOLLOWED, OwnFlow, ends
from begat.queries.sparql.versions import versions

PHASE_OF: Final = BEGAT + "phaseOf"
#: The words of these triples; what is recorded has none of them.
WORDS: Final = frozenset((DEPENDS_ON, PHASE_OF))
_MADE: Final = "wasGeneratedBy"


class Lineage:
    """The edges of one project."""

    def __init__(self, store: Store, kept: Kept) -> None:
        self._store, self._kept = store, kept
        self._own = OwnFlow(store, kept.project)

    def build(self) -> Iterator[bytes]:
        """All edges, as lines of N-Quads."""
        yield from map(_lines, self._own.all())

    def change(self, statements: Iterable[AnyStatement]) -> None:
        """These were committed: put in order what they may have moved."""
        things = self._moved(statements)
        while things:
            edges, activities = self._own.edges(things)
            lines = _lines(edges)
            gone = self._held(things, activities) - self._kept.parsed(lines)
            # An edge that ends at a thing may be somebody's who was not looked at.
            others = {thing for q in gone if (thing := self._thing(q.subject.value)) not in things}
            if not others:
                self._kept.change(gone, lines)
                self._forget(gone)
                return
            things |= others

    def _moved(self, statements: Iterable[AnyStatement]) -> set[str]:
        """Things whose edges may be others after these statements: whom they are about, the whole of what starts or
        ends, and all who deal with what was made, as it may have been made before."""
        moved, parts, made, turned = set[str](), set[str](), set[str](), set[str]()
        for s in statements:
            if isinstance(s, Alias):  # of another project, too: a usage is of a version for everybody
                turned |= {s.observation}
            elif s.context.project != self._kept.project:
                continue
            elif isinstance(s, Started | Ended):
                parts.add(s.node)
            elif isinstance(s, Description):
                moved.add(s.node)
            elif isinstance(s, Relation) and s.relation in FOLLOWED and s.source is not None and s.target is not None:
                moved.add(s.source)
                if s.relation != "used":  # who is used has the same edges: a dataset that many use is not read for each
                    moved.add(s.target)
                if s.relation == _MADE:
                    made.add(s.source)
        known = versions(self._store, moved | turned)
        moved |= {v for name in moved & known.keys() for v in known[name]}
        made |= {v for name in made & known.keys() for v in known[name]}
        around = [*self._relations(parts | made | {v for name in turned for v in known[name]})]
        # What was seen may have been made, or be another version than was said before.
        made |= {r.source or "" for r in around if r.relation == _MADE and r.observed_source in turned}
        made |= {v for name in turned if len(known[name]) > 1 for v in known[name]}
        for r in around:
            if (
                r.source in made or r.target in made or {r.observed_source, r.observed_target} & turned
                or (r.relation == "partOf" and r.source in parts)
            ):  # fmt: skip
                moved |= ends(r)
        return moved | parts | made | turned

    def _relations(self, things: Collection[str]) -> Iterator[Relation]:
        return (s for s in self._own.around(things) if isinstance(s, Relation))

    def _held(self, things: set[str], activities: Collection[str]) -> set[Any]:
        """The edges that these things own, as they are among the triples: projection.project says who owns which."""
        held = set[Any]()
        for thing in things:
            fin = _iri(_fin(thing))
            for name in (_iri(thing), *(q.subject.value for q in self._kept.quads(None, PHASE_OF, _iri(thing)))):
                for q in self._kept.quads(name, DEPENDS_ON, None):
                    other = self._thing(q.object.value)
                    # That a part starts, and that something is generated, is the activity's.
                    if other == thing or other not in activities or q.object.value == _iri(_fin(other)):
                        held.add(q)
                if thing in activities and name != fin:
                    held.update(self._kept.quads(None, DEPENDS_ON, name))
        return held

    def _thing(self, name: str) -> str:
        """The id of what an IRI names, or of whose phase that is."""
        whose = self._kept.quads(name, PHASE_OF, None)
        return id_of_iri(whose[0].object.value if whose else name)

    def _forget(self, gone: Iterable[Any]) -> None:
        """A phase that no edge is left of is nobody's."""
        for name in {end.value for q in gone for end in (q.subject, q.object)}:
            if not (self._kept.quads(name, DEPENDS_ON, None) or self._kept.quads(None, DEPENDS_ON, name)):
                self._kept.change(self._kept.quads(name, PHASE_OF, None), b"")


def _fin(thing: str) -> str:
    return phase_name(Phase(thing, FIN))


def _iri(name: str) -> str:
    """The IRI that triples have for a thing or a phase."""
    return iri(iri_of_id(name))[1:-1]


def _lines(edges: Iterable[Edge]) -> bytes:
    """Edges, and whose the phases are, as lines of N-Quads."""
    lines = set[str]()
    for edge in edges:
        source, target = (f"<{_iri(phase_name(p))}>" for p in edge[:2])
        lines.add(f"{source} <{DEPENDS_ON}> {target} .\n")
        for name, phase in ((source, edge.source), (target, edge.target)):
            if name != (thing := f"<{_iri(str(phase.node))}>"):
                lines.add(f"{name} <{PHASE_OF}> {thing} .\n")
    return "".join(lines).encode()
