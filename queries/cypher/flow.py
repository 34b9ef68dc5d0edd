"""Rendered closures: over the flow projection (lineage), and over stored relations.

A closure is a quantified pattern from one bound node with DISTINCT behind it, which the server walks breadth first and
visits each node once. Projects and as-of are predicates inside the pattern. Depths are not counted in Cypher: the
prelude gives the edges inside the closure, and reach.py searches them.
"""

from typing import Final

from begat.graph_schema.neo4j.cypher import TYPE_OF
from begat.graph_schema.terms import PART
from begat.queries.cypher.pipeline import indented
from begat.queries.cypher.sight import Sight
from begat.queries.plan import Direction

ROOT: Final = "_root"
#: From more starts than this a closure goes on together, this many levels.
TOGETHER: Final = 4
LEVELS: Final = 16
#: An arrow from the known end to the found one, a direction.
_ARROWS: Final = {"up": "-[{r}]->", "down": "<-[{r}]-"}
#: What only an activity has; True: in the role of a part.
_ACTS: Final = (
    ("({x})-[{e}:USED|WAS_INFORMED_BY]->()", False),
    ("({x})<-[{e}:WAS_GENERATED_BY|WAS_INFORMED_BY]-()", False),
    ("({x})-[{e}:PART_OF]-()", True),
)
#: The id of a flow node's owner: a phase's, else its own.
_OWNER: Final = "coalesce({f}.of, {f}.id)"
#: The nodes at the end of the steps that cost 0, or 1. Only within a statement are their element ids sure to stay.
_STEPS: Final = "collect(CASE e.step WHEN {} THEN elementId(b) END)"


def _arrow(direction: Direction, inside: str) -> str:
    return _ARROWS[direction].format(r=inside)


def _where(tests: list[str]) -> str:
    return f" WHERE {' AND '.join(tests)}" if tests else ""


def seeds(x: str, direction: Direction, sight: Sight) -> str:
    """The flow nodes a question about `x` starts from, as a list; what else belongs to it is reached from these.

    Up: all of an activity (its fin, else its last input phase), an entity's last generation, else the node itself.
    Down: the node itself, its name, an entity's further generations; an activity's phases all lead to the node.
    """
    p = sight.name("p")
    phases = f"MATCH ({p}:Phase)-[:PHASE_OF]->({x})"
    if direction == "down":
        return f"[{x}] + COLLECT {{ {phases} WHERE {p}.kind IN ['name', 'made'] RETURN {p} }}"
    w = sight.key(f"{p}.w")
    made = " AND ".join([f"{p}.kind = 'made'", *sight.generation(p)])
    order = f"ORDER BY {p}.kind = 'fin' DESC, {p}.kind = 'input' DESC, {p}.t DESC, {w} DESC, {p}.n DESC LIMIT 1"
    test = f"EXISTS {{ ({p})-[:FLOW]->() }} AND ({p}.kind IN ['fin', 'input'] OR {made})"
    return f"[coalesce(COLLECT {{ {phases} WHERE {test} RETURN {p} {order} }}[0], {x})]"


def counted(f: str, sight: Sight) -> str:
    """Whether a flow node found on the way down stands for its owner: an entity's only at its last generation."""
    h, o = sight.name("h"), sight.name("o")
    w = sight.key(f"{h}.w")
    made = _where([f"{h}.kind = 'made'", *sight.generation(h)])
    latest = f"{made} RETURN {h}.key ORDER BY {h}.t DESC, {w} DESC, {h}.n DESC LIMIT 1 }}[0]"
    of_node = f"COLLECT {{ MATCH ({f})<-[:PHASE_OF]-({h}:Phase){latest}"
    # In one MATCH the phase would not find itself: no relationship is walked twice.
    of_phase = f"COLLECT {{ MATCH ({f})-[:PHASE_OF]->({o}) MATCH ({o})<-[:PHASE_OF]-({h}:Phase){latest}"
    return (
        f"CASE WHEN {f}.kind IS NULL THEN {of_node} IS NULL WHEN {f}.kind = 'made' THEN {f}.key = {of_phase} "
        "ELSE true END"
    )


def acts(x: str, sight: Sight) -> str:
    """Whether a node is an activity, by its description or by what is said of it: such a node is not behind itself."""
    tests = [sight.is_activity(x)]
    for pattern, role in _ACTS:
        e = sight.name("e")
        further = [f"{e}.role = '{PART}'"] if role else []
        tests.append(f"EXISTS {{ {pattern.format(x=x, e=e)}{_where([*sight.statement(e), *further])} }}")
    return f"({' OR '.join(tests)})"


def _reached(
    sight: Sight,
    direction: Direction,
    inside: str,
    tests: list[str],
    start: str,
    found: str,
    avoided: str | None = None,
) -> str:
    """Clauses that bind `found` to each node reached from the node `start`, which is one of them. `avoided` is a map
    by the ids of nodes that are not walked to."""
    r, n = sight.name("r"), sight.name("n") if avoided else ""
    to = f"({n}{_where(_not_in(n, avoided))})"
    hop = "(()" + _arrow(direction, f"{r}:{inside}{_where([t.format(r=r) for t in tests])}") + f"{to})*"
    body = f"MATCH ({start}) {hop} ({found})\nRETURN DISTINCT {found}"
    return f"CALL ({start}) {{\n{indented(body)}\n}}"


def _not_in(n: str, avoided: str | None) -> list[str]:
    return [] if avoided is None else [f"{avoided}[{_OWNER.format(f=n)}] IS NULL"]


def prelude(direction: Direction, sight: Sight, relations: str | None = None, role: list[str] | None = None) -> str:
    """One list of (node, owner, counted, seed, near, far), one for each flow node inside the closure.

    `near` and `far` are the nodes one step on, without cost (inside one node) and with. `seed` is null but of what the
    search starts from; then it tells whether the start may be among what is found: by lineage an activity never is.
    Of the flow projection, or of stored relations if their types are given; `role` are tests on that of such a one,
    `{r}`.
    """
    tests = sight.statement("{r}") + (role or [])
    start = "[x]" if relations else seeds("x", direction, sight)
    edge = _arrow(direction, f"e:{relations or 'FLOW'}")
    told = "true" if direction == "up" or relations else counted("a", sight)
    proper = "true" if relations else f"NOT {acts('x', sight)}"
    near, far = ("[]", "collect(elementId(b))") if relations else (_STEPS.format(0), _STEPS.format(1))
    walk = f"UNWIND seeds AS s\n{_reached(sight, direction, relations or 'FLOW', tests, 's', 'a')}\nRETURN DISTINCT a"
    return (
        f"MATCH (x:Resource {{id: ${ROOT}}})\nWITH x, {start} AS seeds\nWITH x, seeds, {proper} AS proper\n"
        f"CALL (seeds) {{\n{indented(walk)}\n}}\n"
        f"OPTIONAL MATCH (a){edge}(b){_where([t.format(r='e') for t in tests])}\n"
        f"WITH a, CASE WHEN a IN seeds THEN proper END AS seed, {near} AS near, {far} AS far\n"
        f"RETURN collect([elementId(a), {_OWNER.format(f='a')}, {told}, seed, near, far])"
    )


def behind(direction: Direction, sight: Sight) -> str:
    """The ids of all that is reached from one node by lineage, as one list."""
    return f"MATCH (x:Resource {{id: ${ROOT}}})\n{closure('x', direction, sight, 'id')}\nRETURN collect(id)"


def closure(x: str, direction: Direction, sight: Sight, found: str, avoided: str | None = None) -> str:
    """Clauses that bind `found` to the id of each node reached from the node `x` by lineage."""
    s, a, e, b = (sight.name(n) for n in "saeb")
    inside = [t.format(r=e) for t in sight.statement("{r}")] + _not_in(b, avoided)
    inside += [f"{e}.step = 1", f"({_OWNER.format(f=b)} <> {x}.id OR NOT {acts(x, sight)})"]
    if direction == "down":
        inside.append(counted(b, sight))
    body = (
        f"UNWIND {seeds(x, direction, sight)} AS {s}\n"
        f"{_reached(sight, direction, 'FLOW', sight.statement('{r}'), s, a, avoided)}\n"
        f"WITH DISTINCT {a}\nMATCH ({a}){_arrow(direction, f'{e}:FLOW')}({b}){_where(inside)}\n"
        f"RETURN DISTINCT {_OWNER.format(f=b)} AS {found}"
    )
    return f"CALL ({x}) {{\n{indented(body)}\n}}"


def related(
    x: str,
    direction: Direction,
    sight: Sight,
    found: str,
    relations: str,
    role: list[str],
    avoided: str | None = None,
    *,
    itself: bool = False,
) -> str:
    """Clauses that bind `found` to each node reached from the node `x` by stored relations; `itself`: to `x` too."""
    tests = sight.statement("{r}") + role
    if itself:
        return _reached(sight, direction, relations, tests, x, found, avoided)
    a, e = sight.name("a"), sight.name("e")
    inside = [t.format(r=e) for t in tests] + _not_in(found, avoided)
    body = (
        f"{_reached(sight, direction, relations, tests, x, a, avoided)}\n"
        f"MATCH ({a}){_arrow(direction, f'{e}:{relations}')}({found}){_where(inside)}\n"
        f"RETURN DISTINCT {found}"
    )
    return f"CALL ({x}) {{\n{indented(body)}\n}}"


def closure_of_all(x: str, direction: Direction, sight: Sight, found: str, avoided: str | None = None) -> str:
    """Clauses that bind `found` to the id of each node reached from any of the nodes `x` by lineage.

    One walk from each of many starts walks the same ground again and again: many go on together, level by level, and
    what lies deeper than LEVELS is walked from there. An activity is not behind itself, so each of those goes alone.
    The levels are one expression: as a CALL each, they take the server a second to plan.
    """
    acting, alone, quiet, groups, group = (sight.name(n) for n in ("acting", "alone", "quiet", "groups", "group"))
    itself, begin, walked, rest, deep = (sight.name(n) for n in ("itself", "begin", "walked", "rest", "deep"))
    b, e, n = (sight.name(v) for v in "ben")
    tests = [t.format(r=e) for t in sight.statement("{r}")] + _not_in(b, avoided)
    edge = f"MATCH ({n}){_arrow(direction, f'{e}:FLOW')}({b})"
    inside = [*tests, f"{e}.step = 1", f"({itself} IS NULL OR {_OWNER.format(f=b)} <> {itself})"]
    if direction == "down":
        inside.append(counted(b, sight))
    level = f"COLLECT {{ UNWIND w_.front AS {n} {edge}{_where(tests)} RETURN DISTINCT {b} }}"
    further = f"[f_ IN [{level}] | {{behind: w_.behind + w_.front, front: f_}}][0]"
    levels = f"CASE WHEN size({begin}) > {TOGETHER} THEN {LEVELS} ELSE 0 END"
    walk = _reached(sight, direction, "FLOW", sight.statement("{r}"), n, deep, avoided)
    deeper = f"UNWIND {walked}.front AS {n}\n{walk}\nRETURN collect(DISTINCT {deep}) AS {rest}"
    seeded = f"UNWIND {group}.starts AS {x} UNWIND {seeds(x, direction, sight)} AS {n} RETURN DISTINCT {n}"
    body = (
        f"UNWIND {groups} AS {group}\n"
        f"WITH {group}.itself AS {itself}, COLLECT {{ {seeded} }} AS {begin}\n"
        f"WITH {itself}, reduce(w_ = {{behind: [], front: {begin}}}, i_ IN range(1, {levels}) | "
        f"{further}) AS {walked}\n"
        f"CALL ({walked}) {{\n{indented(deeper)}\n}}\n"
        f"UNWIND {walked}.behind + {rest} AS {n}\nWITH DISTINCT {itself}, {n}\n"
        f"{edge}{_where(inside)}\nRETURN DISTINCT {_OWNER.format(f=b)} AS {found}"
    )
    one = f"[a_ IN {alone} | {{starts: [a_], itself: a_.id}}]"
    return (
        f"WITH {x}, {acts(x, sight)} AS {acting}\n"
        f"WITH collect(CASE WHEN {acting} THEN {x} END) AS {alone}, "
        f"collect(CASE WHEN NOT {acting} THEN {x} END) AS {quiet}\n"
        f"WITH {one} + [{{starts: {quiet}}}] AS {groups}\n"
        f"CALL ({groups}) {{\n{indented(body)}\n}}"
    )


def relation_types(rels: tuple[str, ...]) -> str:
    """The relationship types of some relations, as a pattern has them."""
    return "|".join(TYPE_OF[r] for r in rels)
