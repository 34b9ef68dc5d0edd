"""Finding nodes by kind or type, and by what is said of them."""

from typing import Any, Final

from begat.graph_schema.errors import NotFound
from begat.graph_schema.store import Store
from begat.graph_schema.terms import kind_of
from begat.queries.answer import Answer, Column, iso, shown
from begat.queries.ask import at_most
from begat.queries.columns import NODE, TIMES, node, times
from begat.queries.engine import look, run
from begat.queries.expr import Expr, Par, Prop, Var, eq
from begat.queries.facts import Subject
from begat.queries.kinds import kind_or_type
from begat.queries.naming import find_thing
from begat.queries.plan import Atom, E, Either, Has, N, Query, T, W
from begat.queries.scope import Scope
from begat.queries.sorting import Sorting, bare, sorting
from begat.queries.sources import Sources
from begat.queries.status import BAD, statuses
from begat.queries.where import Where, bare_names, parse

COLUMNS: Final = (*NODE, Column("value", "json", "of a setting or an evaluation"), *TIMES)


def find(
    store: Store,
    type: str,
    where: str | None = None,
    *,
    sort: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """Nodes of a kind or type, subtypes included, the latest first; see where.py for `where`.

    `sort`: properties, settings (params.lr) and measures (metrics.loss.min) with commas between them, "-" before the
    greatest first. `after`: the last thing of the page before, by id, path or name. `as_of` in microseconds since the
    epoch, UTC.

    Raises NotFound for a type nobody has, with the nearest; UsageError for a `where` or `sort` that cannot be read.
    """
    scope = look(store, project, as_of)
    most = at_most(limit)
    name = kind_or_type(store, type, scope)
    who = Subject("x", kind_of(name), as_of is not None)
    sources = Sources(store, scope, (N("x", (name,)),), who)
    told = sources.of((*(bare_names(where) if where else ()), *(bare(sort) if sort else ())))
    condition = parse(where, who, told) if where else Where()
    order = None if sort is None else sorting(sort, who, told)
    q = query(name, condition, order, None if after is None else keys_of(store, scope, name, order, after))
    rows, truncated = _rows(store, q, condition, scope, most)
    further = [(f"key{i}", Column(k.what, "number")) for i, k in enumerate(order.keys) if k.atoms] if order else []
    given = {"type": type, "where": where, "sort": sort, "after": after}
    return Answer(
        question="find",
        params={k: v for k, v in given.items() if v},
        columns=[*COLUMNS, *(c for _, c in further)],
        rows=[
            {c.name: shown(r[c.name], c.type) for c in COLUMNS} | {c.name: shown(r[k], c.type) for k, c in further}
            for r in rows
        ],
        truncated=truncated,
        as_of=None if as_of is None else iso(as_of),
        pending=scope.marked,
        notes=sources.notes,
        next=rows[-1]["id"] if truncated and rows else None,
    )


def query(type: str, where: Where, order: Sorting | None = None, after: tuple[Any, ...] | None = None) -> Query:
    """The plan: what the store can decide of the condition. `after`: the keys that the page comes after."""
    body: list[Atom] = [N("x", (type,))]
    if where.statuses is not None:
        body.append(happened(where.statuses))
    body += where.body()
    cols: dict[str, Expr] = {**node("x"), "value": Prop("x", "value"), **times("x"), "seen": Prop("x", "seen")}
    if order is not None:
        body += order.atoms()
    if after is not None:
        body.append((order or LATEST).after(after))
    if order is None:
        return Query(tuple(body), cols, ("-seen", "name", "id"))
    return Query(tuple(body), cols | order.cols(), order.order())


#: The order of who asks for none.
LATEST: Final = sorting("-seen,name,id", Subject(), {})


def keys_of(store: Store, scope: Scope, type: str, order: Sorting | None, after: str) -> tuple[Any, ...]:
    """The keys of the thing that a page comes after. Raises NotFound where it is of another type."""
    by = order or LATEST
    thing = find_thing(store, after, scope)
    q = Query((N("x", id=Par("id")), N("x", (type,)), *by.atoms()), by.cols(), by.order())
    rows = run(store, q, {"id": thing.id}, scope, 1).rows
    if not rows:
        raise NotFound(f"--after: {after!r} is no {type}")
    return rows[0]


def happened(wanted: frozenset[str]) -> Atom:
    """Narrows to activities that may have one of these statuses."""
    if wanted <= {"FAILED", "KILLED"}:
        by_itself: tuple[Atom, ...] = ()
        by_its_job: tuple[Atom, ...] = (E("x", ("submittedAs",), "job"),)
        return Has((Either(tuple(
            (*way, T("end", who, {"outcome": "outcome"}), W(eq(Var("outcome"), outcome)))
            for outcome, status in BAD if status in wanted for who, way in (("x", by_itself), ("job", by_its_job))
        )),))  # fmt: skip
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
