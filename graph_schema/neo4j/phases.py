"""Phases of the flow projection, and the FLOW edges between them, as rows of the graph."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from begat.graph_schema.neo4j.long_ids import short
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.projection import NO_KEY, OWN, Edge, Phase, earlier
from begat.graph_schema.statements import canonical

NODE_KEY: Final = "Resource {id"
PHASE_KEY: Final = "Phase {key"
#: The context of edges between phases of one node, which everyone sees.
EVERYONE: Final = 0

#: What makes a flow edge the same one.
Key = tuple[Phase, Phase, int]


def phase_of(node: str, kind: str | None, t: int | None, w: str | None, n: int | None) -> Phase:
    """A phase from its columns; a node's own has no kind."""
    if kind is None:
        return Phase(node)
    return Phase(node, kind) if t is None or w is None or n is None else Phase(node, kind, (t, w, n))


def _match(p: Phase) -> str:
    return NODE_KEY if p.kind == OWN else PHASE_KEY


def _key(p: Phase) -> str:
    if p.kind == OWN:
        return str(p.node)
    return short(canonical([p.node, p.kind] if p.at == NO_KEY else [p.node, p.kind, *p.at]))


def edge_key(e: Edge) -> Key:
    """What makes an edge the same one."""
    return e.source, e.target, EVERYONE if e.context is None else e.context


def least(edges: Iterable[Edge]) -> dict[Key, int | None]:
    """Edges by what makes them the same, each since its least time."""
    found: dict[Key, int | None] = {}
    for e in edges:
        key = edge_key(e)
        found[key] = earlier(found[key], e.time) if key in found else e.time
    return found


class Phases:
    """Writes phases and flow edges in one transaction. `new` are the nodes that it has made itself."""

    def __init__(self, tx: Transaction, new: set[str]) -> None:
        self._tx = tx
        self._new = new
        self._there: set[Key] = set()

    def put(self, edges: dict[Key, int | None], carried: Mapping[Key, Row] | None = None) -> None:
        """Write edges, and the phases they name; an edge that is there keeps the lesser time. `carried`: what edges on
        a trail have on them besides, see trail.py."""
        carried = carried or {}
        self._put_phases({p for s, d, _ in edges for p in (s, d) if p.kind != OWN})
        rows: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for key, time in edges.items():
            s, d, _ = key
            fresh = (s.node in self._new or d.node in self._new) and key not in self._there
            self._there.add(key)
            row = self._row(key)
            if time is not None:
                row["p"]["t"] = time
            row["p"].update(carried.get(key, ()))
            rows["create" if fresh else "merge", _match(s), _match(d)].append(row)
        for (name, source, target), some in rows.items():
            self._tx.put("flow", name, some, {"SOURCE": source, "TARGET": target})

    def remove(self, edges: Iterable[Key]) -> None:
        """Take edges away."""
        rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for key in edges:
            rows[_match(key[0]), _match(key[1])].append(self._row(key))
        for (source, target), some in rows.items():
            self._tx.put("flow", "unlink", some, {"SOURCE": source, "TARGET": target})

    def forget(self, phases: Iterable[Phase]) -> None:
        """Take phases away that no edge names."""
        self._tx.put("flow", "forget_phases", sorted(map(_key, phases)), of="keys")

    def _put_phases(self, phases: set[Phase]) -> None:
        rows: list[dict[str, Any]] = []
        for p in phases:
            row = {"key": _key(p), "of": p.node, "kind": p.kind}
            if p.at != NO_KEY:
                row["t"], row["w"], row["n"] = p.at
            rows.append(row)
        self._tx.put("flow", "put_phases", rows)

    @staticmethod
    def _row(key: Key) -> Row:
        s, d, ctx = key
        return {"s": _key(s), "d": _key(d), "p": {"ctx": ctx, "step": 0 if ctx == EVERYONE else 1}}
