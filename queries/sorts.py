"""What a plan's variables may hold: text, number or both. A node counts as text: it is sorted by its id."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from begat.queries.expr import Attr, Const, Expr, Op, Par, Prop, Var
from begat.queries.plan import Atom, C, E, Either, Group, Has, L, N, Not, Opt, Path, Rows, T, Way, When, of_body
from begat.queries.properties import PROPERTIES, TABLES

Sorts = frozenset[str]
TEXT: Final[Sorts] = frozenset(("text",))
NUMBER: Final[Sorts] = frozenset(("number",))
_OF_TYPE: Final = {"id": TEXT, "text": TEXT, "json": TEXT, "integer": NUMBER, "number": NUMBER, "time": NUMBER,
                   "relation": NUMBER}  # fmt: skip


def mixed(body: Iterable[Atom], cols: Mapping[str, Expr], given: Mapping[str, Any]) -> Sorts:
    """The columns that may hold texts and numbers. `given` are the parameters."""
    return frozenset(c for c, sorts in sorts_of(body, cols, given).items() if len(sorts) > 1)


def sorts_of(body: Iterable[Atom], cols: Mapping[str, Expr], given: Mapping[str, Any]) -> dict[str, Sorts]:
    """What each column may hold."""
    held = _of_body(body, given, {})
    return {c: _of(e, held, given) for c, e in cols.items()}


def _of_body(body: Iterable[Atom], given: Mapping[str, Any], known: Mapping[str, Sorts]) -> dict[str, Sorts]:
    held = dict(known)

    def add(var: str | None, sorts: Sorts) -> None:
        if var is not None:
            held[var] = held.get(var, frozenset()) | sorts

    for atom in body:
        match atom:
            case N(var, _, _, _):
                add(var, TEXT)
            case E(s, _, d, rel, role, at, _, attrs, args):
                for name, sorts in ((s, TEXT), (d, TEXT), (rel, NUMBER), (role, TEXT), (at, NUMBER)):
                    add(name, sorts)
                for name in attrs.values():
                    add(name, NUMBER)
                for name in args.values():
                    add(name, TEXT)
            case C(s, _, d, _, depth, via, _, _):
                for name, sorts in ((s, TEXT), (d, TEXT), (depth, NUMBER), (via, TEXT)):
                    add(name, sorts)
            case Path(s, d, node):
                for var in (s, d, node):
                    add(var, TEXT)
            case Way(s, d, node, depth, via):
                for name, sorts in ((s, TEXT), (d, TEXT), (node, TEXT), (depth, NUMBER), (via, TEXT)):
                    add(name, sorts)
            case L(var, value):
                add(var, _of(value, held, given))
            case Rows(parameter, str() as var):
                add(var, frozenset().union(*map(_of_value, given.get(parameter) or ())))
            case Rows(parameter, names):
                for values in given.get(parameter) or ():
                    for name, value in zip(names, values, strict=True):
                        add(name, _of_value(value))
            case Group(_, let, _):
                for name, a in let.items():
                    if a.name != "collect":
                        add(name, NUMBER if a.name in ("count", "sum", "avg") else _of(a.value, held, given))
            case T(table, _, columns):
                for column, var in columns.items():
                    add(var, _OF_TYPE[TABLES[table][column]])
            case Opt(inner) | When(_, inner) | Has(inner) | Not(inner):
                held |= _of_body(inner, given, held)
            case Either(bodies):
                for found in [_of_body(b, given, held) for b in bodies]:
                    for var, sorts in found.items():
                        add(var, sorts)
            case _:
                pass
    return held


def _of(e: Expr, held: Mapping[str, Sorts], given: Mapping[str, Any]) -> Sorts:
    match e:
        case Var(name):
            return held.get(name, frozenset())
        case Prop(_, name):
            return _OF_TYPE[PROPERTIES[name]]
        case Par(name):
            return _of_value(given.get(name))
        case Const(value):
            return _of_value(value)
        case Attr(_, _, "text") | Op("concat", _):
            return TEXT
        case Op("coalesce", args) | Op("iif", (_, *args)):
            return frozenset().union(*(_of(a, held, given) for a in args))
        case _:
            return NUMBER


def _of_value(value: Any) -> Sorts:
    return TEXT if isinstance(value, str) else frozenset() if value is None else NUMBER


_WHOLE: Final = frozenset(("integer", "time", "relation"))


def whole_numbers(body: Iterable[Atom], given: Mapping[str, Any]) -> None:
    """Raises ValueError where sums or averages are made of what may be no whole numbers: those of floating-point
    numbers depend on the order in which a store adds them."""
    _whole_body(body, given, set())


def _whole_body(body: Iterable[Atom], given: Mapping[str, Any], known: set[str]) -> set[str]:
    """The variables that hold whole numbers or null."""
    held = set(known)
    for atom in body:
        match atom:
            case E():
                held |= {v for v in (atom.rel, atom.at, *atom.attrs.values()) if v is not None}
            case C() if atom.depth is not None:
                held.add(atom.depth)
            case Way():
                held.add(atom.depth)
            case L(var, value) if _is_whole(value, held, given):
                held.add(var)
            case T(table, _, columns):
                held |= {v for c, v in columns.items() if TABLES[table][c] in _WHOLE}
            case Opt(inner):
                held = _whole_body(inner, given, held)
            case Either(bodies):
                each = [_whole_body(b, given, held) for b in bodies]
                missing = [set(of_body(bodies[0])).union(*map(of_body, bodies)) - set(of_body(b)) for b in bodies]
                held |= set.intersection(*(e | m for e, m in zip(each, missing, strict=True)))
            case Group(_, let, _):
                for a in let.values():
                    if a.name in ("sum", "avg") and not _is_whole(a.value, held, given):
                        raise ValueError(f"{a.name} is of whole numbers alone: {a!r}")
                held |= {v for v, a in let.items() if a.name in ("count", "sum")}
                held |= {v for v, a in let.items() if a.name != "avg" and _is_whole(a.value, held, given)}
            case _:
                pass
    return held


def _is_whole(e: Expr, held: set[str], given: Mapping[str, Any]) -> bool:
    match e:
        case Var(name):
            return name in held
        case Prop(_, name):
            return PROPERTIES[name] in _WHOLE
        case Par(name):
            return isinstance(given.get(name), int | None)
        case Const(value):
            return isinstance(value, int | None)
        case Op("+" | "-" | "*" | "coalesce", args) | Op("iif", (_, *args)):
            return all(_is_whole(a, held, given) for a in args)
        case _:
            return False
