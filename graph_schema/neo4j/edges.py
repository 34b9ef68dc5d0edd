"""A batch's relations and aliases. What was said of an observation is re-pointed to its version, in any order."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from begat.graph_schema.fold import more, observed, qualifier
from begat.graph_schema.law import LAST, later_key
from begat.graph_schema.neo4j.cypher import ALL_RELATIONS, NAME_OF, TYPE_OF
from begat.graph_schema.neo4j.long_ids import short
from begat.graph_schema.neo4j.rows import relation_of
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.statements import Alias, Context, Position, Relation, canonical
from begat.graph_schema.terms import PART, RELATIONS

USED: Final = "used"
GENERATED: Final = "wasGeneratedBy"
INFORMED: Final = "wasInformedBy"
PART_OF: Final = "partOf"
#: Relations that the lineage law looks at.
LINEAGE: Final = frozenset(r.name for r in RELATIONS.values() if r.lineage)


#: Source, relation, target, context, qualifier: what makes a relation the same one.
Key = tuple[str, str, str, int, int]


class Edge(NamedTuple):
    """A relation as stored: between versions."""

    s: str
    relation: str
    d: str
    ctx: int
    q: int
    at: Position
    role: str | None
    exact: bool
    more: str | None
    sobs: str | None
    dobs: str | None

    def flows(self) -> bool:
        """Whether the lineage law looks at it."""
        return self.relation in LINEAGE or (self.relation == PART_OF and self.role == PART)

    def row(self) -> Row:
        """As the statements of edges.cypher take it."""
        t, w, n = self.at
        p: Row = {"ctx": self.ctx, "q": self.q, "w": w, "n": n}
        if t is not None:
            p["t"] = t
        if self.role is not None:
            p["role"] = self.role
        if self.exact:
            p["exact"] = True
        if self.more is not None:
            p["more"] = self.more
        if self.sobs is not None:
            p["sobs"] = self.sobs
        if self.dobs is not None:
            p["dobs"] = self.dobs
        return {"s": self.s, "d": self.d, "p": p}


class Said(NamedTuple):
    """Relations on their way: edges, rows of those that lack an end, and which edges the store holds, with their times.
    `repeated` are the places in `edges` of what it or the batch had already: nothing can be appended for those."""

    edges: list[Edge]
    open_: list[Row]
    held: dict[Key, int | None]
    repeated: set[int]


class Edges:
    """Writes into the relations of one transaction. `new` are the nodes that it has made itself."""

    def __init__(self, tx: Transaction, new: set[str]) -> None:
        self._tx = tx
        self._new = new
        self._times: dict[Key, int | None] = {}  # of the edges it has written
        self._any_alias: bool | None = None

    # -- aliases

    def any_alias(self) -> bool:
        """Whether the store holds an alias: asked once, when all aliases of the batch are written."""
        if self._any_alias is None:
            self._any_alias = bool(self._tx.run("edges", "any_alias"))
        return self._any_alias

    def versions(self, nodes: Iterable[str]) -> dict[str, str]:
        """The versions of those nodes that are observations with an alias: the least by position."""
        found: dict[str, tuple[tuple[int, str, int], str]] = {}
        for node, version, t, w, n in self._tx.many("edges", "aliases_of", sorted(nodes), of="ids"):
            said = (later_key(Position(t, w, n)), version)
            found[node] = min(found.get(node, said), said)
        return {node: version for node, (_, version) in found.items()}

    def aliases(self, statements: Iterable[tuple[int, Alias]]) -> list[Edge]:
        """Write aliases (with their contexts' numbers); returns the edges that moved, old ones and new."""
        least: dict[tuple[str, str, int], Position] = {}
        for ctx, a in statements:
            key = (a.observation, a.version, ctx)
            least[key] = min(least.get(key, a.position), a.position, key=later_key)
        rows = []
        for (observation, version, ctx), (t, w, n) in least.items():
            p = {"ctx": ctx, "w": w, "n": n} if t is None else {"ctx": ctx, "t": t, "w": w, "n": n}
            rows.append({"s": observation, "d": version, "p": p})
        self._tx.put("edges", "put_aliases", rows, never=LAST)
        return self._repoint({observation for observation, _, _ in least} - self._new)

    def _repoint(self, observations: set[str]) -> list[Edge]:
        """Make every edge said of these observations name their versions; forget the observations' descriptions."""
        ids = sorted(observations)
        if not ids:
            return []
        version = self.versions(ids)
        self._tx.run("nodes", "forget", ids=ids)
        gone: list[str] = []
        old: list[Edge] = []
        new: list[Edge] = []
        for element, s, type_, d, p in self._tx.run("edges", "said_of", {"ALL": ALL_RELATIONS}, ids=ids):
            edge = stored(NAME_OF[type_], s, d, p)
            moved = self._moved(edge, version)
            if moved != edge:
                gone.append(element)
                old.append(edge)
                new.append(moved)
        self._tx.put("edges", "drop", gone, of="elements")
        self._put(new, self._held(new))
        rows = [{"observation": o, "version": v} for o, v in version.items()]
        self._tx.put("edges", "repoint_open_sources", rows)
        self._tx.put("edges", "repoint_open_targets", rows)
        return old + new

    @staticmethod
    def _moved(e: Edge, version: dict[str, str]) -> Edge:
        source, target = e.sobs or e.s, e.dobs or e.d
        if source in version:
            e = e._replace(s=version[source], sobs=source)
        if target in version:
            e = e._replace(d=version[target], dobs=target)
        said = relation_of(e.relation, None, None, Context(), {**e.row()["p"], "sobs": None, "dobs": None})
        return e._replace(q=observed(qualifier(said), e.sobs, e.dobs))

    # -- relations

    def said(self, statements: list[tuple[int, Relation]]) -> Said:
        """What relations (with their contexts' numbers) say, and what of it the store knows."""
        ends = {x for _, r in statements for x in (r.source, r.target) if x is not None}
        version = self.versions(ends) if statements and self.any_alias() else {}
        edges: list[Edge] = []
        open_: list[Row] = []
        for ctx, r in statements:
            vs, vd = version.get(r.source or ""), version.get(r.target or "")
            sobs, dobs = r.source if vs else None, r.target if vd else None
            if r.source is None or r.target is None:
                open_.append(self._open_row(ctx, r, vs, vd))
                continue
            q = observed(qualifier(r), sobs, dobs)
            rest = (r.position, r.role, r.exact, more(r), sobs, dobs)
            edges.append(Edge(vs or r.source, r.relation, vd or r.target, ctx, q, *rest))
        held = self._held(edges)
        return Said(edges, open_, held, self._repeated(edges, held))

    def put(self, said: Said) -> None:
        """Write relations."""
        self._put(said.edges, said.held)
        self._tx.put("edges", "put_open", said.open_, never=LAST)

    @staticmethod
    def _open_row(ctx: int, r: Relation, vs: str | None, vd: str | None) -> Row:
        t, w, n = r.position
        key = short(canonical([r.relation, r.source, r.target, r.context, qualifier(r)]))
        p = {
            "key": key, "relation": r.relation, "said_source": r.source, "said_target": r.target,
            "source": vs or r.source, "target": vd or r.target, "ctx": ctx, "t": t, "w": w, "n": n, "role": r.role,
            "exact": r.exact or None, "more": more(r), "sobs": r.source if vs else None,
            "dobs": r.target if vd else None,
        }  # fmt: skip
        return {"p": p}

    def _held(self, edges: list[Edge]) -> dict[Key, int | None]:
        """Those of these edges that the store holds, with their times. Asked once for each two ends: there may be many
        relations between them, one for each time that a run used a file."""
        asked: dict[str, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
        for e in edges:
            if e.s not in self._new and e.d not in self._new:
                asked[e.relation][e.s, e.d].append(e.q)
        held = dict(self._times)
        for relation, ends in asked.items():
            rows = [(s, d, qs) for (s, d), qs in ends.items()]
            for s, d, ctx, q, t in self._tx.many("edges", "between", rows, {"TYPE": TYPE_OF[relation]}):
                held[s, relation, d, ctx, q] = t
        return held

    @staticmethod
    def _repeated(edges: list[Edge], held: dict[Key, int | None]) -> set[int]:
        """The places of edges that are there before them, in the store or in the list; but for usages at one time:
        whichever of them counts, an activity's first usage does."""
        times = dict(held)
        repeated: set[int] = set()
        for i, e in enumerate(edges):
            t = e.at.time
            if e[:5] in times and (e.relation != USED or t is None or times[e[:5]] != t):
                repeated.add(i)
            times[e[:5]] = t
        return repeated

    def _put(self, edges: list[Edge], held: dict[Key, int | None]) -> None:
        """Write edges, a statement a relation type; one that is not there yet is simply made."""
        made: dict[str, list[Row]] = defaultdict(list)
        merged: dict[str, list[Row]] = defaultdict(list)
        for e in edges:
            fresh = e[:5] not in held and e[:5] not in self._times
            self._times[e[:5]] = e.at.time
            (made if fresh else merged)[e.relation].append(e.row())
        for relation, rows in made.items():
            self._tx.put("edges", "create", rows, {"TYPE": TYPE_OF[relation]})
        for relation, rows in merged.items():
            self._tx.put("edges", "merge", rows, {"TYPE": TYPE_OF[relation]}, never=LAST)


def stored(relation: str, s: str, d: str, p: Row) -> Edge:
    """An edge from its properties."""
    at = Position(p.get("t"), p["w"], p["n"])
    rest = (p.get("role"), p.get("exact", False), p.get("more"), p.get("sobs"), p.get("dobs"))
    return Edge(s, relation, d, p["ctx"], p["q"], at, *rest)
