"""Rendered closures: over the flow projection (lineage), and over stored relations.

A set closure is `WITH RECURSIVE .. UNION`, which ends on cycles and visits each node once. Depths are not counted in
SQL: pairs (node, depth) explode on long chains and cycles. The prelude gives the edges inside the set closure, and
reach.py searches them breadth first.
"""

from typing import Final

from begat.graph_schema.terms import KINDS, PART, RELATIONS
from begat.queries.plan import Direction
from begat.queries.sql.sight import OWNER, Sight

#: From the known end to the found one, a direction.
_ENDS: Final = {"up": ("s", "d"), "down": ("d", "s")}
ROOT: Final = "_root"
#: The number of an id.
NUMBER: Final = "SELECT nid FROM ident WHERE id = :id"
#: A function in SQL, see reached.py: what closures in a direction find from a JSON list of nodes, as such a list.
REACHED: Final = "begat_reached"
#: The ids of the numbers in the JSON list :nids.
IDS: Final = "SELECT i.nid, i.id FROM json_each(:nids) j CROSS JOIN ident i ON i.nid = j.value"
#: What waits in a recursive set is taken by its number, not as it came: rows that lie together are then read together,
#: and 7,200 nodes among 5,000,000 are found in a fifth less time.
BY_NUMBER: Final = "ORDER BY 1"
#: The relations that only an activity has at an end.
_ACTS: Final = {"s": ("used", "wasInformedBy"), "d": ("wasGeneratedBy", "wasInformedBy")}


def seeds(roots: str, direction: Direction, sight: Sight, carry: str = "") -> str:
    """Selects of the flow nodes a question starts from. `roots` is a table with column x; `carry` goes before n."""
    plain = f"SELECT {carry}x * 4{{k}} AS n FROM {roots}"
    phases = f"SELECT {carry}f.p * 4 + 3 FROM {roots} CROSS JOIN phase f ON f.nid = x"
    if direction == "down":
        return " UNION ALL ".join([*(plain.format(k=k) for k in ("", " + 1", " + 2")), phases])
    last = sight.last_generation("x")
    return " UNION ALL ".join(
        [
            f"{plain.format(k='')} WHERE {last} IS NULL",
            plain.format(k=" + 1"),
            plain.format(k=" + 2"),
            f"{phases} AND f.kind < 3",
            f"SELECT {carry}{last} * 4 + 3 FROM {roots} WHERE {last} IS NOT NULL",
        ]
    )


def counted(f: str, sight: Sight) -> str:
    """Whether a flow node found on the way down stands for its owner: an entity's only at its last generation."""
    return (
        f"CASE {f} & 3 WHEN 0 THEN {sight.last_generation(f'{f} >> 2')} IS NULL "
        f"WHEN 3 THEN (SELECT k.kind < 3 OR k.p = {sight.last_generation('k.nid')} FROM phase k WHERE k.p = {f} >> 2) "
        "ELSE 1 END"
    )


def acts(n: str, sight: Sight) -> str:
    """Whether a node is an activity, by its description or by what is said of it: such a node is not behind itself."""
    tests = [f"SELECT 1 FROM node m WHERE m.nid = {n} AND m.kinds & {KINDS['Activity'].bit}{sight.context('m')}"]
    for end, rels in _ACTS.items():
        tests.append(f"SELECT 1 FROM edge m WHERE m.{end} = {n} AND {relation_test('m', rels)}{sight.statement('m')}")
    part = RELATIONS["partOf"].code
    for end in ("s", "d"):
        seen = sight.statement("m")
        tests.append(f"SELECT 1 FROM edge m WHERE m.{end} = {n} AND m.rel = {part} AND m.role = '{PART}'{seen}")
    return f"({' OR '.join(f'EXISTS ({t})' for t in tests)})"


def lineage_prelude(direction: Direction, sight: Sight) -> str:
    """Rows (from, to, step, owner of to, counted): the seeds (from null), then the flow edges inside the closure.

    A seed counts when the start may be among what is found: an activity never is.
    """
    known, found = _ENDS[direction]
    join = f"FROM reach r CROSS JOIN flow f WHERE f.{known} = r.n{sight.statement('f')}"
    told = "1" if direction == "up" else counted(f"f.{found}", sight)
    return (
        f"WITH RECURSIVE root(x) AS (SELECT nid FROM ident WHERE id = :{ROOT}),\n"
        f"seed(n) AS ({seeds('root', direction, sight)}),\n"
        f"reach(n) AS (SELECT n FROM seed UNION SELECT f.{found} {join})\n"
        f"SELECT NULL, n, 0, (SELECT x FROM root), (SELECT NOT {acts('x', sight)} FROM root) FROM seed UNION ALL\n"
        f"SELECT f.{known}, f.{found}, f.step, {OWNER.format(f='f.' + found)}, {told} {join}"
    )


def lineage_start(direction: Direction, sight: Sight) -> str:
    """The seeds of a closure from the root: rows (flow node, root, whether the root may be among what is found)."""
    return (
        f"WITH root(x) AS (SELECT nid FROM ident WHERE id = :{ROOT}),\n"
        f"seed(n) AS ({seeds('root', direction, sight)})\n"
        f"SELECT n, (SELECT x FROM root), (SELECT NOT {acts('x', sight)} FROM root) FROM seed"
    )


def starts(direction: Direction, sight: Sight) -> str:
    """The seeds of closures from all nodes in the JSON list :_starts: rows (flow node, owner)."""
    return (
        "WITH root(x) AS (SELECT value FROM json_each(:_starts)),\n"
        f"seed(x, n) AS ({seeds('root', direction, sight, 'x, ')})\n"
        "SELECT n, x FROM seed"
    )


def changed_edges(direction: Direction, sight: Sight) -> str:
    """The flow edges of the nodes in the JSON list :_nodes: rows (known end, found end, step, owner of the found)."""
    known, found = _ENDS[direction]
    return (
        f"SELECT f.{known}, f.{found}, f.step, {OWNER.format(f='f.' + found)} "
        f"FROM json_each(:_nodes) j CROSS JOIN flow f ON f.{known} = j.value WHERE 1{sight.statement('f')}"
    )


def counted_among(sight: Sight) -> str:
    """Those of the flow nodes in the JSON list :_nodes that stand for their owners on the way down."""
    return f"SELECT j.value FROM json_each(:_nodes) j WHERE {counted('j.value', sight)}"


def relation_prelude(rels: tuple[str, ...], roles: list[str], direction: Direction, sight: Sight) -> str:
    """The same rows over stored relations; `roles` are parameters."""
    known, found = _ENDS[direction]
    tests = f"f.{known} = r.n AND {relation_test('f', rels)}{sight.statement('f')}{role_test('f', roles)}"
    join = f"FROM reach r CROSS JOIN edge f WHERE {tests}"
    return (
        f"WITH RECURSIVE root(x) AS (SELECT nid FROM ident WHERE id = :{ROOT}),\n"
        f"reach(n) AS (SELECT x FROM root UNION SELECT f.{found} {join})\n"
        f"SELECT NULL, x, 0, x, 1 FROM root UNION ALL\n"
        f"SELECT f.{known}, f.{found}, 1, f.{found}, 1 {join}"
    )


def flow_nodes(nodes: str, name: str) -> str:
    """A CTE with column n: all flow nodes of some nodes; `nodes` is a table with column x."""
    own = " UNION ALL ".join(f"SELECT x * 4 + {k} AS n FROM {nodes}" for k in range(3))
    return f"{name}(n) AS ({own} UNION ALL SELECT f.p * 4 + 3 FROM {nodes} CROSS JOIN phase f ON f.nid = x)"


def lineage_closure(
    roots: str, direction: Direction, sight: Sight, names: tuple[str, str, str], avoided: str | None = None
) -> list[str]:
    """CTEs for what is reached from each root; the last has columns (root, nid). `roots` is a table (root, x): a root
    that is a node is its own start, any other has all its starts together, no activity among them. `avoided` is a table
    of flow nodes with a column n."""
    # The step by which each is found is carried along: to look at the edges again takes as long as to find them.
    seed, reach, result = names
    known, found = _ENDS[direction]
    join = f"FROM {reach} r CROSS JOIN flow f WHERE f.{known} = r.n{sight.statement('f')}{_not_in(found, avoided)}"
    told = "r.step = 1" if direction == "up" else f"r.step = 1 AND {counted('r.n', sight)}"
    owner = OWNER.format(f="r.n")
    proper = f" AND ({owner} <> r.root OR NOT {acts('r.root', sight)})"
    return [
        f"{seed}(root, n) AS ({seeds(roots, direction, sight, 'root, ')})",
        f"{reach}(root, n, step) AS (SELECT root, n, 0 FROM {seed} UNION SELECT r.root, f.{found}, f.step {join})",
        f"{result}(root, nid) AS (SELECT DISTINCT r.root, {owner} FROM {reach} r WHERE {told}{proper})",
    ]


def reached_closure(roots: str, direction: Direction, sight: Sight, names: tuple[str, str]) -> list[str]:
    """As lineage_closure, found by the function REACHED."""
    starts, result = names
    found = f"{starts} s CROSS JOIN json_each({REACHED}('{direction}', s.xs)) j"
    proper = f"j.value <> s.root OR NOT {acts('s.root', sight)}"
    return [
        f"{starts}(root, xs) AS (SELECT root, json_group_array(x) FROM {roots} GROUP BY root)",
        f"{result}(root, nid) AS (SELECT DISTINCT s.root, j.value FROM {found} WHERE {proper})",
    ]


def reached_of_all(
    roots: str, direction: Direction, sight: Sight, names: tuple[str, str, str, str, str]
) -> list[str]:
    """As lineage_of_all, found by the function REACHED."""
    quiet, _, _, acting, result = names
    own = (f"s{acting}", f"c{acting}")
    together = f"{REACHED}('{direction}', (SELECT json_group_array(x) FROM {quiet}))"
    return [
        *_acting(roots, sight, quiet, acting),
        *reached_closure(f"(SELECT x AS root, x FROM {acting})", direction, sight, own),
        f"{result}(nid) AS (SELECT j.value FROM json_each({together}) j UNION SELECT nid FROM {own[1]})",
    ]


def _acting(roots: str, sight: Sight, quiet: str, acting: str) -> list[str]:
    """The activities among some roots, and the others."""
    return [
        f"{acting}(x) AS (SELECT x FROM {roots} WHERE {acts('x', sight)})",
        f"{quiet}(x) AS (SELECT x FROM {roots} EXCEPT SELECT x FROM {acting})",
    ]


def lineage_of_all(
    roots: str, direction: Direction, sight: Sight, names: tuple[str, str, str, str, str], avoided: str | None = None
) -> list[str]:
    """CTEs for what is reached from any of the roots; the last has a column nid.

    Each flow node is visited once, not once a root. An activity is not behind itself, so from those each has its own.
    """
    quiet, seed, reach, acting, result = names
    known, found = _ENDS[direction]
    join = f"FROM {reach} r CROSS JOIN flow f WHERE f.{known} = r.n{sight.statement('f')}{_not_in(found, avoided)}"
    told = "r.step = 1" if direction == "up" else f"r.step = 1 AND {counted('r.n', sight)}"
    owner = OWNER.format(f="r.n")
    own = (f"s{acting}", f"r{acting}", f"c{acting}")
    return [
        *_acting(roots, sight, quiet, acting),
        f"{seed}(n) AS ({seeds(quiet, direction, sight)})",
        f"{reach}(n, step) AS (SELECT n, 0 FROM {seed} UNION SELECT f.{found}, f.step {join} {BY_NUMBER})",
        *lineage_closure(f"(SELECT x AS root, x FROM {acting})", direction, sight, own, avoided),
        f"{result}(nid) AS (SELECT {owner} FROM {reach} r WHERE {told} UNION SELECT nid FROM {own[2]})",
    ]


def relation_closure(
    roots: str,
    rels: tuple[str, ...],
    roles: list[str],
    direction: Direction,
    sight: Sight,
    name: str,
    avoided: str | None,
    together: bool,
) -> list[str]:
    """The same over stored relations, of each root or of all `together`, when `roots` has a column x only; `avoided` is
    a table of nodes, column n."""
    known, found = _ENDS[direction]
    tests = relation_test("f", rels) + sight.statement("f") + role_test("f", roles) + _not_in(found, avoided)
    root, one, each = ("", "", "") if together else ("root, ", "root, ", "r.root, ")
    first = f"SELECT {one}f.{found} FROM {roots} CROSS JOIN edge f WHERE f.{known} = x AND {tests}"
    further = f"SELECT {each}f.{found} FROM {name} r CROSS JOIN edge f WHERE f.{known} = r.nid AND {tests}"
    return [f"{name}({root}nid) AS ({first} UNION {further})"]


def between(start: str, ends: str, sight: Sight, names: tuple[str, str, str, str]) -> list[str]:
    """CTEs for the nodes strictly between a start and any of some ends; the last has columns (root, nid).

    `start` and `ends` are tables with a column x. Only flow nodes behind the start are walked back.
    """
    seed, reach, back, result = names
    seen = sight.statement("f")
    owner = OWNER.format(f="u.n")
    behind = f"SELECT f.d FROM {reach} r CROSS JOIN flow f WHERE f.s = r.n{seen}"
    # The plus keeps the planner from trying every node behind the start as the key of every step.
    within = f"+f.s IN (SELECT n FROM {reach})"
    leading = f"SELECT f.s FROM {back} b CROSS JOIN flow f WHERE f.d = b.n AND {within}{seen}"
    proper = f"{owner} <> x AND {owner} NOT IN (SELECT x FROM {ends})"
    return [
        f"{seed}(root, n) AS ({seeds(start, 'up', sight, 'x, ')})",
        f"{reach}(n) AS (SELECT n FROM {seed} UNION {behind})",
        f"{back}(n) AS (SELECT u.n FROM {reach} u WHERE {owner} IN (SELECT x FROM {ends}) UNION {leading})",
        f"{result}(root, nid) AS (SELECT DISTINCT x, {owner} FROM {start} CROSS JOIN {back} u WHERE {proper})",
    ]


def _not_in(end: str, avoided: str | None) -> str:
    # The plus keeps the planner from an index on what is avoided.
    return "" if avoided is None else f" AND +f.{end} NOT IN (SELECT n FROM {avoided})"


def role_test(alias: str, roles: list[str]) -> str:
    """`AND ...` on the relation's role, one of these parameters; nothing if there is none."""
    if not roles:
        return ""
    return f" AND {alias}.role = {roles[0]}" if len(roles) == 1 else f" AND {alias}.role IN ({', '.join(roles)})"


def relation_test(alias: str, rels: tuple[str, ...]) -> str:
    """A test on the relation's code; a run of codes becomes one range of the index."""
    codes = sorted(RELATIONS[r].code for r in rels)
    if len(codes) == 1:
        return f"{alias}.rel = {codes[0]}"
    if codes == list(range(codes[0], codes[-1] + 1)):
        return f"{alias}.rel BETWEEN {codes[0]} AND {codes[-1]}"
    return f"{alias}.rel IN ({', '.join(map(str, codes))})"
