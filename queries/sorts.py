"""What a plan's variables may hold: text, number or both. A node counts as text: it is sorted by its id."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from begat.queries.expr import Const, Expr, Op, Par, Prop, Var
from begat.queries.plan import Atom, C, E, Either, Has, L, N, Not, Opt, Path, Rows, T, When
from begat.queries.properties import PROPERTIES, TABLES

Sorts = frozenset[str]
TEXT: Final[Sorts] = frozenset(("text",))
NUMBER: Final[Sorts] = frozenset(("number",))
_OF_TYPE: Final = {"id": TEXT, "text": TEXT, "json": TEXT, "integer": NUMBER, "number": NUMBER, "time": NUMBER,
                   "relation": NUMBER}  # fmt: skip


def mixed(body: Iterable[Atom], cols: Mapping[str, Expr], given: Mapping[str, Any]) -> Sorts:
    """The columns that may hold texts and numbers. `given` are the parameters."""
    held = _of_body(body, given, {})
    return frozenset(c for c, e in cols.items() if len(_of(e, held, given)) > 1)


def _of_body(body: Iterable[Atom], given: Mapping[str, Any], known: Mapping[str, Sorts]) -> dict[str, Sorts]:
    held = dict(known)

    def add(var: str | None, sorts: Sorts) -> None:
        if var is not None:
            held[var] = held.get(var, frozenset()) | sorts

    for atom in body:
        match atom:
            case N(var, _, _, _):
                add(var, TEXT)
            case E(s, _, d, rel, role, at, _):
                for name, sorts in ((s, TEXT), (d, TEXT), (rel, NUMBER), (role, TEXT), (at, NUMBER)):
                    add(name, sorts)
            case C(s, _, d, _, depth, via, _, _):
                for name, sorts in ((s, TEXT), (d, TEXT), (depth, NUMBER), (via, TEXT)):
                    add(name, sorts)
            case Path(s, d, node):
                for var in (s, d, node):
                    add(var, TEXT)
            case L(var, value):
                add(var, _of(value, held, given))
            case Rows(parameter, var):
                add(var, frozenset().union(*map(_of_value, given.get(parameter) or ())))
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
        case Op("coalesce", args) | Op("iif", (_, *args)):
            return frozenset().union(*(_of(a, held, given) for a in args))
        case _:
            return NUMBER


def _of_value(value: Any) -> Sorts:
    return TEXT if isinstance(value, str) else frozenset() if value is None else NUMBER
