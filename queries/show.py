"""Everything that is recorded about one node."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from begat.graph_schema.store import Store
from begat.graph_schema.terms import RELATIONS
from begat.queries.answer import shown
from begat.queries.ask import at_most
from begat.queries.engine import look, run
from begat.queries.expr import Expr, Par, Prop, Var
from begat.queries.naming import find_thing
from begat.queries.plan import E, N, Query, T
from begat.queries.properties import TABLES, Type
from begat.queries.result import Result
from begat.queries.scope import Scope
from begat.queries.status import statuses

ALL: Final = tuple(RELATIONS)
X: Final = N("x", id=Par("id"))
SERIES: Final = tuple(TABLES["rollup"])


class Shown(msgspec.Struct):
    """One node. Relations are rows (relation, role, id, name, type, at), settings (name, value), series roll-ups.

    `history` holds names and values that later ones have overruled. `truncated`: a list is longer than the limit.
    """

    id: str
    name: str | None
    kind: str | None
    types: list[str]
    value: Any
    status: str | None
    started_at: str | None
    ended_at: str | None
    error: str | None
    attributes: dict[str, list[Any]]
    settings: list[dict[str, Any]]
    relations_out: list[dict[str, Any]]
    relations_in: list[dict[str, Any]]
    series: list[dict[str, Any]]
    history: list[dict[str, Any]]
    truncated: bool = False
    notes: list[str] = []


def show(store: Store, name: str, *, limit: int | None = None, project: str = "default") -> Shown:
    """Everything about a node named by id, path or name. `limit` bounds each list of rows.

    Raises NotFound with the nearest names, Ambiguous with the matches.
    """
    scope = look(store, project)
    thing = find_thing(store, name, scope)
    most = at_most(limit)
    asked = _Asked(store, scope, {"id": thing.id}, most)
    node = asked.rows(NODE)[0]
    return Shown(
        id=thing.id,
        name=node["name"],
        kind=node["kind"],
        types=[r["type"] for r in asked.rows(TYPES)],
        value=shown(node["value"], "json"),
        status=statuses(store, scope, [thing.id]).get(thing.id),
        started_at=shown(node["started"], "time"),
        ended_at=shown(node["ended"], "time"),
        error=next((r["error"] for r in asked.rows(ERRORS) if r["error"] is not None), None),
        attributes=_attributes(asked.rows(DESCRIPTIONS)),
        settings=[_as(r, {"value": "json"}) for r in asked.listed(SETTINGS)],
        relations_out=[_as(r, RELATION) for r in asked.listed(OUT)],
        relations_in=[_as(r, RELATION) for r in asked.listed(IN)],
        series=[_as(r, TABLES["rollup"]) for r in asked.listed(ROLLUPS)],
        history=[_as(r, {"at": "time"}) for r in asked.listed(PAST)],
        truncated=asked.truncated,
        notes=thing.notes,
    )


class _Asked:
    """Asks the plans below about one node."""

    def __init__(self, store: Store, scope: Scope, params: Mapping[str, Any], limit: int) -> None:
        self._store, self._scope, self._params, self._limit = store, scope, params, limit
        self.truncated = False

    def rows(self, query: Query, limit: int | None = None) -> list[dict[str, Any]]:
        result: Result = run(self._store, query, self._params, self._scope, limit)
        self.truncated |= result.truncated
        return [dict(zip(query.cols, row, strict=True)) for row in result.rows]

    def listed(self, query: Query) -> list[dict[str, Any]]:
        return self.rows(query, self._limit)


def _as(row: dict[str, Any], types: Mapping[str, Type]) -> dict[str, Any]:
    return {name: shown(value, types.get(name, "text")) for name, value in row.items()}


def _attributes(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The union of all bundles' descriptions."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        for key, values in msgspec.json.decode(row["attrs"]).items():
            held = found.setdefault(key, [])
            held += [v for v in values if v not in held]
    return dict(sorted(found.items()))


RELATION: Final[dict[str, Type]] = {"relation": "relation", "at": "time"}
_OTHER: Final[dict[str, Expr]] = {
    "relation": Var("relation"),
    "role": Var("role"),
    "id": Var("y"),
    "name": Prop("y", "name"),
    "type": Prop("y", "type"),
    "at": Var("at"),
}
NODE: Final = Query((X,), {p: Prop("x", p) for p in ("name", "kind", "value", "started", "ended")}, ("name",))
TYPES: Final = Query((X, T("type", "x", {"type": "type"})), {"type": Var("type")}, ("type",))
DESCRIPTIONS: Final = Query(
    (X, T("description", "x", {"bundle": "bundle", "attrs": "attrs"})),
    {"bundle": Var("bundle"), "attrs": Var("attrs")},
    ("bundle",),
)
ERRORS: Final = Query(
    (X, T("end", "x", {"error": "error", "at": "at"})), {"at": Var("at"), "error": Var("error")}, ("-at", "error")
)
SETTINGS: Final = Query(
    (X, E("x", ("hasSetting",), "s")), {"name": Prop("s", "name"), "value": Prop("s", "value")}, ("name",)
)
OUT: Final = Query(
    (X, E("x", ALL, "y", rel="relation", role="role", at="at")), _OTHER, ("relation", "at", "name", "id")
)
IN: Final = Query((X, E("y", ALL, "x", rel="relation", role="role", at="at")), _OTHER, ("relation", "at", "name", "id"))
ROLLUPS: Final = Query(
    (X, T("rollup", "x", {c: c for c in SERIES})), {c: Var(c) for c in SERIES}, ("name", "labels")
)
PAST: Final = Query(
    (X, T("past", "x", {"key": "key", "value": "value", "at": "at"})),
    {"key": Var("key"), "value": Var("value"), "at": Var("at")},
    ("key", "at"),
)
