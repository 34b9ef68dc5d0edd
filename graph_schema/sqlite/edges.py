"""Relations as edges, and aliases: what was said of an observation is re-pointed to its version, in any order."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from begat.graph_schema.fold import default_time, more, observed, qualifier
from begat.graph_schema.law import LAST
from begat.graph_schema.sqlite.names import Names
from begat.graph_schema.sqlite.nodes import Stamp
from begat.graph_schema.statements import Alias, Context, Position, Relation, canonical
from begat.graph_schema.terms import PART, RELATIONS

_EARLIER: Final = (
    f"(coalesce(excluded.t, {LAST}), (SELECT id FROM writer WHERE w = excluded.w), excluded.n)"
    f" < (coalesce(t, {LAST}), (SELECT id FROM writer WHERE w = {{0}}.w), n)"
)
_MOVE: Final = "t = excluded.t, w = excluded.w, n = excluded.n"
COLUMNS: Final = "s, rel, d, ctx, q, t, w, n, role, exact, more, sobs, dobs"
PUT: Final = (
    f"INSERT INTO edge ({COLUMNS}) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    f"ON CONFLICT (s, rel, d, ctx, q) DO UPDATE SET {_MOVE}, more = excluded.more "
    f"WHERE {_EARLIER.format('edge')}"
)
PUT_OPEN: Final = (
    "INSERT INTO open_relation (key, rel, s, d, ctx, t, w, n, role, exact, more, sobs, dobs) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    f"ON CONFLICT (key) DO UPDATE SET {_MOVE}, more = excluded.more "
    f"WHERE {_EARLIER.format('open_relation')}"
)
PUT_ALIAS: Final = (
    "INSERT INTO alias (obs, ctx, version, t, w, n) VALUES (?, ?, ?, ?, ?, ?) "
    f"ON CONFLICT (obs, ctx, version) DO UPDATE SET {_MOVE} "
    f"WHERE {_EARLIER.format('alias')}"
)

CODE: Final = {r.name: r.code for r in RELATIONS.values()}
NAME: Final = {r.code: r.name for r in RELATIONS.values()}
USED, GENERATED, DERIVED, INFORMED = (CODE[n] for n in ("used", "wasGeneratedBy", "wasDerivedFrom", "wasInformedBy"))
LINKS: Final = frozenset((DERIVED, CODE["specializationOf"], CODE["hadMember"]))
PART_OF: Final = CODE["partOf"]


class Edge(NamedTuple):
    """A row of the edge table, and the activity a derivation is bound to."""

    s: int
    rel: int
    d: int
    ctx: int
    q: int
    t: int | None
    w: int
    n: int
    role: str | None
    exact: int
    more: str | None
    sobs: int | None
    dobs: int | None

    def flows(self) -> bool:
        """Whether the lineage law looks at it."""
        return self.rel <= 5 or (self.rel == PART_OF and self.role == PART)


class Edges:
    """Writes a batch's relations and aliases."""

    def __init__(self, db: sqlite3.Connection, names: Names) -> None:
        self._db = db
        self._names = names

    def aliases(self, statements: Iterable[tuple[int, int, int, Stamp, Alias]], first_new: int) -> list[Edge]:
        """Write aliases (observation, version, context numbers); returns the edges that moved, old ones and new."""
        rows = [(obs, ctx, version, *stamp) for obs, version, ctx, stamp, _ in statements]
        self._db.executemany(PUT_ALIAS, rows)
        moved: list[Edge] = []
        for obs in {r[0] for r in rows if r[0] < first_new}:
            moved += self._repoint(obs, self.versions([obs])[obs])
        return moved

    def versions(self, nids: Iterable[int]) -> dict[int, int]:
        """The versions of those nodes that are observations with an alias: the least by position."""
        found: dict[int, tuple[tuple[int, str, int], str, int]] = {}
        query = (
            "SELECT a.obs, a.version, coalesce(a.t, ?), w.id, a.n, i.id FROM json_each(?) j "
            "CROSS JOIN alias a ON a.obs = j.value CROSS JOIN writer w ON w.w = a.w "
            "CROSS JOIN ident i ON i.nid = a.version"
        )
        for obs, version, t, w, n, text in self._db.execute(query, (LAST, json.dumps(list(nids)))):
            found[obs] = min(found.get(obs, ((t, w, n), text, version)), ((t, w, n), text, version))
        return {obs: version for obs, (_, _, version) in found.items()}

    def _repoint(self, obs: int, version: int) -> list[Edge]:
        """Make every edge that names the observation name its version; forget the observation's description."""
        moved: list[Edge] = []
        for table in ("node", "node_type", "node_history"):
            self._db.execute(f"DELETE FROM {table} WHERE nid = ?", (obs,))
        earlier = [v for (v,) in self._db.execute("SELECT version FROM alias WHERE obs = ?", (obs,)) if v != version]
        for at, said in ((obs, None), *((v, obs) for v in earlier)):
            for end in ("s", "d"):
                rows = self._db.execute(f"SELECT {COLUMNS} FROM edge WHERE {end} = ? AND {end}obs IS ?", (at, said))
                for old in [Edge(*row) for row in rows.fetchall()]:
                    new = old._replace(s=version, sobs=obs) if end == "s" else old._replace(d=version, dobs=obs)
                    new = new._replace(q=self._observed(new))
                    self._db.execute("DELETE FROM edge WHERE (s, rel, d, ctx, q) = (?, ?, ?, ?, ?)", old[:5])
                    self._db.execute(PUT, new)
                    moved += (old, new)
                self._db.execute(
                    f"UPDATE open_relation SET {end} = ?, {end}obs = ? WHERE {end} = ? AND {end}obs IS ?",
                    (version, obs, at, said),
                )
        return moved

    def _observed(self, e: Edge) -> int:
        """The qualifier with the observations in it: the same whichever came first, alias or relation."""
        extra = json.loads(e.more or "{}")
        relation = NAME[e.rel]
        plain = qualifier(
            Relation(
                Context(),
                Position(e.t, "", 0),
                relation,
                None,
                None,
                role=e.role,
                id=extra.get("id"),
                time=extra.get("time", default_time(relation, e.t)),
                arguments=extra.get("arguments", {}),
                attributes=extra.get("attributes", {}),
                exact=bool(e.exact),
            )
        )
        return observed(plain, *(None if o is None else self._names.text(o) for o in (e.sobs, e.dobs)))

    def relations(
        self, statements: list[tuple[int | None, int | None, int, Stamp, Relation]], first_new: int
    ) -> tuple[list[Edge], set[int]]:
        """Write relations (source, target, context numbers). Returns the edges, and the places in that list whose
        statement the store or the batch had already: nothing can be appended for those, but for usages at one time."""
        ends = {x for s, d, _, _, _ in statements for x in (s, d) if x is not None}
        version = self.versions(ends) if self._any_alias() else {}
        edges: list[Edge] = []
        repeated: set[int] = set()
        times: dict[tuple[int, ...], int | None] = {}
        open_: list[tuple[Any, ...]] = []
        for s, d, ctx, (t, w, n), r in statements:
            vs, vd = (version.get(s or 0), version.get(d or 0)) if version else (None, None)
            q = qualifier(r)
            if vs or vd:
                q = observed(q, r.source if vs else None, r.target if vd else None)
            row = (ctx, q, t, w, n, r.role, int(r.exact), more(r), s if vs else None, d if vd else None)
            rel = CODE[r.relation]
            if s is None or d is None:
                name = canonical([r.relation, r.source, r.target, r.context, qualifier(r)])
                open_.append((name, rel, vs or s, vd or d, ctx, *row[2:]))
                continue
            e = Edge(vs or s, rel, vd or d, *row)
            if e.flows():
                key = e[:5]
                if e.s < first_new and e.d < first_new and key not in times:
                    times.update(self._time(e))
                # Two writers used the same at the same time: whichever counts, an activity's first usage does.
                if key in times and (rel != USED or t is None or times[key] != t):
                    repeated.add(len(edges))
                times[key] = t
            edges.append(e)
        self._db.executemany(PUT, edges)
        self._db.executemany(PUT_OPEN, open_)
        return edges, repeated

    def _time(self, e: Edge) -> list[tuple[tuple[int, ...], int | None]]:
        """The key and the time of an edge, if it is there already."""
        query = "SELECT t FROM edge WHERE s = ? AND rel = ? AND d = ? AND ctx = ? AND q = ?"
        return [(e[:5], t) for (t,) in self._db.execute(query, e[:5])]

    def _any_alias(self) -> bool:
        return self._db.execute("SELECT 1 FROM alias LIMIT 1").fetchone() is not None
