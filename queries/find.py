"""Finding nodes by kind or type, and by what is said of them."""

from difflib import get_close_matches
from typing import Any, Final

from begat.graph_schema.errors import NotFound
from begat.graph_schema.store import Store
from begat.graph_schema.terms import ALIASES, KINDS, TYPES
from begat.queries.answer import Answer, Column, iso, shown
from begat.queries.ask import at_most
from begat.queries.columns import NODE, TIMES, node, times
from begat.queries.engine import look, run
from begat.queries.expr import Expr, Prop, Var, eq
from begat.queries.plan import Atom, Either, Has, N, Query, T, W
from begat.queries.scope import Scope
from begat.queries.status import statuses
from begat.queries.where import Where, parse

COLUMNS: Final = (*NODE, Column("value", "json", "of a setting or an evaluation"), *TIMES)
#: What is stored of activities whose status may be one of these.
ENDED: Final = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "killed"}


def find(
    store: Store,
    type: str,
    where: str | None = None,
    *,
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """Nodes of a kind or type, subtypes included, the latest first; see where.py for `where`.

    Raises NotFound for a type nobody has, with the nearest; UsageError for a `where` that cannot be read.
    """
    scope = look(store, project, as_of)
    name = ALIASES.get(type, type)
    condition = parse(where) if where else Where()
    rows, truncated = _rows(store, query(name, condition), condition, scope, at_most(limit))
    if not rows and name not in KINDS and name not in TYPES and not run(store, query(name, Where()), {}, scope, 1).rows:
        near = get_close_matches(type, [*KINDS, *TYPES, *ALIASES], 3, 0.5)
        raise NotFound(f"no kind or type {type!r}", tuple(near))
    return Answer(
        question="find",
        params={"type": type} | ({"where": where} if where else {}),
        columns=list(COLUMNS),
        rows=[{c.name: shown(r[c.name], c.type) for c in COLUMNS} for r in rows],
        truncated=truncated,
        as_of=None if as_of is None else iso(as_of),
        pending=scope.marked,
    )


def query(type: str, where: Where) -> Query:
    """The plan: what the store can decide of the condition."""
    body: list[Atom] = [N("x", (type,))]
    if where.statuses is not None:
        body.append(_happened(where.statuses))
    if where.test is not None:
        body.append(W(where.test))
    cols: dict[str, Expr] = {**node("x"), "value": Prop("x", "value"), **times("x"), "seen": Prop("x", "seen")}
    return Query(tuple(body), cols, ("-seen", "name", "id"))


def _happened(wanted: frozenset[str]) -> Atom:
    """Narrows to activities that may have one of these statuses."""
    if wanted <= {"FAILED", "KILLED"}:
        outcomes = [ENDED[s] for s in sorted(wanted)]
        ended: list[tuple[Atom, ...]] = [
            (T("end", "x", {"outcome": "outcome"}), W(eq(Var("outcome"), o)))
            for o in outcomes
        ]
        return Has((Either(tuple(ended)),))
    return Has((Either(((T("start", "x"),), (T("end", "x"),))),))


def _rows(
    store: Store, q: Query, where: Where, scope: Scope, limit: int
) -> tuple[list[dict[str, Any]], bool]:
    """Rows with their status. One that is asked for is derived page by page until there are enough."""
    fetch = limit if where.statuses is None else 4 * limit
    while True:
        result = run(store, q, {}, scope, fetch)
        rows = [dict(zip(q.cols, r, strict=True)) for r in result.rows]
        found = statuses(store, scope, [r["id"] for r in rows if r["kind"] == "Activity"])
        for r in rows:
            r["status"] = found.get(r["id"])
        kept = [r for r in rows if where.statuses is None or r["status"] in where.statuses]
        if not result.truncated or len(kept) > limit or where.statuses is None:
            return kept[:limit], result.truncated or len(kept) > limit
        fetch *= 4
