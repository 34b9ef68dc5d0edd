"""A lineage answer as a graph: what was asked about, what was answered, and all links between these.

An answer's `via` is one way to each node; a picture needs them all, and no other. What the lineage law links is read
from the steps of the closure, so that what a run used too late is not drawn as a cause; stored relations say what a
link is called. Nodes that are not shown (a type that was not asked for) are followed through.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from begat.graph_schema.store import Store
from begat.graph_schema.terms import RELATIONS
from begat.queries.among import edges
from begat.queries.answer import Answer, shown
from begat.queries.columns import NODE, TIMES, node, times
from begat.queries.engine import look, run
from begat.queries.expr import Var
from begat.queries.kinds import relations_named
from begat.queries.plan import FLOW, LINEAGE, Direction, N, Query, Rows
from begat.queries.properties import Type
from begat.queries.reach import Node, Step
from begat.queries.scope import Scope
from begat.queries.status import statuses
from begat.queries.steps import Steps, steps

#: Relations that are drawn wherever both ends are shown; they are no lineage.
AROUND: Final = (
    "partOf", "hadPlan", "hasSetting", "wasAssociatedWith", "wasAttributedTo", "actedOnBehalfOf", "ranOn", "submittedAs"
)  # fmt: skip
#: Links that are looked at to find what lies behind nodes that are not shown.
LOOKED_AT: Final = 1_000_000

#: What is told of the nodes that were asked about.
STARTS: Final = Query(
    body=(Rows("ids", "id"), N("x", id=Var("id"))), cols={**node("x"), **times("x")}, order=("name", "id")
)


class Link(msgspec.Struct, frozen=True, order=True):
    """An arrow between the ids of two shown nodes, from effect to cause.

    `relation` is empty where the law links the two by no stored relation; `through`: by way of nodes not shown.
    """

    source: str
    target: str
    relation: str = ""
    role: str = ""
    through: bool = False


class Graph(msgspec.Struct):
    """`nodes` are rows, those that were asked about (`starts`) first; `links` are sorted."""

    nodes: list[dict[str, Any]]
    links: list[Link]
    starts: list[str]


def graph(store: Store, answer: Answer, *, project: str = "default", as_of: int | None = None) -> Graph:
    """The graph of a lineage answer. `project` and `as_of` are those of the asking."""
    if answer.way == "both":
        return _told(answer)
    scope = look(store, project, as_of)
    nodes = {row["id"]: row for row in (*_starts(store, answer, scope), *answer.rows)}
    stored: dict[tuple[str, str], set[Said]] = defaultdict(set)
    for e in edges(store, scope, list(nodes))[0]:
        stored[e.source, e.target].add((_BY_CODE[e.relation], e.role or ""))
    given = tuple(answer.params.get("relations", ()))
    walked = relations_named(given) if given else LINEAGE
    links: set[Link] = set()
    for start in answer.starts:
        direction: Direction = "down" if answer.way == "down" else "up"
        closed = steps(store, scope, start, direction, walked if given else FLOW)
        links.update(_named(between(closed, direction, nodes), stored, walked))
    for (source, target), relations in stored.items():
        links.update(Link(source, target, relation, role) for relation, role in relations if relation in AROUND)
    links.update(_left_over(answer, answer.starts, nodes, links))
    return Graph(list(nodes.values()), sorted(links), answer.starts)


#: A stored relation's name and role.
Said = tuple[str, str]
_BY_CODE: Final = {r.code: r.name for r in RELATIONS.values()}


def _told(answer: Answer) -> Graph:
    """Of an answer that has its links as rows."""
    nodes = [row for row in answer.rows if row["part"] == "node"]
    links = {
        Link(row["source"], row["target"], row["relation"], row["role"] or "")
        for row in answer.rows
        if row["part"] == "edge"
    }
    return Graph(nodes, sorted(links), answer.starts)


def by_via(answer: Answer) -> Graph:
    """What an answer tells of itself, without a store: a link by `via` to each row.

    What its first rows were reached through stands for what was asked about, if that is not known.
    """
    rows = {row["id"]: row for row in answer.rows}
    starts = answer.starts or [row["via"] for row in answer.rows if row.get("depth") == 1 and row["via"]][:1]
    blank = dict.fromkeys(c.name for c in answer.columns)
    asked = {s: blank | {"id": s, "depth": 0} for s in starts}
    nodes = asked | rows
    return Graph(list(nodes.values()), sorted(set(_left_over(answer, starts, nodes, ()))), starts)


def _starts(store: Store, answer: Answer, scope: Scope) -> list[dict[str, Any]]:
    """The rows of what was asked about."""
    types: dict[str, Type] = {c.name: c.type for c in (*NODE, *TIMES)}
    rows = [dict(zip(STARTS.cols, r, strict=True)) for r in run(store, STARTS, {"ids": answer.starts}, scope).rows]
    status = statuses(store, scope, [r["id"] for r in rows if r["kind"] == "Activity"])
    blank = dict.fromkeys(c.name for c in answer.columns)
    seen = [blank | {k: shown(v, types[k]) for k, v in r.items()} | {"status": status.get(r["id"])} for r in rows]
    known = {r["id"] for r in seen}
    seen += [blank | {"id": s} for s in answer.starts if s not in known]
    return [r | ({"depth": 0} if "depth" in blank else {}) for r in seen]


def between(closed: Steps, direction: Direction, ids: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    """The links (effect, cause, through others) of a closure between nodes of these ids."""
    owner = {target: owned_by for _, target, _, owned_by, _ in closed.steps}
    leading = None if direction == "up" else _leading(closed.steps)
    behind: dict[Node, dict[Node, None]] = defaultdict(dict)
    for source, target, _, owned_by, _ in closed.steps:
        if source is not None and owner[source] != owned_by and (leading is None or target in leading):
            effect, cause = (owner[source], owned_by) if direction == "up" else (owned_by, owner[source])
            behind[effect][cause] = None
    wanted = set(ids)
    names = {n: i for n, i in closed.ids(set(owner.values())).items() if i in wanted}
    left = LOOKED_AT
    for effect, name in names.items():
        nearest = behind.get(effect, {})
        yield from ((name, names[cause], False) for cause in nearest if cause in names)
        hidden = dict.fromkeys(c for c in nearest if c not in names)
        queue = deque(hidden)
        while queue and left > 0:
            for cause in behind.get(queue.popleft(), ()):
                left -= 1
                if cause in names:
                    if cause not in nearest and cause != effect:
                        yield (name, names[cause], True)
                elif cause not in hidden:
                    hidden[cause] = None
                    queue.append(cause)


def _leading(steps: Sequence[Step]) -> set[Node]:
    """Of a descent, what lies on a way to something that counts: not what was made, overwritten, and never used."""
    before: dict[Node, list[Node]] = defaultdict(list)
    for source, target, _, _, _ in steps:
        if source is not None:
            before[target].append(source)
    rest = [target for source, target, _, _, counted in steps if counted and source is not None]
    found: set[Node] = set()
    while rest:
        n = rest.pop()
        if n not in found:
            found.add(n)
            rest += before.get(n, ())
    return found


def _named(
    pairs: Iterable[tuple[str, str, bool]], stored: Mapping[tuple[str, str], set[Said]], walked: Sequence[str]
) -> Iterator[Link]:
    """Links by the names of stored relations; a part and its whole, which may each be behind the other, by partOf."""
    for effect, cause, through in pairs:
        relations = [r for r in stored.get((effect, cause), set()) if r[0] in walked]
        if through:
            yield Link(effect, cause, through=True)
        elif relations:
            yield from (Link(effect, cause, relation, role) for relation, role in relations)
        elif not any(r[0] == "partOf" for ends in ((effect, cause), (cause, effect)) for r in stored.get(ends, set())):
            yield Link(effect, cause)


def _left_over(
    answer: Answer, starts: list[str], nodes: Mapping[str, Any], links: Iterable[Link]
) -> Iterator[Link]:
    """A link by `via` for each row that has none: the settings of a section, say, which is not shown itself."""
    linked = {end for link in links for end in (link.source, link.target)}
    for row in answer.rows:
        if row["id"] in linked or row["id"] in answer.starts or not row.get("via"):
            continue
        via = row["via"] if row["via"] in nodes else next(iter(starts), None)
        if via is None:
            continue
        effect, cause = (row["id"], via) if answer.way == "down" else (via, row["id"])
        if via == row["via"]:
            yield Link(effect, cause, row.get("relation") or "", row.get("role") or "")
        else:
            yield Link(effect, cause, through=True)
