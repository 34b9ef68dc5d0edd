"""A plan in few lines, for people: patterns with arrows from effect to cause, as the reference page shows them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from begat.graph_schema.terms import RELATIONS
from begat.queries.expr import COMPARISONS, Attr, AttrIs, Const, Expr, IsA, Op, Par, Prop, Var
from begat.queries.plan import (
    FLOW,
    Agg,
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
    When,
)

INDENT: Final = "  "
#: More relations or types than these are counted.
NAMED: Final = 6


def outline(query: Query) -> list[str]:
    """The lines of a plan: its body, then its order."""
    return [*_body(query.body), f"order by {', '.join(query.order)}"]


def _body(body: Iterable[Atom]) -> Iterator[str]:
    for atom in body:
        yield from _atom(atom)


def _atom(atom: Atom) -> Iterator[str]:
    match atom:
        case N(var, types, id, name):
            tests = [f"{k} = {_expr(e)}" for k, e in (("id", id), ("name", name)) if e is not None]
            yield _node(var, types) + (f" where {', '.join(tests)}" if tests else "")
        case E(s, rels, d):
            wanted = f" as {_several(_list(atom.with_role))}" if atom.with_role else ""
            taken = [atom.rel, atom.role, atom.at, *atom.attrs.values(), *atom.args.values()]
            yield f"({s}) -{_several(_relations(rels))}{wanted}-> ({d})" + _with(*taken)
        case C(s, rels, d, direction):
            if rels == FLOW:
                told = f"behind ({s}), by lineage" if direction == "up" else f"made from ({s}), by lineage"
            else:
                over = _several(_relations(rels))
                told = f"({s}) leads to, over {over}" if direction == "up" else f"that leads to ({s}), over {over}"
            itself = f", or ({s}) itself" if atom.lo == 0 else ""
            yield f"({d}) anything {told}{itself}" + _with(atom.depth, atom.via)
            if atom.avoid is not None:
                yield from _avoid(atom.avoid, "never through")
        case Outside(node, avoid):
            yield from _avoid(avoid, f"({node}) is none of")
        case Path(s, d, node):
            yield f"({node}) between ({s}) and any ({d}) behind it, by lineage"
        case Way(s, d, node):
            yield f"({node}) on the least way from ({s}) to ({d}), by lineage"
        case W(test):
            yield f"where {_expr(test)}"
        case L(var, value):
            yield f"let {var} = {_expr(value)}"
        case Opt(body):
            yield from _within("if there is", body)
        case Not(body):
            yield from _within("not", body)
        case Has(body):
            yield from _within("there is", body)
        case Either(bodies):
            for n, body in enumerate(bodies):
                yield from _within("or" if n else "either", body)
        case When(parameter, body):
            absent = parameter.startswith("!")
            yield from _within(f"{'without' if absent else 'with'} ${parameter.lstrip('!')}", body)
        case Rows(parameter, var):
            yield f"{', '.join(_list(var))} from ${parameter}"
        case T(table, node):
            yield f"{_several(_list(tuple(atom.cols.values())))} from each {table} of ({node})"
        case Top(k, per, _, order):
            each = f" for each {', '.join(per)}" if per else ""
            yield f"the first {k}{' with ties' if atom.ties else ''}{each} by {', '.join(order)}"
        case Group(per, let):
            sums = [f"{name} = {_aggregate(agg)}" for name, agg in let.items()]
            yield f"{', '.join(sums)} for each {', '.join(per) or 'answer'}"


def _with(*names: str | None) -> str:
    held = [n for n in names if n is not None]
    return f" with {', '.join(held)}" if held else ""


def _within(word: str, body: Iterable[Atom]) -> Iterator[str]:
    yield word
    yield from (INDENT + line for line in _body(body))


def _avoid(avoid: Avoid, word: str) -> Iterator[str]:
    yield f"{word} ({avoid.node}) of"
    yield from (INDENT + line for line in _body(avoid.body))


def _node(var: str, types: tuple[str, ...]) -> str:
    return f"({var}: {_several(types)})" if types else f"({var})"


def _relations(rels: tuple[str, ...]) -> tuple[str, ...]:
    return ("any relation",) if len(rels) == len(RELATIONS) else rels


def _several(names: tuple[str, ...]) -> str:
    shown = names if len(names) <= NAMED else (*names[: NAMED - 1], f"{len(names) - NAMED + 1} more")
    return "|".join(shown)


def _list(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _aggregate(agg: Agg) -> str:
    return f"{agg.name}({_expr(agg.value)})"


#: Operators that stand between their arguments.
BETWEEN: Final[Mapping[str, str]] = {
    o: o for o in (*COMPARISONS, "+", "-", "*", "/", "and", "or", "in", "ends", "contains")
}


def _expr(e: Expr) -> str:
    match e:
        case Var(name):
            return name
        case Prop(var, name):
            return f"{var}.{name}"
        case Par(name):
            return f"${name}"
        case Const(value):
            return msgspec.json.encode(value).decode()
        case Attr(var, key):
            return f"{var}[{key}]"
        case AttrIs(var, key, op, value):
            return f"{var}[{key}] {op} {_expr(value)}"
        case IsA(var, types):
            return _node(var, types)
        case Op("not", (a,)):
            return f"not {_expr(a)}"
        case Op("isnull", (a,)):
            return f"{_expr(a)} is null"
        case Op(name, args) if name in BETWEEN and len(args) > 1:
            return "(" + f" {BETWEEN[name]} ".join(map(_expr, args)) + ")"
        case Op(name, args):
            return f"{name}({', '.join(map(_expr, args))})"
