"""Triples that follow a store: all that it holds of a project at first, then what each commit changes.

What a commit names is read anew from the store, as a whole: a value that was overruled, an observation whose version is
known by now, take back what was said before. All triples of such a thing, and those of the nodes that qualify its
relations, are replaced by what the store says now.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any, Final

import msgspec

from begat.graph_schema.documents.iris import id_of_iri, iri_of_id
from begat.graph_schema.documents.n_triples import iri
from begat.graph_schema.documents.once import once
from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.statements import Alias, AnyStatement, Folded, Point, Relation, Scanned
from begat.graph_schema.store import Change, Store
from begat.graph_schema.terms import PROV
from begat.graph_schema.triples.kept import ENGINE, FORMAT, Kept
from begat.queries.documents.told import records_of
from begat.queries.sparql.inference import concluded
from begat.queries.sparql.lineage import WORDS, Lineage
from begat.queries.sparql.place import More
from begat.queries.sparql.versions import versions

_QUALIFIED: Final = PROV + "qualified"
#: Lines that are loaded together, and statements of commits that are taken in at once.
LOADED: Final = 100_000
TOGETHER: Final = 50_000


class Feed:
    """Brings triples to where a store is. `say` is told why all are made anew, where they are. `more`: what is told
    besides; triples with and without have folders of their own."""

    def __init__(
        self, store: Store, kept: Kept, say: Callable[[str], None] = lambda _: None, *, more: More = "no"
    ) -> None:
        self._store, self._kept, self._say, self._inferred = store, kept, say, more == "prov-o"
        self._checked = False
        self._lineage = Lineage(store, kept) if more == "depends-on" else None

    def catch_up(self) -> bool:
        """Take in what is new; whether anything was."""
        head = self._store.head()
        if not self._checked or self._kept.damage or self._kept.mark is None or self._kept.mark.commit > head:
            if (why := self._why_anew(head)) is not None:
                self._say(why)
                self._build(head)
                return True
            self._checked = True
        assert self._kept.mark is not None
        since = self._kept.mark.commit
        if since >= head:
            return False
        for changes in _together(self._store.changes(since)):
            try:
                self._apply(changes)
                self._kept.publish(changes[-1].commit, witness(changes[-1]))
            except ENGINE as e:
                self._kept.damage = str(e)
                return self.catch_up()
        return True

    def _why_anew(self, head: int) -> str | None:
        mark = self._kept.mark
        if self._kept.damage:
            return f"the triples in {self._kept.folder} cannot be read, they are made anew: {self._kept.damage}"
        if mark is None or mark.format != FORMAT:
            return f"the triples of {self._kept.project!r} are made"
        if mark.project != self._kept.project or mark.commit > head or mark.witness != self._witness(mark.commit):
            return f"the triples in {self._kept.folder} are of another store, they are made anew"
        return None

    def _witness(self, commit: int) -> str:
        found = next(iter(self._store.changes(commit - 1)), None) if commit else None
        return "" if found is None else witness(found)

    def _build(self, head: int) -> None:
        kept = self._kept
        kept.damage = ""
        kept.clear()
        pieces = (p for s in once(self._store.scan()) for p in self._lines(s))
        while piece := b"".join(islice(pieces, LOADED)):
            kept.load(piece)
        for piece in () if self._lineage is None else self._lineage.build():
            kept.load(piece)
        kept.publish(head, self._witness(head))
        self._checked = True

    def _lines(self, scanned: Scanned) -> Iterator[bytes]:
        if isinstance(scanned, (Folded, Relation, Point)) and scanned.context.project == self._kept.project:
            yield from (concluded(lines(r)) if self._inferred else lines(r) for r in records_of(scanned))

    def _apply(self, changes: Sequence[Change]) -> None:
        all_ = [s for c in changes for s in c.statements]
        mine = [s for s in all_ if s.context.project == self._kept.project]
        named = set().union(*map(_named, mine))
        # What was seen is another thing now, and who is related to it, whichever project says so.
        for observation, known in versions(self._store, {s.observation for s in all_ if isinstance(s, Alias)}).items():
            named |= {observation, *known}
            # One that was another version before stands as that.
            for thing in {observation, *known} if len(known) > 1 else {observation}:
                related = self._quads(None, None, _iri(thing))
                named |= {id_of_iri(owner) for quad in related for owner in self._owners(quad)}
        for known in versions(self._store, named).values():  # what is said of an observation, is said of its version
            named |= known
        gone, ids = self._of_all(named)
        found: list[bytes] = [p for s in mine if isinstance(s, Point) for p in self._lines(s)]
        for held in once(self._store.scan(ids)) if ids else ():
            # Of relations those that begin here: the others, and points, are among what is said of others. What
            # follows of these is said of both ends.
            if self._inferred or isinstance(held, Folded) or (isinstance(held, Relation) and _source(held) in ids):
                found += self._lines(held)
        self._kept.change(gone, b"".join(found))
        if self._lineage is not None:
            self._lineage.change(all_)

    def _owners(self, quad: Any) -> Iterator[str]:
        """The things that a quad is said of: its subject, and those whose relation that qualifies."""
        yield quad.subject.value
        yield from (q.subject.value for q in self._quads(None, None, quad.subject.value) if _qualifies(q))

    def _quads(self, subject: str | None, predicate: str | None, object: str | None) -> list[Any]:
        """Quads that fit, by IRIs, but lineage's."""
        return [q for q in self._kept.quads(subject, predicate, object) if q.predicate.value not in WORDS]

    def _of_all(self, named: set[str]) -> tuple[list[Any], set[str]]:
        """All quads of things, with those of the nodes that qualify their relations; and the things, to which others
        are added that share such a node."""
        quads, ids, todo = list[Any](), set[str](), list(named)
        nodes = set[str]()
        while todo:
            id_ = todo.pop()
            if id_ in ids:
                continue
            ids.add(id_)
            of_thing = self._quads(_iri(id_), None, None)
            quads += of_thing
            if self._inferred:  # inverses, and what others are to it, are said of the others
                quads += self._quads(None, None, _iri(id_))
            for node in {q.object.value for q in of_thing if _qualifies(q)} - nodes:
                nodes.add(node)
                quads += self._quads(node, None, None)
                todo += [id_of_iri(q.subject.value) for q in self._quads(None, None, node) if _qualifies(q)]
        return quads, ids


def witness(change: Change) -> str:
    """A digest of what a commit says, by which a store knows it again."""
    held = sorted(msgspec.json.encode(s) for s in change.statements)
    return blake2b(b"\n".join(held), digest_size=16).hexdigest()


def _named(s: AnyStatement) -> set[str]:
    """The things whose triples a statement changes; a point has triples of its own, which nothing changes."""
    if isinstance(s, Relation):
        return {_source(s)} - {""}
    if isinstance(s, Alias):
        return {s.observation, s.version}
    return set() if isinstance(s, Point) else {s.node}


def _source(relation: Relation) -> str:
    """What a relation is said of."""
    return relation.source or relation.target or ""


def _iri(id: str) -> str:
    """The IRI that triples have for a thing."""
    return iri(iri_of_id(id))[1:-1]


def _qualifies(quad: Any) -> bool:
    return bool(quad.predicate.value.startswith(_QUALIFIED)) and hasattr(quad.object, "value")


def _together(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Commits, as many at once as are no more than so many statements."""
    held: list[Change] = []
    size = 0
    for change in changes:
        held.append(change)
        size += len(change.statements)
        if size >= TOGETHER:
            yield held
            held, size = [], 0
    if held:
        yield held
