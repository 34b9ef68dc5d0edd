"""The plan language on the memory store: naive and short, what every renderer is compared with."""

import operator
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from begat.graph_schema.fold import normal
from begat.graph_schema.law import State, begin, causes
from begat.graph_schema.terms import RELATIONS
from begat.queries.expr import Attr, AttrIs, Const, Expr, IsA, Op, Par, Prop, Var
from begat.queries.plan import (
    FLOW,
    Atom,
    Avoid,
    C,
    E,
    Either,
    Group,
    Has,
    L,
    N,
    Not,
    Opt,
    Outside,
    Path,
    Query,
    Rows,
    T,
    Top,
    W,
    Way,
    lists,
    of_body,
    roles,
)
from begat.queries.result import storable
from begat.queries.values import (
    ARITHMETIC,
    COMPARISON,
    aggregate,
    alike,
    calculated,
    divided,
    first_whole,
    of_sort,
    place,
    within,
)
from begat.queries.view import View

Binding = dict[str, Any]
Reached = dict[str, tuple[int, str]]
Row = tuple[Any, ...]


class Evaluator:
    """Evaluates plans over one view; `truncated` says whether a depth limit cut something off."""

    def __init__(self, view: View, params: Mapping[str, Any]) -> None:
        self.view = view
        self.params = params
        self.truncated = False
        self._causes: dict[State, list[State]] = {}
        self._to: dict[tuple[str, frozenset[str]], dict[State, int]] = {}

    def rows(self, query: Query) -> list[Row]:
        """The distinct rows of the head, in order."""
        bindings = self.solve(query.body, [{}])
        rows = {tuple(_plain(self.value(e, b)) for e in query.cols.values()) for b in bindings}
        held = lists(query.body)
        ties = [c for c, e in query.cols.items() if not (isinstance(e, Var) and e.name in held)]
        return in_order(rows, list(query.cols), query.order, ties)

    def solve(self, body: Iterable[Atom], bindings: list[Binding]) -> list[Binding]:
        """The solutions of a body that extend the bindings."""
        for atom in body:
            if isinstance(atom, Top):
                bindings = self._top(atom, bindings)
            elif isinstance(atom, Group):
                bindings = self._group(atom, bindings)
            elif isinstance(atom, Path):
                bindings = self._path(atom, bindings)
            else:
                bindings = [found for b in bindings for found in self._atom(atom, b)]
        return bindings

    def _atom(self, atom: Atom, b: Binding) -> Iterator[Binding]:
        match atom:
            case N():
                yield from self._node(atom, b)
            case E():
                yield from self._edge(atom, b)
            case C():
                yield from self._closure(atom, b)
            case Outside(node, avoid):
                if b[node] not in self._avoided(avoid):
                    yield b
            case Way():
                path = self._way(b[atom.s], b[atom.d])
                for depth, (via, n) in enumerate(zip((None, *path), path, strict=False)):
                    yield from self._bind({**b, atom.depth: depth, atom.via: via}, atom.node, [n])
            case W(test):
                if self.value(test, b) is True:
                    yield b
            case L(var, value):
                yield {**b, var: self.value(value, b)}
            case Opt(body):
                found = self.solve(body, [b])
                yield from found or [{**dict.fromkeys(of_body(body)), **b}]
            case Not(body):
                if not self.solve(body, [b]):
                    yield b
            case Has(body):
                if self.solve(body, [b]):
                    yield b
            case Either(bodies):
                names = dict.fromkeys(v for body in bodies for v in of_body(body))
                for body in bodies:
                    yield from ({**names, **found} for found in self.solve(body, [b]))
            case Rows(parameter, str() as var):
                yield from ({**b, var: value} for value in self.params[parameter])
            case Rows(parameter, names):
                yield from ({**b, **dict(zip(names, values, strict=True))} for values in self.params[parameter])
            case T(table, node, cols):
                for row in self.view.rows(table, b[node]) if b[node] is not None else ():
                    yield {**b, **{var: row[col] for col, var in cols.items()}}
            case _:
                raise TypeError(f"no evaluation of {atom!r}")

    def _bind(self, b: Binding, var: str, nodes: Iterable[str]) -> Iterator[Binding]:
        held = b.get(var)
        if var in b:
            if held in set(nodes):
                yield b
        else:
            yield from ({**b, var: n} for n in nodes)

    def _node(self, atom: N, b: Binding) -> Iterator[Binding]:
        wanted = self.value(atom.id, b) if atom.id is not None else None
        if atom.var in b:
            candidates = [b[atom.var]] if b[atom.var] is not None else []
        elif atom.id is not None:
            candidates = [wanted] if wanted is not None and self.view.known(wanted) else []
        elif atom.name is not None:
            name = self.value(atom.name, b)
            named = [n for n, rows in self.view.nodes.items() if any(f.name == name for f in rows)]
            candidates = [n for n in named if self.view.known(n)]
        else:
            candidates = [n for n in self.view.nodes if self.view.known(n)]
        for n in candidates:
            if atom.id is not None and n != wanted:
                continue
            if atom.types and not self.view.is_a(n, atom.types):
                continue
            if atom.name is None or self.view.prop(n, "name") == self.value(atom.name, b):
                yield {**b, atom.var: n}

    def _edge(self, atom: E, b: Binding) -> Iterator[Binding]:
        if atom.s in b:
            relations = self.view.outgoing.get(b[atom.s], [])
        else:
            relations = self.view.incoming.get(b[atom.d], [])
        wanted = roles(atom.with_role)
        for r in relations:
            if r.relation not in atom.rels or (wanted and r.role not in wanted):
                continue
            if b.get(atom.s, r.source) != r.source or b.get(atom.d, r.target) != r.target:
                continue
            found = {**b, atom.s: r.source, atom.d: r.target}
            attributes = normal(r.attributes)
            given = (
                (atom.rel, RELATIONS[r.relation].code),
                (atom.role, r.role),
                (atom.at, r.position.time),
                *((var, first_whole(attributes.get(key, []))) for key, var in atom.attrs.items()),
                *((var, r.arguments.get(key)) for key, var in atom.args.items()),
            )
            yield {**found, **{var: v for var, v in given if var is not None}}

    def _closure(self, atom: C, b: Binding) -> Iterator[Binding]:
        if b[atom.s] is None:
            return
        hi = self.value(atom.hi, b) if atom.hi is not None else None
        avoided = self._avoided(atom.avoid)
        if atom.rels == FLOW:
            found = self.lineage(b[atom.s], atom.direction, avoided)
        else:
            found = self._plain_closure(b[atom.s], atom, avoided)
        within = {n: (depth, via) for n, (depth, via) in found.items() if hi is None or depth <= hi}
        self.truncated |= len(within) < len(found)
        for f in self._bind(b, atom.d, within):
            depth, via = within[f[atom.d]]
            yield {**f, **{v: x for v, x in ((atom.depth, depth), (atom.via, via)) if v is not None}}

    def _avoided(self, avoid: Avoid | None) -> frozenset[str]:
        return frozenset() if avoid is None else frozenset(f[avoid.node] for f in self.solve(avoid.body, [{}]))

    def _plain_closure(self, start: str, atom: C, avoided: frozenset[str]) -> Reached:
        wanted = roles(atom.with_role)

        def step(n: str) -> Iterator[str]:
            up = atom.direction == "up"
            for r in (self.view.outgoing if up else self.view.incoming).get(n, []):
                other = r.target if up else r.source
                if other is None or other in avoided:
                    continue
                if r.relation in atom.rels and (not wanted or r.role in wanted):
                    yield other

        return _owners(_distances([start], step), step, lambda n: n)

    def lineage(self, start: str, direction: str, avoided: frozenset[str] = frozenset()) -> Reached:
        """What is reached from a node by the lineage law: least depth, and the node before on a least path."""
        own = {start} if self._acts(start) else set()
        if direction == "up":

            def behind(s: State) -> list[State]:
                return [c for c in self._behind(s) if c.node not in avoided]

            first = begin(self.view.history, start)
            reached = _owners(_distances([first], behind), behind, lambda s: s.node)
            return {n: r for n, r in reached.items() if n not in own}
        found = {}
        for other in self.view.history.nodes() - own - avoided:
            depth, via = self._down(other, start, avoided)
            if depth is not None:
                found[other] = (depth, via)
        return found

    def _acts(self, node: str) -> bool:
        """Whether it is an activity: such a node is not behind itself."""
        return node in self.view.history.activities or self.view.is_a(node, ("Activity",))

    def _down(self, other: str, start: str, avoided: frozenset[str]) -> tuple[int | None, str]:
        """How far `other` is below `start`, and its neighbour on a least path."""
        to = self._distance_to(start, avoided)
        nearest = [(to[c] + 1, c.node) for c in self._behind(begin(self.view.history, other)) if c in to]
        return min(nearest, default=(None, ""))

    def _distance_to(self, start: str, avoided: frozenset[str]) -> dict[State, int]:
        """The least number of steps from each state to any state of `start`: breadth first against the causes."""
        if (start, avoided) not in self._to:
            h = self.view.history
            everything = _distances([begin(h, n) for n in h.nodes()], self._behind)
            effects: dict[State, list[State]] = {}
            for s in everything:
                for c in self._behind(s) if s.node not in avoided else ():
                    effects.setdefault(c, []).append(s)
            targets = [s for s in everything if s.node == start]
            self._to[start, avoided] = _distances(targets, lambda s: effects.get(s, []))
        return self._to[start, avoided]

    def _way(self, start: str, end: str) -> list[str]:
        """The nodes of the least path from one to the other, of several the one with the least ids from the start."""
        if start == end and self._acts(start):
            return []
        reached = _distances([begin(self.view.history, start)], self._behind)
        depth = min((d + 1 for s, d in reached.items() for c in self._behind(s) if c.node == end), default=0)
        leading = {c for s, d in reached.items() if d + 1 == depth for c in self._behind(s) if c.node == end}
        levels = [leading]
        for before in range(depth - 1, -1, -1):
            leading = {s for s, d in reached.items() if d == before and leading.intersection(self._behind(s))}
            levels.append(leading)
        path, here = [start] if depth else [], levels.pop()
        while levels:
            onward = levels.pop().intersection(c for s in here for c in self._behind(s))
            path.append(min(s.node for s in onward))
            here = {s for s in onward if s.node == path[-1]}
        return path

    def _path(self, atom: Path, bindings: list[Binding]) -> list[Binding]:
        ends = {b[atom.d] for b in bindings}
        return [
            {atom.s: start, atom.node: n}
            for start in {b[atom.s] for b in bindings}
            for n in self._leading(start, ends) - ends - {start}
        ]

    def _leading(self, start: str, ends: set[str]) -> set[str]:
        """All nodes behind `start` that lead to any of the ends, these included."""
        reached = _distances([begin(self.view.history, start)], self._behind)
        effects: dict[State, list[State]] = {}
        for s in reached:
            for c in self._behind(s):
                effects.setdefault(c, []).append(s)
        leading = _distances([s for s in reached if s.node in ends], lambda s: effects.get(s, []))
        return {s.node for s in leading}

    def _behind(self, s: State) -> list[State]:
        if s not in self._causes:
            self._causes[s] = list(causes(self.view.history, s))
        return self._causes[s]

    def _top(self, atom: Top, bindings: list[Binding]) -> list[Binding]:
        names = [*dict.fromkeys((*atom.per, *atom.keep))]
        groups: dict[Row, list[Row]] = {}
        rows = {tuple(b.get(n) for n in names) for b in bindings}
        ties = [n for i, n in enumerate(names) if not any(isinstance(row[i], tuple) for row in rows)]
        for row in in_order(rows, names, atom.order, ties):
            groups.setdefault(tuple(row[names.index(p)] for p in atom.per), []).append(row)
        keys = [names.index(o.removeprefix("-")) for o in atom.order]
        kept = []
        for first in groups.values():
            kept += first[: atom.k]
            if atom.ties and len(first) > atom.k:
                last = [first[atom.k - 1][i] for i in keys]
                kept += [r for r in first[atom.k :] if [r[i] for i in keys] == last]
        return [dict(zip(names, row, strict=True)) for row in kept]

    def _group(self, atom: Group, bindings: list[Binding]) -> list[Binding]:
        names = tuple(dict.fromkeys((*atom.per, *atom.over)))
        groups: dict[Row, list[Binding]] = {}
        for row in dict.fromkeys(tuple(b.get(n) for n in names) for b in bindings):
            b = dict(zip(names, row, strict=True))
            groups.setdefault(tuple(b[p] for p in atom.per), []).append(b)
        return [
            dict(zip(atom.per, key, strict=True))
            | {v: aggregate(a.name, [self.value(a.value, b) for b in members]) for v, a in atom.let.items()}
            for key, members in groups.items()
        ]

    def value(self, e: Expr, b: Binding) -> Any:
        """The value of an expression under a binding; None is unknown."""
        match e:
            case Var(name):
                return b.get(name)
            case Prop(var, name):
                return self.view.prop(b.get(var), name)
            case Par(name):
                return self.params.get(name)
            case Const(value):
                return storable(value)
            case Attr(var, key, sort):
                given = self.view.attribute(b[var], key) if b.get(var) is not None else []
                return min(of_sort(sort, given), default=None)
            case AttrIs(var, key, name, value):
                held = self.view.attribute(b[var], key) if b.get(var) is not None else []
                wanted = self.value(value, b)
                return any(alike(name, v, wanted) for v in held)
            case IsA(var, types):
                return b.get(var) is not None and self.view.is_a(b[var], types)
            case Op("and", args):
                return _kleene([self.value(a, b) for a in args], False)
            case Op("or", args):
                return _kleene([self.value(a, b) for a in args], True)
            case Op("isnull", (a,)):
                return self.value(a, b) is None
            case Op("coalesce", args):
                return next((v for v in (self.value(a, b) for a in args) if v is not None), None)
            case Op("iif", (test, then, otherwise)):
                return self.value(then if self.value(test, b) is True else otherwise, b)
            case Op("in", (one, many)):
                found = self.value(one, b)
                return None if found is None else within(found, self.value(many, b))
            case Op(name, args):
                values = [self.value(a, b) for a in args]
                return None if None in values else OPERATIONS[name](*values)


OPERATIONS: Final[dict[str, Callable[..., Any]]] = {
    **COMPARISON,
    **{name: partial(calculated, name) for name in ARITHMETIC},
    "/": divided,
    "ends": str.endswith,
    "contains": operator.contains,
    "concat": lambda *texts: "".join(texts),
    "not": operator.not_,
}


def in_order(
    rows: Iterable[Row], names: list[str], order: Iterable[str], ties: Iterable[str] | None = None
) -> list[Row]:
    """Rows by the named columns ("-name" descending), the others (or `ties` of them) as ties; nulls last both ways."""
    wanted = [*order]
    wanted += [n for n in (names if ties is None else ties) if n not in {o.removeprefix("-") for o in order}]
    done = list(rows)
    for o in reversed(wanted):
        i = names.index(o.removeprefix("-"))
        down = o.startswith("-")
        done.sort(key=lambda r: ((r[i] is None) != down, () if r[i] is None else place(r[i])), reverse=down)
    return done


def _distances(starts: Iterable[Any], step: Callable[[Any], Iterable[Any]]) -> dict[Any, int]:
    """Breadth first: the least number of steps to all that is reached, the starts (0) included."""
    found = dict.fromkeys(starts, 0)
    queue = deque(found)
    while queue:
        n = queue.popleft()
        for m in step(n):
            if m not in found:
                found[m] = found[n] + 1
                queue.append(m)
    return found


def _owners(found: dict[Any, int], step: Callable[[Any], Iterable[Any]], owner: Callable[[Any], str]) -> Reached:
    """Per node: the least depth at which a step leads to it, and from which node, the least id of several."""
    reached: Reached = {}
    for n, depth in found.items():
        for m in step(n):
            best = (depth + 1, owner(n))
            reached[owner(m)] = min(reached.get(owner(m), best), best)
    return reached


def _kleene(values: list[Any], decisive: bool) -> bool | None:
    if any(v is decisive for v in values):
        return decisive
    return None if None in values else not decisive


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
