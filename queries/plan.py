"""The plan language: a question's body is an ordered list of atoms that bind variables, its head says what to show.

The body is a SET of bindings, nowhere a bag: all else relies on it. Written order is join order, so begin with what
is bound by a parameter. Each atom has a case in sql/render.py, cypher/render.py and evaluator.py, which is the oracle.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from begat.graph_schema.terms import RELATIONS
from begat.queries.expr import Const, Expr, Var, eq, variables

#: The pseudo-relation of C: reachability by the lineage law instead of by stored relations.
FLOW: Final = ("flow",)
LINEAGE: Final = tuple(r.name for r in RELATIONS.values() if r.lineage)
Direction = Literal["up", "down"]
#: One role, or any of several.
Roles = str | tuple[str, ...]


class N(msgspec.Struct, frozen=True):
    """Bind or check a node: of one of `types` (kinds or types, subtypes included), with this id or name.

    Binds only what anything visible is said of.
    """

    var: str
    types: tuple[str, ...] = ()
    id: Expr | None = None
    name: Expr | None = None


class E(msgspec.Struct, frozen=True):
    """A stored relation s -rel-> d, effect to cause; at least one end is bound before.

    `rel`, `role` and `at` name variables that take the relation's code, its role and its time (of its position);
    `with_role` keeps only relations of that role; `attrs` names variables that take whole numbers among the relation's
    attributes, the first of several: the ends of a time window; `args` those that take its further arguments, as text:
    the activity for which an agent acted, say.
    """

    s: str
    rels: tuple[str, ...]
    d: str
    rel: str | None = None
    role: str | None = None
    at: str | None = None
    with_role: Roles | None = None
    attrs: Mapping[str, str] = {}
    args: Mapping[str, str] = {}


class Avoid(msgspec.Struct, frozen=True):
    """Nodes that a closure neither finds nor crosses nor starts from: what `node` stands for in a body of its own.

    The names of its variables are used nowhere else.
    """

    node: str
    body: tuple["Atom", ...]


class C(msgspec.Struct, frozen=True):
    """The transitive closure from `s`: to causes (up) or to effects (down), over FLOW or stored relations.

    Proper: `s` itself only if it lies on a cycle, and by lineage an activity never; with `lo` 0 also `s`, at depth 0.
    `depth` (least, in entities and activities; at most `hi`) and `via` (the node before on a least path, the least id
    of several) need an `s` that is bound by id, and no `avoid`.
    """

    s: str
    rels: tuple[str, ...]
    d: str
    direction: Direction = "up"
    depth: str | None = None
    via: str | None = None
    hi: Expr | None = None
    with_role: Roles | None = None
    lo: Literal[0, 1] = 1
    avoid: Avoid | None = None


class Outside(msgspec.Struct, frozen=True):
    """Keep the bindings whose `node` is not avoided; null is kept."""

    node: str
    avoid: Avoid


class Path(msgspec.Struct, frozen=True):
    """`node` lies on a path of lineage from `s` (bound by id) to any of all the bound `d`, and is none of these.

    All but `s` and `node` is forgotten.
    """

    s: str
    d: str
    node: str


class Way(msgspec.Struct, frozen=True):
    """`node` lies on a least path of lineage from `s` to `d`, both bound by id: these included, nothing where none is.

    One path of several: going on from `s`, each time to the node with the least id. `depth` counts from 0 at `s`; `via`
    is the node before.
    """

    s: str
    d: str
    node: str
    depth: str
    via: str


class W(msgspec.Struct, frozen=True):
    """Keep the bindings for which the expression is true."""

    test: Expr


class L(msgspec.Struct, frozen=True):
    """Let `var` be the value of an expression. A node stays a node."""

    var: str
    value: Expr


class Opt(msgspec.Struct, frozen=True):
    """Left join of the whole body: where it has no solution its variables are null."""

    body: tuple["Atom", ...]


class Not(msgspec.Struct, frozen=True):
    """Keep the bindings for which the body has no solution."""

    body: tuple["Atom", ...]


class Has(msgspec.Struct, frozen=True):
    """Keep the bindings for which the body has a solution; it binds nothing."""

    body: tuple["Atom", ...]


class Either(msgspec.Struct, frozen=True):
    """The union of bodies; variables missing in one are null there."""

    bodies: tuple[tuple["Atom", ...], ...]


class Rows(msgspec.Struct, frozen=True):
    """Bind `var` to each element of a list parameter; several variables to those of each element, a list itself."""

    parameter: str
    var: str | tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The variables."""
        return (self.var,) if isinstance(self.var, str) else self.var


class T(msgspec.Struct, frozen=True):
    """Rows of one of properties.TABLES that belong to `node`: column name -> variable."""

    table: str
    node: str
    cols: Mapping[str, str] = {}


class Top(msgspec.Struct, frozen=True):
    """Of the distinct tuples (per, keep) keep, per tuple of `per`, the first `k` by `order`; all else is forgotten.

    With `ties` those equal to the k-th in `order` too; without, the rest of `keep` decides, so that it must hold an
    id of all that distinguishes rows.
    """

    k: int
    per: tuple[str, ...]
    keep: tuple[str, ...]
    order: tuple[str, ...]
    ties: bool = False


Aggregates = Literal["count", "sum", "avg", "min", "max", "median", "p95", "collect"]


class Agg(msgspec.Struct, frozen=True):
    """An aggregate of the values of an expression; nulls are left out.

    count and collect are of distinct values, a node by its id; collect is a list of texts or nodes, sorted. sum (0 of
    none) and avg are of whole numbers. median is the value at ceil(n / 2) of n in order, p95 that at ceil(0.95 n).
    """

    name: Aggregates
    value: Expr


class Group(msgspec.Struct, frozen=True):
    """Aggregates over the distinct tuples (per, over), a value for each tuple of `per`; all else is forgotten.

    Expressions read only variables of `per` and `over`. Where there are no bindings there is no group.
    """

    per: tuple[str, ...]
    let: Mapping[str, Agg]
    over: tuple[str, ...]


#: How a plan about the nodes of a list parameter begins: `a` is each of them.
EACH: Final = (Rows("ids", "id"), N("a", id=Var("id")))


class When(msgspec.Struct, frozen=True):
    """Atoms that count only if the parameter is given ("!name": not given). Decided before rendering."""

    parameter: str
    body: tuple["Atom", ...]


Atom = N | E | C | Outside | Path | Way | W | L | Opt | Not | Has | Either | Rows | T | Top | Group | When


class Query(msgspec.Struct, frozen=True):
    """Body and head. `order` names columns, "-name" descending; nulls come last. The others are ties, but for lists."""

    body: tuple[Atom, ...]
    cols: Mapping[str, Expr]
    order: tuple[str, ...]

    def __post_init__(self) -> None:
        held = lists(self.body)
        for name in (o.removeprefix("-") for o in self.order):
            shown = self.cols[name]
            if isinstance(shown, Var) and shown.name in held:
                raise ValueError(f"{name} is a list: no order is by lists")

    @property
    def only_whether(self) -> bool:
        """Whether it asks only if there is anything: all rows are alike, and the first one found will do."""
        return all(isinstance(e, Const) for e in self.cols.values())


def expand(body: Iterable[Atom], params: Mapping[str, Any]) -> tuple[Atom, ...]:
    """The body with every When decided, and every closure proper."""
    return tuple(_expand(body, params, set()))


def _expand(body: Iterable[Atom], params: Mapping[str, Any], outer: set[str]) -> Iterator[Atom]:
    bound = set(outer)
    for atom in body:
        for one in _expanded(atom, params, bound):
            yield one
            bound |= set(binds(one))


def _expanded(atom: Atom, params: Mapping[str, Any], bound: set[str]) -> Iterable[Atom]:
    match atom:
        case When(parameter, inner):
            absent = parameter.startswith("!")
            given = params.get(parameter.removeprefix("!")) is not None
            return _expand(inner, params, bound) if given != absent else ()
        case Opt(inner) | Not(inner) | Has(inner):
            return (type(atom)(tuple(_expand(inner, params, bound))),)
        case Either(bodies):
            return (Either(tuple(tuple(_expand(b, params, bound)) for b in bodies)),)
        case C(s, _, d):
            before: tuple[Outside, ...] = ()
            if atom.avoid is not None:
                before = (Outside(s, _avoid(atom.avoid, params, bound)),)
                atom = msgspec.structs.replace(atom, avoid=before[0].avoid)
            if atom.lo == 1:
                return (*before, atom)
            here: list[Atom] = [W(eq(Var(d), Var(s))) if d in bound else L(d, Var(s))]
            here += [L(v, Const(value)) for v, value in ((atom.depth, 0), (atom.via, None)) if v is not None]
            return (*before, Either((tuple(here), (msgspec.structs.replace(atom, lo=1),))))
        case Outside(node, avoid):
            return (Outside(node, _avoid(avoid, params, bound)),)
        case _:
            return (atom,)


def _avoid(avoid: Avoid, params: Mapping[str, Any], bound: set[str]) -> Avoid:
    if both := bound.intersection(of_body(avoid.body)):
        raise ValueError(f"{', '.join(sorted(both))}: a variable of what is avoided is used elsewhere")
    return Avoid(avoid.node, expand(avoid.body, params))


def roles(given: Roles | None) -> tuple[str, ...]:
    """Roles as a tuple."""
    return () if given is None else (given,) if isinstance(given, str) else given


def lists(body: Iterable[Atom]) -> set[str]:
    """The variables that stand for lists."""
    found: set[str] = set()
    for atom in body:
        match atom:
            case Group(_, let, _):
                found |= {v for v, a in let.items() if a.name == "collect"}
            case L(var, Var(name)) if name in found:
                found.add(var)
            case Either(bodies):
                found |= set().union(*map(lists, bodies))
            case When(_, inner):
                found |= lists(inner)
            case _:
                pass
    return found


def binds(atom: Atom) -> tuple[str, ...]:
    """The variables an atom may bind, in a fixed order."""
    match atom:
        case N(var, _, _, _) | L(var, _):
            return (var,)
        case Rows():
            return atom.names
        case E(s, _, d, rel, role, at, _, attrs, args):
            return (*_given(s, d, rel, role, at), *attrs.values(), *args.values())
        case C(s, _, d, _, depth, via, _, _):
            return _given(s, d, depth, via)
        case Path(s, d, node):
            return (s, d, node)
        case Way(s, d, node, depth, via):
            return (s, d, node, depth, via)
        case Opt(body):
            return of_body(body)
        case Either(bodies):
            return tuple(dict.fromkeys(v for b in bodies for v in of_body(b)))
        case T(_, node, cols):
            return (node, *cols.values())
        case Top(_, per, keep, _, _):
            return (*per, *keep)
        case Group(per, let, _):
            return (*per, *let)
        case _:
            return ()


def of_body(body: Iterable[Atom]) -> tuple[str, ...]:
    """The variables a body may bind."""
    return tuple(dict.fromkeys(v for atom in body for v in binds(atom)))


def reads(atom: Atom) -> set[str]:
    """All variables an atom mentions: those must stay alive up to it."""
    match atom:
        case N(var, _, id, name):
            return {var} | _of(id) | _of(name)
        case C(_, _, _, _, _, _, hi, _):
            return set(binds(atom)) | _of(hi)
        case W(test):
            return variables(test)
        case L(var, value):
            return {var} | variables(value)
        case Outside(node, _):
            return {node}
        case Group(per, let, over):
            return {*per, *over}.union(*(variables(a.value) for a in let.values()))
        case Opt(body) | Not(body) | Has(body) | When(_, body):
            return set().union(*(reads(a) for a in body))
        case Either(bodies):
            return set().union(*(reads(a) for b in bodies for a in b))
        case _:
            return set(binds(atom))


def nodes(body: Iterable[Atom]) -> set[str]:
    """The variables that stand for nodes; all others are scalars."""
    found: set[str] = set()
    for atom in body:
        match atom:
            case N(var, _, _, _):
                found.add(var)
            case E(s, _, d, _, _, _, _):
                found |= {s, d}
            case C(s, _, d, _, _, via, _, _):
                found |= {s, d} | ({via} if via else set())
            case Path(s, d, node):
                found |= {s, d, node}
            case Way(s, d, node, _, via):
                found |= {s, d, node, via}
            case L(var, Var(name)) if name in found:
                found.add(var)
            case T(_, node, _):
                found.add(node)
            case Opt(inner) | Not(inner) | Has(inner) | When(_, inner):
                found |= _nodes_within(inner, found)
            case Either(bodies):
                for b in bodies:
                    found |= _nodes_within(b, found)
            case _:
                pass
    return found


def _nodes_within(body: tuple[Atom, ...], outer: set[str]) -> set[str]:
    return nodes((*(N(v) for v in outer), *body))


def _given(*names: str | None) -> tuple[str, ...]:
    return tuple(n for n in names if n is not None)


def _of(e: Expr | None) -> set[str]:
    return variables(e) if e is not None else set()
