"""The plan language: a question's body is an ordered list of atoms that bind variables, its head says what to show.

The body is a SET of bindings, nowhere a bag: all else relies on it. Written order is join order, so begin with what
is bound by a parameter. Each atom has a case in sql/render.py and one in evaluator.py, which is the oracle.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from begat.graph_schema.terms import RELATIONS
from begat.queries.expr import Expr, Var, variables

#: The pseudo-relation of C: reachability by the lineage law instead of by stored relations.
FLOW: Final = ("flow",)
LINEAGE: Final = tuple(r.name for r in RELATIONS.values() if r.lineage)
Direction = Literal["up", "down"]


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
    `with_role` keeps only relations of that role.
    """

    s: str
    rels: tuple[str, ...]
    d: str
    rel: str | None = None
    role: str | None = None
    at: str | None = None
    with_role: str | None = None


class C(msgspec.Struct, frozen=True):
    """The transitive closure from `s`: to causes (up) or to effects (down), over FLOW or stored relations.

    Proper: `s` itself only if it lies on a cycle, and by lineage an activity never. `depth` (least, in entities and
    activities; at most `hi`) and `via` (the node before on a least path, the least id of several) need an `s` that is
    bound by id.
    """

    s: str
    rels: tuple[str, ...]
    d: str
    direction: Direction = "up"
    depth: str | None = None
    via: str | None = None
    hi: Expr | None = None
    with_role: str | None = None


class Path(msgspec.Struct, frozen=True):
    """`node` lies on a path of lineage from `s` (bound by id) to any of all the bound `d`, and is none of these.

    All but `s` and `node` is forgotten.
    """

    s: str
    d: str
    node: str


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
    """Bind `var` to each element of a list parameter."""

    parameter: str
    var: str


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


class When(msgspec.Struct, frozen=True):
    """Atoms that count only if the parameter is given ("!name": not given). Decided before rendering."""

    parameter: str
    body: tuple["Atom", ...]


Atom = N | E | C | Path | W | L | Opt | Not | Has | Either | Rows | T | Top | When


class Query(msgspec.Struct, frozen=True):
    """Body and head. `order` names columns, "-name" descending; the others are appended as ties; nulls come last."""

    body: tuple[Atom, ...]
    cols: Mapping[str, Expr]
    order: tuple[str, ...]


def expand(body: Iterable[Atom], params: Mapping[str, Any]) -> tuple[Atom, ...]:
    """The body with every When decided."""
    return tuple(_expand(body, params))


def _expand(body: Iterable[Atom], params: Mapping[str, Any]) -> Iterator[Atom]:
    for atom in body:
        match atom:
            case When(parameter, inner):
                absent = parameter.startswith("!")
                if (params.get(parameter.removeprefix("!")) is None) == absent:
                    yield from _expand(inner, params)
            case Opt(inner) | Not(inner) | Has(inner):
                yield type(atom)(expand(inner, params))
            case Either(bodies):
                yield Either(tuple(expand(b, params) for b in bodies))
            case _:
                yield atom


def binds(atom: Atom) -> tuple[str, ...]:
    """The variables an atom may bind, in a fixed order."""
    match atom:
        case N(var, _, _, _) | L(var, _) | Rows(_, var):
            return (var,)
        case E(s, _, d, rel, role, at, _):
            return _given(s, d, rel, role, at)
        case C(s, _, d, _, depth, via, _, _):
            return _given(s, d, depth, via)
        case Path(s, d, node):
            return (s, d, node)
        case Opt(body):
            return of_body(body)
        case Either(bodies):
            return tuple(dict.fromkeys(v for b in bodies for v in of_body(b)))
        case T(_, node, cols):
            return (node, *cols.values())
        case Top(_, per, keep, _, _):
            return (*per, *keep)
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
