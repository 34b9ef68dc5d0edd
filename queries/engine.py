"""Running a plan on a store: the renderer or evaluator is chosen by the store's dialect."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any, Final

import msgspec

from begat.graph_schema.errors import UsageError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.store import Store
from begat.queries.accelerated import answered, by_sql, closed, leading
from begat.queries.clock import left
from begat.queries.evaluator import Evaluator
from begat.queries.kept import Kept, form, rendered
from begat.queries.plan import Query, expand
from begat.queries.reach import Step, reach
from begat.queries.result import Result, Row, constant, storable
from begat.queries.scope import CONTEXTS, Scope
from begat.queries.sorts import whole_numbers
from begat.queries.sql.flow import IDS, NUMBER, ROOT
from begat.queries.sql.render import LIMIT, Prelude, Rendered, render
from begat.queries.values import LARGEST
from begat.queries.view import View
from begat.queries.walk import shortest

SCOPE: Final = "SELECT (SELECT count(*) FROM mark), ctx, project FROM (SELECT 1) LEFT JOIN context ORDER BY ctx"
#: How many of the marked nodes are described in some contexts, where there are others: theirs nobody else hears of.
OWN: Final = (
    "SELECT count(*) FROM mark WHERE EXISTS (SELECT 1 FROM node WHERE node.nid = mark.nid "
    f"AND ctx IN (SELECT value FROM json_each(:{CONTEXTS})))"
)


def look(store: Store, project: str = "default", as_of: int | None = None) -> Scope:
    """What a question about a project may see of a store, up to a time in microseconds."""
    return _engine(store)[0](store, project, as_of)


def run(store: Store, query: Query, params: Mapping[str, Any], scope: Scope, limit: int | None = None) -> Result:
    """The first `limit` rows of a query (all without)."""
    result = _engine(store)[1](store, query, params, scope, limit)
    if limit is not None and len(result.rows) > limit:
        return Result(result.rows[:limit], result.deeper, more=True)
    return result


def _look_sqlite(store: Store, project: str, as_of: int | None) -> Scope:
    rows = [r for r in store.read(SCOPE, {}) if r[1] is not None]
    own = tuple(ctx for _, ctx, p in rows if p == project)
    marked = rows[0][0] if rows else 0
    everything = len(own) == len(rows)
    if marked and not everything:
        ((marked,),) = store.read(OWN, {CONTEXTS: json.dumps(own)})
    context = own[0] if own else 0
    return Scope(project, as_of, None if everything else own, len(own) > 1, marked, context=context)


#: The plans of this process as SQL.
SQL: Final[Kept[Rendered]] = Kept()


def rendered_sql(query: Query, scope: Scope, given: Mapping[str, Any]) -> Rendered:
    """The SQL of a query, kept."""
    return rendered(SQL, render, query, scope, given)


def _run_sqlite(store: Store, query: Query, params: Mapping[str, Any], scope: Scope, limit: int | None) -> Result:
    made = rendered_sql(query, scope, params)
    bound = {k: _bind(v) for k, v in {**params, **made.params}.items()}
    truncated = False
    for prelude in made.preludes:
        bound[prelude.name], cut = _closed(store, scope, prelude, bound)
        truncated |= cut
    bound[LIMIT] = -1 if limit is None else min(limit + 1, LARGEST)
    rows = None if made.quick is None else answered(store, scope, made.quick, bound)
    if rows is None:
        with by_sql(store) if made.quick else nullcontext():
            rows = store.read(made.text, bound, left())
    if made.lists:
        rows = [tuple(json.loads(v) if i in made.lists else v for i, v in enumerate(row)) for row in rows]
    return Result(rows, truncated)


def _closed(store: Store, scope: Scope, prelude: Prelude, bound: Mapping[str, Any]) -> tuple[str, bool]:
    """A closure's rows (node, depth, via) as JSON, and whether it goes deeper than asked for."""
    root = constant(prelude.root, bound)
    hi = None if prelude.hi is None else constant(prelude.hi, bound)
    quick = None if prelude.lineage is None else closed(store, scope, root, prelude.lineage, hi)
    if quick is not None:
        return msgspec.json.encode(quick.rows()).decode(), quick.truncated
    end = None if prelude.end is None else constant(prelude.end, bound)
    if end is not None and (ways := leading(store, scope, root, end)) is not None:
        return _way(store, ways, end), False
    with by_sql(store):
        steps = store.read(prelude.text, {**bound, ROOT: root}, left())
        if end is not None:
            return _way(store, steps, end), False
        found = reach(steps, hi)
    several = {v for r in found.found.values() if len(r.vias) > 1 for v in r.vias}
    ids = ids_of(store, several) if several else {}
    rows = [
        (n, r.depth, next(iter(r.vias)) if len(r.vias) == 1 else min(r.vias, key=ids.__getitem__))
        for n, r in found.found.items()
    ]
    return json.dumps(rows), found.truncated


def ids_of(store: Store, nids: Iterable[int]) -> dict[int, str]:
    """The ids of nodes that an embedded store has these numbers for."""
    return dict(store.read(IDS, {"nids": json.dumps(sorted(set(nids)))}))


def _way(store: Store, steps: Sequence[Step], end: str) -> str:
    """The nodes of a least path as JSON rows (node, depth, via)."""
    ends = store.read(NUMBER, {"id": end})
    path = shortest(list(steps), ends[0][0], partial(ids_of, store)) if ends else []
    return json.dumps([[n, depth, via] for depth, (via, n) in enumerate(zip([None, *path], path, strict=False))])


def _bind(value: Any) -> Any:
    """A parameter as SQLite takes it: lists as JSON."""
    plain = storable(value)
    if not isinstance(plain, list):
        return plain
    text = json.dumps(plain)
    # JSON has no infinity; SQLite reads it in a number that is too large.
    return _INFINITY.sub(lambda m: "9e999" if m[0] == "Infinity" else m[0], text) if "Infinity" in text else text


#: Texts first, so that the word in one is passed over.
_INFINITY: Final = re.compile(r'"(?:[^"\\]|\\.)*"|Infinity')


def _look_memory(store: Store, project: str, as_of: int | None) -> Scope:
    return Scope(project, as_of)


#: Plans as the evaluator takes them.
EXPANDED: Final[Kept[Query]] = Kept()


def _expanded(query: Query, given: Mapping[str, Any]) -> Query:
    body = expand(query.body, given)
    whole_numbers(body, given)
    return Query(body, query.cols, query.order)


def _run_memory(store: Store, query: Query, params: Mapping[str, Any], scope: Scope, limit: int | None) -> Result:
    query = EXPANDED.of(query, form(params), lambda: _expanded(query, params))
    truncated = False

    def evaluate(memory: MemoryStore) -> Iterator[Row]:
        nonlocal truncated
        evaluator = Evaluator(View(memory, scope), {k: storable(v) for k, v in params.items()})
        yield from (tuple(list(v) if isinstance(v, tuple) else v for v in row) for row in evaluator.rows(query))
        truncated = evaluator.truncated

    return Result(store.read(evaluate, {}, left()), truncated)


# What speaks Cypher is imported when there is such a store.
def _look_neo4j(store: Store, project: str, as_of: int | None) -> Scope:
    from begat.queries.cypher import engine

    return engine.look(store, project, as_of)


def _run_neo4j(store: Store, query: Query, params: Mapping[str, Any], scope: Scope, limit: int | None) -> Result:
    from begat.queries.cypher import engine

    return engine.run(store, query, params, scope, limit)


Look = Callable[[Store, str, int | None], Scope]
Run = Callable[[Store, Query, Mapping[str, Any], Scope, int | None], Result]
ENGINES: Final[dict[str, tuple[Look, Run]]] = {
    "sqlite": (_look_sqlite, _run_sqlite),
    "memory": (_look_memory, _run_memory),
    "neo4j": (_look_neo4j, _run_neo4j),
}


def _engine(store: Store) -> tuple[Look, Run]:
    if store.dialect not in ENGINES:
        raise UsageError(f"no questions can be asked of a {store.dialect} store: known are {', '.join(ENGINES)}")
    return ENGINES[store.dialect]
