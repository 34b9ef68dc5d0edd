"""The renderer: a plan becomes one Cypher statement and the preludes it needs. Pure; only parameters carry values.

Written atom order is the order of the clauses. What has to stand on a finished set of bindings (unions with closures,
top) first collects the bindings so far into a list.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from begat.graph_schema.neo4j.long_ids import LONGEST_NAME
from begat.graph_schema.statements import canonical
from begat.queries.cypher import flow, groups
from begat.queries.cypher.expressions import argument, elements
from begat.queries.cypher.pipeline import Clause, Pipeline, indented, named
from begat.queries.cypher.preludes import Avoided, Between, Closure, OnWay, Prelude, Reached
from begat.queries.cypher.sight import TABLES, Sight, labels
from begat.queries.cypher.statement import Statement
from begat.queries.cypher.tables import table
from begat.queries.expr import Const, Expr, Par, Prop, Var
from begat.queries.kept import Rendering
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
    Roles,
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
from begat.queries.sorts import mixed, whole_numbers

LIMIT: Final = "_limit"
#: What a column is called until it is given: no variable is called so.
_COLUMN: Final = "col_"
_UNION: Final = "\nUNION\n"


class Rendered(Rendering, frozen=True):
    """The Cypher of a plan; `ids` are the parameters that hold ids of nodes."""

    preludes: tuple[Prelude, ...]
    ids: frozenset[str]


def render(query: Query, scope: Scope, given: Mapping[str, Any]) -> Rendered:
    """The Cypher of a query. Of `given`, the question's parameters, only their form matters (see kept.py)."""
    return _Renderer(scope).query(query, given)


class _Renderer(Statement):
    def query(self, query: Query, given: Mapping[str, Any]) -> Rendered:
        needed = set().union(*(reads(W(e)) for e in query.cols.values()))
        body = expand(query.body, given)
        whole_numbers(body, given)
        self.lists = lists(body)
        self.mixed = mixed(body, {v: Var(v) for v in of_body(body)}, given)
        self.mixed_cols = mixed(body, query.cols, given)
        p = self.body(body, Pipeline(), needed)
        self.rows(query, p)
        params = self.params | {t: TABLES[t] for t in sorted(self.sight.used)}
        return Rendered(p.text(), params, tuple(self.preludes.values()), frozenset(self.ids))

    def rows(self, query: Query, p: Pipeline) -> None:
        """All rows as one list, in order: for the driver a row costs twenty times as much as a list in a list.

        What a node's id decides, and no order asks for, is looked up last, for the rows that are given.
        """
        keys = {k.removeprefix("-") for k in query.order}
        ids = {e.name for c, e in query.cols.items() if isinstance(e, Var) and e.name in p.nodes and c in keys}
        late = {c: e for c, e in query.cols.items() if c not in keys and isinstance(e, Prop) and e.var in ids}
        early = {c: e for c, e in query.cols.items() if c not in late}
        self.hold(early.values(), p)
        kept = [f"{self.shown(e, p)} AS {_COLUMN}{c}" for c, e in early.items()]
        kept += dict.fromkeys(named(e.var) for e in late.values())
        ties = [c for c, e in early.items() if not (isinstance(e, Var) and e.name in self.lists)]
        order = [*query.order, *(c for c in ties if c not in keys)]
        by = self.order({k: _COLUMN + k.removeprefix("-") for k in order}, self.mixed_cols)
        some = f"WITH DISTINCT {', '.join(kept)}\nORDER BY {by}\nLIMIT ${LIMIT}"
        p.add(f"WITH {', '.join(kept)}\nLIMIT 1" if query.only_whether else some)
        self.sight.drop()
        self.hold(late.values(), p)
        p.add(f"RETURN collect([{', '.join(self.expr(late[c], p) if c in late else _COLUMN + c for c in query.cols)}])")

    def hold(self, cols: Iterable[Expr], p: Pipeline) -> None:
        """Gather the rows of each node that is looked at."""
        looked = [e.var for e in cols if isinstance(e, Prop) and e.name != "id" and e.var in p.nodes]
        for var in dict.fromkeys(looked):
            self.sight.hold(named(var), p)

    def body(self, body: tuple[Atom, ...], p: Pipeline, needed: set[str]) -> Pipeline:
        """Add the atoms to a pipeline; `needed` are the variables that matter afterwards."""
        for i, atom in enumerate(body):
            later = set(needed).union(*(reads(a) for a in body[i + 1 :]))
            p = self.atom(atom, p, later)
        return p

    def atom(self, atom: Atom, p: Pipeline, later: set[str]) -> Pipeline:
        match atom:
            case N():
                self.node(atom, p)
            case E():
                self.edge(atom, p)
            case W(test):
                p.keep(self.expr(test, p))
            case L(var, value):
                p.let(var, self.expr(value, p))
                if isinstance(value, Var) and value.name in p.nodes:
                    p.nodes.add(var)
            case Rows(parameter, str() as var):
                self.elements[var] = parameter
                p.add(f"UNWIND {elements(parameter)} AS {named(var)}")
                p.bound[var] = None
            case Rows(parameter, names):
                row = self.sight.name("row")
                p.add(f"UNWIND {elements(parameter)} AS {row}")
                each = ", ".join(f"{row}[{i}] AS {named(v)}" for i, v in enumerate(names))
                p.add(f"WITH {'*, ' if p.bound else ''}{each}")
                p.bound |= dict.fromkeys(names)
            case T(name, node, cols):
                p.add(table(name, named(node), cols, self.sight))
                p.bound |= dict.fromkeys(cols.values())
            case C():
                self.closure(atom, p, later)
            case Outside(node, avoid):
                p.keep(f"{self.avoided(avoid)}[{named(node)}.id] IS NULL")
            case Path():
                return self.path(atom, p)
            case Way():
                self.way(atom, p)
            case Opt((E() as one,)) if one.s in p.bound or one.d in p.bound:
                self.edge(one, p, optional=True)
            case Opt(inner):
                self.optional(inner, p, later)
            case Not(inner) | Has(inner):
                p.keep(self.exists(inner, p, isinstance(atom, Has)))
            case Either(((L(var, Var(s)),), (C(s_too, rels, d, depth=None, via=None, hi=None) as c,))) if (
                rels != FLOW and var == d and s == s_too and d not in p.bound
            ):
                self.related(c, p, later, itself=True)
            case Either(bodies):
                self.union(bodies, p, later, binds(atom))
            case Top():
                groups.top(self, atom, p)
            case Group():
                groups.group(self, atom, p)
            case _:
                raise TypeError(f"no Cypher for {atom!r}")
        return p

    # -- nodes and relations

    def node(self, atom: N, p: Pipeline) -> None:
        n = named(atom.var)
        bound = atom.var in p.bound
        tests = []
        if bound and atom.id is not None:
            tests.append(f"{n}.id = {self.id(atom.id, p)}")
        elif atom.id is not None:
            p.match(f"({n}:Resource {{id: {self.id(atom.id, p)}}})")
            tests.append(self.sight.known(n))
            if isinstance(atom.id, Par | Const):
                self.anchors[atom.var] = atom.id
        elif atom.name is not None and not bound:
            self.called(n, self.expr(atom.name, p), p)
            if self.sight.scope.as_of is not None:
                tests.append(self.sight.known(n))
        elif not bound:
            tests += self.listed(n, atom.types, p)
        p.bind(atom.var)
        if atom.types and (bound or atom.id is not None or atom.name is not None):
            tests.append(self.sight.is_a(n, atom.types, self.constant))
        if atom.name is not None:
            tests.append(f"{self.sight.prop('name', n)} = {self.expr(atom.name, p)}")
        for t in tests:
            p.keep(t)

    def called(self, n: str, name: str, p: Pipeline) -> None:
        """Nodes that have this name, or its beginning, in a row: what an index finds."""
        name = f"left({name}, {LONGEST_NAME})"
        if self.sight.plain:
            p.match(f"({n}:Resource {{name: {name}}})")
            return
        facets = f"MATCH ({n}:Resource)<-[:FACET_OF]-(:Facet {{name: {name}}})"
        body = f"MATCH ({n}:Resource {{name: {name}}})\nRETURN {n}\nUNION\n{facets}\nRETURN {n}"
        p.add(f"CALL ({p.imports()}) {{\n{indented(body)}\n}}")

    def listed(self, n: str, types: tuple[str, ...], p: Pipeline) -> list[str]:
        """All nodes of some kinds or types, of all if none is given; returns further tests."""
        known, foreign = labels(types)
        if known and not foreign:
            p.match(f"({n}:{'|'.join(known)})")
        else:
            p.match(f"({n}:Resource)")
            if types:
                p.keep(self.sight.labelled(n, types, self.constant))
        tests = []
        if types and self.sight.scope.contexts is not None:
            tests.append(self.sight.said(n, types, self.constant))
        if not types:
            tests.append(self.sight.described(n))
        if self.sight.scope.as_of is not None:
            tests.append(self.sight.known(n))
        return tests

    def edge(self, atom: E, p: Pipeline, optional: bool = False) -> None:
        if atom.s not in p.bound and atom.d not in p.bound:
            raise ValueError(f"neither end of {atom!r} is bound")
        e = self.sight.name("e")
        pattern = f"({named(atom.s)})-[{e}:{flow.relation_types(atom.rels)}]->({named(atom.d)})"
        tests = [*self.sight.statement(e), *(t.format(r=e) for t in self.role(atom.with_role))]
        if optional:
            p.add(f"OPTIONAL MATCH {pattern}", *tests)
        else:
            p.match(pattern, *tests)
        p.bind(atom.s, atom.d)
        code = f"{self.sight.table('_relations')}[type({e})]" if atom.rel else ""
        given = [(atom.rel, code), (atom.role, f"{e}.role"), (atom.at, f"{e}.t")]
        given += [(var, self.attribute(e, name)) for name, var in atom.attrs.items()]
        given += [(var, argument(e, name, self.constant, self.sight)) for name, var in atom.args.items()]
        for var, text in given:
            if var is not None:
                p.let(var, text)

    def role(self, given: Roles | None) -> list[str]:
        """The test that a relation `{r}` has one of these roles, if there are any."""
        match roles(given):
            case ():
                return []
            case (one,):
                return [f"{{r}}.role = {self.constant(one)}"]
            case several:
                return [f"{{r}}.role IN {self.constant(list(several))}"]

    def attribute(self, e: str, name: str) -> str:
        """The first value of a relation's attribute, if it is a whole number: it stands in JSON behind its name."""
        rest = f"split({e}.more, {self.constant(canonical(name) + ':[')})[1]"
        return f"[j_ IN [head(split(head(split({rest}, ']')), ','))] WHERE j_ =~ '-?[0-9]+' | toIntegerOrNull(j_)][0]"

    # -- bodies within

    def optional(self, inner: tuple[Atom, ...], p: Pipeline, later: set[str]) -> None:
        q = self.body(inner, p.branch(nested=True), later | set(p.bound))
        new = [v for v in of_body(inner) if v not in p.bound and v in later]
        if not new:
            return
        q.add(f"RETURN DISTINCT {', '.join(map(named, new))}")
        p.add(f"OPTIONAL CALL ({p.imports()}) {{\n{indented(q.text())}\n}}")
        p.bound |= dict.fromkeys(new)
        p.nodes |= q.nodes.intersection(new)

    def exists(self, inner: tuple[Atom, ...], p: Pipeline, keep: bool) -> str:
        """Whether a body has a solution, or has none."""
        q = self.body(inner, p.branch(nested=True), set(p.bound))
        if len(q.clauses) == 1 and q.clauses[0].text == "WITH *":
            test = f"coalesce({' AND '.join(q.clauses[0].tests)}, false)"
            if len(q.clauses[0].tests) == 1 and q.clauses[0].tests[0].startswith("coalesce("):
                (test,) = q.clauses[0].tests
        else:
            q.add("RETURN 1")
            test = f"EXISTS {{\n{indented(q.text())}\n}}"
        return test if keep else f"NOT {test}"

    def union(
        self, bodies: tuple[tuple[Atom, ...], ...], p: Pipeline, later: set[str], new: tuple[str, ...]
    ) -> None:
        if not p.nested and p.bound and any(self.by_sets(b, p) for b in bodies):
            self.union_of_sets(bodies, p, later, new)
            return
        fresh = [v for v in new if v not in p.bound and v in later]
        nothing = f"1 AS {self.sight.name('one')}"
        texts = []
        for body in bodies:
            q = self.body(body, p.branch(nested=True), later)
            p.nodes |= q.nodes
            shown = ", ".join(f"{named(v) if v in q.bound else 'null'} AS {named(v)}" for v in fresh)
            q.add(f"RETURN DISTINCT {shown or nothing}")
            texts.append(q.text())
        p.add(f"CALL ({p.imports()}) {{\n{indented(_UNION.join(texts))}\n}}")
        p.bound |= dict.fromkeys(fresh)

    def union_of_sets(
        self, bodies: tuple[tuple[Atom, ...], ...], p: Pipeline, later: set[str], new: tuple[str, ...]
    ) -> None:
        """Each body once for all the bindings so far, not once for each."""
        rows, row = self.sight.name("rows"), self.sight.name("row")
        names = [v for v in dict.fromkeys((*p.bound, *new)) if v in later]
        texts, nodes = [], set()
        for body in bodies:
            q = p.branch()
            held = ", ".join(f"{row}.{named(v)} AS {named(v)}" for v in q.bound)
            q.header = [Clause(f"UNWIND {rows} AS {row}"), Clause(f"WITH {held}")]
            q = self.body(body, q, later)
            nodes |= q.nodes
            shown = ", ".join(f"{named(v) if v in q.bound else 'null'} AS {named(v)}" for v in names)
            q.add(f"RETURN DISTINCT {shown or '1 AS one'}")
            texts.append(q.text())
        p.add(f"WITH collect(DISTINCT {{{', '.join(f'{named(v)}: {named(v)}' for v in p.bound)}}}) AS {rows}")
        p.add(f"CALL ({rows}) {{\n{indented(_UNION.join(texts))}\n}}")
        # Only an aggregate makes new rows: else each carries the whole list, and what sorts them holds it for each.
        p.add(f"WITH {', '.join(map(named, names)) or 'one'}, count(*) AS {self.sight.name('same')}", open=True)
        p.bound = dict.fromkeys(names)
        p.nodes = nodes.intersection(names)

    def by_sets(self, body: Iterable[Atom], p: Pipeline) -> bool:
        """Whether a body holds what is better done once for all bindings, or cannot be done for each."""
        for atom in body:
            match atom:
                case C(s, rels, _, depth=None, via=None, hi=None):
                    if s not in self.anchors or (rels != FLOW and not self.anchors.keys() >= p.bound.keys()):
                        return True
                case Path() | Top() | Group():
                    return True
                case Opt(inner) | Not(inner) | Has(inner):
                    if self.by_sets(inner, p):
                        return True
                case Either(bodies):
                    if any(self.by_sets(b, p) for b in bodies):
                        return True
                case _:
                    pass
        return False

    # -- closures

    def closure(self, atom: C, p: Pipeline, later: set[str]) -> None:
        d = named(atom.d)
        counted = atom.depth is not None or atom.via is not None or atom.hi is not None
        if not counted and atom.rels != FLOW:
            self.related(atom, p, later)
            return
        if not counted and (atom.s not in self.anchors or atom.avoid is not None):
            found = self.sight.name("id")
            self.inline(atom, p, later, found)
            if atom.d in p.bound:
                p.keep(f"{d}.id = {found}")
            else:
                p.match(f"({d}:Resource {{id: {found}}})")
                p.bind(atom.d)
            return
        if atom.s not in p.bound:
            raise ValueError(f"{atom.s!r} is not bound")
        held = f"${(self.prelude(atom) if counted else self.behind(atom)).name}"
        if atom.d in p.bound:
            p.keep(f"{held}[{d}.id] IS NOT NULL")
        else:
            found = self.sight.name("id")
            p.add(f"UNWIND keys({held}) AS {found}")
            p.match(f"({d}:Resource {{id: {found}}})")
            p.bind(atom.d)
        if atom.depth is not None:
            p.let(atom.depth, f"{held}[{d}.id][0]")
        if atom.via is not None:
            p.match(f"({named(atom.via)}:Resource {{id: {held}[{d}.id][1]}})")
            p.bind(atom.via)

    def related(self, atom: C, p: Pipeline, later: set[str], *, itself: bool = False) -> None:
        """A closure over stored relations; `itself`: its start is part of it."""
        s, bound = named(atom.s), atom.d in p.bound
        found = self.sight.name("other") if bound else named(atom.d)
        relations, roles = flow.relation_types(atom.rels), self.role(atom.with_role)
        avoided = None if atom.avoid is None else self.avoided(atom.avoid)
        text = flow.related(s, atom.direction, self.sight, found, relations, roles, avoided, itself=itself)
        p.only(later | {atom.s, atom.d})
        self.of_each(atom.s, text, found, p)
        if bound:
            p.keep(f"{named(atom.d)} = {found}")
        else:
            p.bind(atom.d)

    def of_each(self, start: str, text: str, found: str, p: Pipeline) -> None:
        """A search from each distinct start: the bindings are grouped by it, so that none is searched twice."""
        s, others = named(start), [v for v in p.bound if v != start]
        if p.nested or self.anchors.keys() >= set(others):
            p.add(text)
            return
        rows, row = self.sight.name("rows"), self.sight.name("row")
        p.add(f"WITH {s}, collect({{{', '.join(f'{named(v)}: {named(v)}' for v in others)}}}) AS {rows}")
        p.add(text)
        p.add(f"UNWIND {rows} AS {row}")
        p.add(f"WITH {s}, {found}, {', '.join(f'{row}.{named(v)} AS {named(v)}' for v in others)}", open=True)

    def inline(self, atom: C, p: Pipeline, later: set[str], found: str) -> None:
        """Lineage from what is bound, within the statement."""
        s = named(atom.s)
        avoided = None if atom.avoid is None else self.avoided(atom.avoid)
        p.only(later | {atom.s, atom.d})
        forgotten = not p.nested and atom.s not in {*later, atom.d, *self.anchors}
        if forgotten and p.bound.keys() == {atom.s}:
            p.add(flow.closure_of_all(s, atom.direction, self.sight, found, avoided))
            p.add(f"WITH DISTINCT {found}", open=True)
            p.bound, p.nodes = {}, set()
        elif forgotten:
            self.grouped(atom, p, [v for v in p.bound if v != atom.s], found, avoided)
        else:
            self.of_each(atom.s, flow.closure(s, atom.direction, self.sight, found, avoided), found, p)

    def grouped(self, atom: C, p: Pipeline, others: list[str], found: str, avoided: str | None) -> None:
        """Lineage from starts that nothing reads any more: those go on together for which all else is the same, if that
        makes fewer groups than there are starts."""
        s = named(atom.s)
        rows, row, key, keys, starts, fewer, group = (
            self.sight.name(n) for n in ("rows", "row", "key", "keys", "starts", "fewer", "group")
        )
        held = f"{{start: {s}, key: {{{', '.join(f'{named(v)}: {named(v)}' for v in others)}}}}}"
        p.add(f"WITH collect({held}) AS {rows}")
        groups, each = (f"COUNT {{ UNWIND {rows} AS {row} RETURN DISTINCT {row}.{of} }}" for of in ("key", "start"))
        p.add(f"WITH {rows}, {groups} < {each} AS {fewer}")
        p.add(f"UNWIND {rows} AS {row}")
        p.add(
            f"WITH CASE WHEN {fewer} THEN {row}.key ELSE {row}.start END AS {group}, "
            f"collect(DISTINCT {row}.key) AS {keys}, collect(DISTINCT {row}.start) AS {starts}"
        )
        walk = flow.closure_of_all(s, atom.direction, self.sight, found, avoided)
        body = f"UNWIND {starts} AS {s}\n{walk}\nRETURN DISTINCT {found}"
        p.add(f"CALL ({starts}) {{\n{indented(body)}\n}}")
        p.add(f"UNWIND {keys} AS {key}")
        p.add(f"WITH DISTINCT {found}, {', '.join(f'{key}.{named(v)} AS {named(v)}' for v in others)}", open=True)
        p.nodes.discard(atom.s)
        del p.bound[atom.s]

    def avoided(self, avoid: Avoid) -> str:
        """The parameter that holds the nodes that are avoided."""
        known = [name for one, name in self.avoids if one == avoid]
        if not known:
            q = self.body(avoid.body, Pipeline(), {avoid.node})
            name = f"_{self.sight.name('avoided')}"
            self.preludes[name] = Avoided(name, f"{q.text()}\nRETURN collect(DISTINCT {named(avoid.node)}.id)")
            self.avoids.append((avoid, name))
            known = [name]
        return f"${known[0]}"

    def prelude(self, atom: C | Path | Way) -> Closure:
        """A closure's edges, fetched once for all atoms that need the same closure."""
        if isinstance(atom, C) and atom.avoid is not None:
            raise ValueError(f"depths and what is avoided do not go together: {atom!r}")
        root = self.anchors.get(atom.s)
        if root is None:
            raise ValueError(f"depths need a start that is bound by a parameter: {atom!r}")
        if not isinstance(atom, C):
            atom = C(atom.s, FLOW, atom.d)
        rels, direction, with_role, hi = atom.rels, atom.direction, atom.with_role, atom.hi
        key = (root, rels, direction, with_role, hi)
        known = self.preludes.get(key)
        if known is None:
            relations = None if rels == FLOW else flow.relation_types(rels)
            text = self.apart(lambda sight: flow.prelude(direction, sight, relations, self.role(with_role)))
            known = self.preludes[key] = Closure(f"_{self.sight.name('c')}", text, root, hi)
        if not isinstance(known, Closure):
            raise TypeError(f"{known!r} is no closure")
        return known

    def behind(self, atom: C) -> Closure | Reached:
        """All that a closure without depths finds from a start that a parameter binds."""
        root = self.anchors[atom.s]
        known = self.preludes.get((root, FLOW, atom.direction, None, None)) or self.preludes.get((root, atom.direction))
        if known is None:
            text = self.apart(lambda sight: flow.behind(atom.direction, sight))
            known = self.preludes[root, atom.direction] = Reached(f"_{self.sight.name('c')}", text, root)
        if not isinstance(known, Closure | Reached):
            raise TypeError(f"{known!r} is no closure")
        return known

    def apart(self, render: Callable[[Sight], str]) -> str:
        """A statement whose names depend on nothing around it: the server plans it once for all questions."""
        sight = Sight(self.sight.scope)
        text = render(sight)
        self.sight.used |= sight.used
        return text

    def path(self, atom: Path, p: Pipeline) -> Pipeline:
        """Begins anew: what lies between is found before the statement, from the ends that the bindings give."""
        if p.nested:
            raise ValueError(f"{atom!r} stands inside a subquery")
        closure = self.prelude(atom)
        clauses = [*p.alone(), Clause(f"RETURN collect(DISTINCT {named(atom.d)}.id)")]
        name = f"_{self.sight.name('between')}"
        self.preludes[name] = Between(name, "\n".join(map(str, clauses)), closure.name)
        found = self.sight.name("id")
        q = Pipeline()
        q.match(f"({named(atom.s)}:Resource {{id: {self.expr(closure.root, p)}}})")
        q.add(f"UNWIND {elements(name)} AS {found}")
        q.match(f"({named(atom.node)}:Resource {{id: {found}}})")
        q.bind(atom.s, atom.node)
        return q

    def way(self, atom: Way, p: Pipeline) -> None:
        closure = self.prelude(atom)
        if atom.d not in self.anchors:
            raise ValueError(f"depths need a start that is bound by a parameter: {atom!r}")
        name = f"_{self.sight.name('way')}"
        self.preludes[name] = OnWay(name, closure.name, self.anchors[atom.d])
        found = self.sight.name("place")
        way = elements(name)
        p.add(f"UNWIND range(0, size({way}) - 1) AS {found}")
        if atom.node in p.bound:
            p.add("WITH *", f"{named(atom.node)}.id = {way}[{found}]")
        else:
            p.match(f"({named(atom.node)}:Resource {{id: {way}[{found}]}})")
        before = f"[i_ IN [{found} - 1] WHERE i_ >= 0 | {way}[i_]][0]"
        p.add(f"OPTIONAL MATCH ({named(atom.via)}:Resource {{id: {before}}})")
        p.bind(atom.node, atom.via)
        p.let(atom.depth, found)
