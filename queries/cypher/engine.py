"""Running a plan on a Neo4j store: closures with depths first, then the statement."""

from collections.abc import Mapping
from typing import Any, Final

from begat.graph_schema.neo4j.long_ids import short
from begat.graph_schema.store import Store
from begat.queries.clock import left
from begat.queries.cypher.flow import ROOT
from begat.queries.cypher.preludes import Avoided, Between, Closure, OnWay, Reached
from begat.queries.cypher.render import LIMIT, Rendered, render
from begat.queries.kept import Kept, rendered
from begat.queries.plan import Query
from begat.queries.reach import Step, between, reach
from begat.queries.result import Result, constant, storable
from begat.queries.scope import CONTEXTS, Scope
from begat.queries.values import LARGEST
from begat.queries.walk import shortest

SCOPE: Final = (
    "MATCH (c:Context) WITH c.ctx AS ctx, c.project AS project ORDER BY ctx\n"
    "RETURN COUNT { (:Marked) } AS marked, ctx, project, COLLECT { MATCH (b:Begat) RETURN b.wide }[0] AS wide"
)

#: How many of the marked nodes are described in some contexts, where there are others: theirs nobody else hears of.
OWN: Final = (
    f"RETURN COUNT {{ MATCH (n:Marked) WHERE n.ctx IN ${CONTEXTS} "
    f"OR EXISTS {{ (n)<-[:FACET_OF]-(f:Facet) WHERE f.ctx IN ${CONTEXTS} }} }} AS marked"
)


def look(store: Store, project: str, as_of: int | None) -> Scope:
    """What a question about a project may see."""
    rows = store.read(SCOPE, {})
    own = tuple(ctx for _, ctx, p, _ in rows if p == project)
    everything = len(own) == len(rows)
    marked, wide = (rows[0][0], bool(rows[0][3])) if rows else (0, False)
    if marked and not everything:
        ((marked,),) = store.read(OWN, {CONTEXTS: list(own)})
    return Scope(project, as_of, None if everything else own, len(own) > 1, marked, wide)


#: The plans of this process as Cypher.
CYPHER: Final[Kept[Rendered]] = Kept()


def rendered_cypher(query: Query, scope: Scope, given: Mapping[str, Any]) -> Rendered:
    """The Cypher of a query, kept."""
    return rendered(CYPHER, render, query, scope, given)


def run(store: Store, query: Query, params: Mapping[str, Any], scope: Scope, limit: int | None) -> Result:
    """The first `limit` rows of a query and one more, if there is one."""
    made = rendered_cypher(query, scope, params)
    bound = {k: storable(v) for k, v in {**params, **made.params}.items()}
    bound |= {k: _shorter(bound[k]) for k in made.ids & bound.keys()}
    bound |= {k: _in_a_map(bound[k]) for k in params if isinstance(bound[k], list)}
    steps: dict[str, list[Step]] = {}
    truncated = False
    for prelude in made.preludes:
        match prelude:
            case Closure(name, text, root, hi):
                start = {ROOT: constant(root, bound)}
                ((closure,),) = store.read(text, {**bound, **start}, left()) or [([],)]
                steps[name] = steps_of(closure)
                found = reach(steps[name], None if hi is None else constant(hi, bound))
                bound[name] = {n: [r.depth, min(r.vias)] for n, r in found.found.items()}
                truncated |= found.truncated
            case Reached(name, text, root):
                ((ids,),) = store.read(text, {**bound, ROOT: constant(root, bound)}, left())
                bound[name] = dict.fromkeys(ids, True)
            case Between(name, text, of):
                ((ends,),) = store.read(text, bound, left())
                bound[name] = _in_a_map(sorted(between(steps[of], set(ends))))
            case Avoided(name, text):
                ((ids,),) = store.read(text, bound, left())
                bound[name] = dict.fromkeys(ids, True)
            case OnWay(name, of, end):
                bound[name] = _in_a_map(
                    shortest(steps[of], constant(end, bound), lambda owners: {o: o for o in owners})
                )
    bound[LIMIT] = LARGEST if limit is None else min(limit + 1, LARGEST)
    ((rows,),) = store.read(made.text, bound, left())
    return Result([tuple(int(v) if isinstance(v, bool) else v for v in r) for r in rows], truncated)


def steps_of(closure: list[tuple[str, str, bool, bool | None, list[str], list[str]]]) -> list[Step]:
    """A closure's steps, those to its seeds first; see flow.prelude."""
    known = {node: (owner, counted) for node, owner, counted, _, _, _ in closure}
    steps: list[Step] = [(None, node, 0, owner, seed) for node, owner, _, seed, _, _ in closure if seed is not None]
    for node, _, _, _, near, far in closure:
        steps += [(node, n, 0, *known[n]) for n in near]
        steps += [(node, n, 1, *known[n]) for n in far]
    return steps


def _in_a_map(elements: list[Any]) -> dict[str, list[Any]]:
    """A list as expressions.elements reads it: of one that stands alone the server makes a plan for each order of
    magnitude of its length, which takes seconds on one that has just started."""
    return {"of": elements}


def _shorter(ids: Any) -> Any:
    """Ids as the graph knows them."""
    if isinstance(ids, list):
        return [_shorter(i) for i in ids]
    return short(ids) if isinstance(ids, str) else ids
