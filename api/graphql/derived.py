"""What is told of nodes and is no single value in the store: asked of many at once, in a statement or two each."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import msgspec

from begat.api.graphql.things import At
from begat.queries.engine import run
from begat.queries.expr import Var
from begat.queries.plan import N, Query, Rows, T
from begat.queries.status import statuses

Found = dict[str, Any]
_OF: Final = (Rows("ids", "id"), N("x", id=Var("id")))
_TYPES: Final = Query((*_OF, T("type", "x", {"type": "type"})), {"id": Var("x"), "type": Var("type")}, ("id", "type"))
_ATTRIBUTES: Final = Query(
    (*_OF, T("description", "x", {"bundle": "bundle", "attrs": "attrs"})),
    {"id": Var("x"), "bundle": Var("bundle"), "attrs": Var("attrs")},
    ("id", "bundle"),
)
_ERRORS: Final = Query(
    (*_OF, T("end", "x", {"error": "error", "at": "at"})),
    {"id": Var("x"), "at": Var("at"), "error": Var("error")},
    ("id", "-at", "error"),
)


def _rows(at: At, query: Query, ids: Iterable[str]) -> list[tuple[Any, ...]]:
    return run(at.store, query, {"ids": sorted(set(ids))}, at.scope).rows


def _types(at: At, ids: Iterable[str]) -> Found:
    found: Found = defaultdict(list)
    for of, type_ in _rows(at, _TYPES, ids):
        found[of].append(type_)
    return found


def _attributes(at: At, ids: Iterable[str]) -> Found:
    """The union of all bundles' descriptions."""
    found: Found = {}
    for of, _, attrs in _rows(at, _ATTRIBUTES, ids):
        held = found.setdefault(of, {})
        for key, values in msgspec.json.decode(attrs or "{}").items():
            held[key] = [*held.get(key, ()), *(v for v in values if v not in held.get(key, ()))]
    return {of: dict(sorted(held.items())) for of, held in found.items()}


def _errors(at: At, ids: Iterable[str]) -> Found:
    found: Found = {}
    for of, _, error in _rows(at, _ERRORS, ids):
        if error is not None:
            found.setdefault(of, error)
    return found


def _statuses(at: At, ids: Iterable[str]) -> Found:
    return dict(statuses(at.store, at.scope, ids))


class Derived(NamedTuple):
    """How it is found of nodes by their ids; `none` makes what a node has of which nothing is found."""

    read: Callable[[At, Iterable[str]], Found]
    none: Callable[[], Any]


DERIVED: Final = {
    "types": Derived(_types, list),
    "attributes": Derived(_attributes, dict),
    "status": Derived(_statuses, lambda: None),
    "error": Derived(_errors, lambda: None),
}
