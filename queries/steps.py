"""All steps of a closure, for searches in Python: by the lineage law, or over stored relations.

The rows are those that reach.py searches: flow nodes (an activity's phases, an entity's generations) and who owns each.
What stands for a node differs by store; `ids` tells their ids.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from begat.graph_schema.law import State, begin, causes
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.store import Store
from begat.queries.clock import left
from begat.queries.engine import ids_of, rendered_sql, run
from begat.queries.expr import Par, Var
from begat.queries.plan import FLOW, C, Direction, N, Query, Rows
from begat.queries.reach import Node, Step
from begat.queries.result import storable
from begat.queries.scope import Scope
from begat.queries.sql.flow import ROOT
from begat.queries.view import View

NAMED: Final = Query((Rows("ids", "given"), N("x", id=Var("given"))), {"given": Var("given"), "id": Var("x")}, ("id",))


class Steps(msgspec.Struct):
    """The steps of a closure; `ids` gives the ids of some owners."""

    steps: list[Step]
    ids: Callable[[Iterable[Node]], Mapping[Node, str]]


def steps(store: Store, scope: Scope, start: str, direction: Direction, rels: tuple[str, ...] = FLOW) -> Steps:
    """The steps from the node with the id `start`."""
    return STEPS[store.dialect](store, scope, start, direction, rels)


@lru_cache(64)
def _plan(direction: Direction, rels: tuple[str, ...]) -> Query:
    return Query((N("x", id=Par("thing")), C("x", rels, "y", direction, depth="depth")), {"y": Var("y")}, ("y",))


def _of_sqlite(store: Store, scope: Scope, start: str, direction: Direction, rels: tuple[str, ...]) -> Steps:
    rendered = rendered_sql(_plan(direction, rels), scope, {"thing": start})
    (prelude,) = rendered.preludes
    params = {k: json.dumps(v) if isinstance(v, list) else v for k, v in rendered.params.items()}

    return Steps(store.read(prelude.text, {**params, ROOT: start}, left()), lambda owners: ids_of(store, owners))


def _of_neo4j(store: Store, scope: Scope, start: str, direction: Direction, rels: tuple[str, ...]) -> Steps:
    from begat.graph_schema.neo4j.long_ids import short
    from begat.queries.cypher.engine import rendered_cypher, steps_of

    rendered = rendered_cypher(_plan(direction, rels), scope, {"thing": start})
    (prelude,) = rendered.preludes
    params = {k: storable(v) for k, v in rendered.params.items()}
    ((closure,),) = store.read(prelude.text, {**params, ROOT: short(storable(start))}, left()) or [([],)]

    def ids(owners: Iterable[Node]) -> Mapping[Node, str]:
        """The graph knows long ids by a short form."""
        return dict(run(store, NAMED, {"ids": sorted(set(owners))}, scope).rows)

    return Steps(steps_of(closure), ids)


def _of_memory(store: Store, scope: Scope, start: str, direction: Direction, rels: tuple[str, ...]) -> Steps:
    def found(memory: MemoryStore) -> Iterator[Step]:
        view = View(memory, scope)
        yield from _by_law(view, start, direction) if rels == FLOW else _by_relations(view, start, direction, rels)

    return Steps(store.read(found, {}), lambda owners: {o: o for o in owners})


def _by_law(view: View, start: str, direction: Direction) -> Iterator[Step]:
    """Naive: what is behind everything is looked at, to find what is before something."""
    h = view.history
    counted = not (start in h.activities or view.is_a(start, ("Activity",)))
    if direction == "up":
        first = begin(h, start)
        yield (None, first, 0, start, counted)
        for s in _reached([first], lambda s: causes(h, s)):
            yield from ((s, c, 1, c.node, 1) for c in causes(h, s))
        return
    everything = _reached([begin(h, n) for n in h.nodes()], lambda s: causes(h, s))
    effects: dict[State, list[State]] = {}
    for s in everything:
        for c in dict.fromkeys(causes(h, s)):
            effects.setdefault(c, []).append(s)
    seeds = [s for s in everything if s.node == start]
    yield from ((None, s, 0, start, counted) for s in seeds)
    for s in _reached(seeds, lambda s: effects.get(s, ())):
        # An entity or activity is what it is as a whole: only that is told of it.
        yield from ((s, e, 1, e.node, e == begin(h, e.node)) for e in effects.get(s, ()))


def _by_relations(view: View, start: str, direction: Direction, rels: tuple[str, ...]) -> Iterator[Step]:
    def onward(n: str) -> Iterator[str]:
        for r in (view.outgoing if direction == "up" else view.incoming).get(n, []):
            other = r.target if direction == "up" else r.source
            if r.relation in rels and other is not None:
                yield other

    yield (None, start, 0, start, 1)
    for n in _reached([start], onward):
        yield from ((n, m, 1, m, 1) for m in onward(n))


def _reached(starts: Iterable[Any], onward: Callable[[Any], Iterable[Any]]) -> list[Any]:
    found = dict.fromkeys(starts)
    queue = deque(found)
    while queue:
        for n in onward(queue.popleft()):
            if n not in found:
                found[n] = None
                queue.append(n)
    return list(found)


STEPS: Final = {"sqlite": _of_sqlite, "memory": _of_memory, "neo4j": _of_neo4j}
