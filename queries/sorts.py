"""What a plan's variables may hold: text, whole numbers, others. A node counts as text: it is sorted by its id."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from begat.queries.expr import Attr, Const, Expr, Op, Par, Prop, Var
from begat.queries.plan import Atom, C, E, Either, Group, Has, L, N, Not, Opt, Path, Rows, T, Way, When
from begat.queries.properties import PROPERTIES, TABLES

Sorts = frozenset[str]
TEXT: Final[Sorts] = frozenset(("text",))
WHOLE: Final[Sorts] = frozenset(("whole",))
FLOAT: Final[Sorts] = frozenset(("float",))
_OF_TYPE: Final = {"id": TEXT, "text": TEXT, "json": TEXT, "integer": WHOLE, "number": FLOAT, "time": WHOLE,
                   "relation": WHOLE}  # fmt: skip


#: What aggregates are that are no values of the group.
_MADE: Final = {"count": WHOLE, "sum": WHOLE, "avg": FLOAT}


def mixed(body: Iterable[Atom], cols: Mapping[str, Expr], given: Mapping[str, Any]) -> Sorts:
    """The columns that may hold texts and numbers. `given` are the parameters."""
    return frozenset(c for c, sorts in sorts_of(body, cols, given).items() if sorts > TEXT)


def sorts_of(body: Iterable[Atom], cols: Mapping[str, Expr], given: Mapping[str, Any]) -> dict[str, Sorts]:
    """What each column may hold."""
    held = _of_body(body, given, {})
    return {c: _of(e, held, given) for c, e in cols.items()}


def whole_numbers(body: Iterable[Atom], given: Mapping[str, Any]) -> None:
    """Raises ValueError where sums or averages are made of what may be no whole numbers: those of floating-point
    numbers depend on the order in which a store adds them."""
    _of_body(body, given, {})


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
                for name, sorts in ((s, TEXT), (d, TEXT), (rel, WHOLE), (role, TEXT), (at, WHOLE)):
                    add(name, sorts)
                for name in attrs.values():
                    add(name, WHOLE)
                for name in args.values():
                    add(name, TEXT)
            case C(s, _, d, _, depth, via, _, _):
                for name, sorts in ((s, TEXT), (d, TEXT), (depth, WHOLE), (via, TEXT)):
                    add(name, sorts)
            case Path(s, d, node):
                for var in (s, d, node):
                    add(var, TEXT)
            case Way(s, d, node, depth, via):
                for name, sorts in ((s, TEXT), (d, TEXT), (node, TEXT), (depth, WHOLE), (via, TEXT)):
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
                    of = _of(a.value, held, given)
                    if a.name in ("sum", "avg") and not of <= WHOLE:
                        raise ValueError(f"{a.name} is of whole numbers alone: {a!r}")
                    if a.name != "collect":
                        add(name, _MADE.get(a.name, of))
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
        case Op("+" | "-" | "*", args) if all(_of(a, held, given) <= WHOLE for a in args):
            return WHOLE
        case _:
            return FLOAT


def _of_value(value: Any) -> Sorts:
    if value is None:
        return frozenset()
    return TEXT if isinstance(value, str) else WHOLE if isinstance(value, int) else FLOAT
