"""The renderer: a plan becomes one SQL statement and the preludes it needs. Pure; only parameters carry values.

Written atom order is join order, pinned by CROSS JOIN. What has to stand on a finished set of bindings (unions,
closures, top) first flushes the bindings so far, with the variables that still matter, into a CTE.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from begat.graph_schema.terms import KINDS
from begat.queries.expr import Const, Expr, Par, Prop, Var
from begat.queries.kept import Rendering
from begat.queries.plan import (
    FLOW,
    Atom,
    Avoid,
    C,
    Direction,
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
    binds,
    expand,
    lists,
    of_body,
    reads,
    roles,
)
from begat.queries.scope import Scope
from begat.queries.sorts import whole_numbers
from begat.queries.sql import flow, groups, walk
from begat.queries.sql.expressions import codes, expression
from begat.queries.sql.head import Head, named, ordered
from begat.queries.sql.select import Select
from begat.queries.sql.sight import Sight
from begat.queries.sql.tables import arms
from begat.queries.sql.ways import OneArm, arms_of, ways

LIMIT: Final = "_limit"


class Prelude(msgspec.Struct, frozen=True):
    """A closure with depths, found before the statement and handed to it as JSON rows (nid, depth, via).

    With an `end` of the closure only the nodes on the way to it, its start among them.
    """

    name: str
    text: str
    root: Expr
    hi: Expr | None
    end: Expr | None = None
    #: The direction of a closure by the lineage law; None along stored relations, and where there is an end.
    lineage: Direction | None = None


class Rendered(Rendering, frozen=True):
    """The SQL of a plan; `lists` are the places of columns that hold a list, as JSON."""

    preludes: tuple[Prelude, ...]
    lists: frozenset[int]
    #: The same rows where a snapshot of lineage is there, whose closures a function answers (see reached.py).
    quick: str | None = None


def render(query: Query, scope: Scope, given: Mapping[str, Any]) -> Rendered:
    """The SQL of a query. Of `given`, the question's parameters, only their form matters (see kept.py)."""
    return _Renderer(scope).query(query, given)


class _Renderer:
    def __init__(self, scope: Scope) -> None:
        self.sight = Sight(scope)
        self.ctes: list[str] = []
        self.params = scope.bound
        self.preludes: dict[Any, Prelude] = {}
        self.anchors: dict[str, Expr] = {}
        self.count = 0
        #: Closures as SQL, and as a function's answers.
        self.quicker: list[tuple[list[str], list[str]]] = []
        self.avoids: list[tuple[Avoid, bool, str]] = []
        #: What is listed first is of none of these types.
        self.without: dict[str, frozenset[str]] = {}
        #: Variables that stand for lists.
        self.lists: set[str] = set()

    def number(self) -> int:
        self.count += 1
        return self.count

    def constant(self, value: Any) -> str:
        """A parameter that carries a constant of the plan."""
        name = f"_k{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    def expr(self, e: Expr, s: Select) -> str:
        return expression(e, s, self.sight, self.constant)

    def query(self, query: Query, given: Mapping[str, Any]) -> Rendered:
        body = expand(query.body, given)
        whole_numbers(body, given)
        self.lists = lists(body)
        self.without = {a.var: walk.without(a.var, body) for a in body[:1] if isinstance(a, N)}
        held = [c for c, e in query.cols.items() if isinstance(e, Var) and e.name in self.lists]
        needed = set().union(*(reads(W(e)) for e in query.cols.values()))
        if (walked := _Renderer(self.sight.scope).walked(query, body, needed)) is not None:
            return walked
        s = self.body(body, Select(), needed)
        head = self.whether(query, s) if query.only_whether else self.head(Head(query, body, s, self.lists), s)
        with_ = "WITH RECURSIVE " + ",\n".join(self.ctes) + "\n" if self.ctes else ""
        places = frozenset(i for i, c in enumerate(query.cols) if c in held)
        text = with_ + head
        quick = text
        for sql, reached in self.quicker:
            quick = quick.replace(",\n".join(sql), ",\n".join(reached))
        return Rendered(
            text, self.params, tuple(self.preludes.values()), places, quick if self.quicker else None
        )

    def walked(self, query: Query, body: tuple[Atom, ...], needed: set[str]) -> Rendered | None:
        """The SQL of what is listed as it was seen, where there is no more to it than tests of each node."""
        first = walk.listed(query, body) if self.sight.one_row else None
        if first is None:
            return None
        among = [c for c in codes(first.types, self.constant).split(", ") if c]
        arms = walk.arms(first.types, among, walk.without(first.var, body))
        s = Select([f"node {walk.ROW}"], env={first.var: f"{walk.ROW}.nid"}, nodes={first.var})
        s.rows[s.env[first.var]] = walk.ROW
        s = self.body(body[1:], s, needed)
        if arms is None or s.sources != [f"node {walk.ROW}"]:
            return None
        if (after := walk.place(first.var, body)) is not None:
            s.where.append(f"{walk.KEY} <= {self.expr(after, s)}")
        head = Head(query, body, s, set())
        joined = {c: j for c, e in query.cols.items() if (j := walk.joined(e, first.var)) is not None}
        cols = {named(c): joined[c].shown if c in joined else self.shown(e, s) for c, e in query.cols.items()}
        joins = dict.fromkeys(j.join for j in joined.values())
        ids = {c for c, e in query.cols.items() if e in (Var(first.var), Prop(first.var, "id"))}  # never null
        keys = [(k.removeprefix("-"), k.startswith("-")) for k in head.keys[1:]]
        order = [named(k) + " DESC" * down if k in ids else ordered(named(k), down) for k, down in keys]
        with_ = "WITH RECURSIVE " + ",\n".join(self.ctes) + "\n" if self.ctes else ""
        text = with_ + walk.text([a.with_(joins) for a in arms], cols, s.where, order, LIMIT)
        return Rendered(text, self.params, tuple(self.preludes.values()), frozenset())

    def whether(self, query: Query, s: Select) -> str:
        cols = ", ".join(f'{self.shown(e, s)} AS "{c}"' for c, e in query.cols.items())
        return f"SELECT {cols}{s.clause()}\nLIMIT 1"

    def head(self, head: Head, s: Select) -> str:
        early = {c: self.shown(e, s) for c, e in head.query.cols.items() if c not in head.late}
        nodes = {e.var: f"n_{e.var}" for e in head.late.values()}
        after = Select(env=dict(nodes))
        late = {c: self.expr(e, after) for c, e in head.late.items()}
        return head.text(early, late, {n: s.env[var] for var, n in nodes.items()}, s.clause(), LIMIT)

    def shown(self, e: Expr, s: Select) -> str:
        """An expression as a column: a node by its id."""
        if isinstance(e, Var) and e.name in s.nodes:
            return self.expr(Prop(e.name, "id"), s)
        return self.expr(e, s)

    def body(self, body: tuple[Atom | OneArm, ...], s: Select, needed: set[str]) -> Select:
        """Join the atoms onto a select; `needed` are the variables that matter afterwards."""
        for i, atom in enumerate(body):
            later = set(needed).union(*(reads(a.table if isinstance(a, OneArm) else a) for a in body[i + 1 :]))
            s = self.atom(atom, s, later)
        return s

    def atom(self, atom: Atom | OneArm, s: Select, later: set[str]) -> Select:
        match atom:
            case N():
                return self.node(atom, s)
            case E():
                return self.edge(atom, s)
            case W(test):
                s.where.append(self.expr(test, s))
                return s
            case L(var, value):
                if isinstance(value, Var) and value.name in s.nodes:
                    s.nodes.add(var)
                s.env[var] = self.expr(value, s)
                return s
            case Rows(parameter, var):
                alias = f"j{self.number()}"
                s.sources.append(f"json_each(:{parameter}) {alias}")
                if isinstance(var, str):
                    s.env[var] = f"{alias}.value"
                else:
                    s.env |= {v: f"json_extract({alias}.value, '$[{i}]')" for i, v in enumerate(var)}
                return s
            case T():
                return self.table(atom, s, later)
            case OneArm():
                return self.arm(atom, s)
            case C():
                return self.closure(atom, s, later)
            case Outside(node, avoid):
                n = s.env[node]
                s.where.append(f"({n} IS NULL OR {n} NOT IN (SELECT n FROM {self.avoided(avoid)}))")
                return s
            case Path():
                return self.path(atom, s, later)
            case Way():
                return self.way(atom, s)
            case Opt((E() as one,)) if (one.s in s.env) or (one.d in s.env):
                return self.edge(one, s, left=True)
            case Opt(inner):
                return self.optional(inner, s, later)
            case Not(inner) | Has(inner):
                return self.half(inner, s, later, isinstance(atom, Has))
            case Either(bodies):
                return self.union([self.joining(b, later) for b in bodies], s, later, binds(atom))
            case Top():
                return self.top(atom, s)
            case Group():
                return self.group(atom, s)
            case _:
                raise TypeError(f"no SQL for {atom!r}")

    def joining(self, body: tuple[Atom | OneArm, ...], later: set[str]) -> Callable[[Select], Select]:
        return lambda s: self.body(body, s, later)

    def node(self, atom: N, s: Select) -> Select:
        bound = atom.var in s.env
        if not bound:
            listed = atom.id is None and atom.name is None
            alias = f"{'t' if listed else 'n'}{self.number()}"
            s.env[atom.var] = f"{alias}.nid"
            if atom.id is not None:
                s.sources.append(f"ident {alias}")
                s.where += [f"{alias}.id = {self.expr(atom.id, s)}", self.sight.known(f"{alias}.nid")]
                if isinstance(atom.id, Par | Const):
                    self.anchors[atom.var] = atom.id
            elif atom.name is not None:
                s.sources.append(f"node {alias}")
                s.where.append(f"{alias}.name = {self.expr(atom.name, s)}{self.sight.context(alias)}")
                if self.sight.scope.as_of is not None:
                    s.where.append(self.sight.known(f"{alias}.nid"))
            elif self.sight.one_row and all(t in KINDS for t in atom.types):
                self.of_kinds(atom, alias, s)
            else:
                s.sources.append(f"({self.sight.all_of(atom.types, codes(atom.types, self.constant))}) {alias}")
                if self.sight.scope.as_of is not None:
                    s.where.append(self.sight.known(s.env[atom.var]))
        elif atom.id is not None:
            s.where.append(f"{self.sight.prop('id', s.env[atom.var])} = {self.expr(atom.id, s)}")
        s.nodes.add(atom.var)
        n = s.env[atom.var]
        if atom.types and (bound or atom.id is not None or atom.name is not None):
            s.where.append(self.sight.is_a(n, atom.types, codes(atom.types, self.constant), s.rows.get(n)))
        if atom.name is not None:
            s.where.append(f"{self.sight.prop('name', n)} = {self.expr(atom.name, s)}")
        return s

    def of_kinds(self, atom: N, alias: str, s: Select) -> None:
        """List nodes of some kinds, of all without, each in its only row: by the kind's index where all are in it."""
        s.rows[f"{alias}.nid"] = alias
        found = walk.whole(atom.types, self.without.get(atom.var, frozenset()), alias)
        if found is not None:
            index, tests = found
            s.sources.append(f"node {alias} INDEXED BY {index}")
            s.where += [*tests[:-1], tests[-1] + self.sight.context(alias)]
            return
        s.sources.append(f"node {alias}")
        bits = [f"{alias}.kinds & {KINDS[t].bit}" for t in atom.types]
        s.where.append(f"({' OR '.join(bits) or '1'}){self.sight.context(alias)}")

    def edge(self, atom: E, s: Select, left: bool = False) -> Select:
        alias = f"e{self.number()}"
        tests = []
        ends = (("s", atom.s), ("d", atom.d))
        tests += [f"{alias}.{end} = {s.env[var]}" for end, var in ends if var in s.env]
        if not tests:
            raise ValueError(f"neither end of {atom!r} is bound")
        tests.append(flow.relation_test(alias, atom.rels) + self.sight.statement(alias))
        tests[-1] += flow.role_test(alias, self.roles(atom))
        for end, var in ends:
            s.env.setdefault(var, f"{alias}.{end}")
            s.nodes.add(var)
        columns = ((atom.rel, "rel"), (atom.role, "role"), (atom.at, "t"))
        s.env |= {var: f"{alias}.{column}" for var, column in columns if var is not None}
        s.env |= {var: self.attribute(alias, key) for key, var in atom.attrs.items()}
        for name, var in atom.args.items():
            s.env[var] = f"json_extract({alias}.more, {self.constant(f'$.arguments.{json.dumps(name)}')})"
        if left:
            s.left_join(f"edge {alias}", tests)
        else:
            s.sources.append(f"edge {alias}")
            s.where += tests
        return s

    def roles(self, atom: E | C) -> list[str]:
        """Parameters that carry the roles a relation may have."""
        return [self.constant(r) for r in roles(atom.with_role)]

    def attribute(self, alias: str, key: str) -> str:
        """The first value of a relation's attribute, if it is a whole number."""
        at = self.constant(f'$.attributes."{key}"[0]')
        return f"CASE json_type({alias}.more, {at}) WHEN 'integer' THEN json_extract({alias}.more, {at}) END"

    def table(self, atom: T, s: Select, later: set[str]) -> Select:
        parts = [self.joining((a,), later) for a in arms_of(atom, self.sight)]
        return parts[0](s) if len(parts) == 1 else self.union(parts, s, later, tuple(atom.cols.values()))

    def arm(self, atom: OneArm, s: Select) -> Select:
        table = atom.table
        arm = arms(table.table, s.env[table.node], self.number(), self.sight)[atom.which]
        s.sources += arm.sources
        s.where += arm.where
        s.env |= {var: arm.cols[c] for c, var in table.cols.items()}
        return s

    def flush(self, s: Select, keep: Iterable[str]) -> tuple[Select, str]:
        """The bindings so far as a CTE with the variables to keep."""
        name = f"p{self.number()}"
        kept = [v for v in s.env if v in set(keep)]
        cols = ", ".join(f"{s.env[v]} AS v_{v}" for v in kept) or "1 AS v_"
        self.ctes.append(f"{name} AS (SELECT DISTINCT {cols}{s.clause()})")
        return self.resume(name, kept, s.nodes), name

    @staticmethod
    def resume(name: str, variables: Iterable[str], nodes: set[str]) -> Select:
        kept = list(variables)
        return Select(sources=[name], env={v: f"{name}.v_{v}" for v in kept}, nodes={v for v in kept if v in nodes})

    def union(
        self, parts: list[Callable[[Select], Select]], s: Select, later: set[str], new: tuple[str, ...]
    ) -> Select:
        # Each part begins with the same bindings, so they are flushed with all that any part or the rest reads.
        before, name = self.flush(s, s.env)
        names = [v for v in dict.fromkeys((*before.env, *new)) if v in later]
        selects, nodes = [], set()
        for part in parts:
            p = part(self.resume(name, before.env, before.nodes))
            nodes |= p.nodes
            cols = ", ".join(f"{p.env.get(v, 'NULL')} AS v_{v}" for v in names) or "1 AS v_"
            selects.append(f"SELECT {cols}{p.clause()}")
        result = f"p{self.number()}"
        self.ctes.append(f"{result} AS ({' UNION '.join(selects)})")
        return self.resume(result, names, nodes)

    def optional(self, inner: tuple[Atom, ...], s: Select, later: set[str]) -> Select:
        before, name = self.flush(s, s.env)
        joined = self.body(inner, self.resume(name, before.env, before.nodes), later | set(before.env))
        new = [v for v in of_body(inner) if v not in before.env and v in later]
        nodes = joined.nodes
        _, with_ = self.flush(joined, [*before.env, *new])
        old = ", ".join(f"v_{v}" for v in before.env) or "1"
        nulls = "".join(f", NULL AS v_{v}" for v in new)
        both = ", ".join(f"v_{v}" for v in [*before.env, *new]) or "1"
        result = f"p{self.number()}"
        self.ctes.append(
            f"{result} AS (SELECT {both} FROM {with_} UNION ALL SELECT {old}{nulls} FROM "
            f"(SELECT {old} FROM {name} EXCEPT SELECT {old} FROM {with_}))"
        )
        return self.resume(result, [*before.env, *new], nodes)

    def half(self, inner: tuple[Atom, ...], s: Select, later: set[str], keep: bool) -> Select:
        """Semi and anti join: correlated where the body is plain joins, or some ways of them, else by sets."""
        found = ways(inner, self.sight)
        if found is not None:
            tests = []
            for way in found:
                sub = self.body(way, Select(env=dict(s.env), nodes=set(s.nodes), rows=dict(s.rows)), set())
                # What joins nothing is a test: as a SELECT SQLite would begin one for each row.
                tests.append(f"EXISTS (SELECT 1{sub.clause()})" if sub.sources else f"ifnull(({sub.tests()}), 0)")
            either = tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"
            s.where.append(f"{'' if keep else 'NOT '}{either}")
            return s
        before, name = self.flush(s, s.env)
        joined = self.body(inner, self.resume(name, before.env, before.nodes), set(before.env))
        _, with_ = self.flush(joined, before.env)
        if keep:
            return self.resume(with_, before.env, before.nodes)
        cols = ", ".join(f"v_{v}" for v in before.env) or "1"
        result = f"p{self.number()}"
        self.ctes.append(f"{result} AS (SELECT {cols} FROM {name} EXCEPT SELECT {cols} FROM {with_})")
        return self.resume(result, before.env, before.nodes)

    def closure(self, atom: C, s: Select, later: set[str]) -> Select:
        if atom.depth is None and atom.via is None and atom.hi is None:
            avoided = None if atom.avoid is None else self.avoided(atom.avoid, atom.rels == FLOW)
            s, name = self.flush(s, later | {atom.s, atom.d})
            passing = atom.s not in later and atom.d != atom.s
            if passing and s.env.keys() == {atom.s}:
                result = self.inline(atom, f"(SELECT DISTINCT v_{atom.s} AS x FROM {name})", avoided, together=True)
                s = Select(sources=[result])
            elif passing:
                s, starts = self.grouped(atom, s, name)
                result = self.inline(atom, starts, avoided)
                s.sources.append(result)
                s.where.append(f"{result}.root = {s.sources[0]}.root")
            else:
                starts = f"(SELECT DISTINCT v_{atom.s} AS root, v_{atom.s} AS x FROM {name})"
                result = self.inline(atom, starts, avoided)
                s.sources.append(result)
                s.where.append(f"{result}.root = {s.env[atom.s]}")
        else:
            result = self.prelude(atom)
            s.sources.append(result)
            if atom.s not in s.env:
                raise ValueError(f"{atom.s!r} is not bound")
        s.bind_node(atom.d, f"{result}.nid")
        if atom.depth is not None:
            s.env[atom.depth] = f"{result}.depth"
        if atom.via is not None:
            s.bind_node(atom.via, f"{result}.via")
        return s

    def avoided(self, avoid: Avoid, lineage: bool = False) -> str:
        """The CTE with column n of nodes that are avoided, or of their flow nodes."""
        known = [name for one, flows, name in self.avoids if (one, flows) == (avoid, lineage)]
        if known:
            return known[0]
        name = f"x{self.number()}"
        if lineage:
            self.ctes.append(flow.flow_nodes(f"(SELECT n AS x FROM {self.avoided(avoid)})", name))
        else:
            _, nodes = self.flush(self.body(avoid.body, Select(), {avoid.node}), {avoid.node})
            self.ctes.append(f"{name}(n) AS (SELECT v_{avoid.node} FROM {nodes})")
        self.avoids.append((avoid, lineage, name))
        return name

    def grouped(self, atom: C, s: Select, prefix: str) -> tuple[Select, str]:
        """The bindings without a start that nothing reads any more, and the starts of each: a table (root, x).

        Starts go on together where what else is bound is the same, if that makes fewer groups than there are starts.
        An activity is not behind itself, so each goes on alone. Groups have numbers below those of nodes.
        """
        keys = [v for v in s.env if v != atom.s]
        names = ", ".join(f"v_{v}" for v in keys)
        fewer = (
            f"(SELECT count(*) FROM (SELECT DISTINCT {names} FROM {prefix})) < "
            f"(SELECT count(DISTINCT v_{atom.s}) FROM {prefix})"
        )
        alone = f" AND NOT {flow.acts(f'v_{atom.s}', self.sight)}" if atom.rels == FLOW else ""
        starts, groups = f"g{self.number()}", f"p{self.number()}"
        together = f"-dense_rank() OVER (ORDER BY {names})"
        root = f"CASE WHEN {fewer}{alone} THEN {together} ELSE v_{atom.s} END"
        self.ctes.append(f"{starts} AS (SELECT {root} AS root, v_{atom.s} AS x, {names} FROM {prefix})")
        self.ctes.append(f"{groups} AS (SELECT DISTINCT root, {names} FROM {starts})")
        return self.resume(groups, keys, s.nodes), f"(SELECT DISTINCT root, x FROM {starts})"

    def inline(self, atom: C, roots: str, avoided: str | None, together: bool = False) -> str:
        """The CTE of a closure from all starts: (root, nid), or (nid) of them together. `roots` is a table (root, x),
        or (x) of them together."""
        i = self.number()
        if atom.rels != FLOW:
            self.ctes += flow.relation_closure(
                roots, atom.rels, self.roles(atom), atom.direction, self.sight, f"c{i}", avoided, together
            )
        elif together:
            names = (f"q{i}", f"s{i}", f"r{i}", f"k{i}", f"c{i}")
            sql = flow.lineage_of_all(roots, atom.direction, self.sight, names, avoided)
            self.lineage(sql, flow.reached_of_all(roots, atom.direction, self.sight, names), avoided)
        else:
            pairs = (f"s{i}", f"r{i}", f"c{i}")
            sql = flow.lineage_closure(roots, atom.direction, self.sight, pairs, avoided)
            self.lineage(sql, flow.reached_closure(roots, atom.direction, self.sight, (pairs[0], pairs[2])), avoided)
        return f"c{i}"

    def lineage(self, sql: list[str], reached: list[str], avoided: str | None) -> None:
        self.ctes += sql
        if avoided is None:
            self.quicker.append((sql, reached))

    def prelude(self, atom: C) -> str:
        """The CTE over a closure's JSON rows, one for all atoms that need the same closure."""
        root = self.anchor(atom.s, atom)
        if atom.avoid is not None:
            raise ValueError(f"depths and what is avoided do not go together: {atom!r}")
        key = (root, atom.rels, atom.direction, atom.with_role, atom.hi)
        if key not in self.preludes:
            name = f"c{self.number()}"
            lineage = atom.rels == FLOW
            if lineage:
                text = flow.lineage_prelude(atom.direction, self.sight)
            else:
                text = flow.relation_prelude(atom.rels, self.roles(atom), atom.direction, self.sight)
            self.preludes[key] = Prelude(f"_{name}", text, root, atom.hi, lineage=atom.direction if lineage else None)
            self.reached(name)
        return self.preludes[key].name[1:]

    def anchor(self, var: str, atom: Atom) -> Expr:
        """The parameter that a variable is bound by."""
        if var not in self.anchors:
            raise ValueError(f"depths need a start that is bound by a parameter: {atom!r}")
        return self.anchors[var]

    def reached(self, name: str) -> None:
        """The CTE over the JSON rows of a prelude."""
        # DISTINCT keeps the planner from reading the JSON again for every look-up.
        cols = ", ".join(f"json_extract(value, '$[{i}]') AS {c}" for i, c in enumerate(("nid", "depth", "via")))
        self.ctes.append(f"{name} AS (SELECT DISTINCT {cols} FROM json_each(:_{name}))")

    def way(self, atom: Way, s: Select) -> Select:
        name = f"c{self.number()}"
        text = flow.lineage_prelude("up", self.sight)
        root, end = self.anchor(atom.s, atom), self.anchor(atom.d, atom)
        self.preludes[atom] = Prelude(f"_{name}", text, root, None, end)
        self.reached(name)
        s.sources.append(name)
        s.bind_node(atom.node, f"{name}.nid")
        s.bind_node(atom.via, f"{name}.via")
        s.env[atom.depth] = f"{name}.depth"
        return s

    def path(self, atom: Path, s: Select, later: set[str]) -> Select:
        s, name = self.flush(s, {atom.s, atom.d})
        i = self.number()
        start = f"(SELECT DISTINCT v_{atom.s} AS x FROM {name})"
        ends = f"(SELECT v_{atom.d} AS x FROM {name})"
        self.ctes += flow.between(start, ends, self.sight, (f"s{i}", f"r{i}", f"w{i}", f"c{i}"))
        return Select(
            sources=[f"c{i}"], env={atom.s: f"c{i}.root", atom.node: f"c{i}.nid"}, nodes={atom.s, atom.node}
        )

    def top(self, atom: Top, s: Select) -> Select:
        names = list(dict.fromkeys((*atom.per, *atom.keep)))
        before, name = self.flush(s, names)
        per = ", ".join(f"v_{p}" for p in atom.per)
        keys = {n: self.expr(Prop(n, "id"), before) if n in before.nodes else f"v_{n}" for n in names}
        order = [*atom.order]
        if not atom.ties:
            # Within a tuple of `per` only the rest of `keep` can differ.
            order += [n for n in names if n not in {*atom.per, *self.lists, *(o.removeprefix("-") for o in order)}]
        terms = [ordered(keys[o.removeprefix("-")], o.startswith("-")) for o in order]
        window = f"({'PARTITION BY ' + per + ' ' if per else ''}ORDER BY {', '.join(terms)})"
        function = "rank" if atom.ties else "row_number"
        result = f"p{self.number()}"
        cols = ", ".join(f"v_{n}" for n in names)
        self.ctes.append(
            f"{result} AS (SELECT {cols} FROM (SELECT {cols}, {function}() OVER {window} AS place FROM {name}) "
            f"WHERE place <= {int(atom.k)})"
        )
        return self.resume(result, names, before.nodes)

    def group(self, atom: Group, s: Select) -> Select:
        before, members = self.flush(s, dict.fromkeys((*atom.per, *atom.over)))
        per = [before.env.get(v, "NULL") for v in atom.per]
        values = {v: (a.name, self.shown(a.value, before)) for v, a in atom.let.items()}
        ctes, result = groups.grouped(members, atom.per, per, values, lambda: f"p{self.number()}")
        self.ctes += ctes
        return self.resume(result, (*atom.per, *atom.let), before.nodes)

