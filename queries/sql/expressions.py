"""Expressions as SQL. Values of the plan become parameters."""

from collections.abc import Callable
from typing import Any, Final

from begat.graph_schema.terms import KINDS, TYPES, subtypes
from begat.queries.expr import Attr, AttrIs, Const, Expr, IsA, Op, Par, Prop, Var
from begat.queries.sql.select import Select
from begat.queries.sql.sight import Sight
from begat.queries.values import EXACT

#: SQLite's names of the JSON sorts that a constant may be compared with.
_NUMBER: Final = "'integer', 'real'"
_SORTS: Final[dict[type, str]] = {bool: "'true', 'false'", int: _NUMBER, float: _NUMBER, str: "'text'"}
#: Whole numbers are compared as such, all else as floats; and what is compared with.
_ALIKE: Final = {
    int: ("v.value", "CASE typeof(v.value) WHEN 'real' THEN CAST({0} AS REAL) ELSE {0} END"),
    float: ("CAST(v.value AS REAL)", "{}"),
}
_INFIX: Final = frozenset(("=", "!=", "<", "<=", ">", ">="))
_ARITHMETIC: Final = frozenset(("+", "-", "*"))


def expression(e: Expr, s: Select, sight: Sight, constant: Callable[[Any], str]) -> str:
    """An expression's SQL; `constant` makes a parameter of a value."""

    def sql(x: Expr) -> str:
        return expression(x, s, sight, constant)

    match e:
        case Var(name):
            return s.env.get(name, "NULL")
        case Prop(var, name):
            return sight.prop(name, s.env[var], s.rows.get(s.env[var])) if var in s.env else "NULL"
        case Par(name):
            return f":{name}"
        case Const(None):
            return "NULL"
        case Const(value):
            return constant(value)
        case AttrIs(var, key, name, value):
            if var not in s.env:
                return "0"
            sort = type(value.value) if isinstance(value, Const) else str
            held, wanted = _ALIKE.get(sort, ("v.value", "{}"))
            return (
                f"EXISTS (SELECT 1 FROM node m CROSS JOIN json_each(m.attrs) a CROSS JOIN json_each(a.value) v "
                f"WHERE m.nid = {s.env[var]}{sight.context('m')} AND a.key = {constant(key)} "
                f"AND v.type IN ({_SORTS[sort]}) AND {held} {name} {wanted.format(sql(value))})"
            )
        case Attr(var, key, sort):
            if var not in s.env:
                return "NULL"
            held, sorts = ("v.value", "'text'") if sort == "text" else ("CAST(v.value AS REAL) + 0.0", _NUMBER)
            return (
                f"(SELECT min({held}) FROM node m CROSS JOIN json_each(m.attrs) a CROSS JOIN json_each(a.value) v "
                f"WHERE m.nid = {s.env[var]}{sight.context('m')} AND a.key = {constant(key)} AND v.type IN ({sorts}))"
            )
        case IsA(var, types):
            if var not in s.env:
                return "0"
            return sight.is_a(s.env[var], types, codes(types, constant), s.rows.get(s.env[var]))
        case Op("ends", (a, b)):
            return f"(substr({sql(a)}, length({sql(a)}) - length({sql(b)}) + 1) = {sql(b)})"
        case Op("contains", (a, b)):
            return f"(instr({sql(a)}, {sql(b)}) > 0)"
        case Op("concat", args):
            return f"({' || '.join(sql(a) for a in args)})"
        case Op("isnull", (Prop(var, "type"),)) if s.env.get(var) in s.rows:
            return f"({s.rows[s.env[var]]}.type IS NULL)"  # its name need not be looked up
        case Op("=", (Prop(var, "type"), Const(str(name)))) if s.env.get(var) in s.rows and name in TYPES:
            return f"({s.rows[s.env[var]]}.type = {TYPES[name].code})"
        case Op("isnull", (a,)):
            return f"({sql(a)} IS NULL)"
        case Op("not", (a,)):
            return f"(NOT {sql(a)})"
        case Op("coalesce", args):
            return f"coalesce({', '.join(sql(a) for a in args)})"
        case Op("iif", (test, then, otherwise)):
            return f"CASE WHEN {sql(test)} THEN {sql(then)} ELSE {sql(otherwise)} END"
        case Op("in", (a, b)):
            return f"({sql(a)} IN (SELECT value FROM json_each({sql(b)})))"
        case Op("/", (a, b)):
            return f"(CAST({sql(a)} AS REAL) / {sql(b)} + 0.0)"
        case Op(name, (a, b)) if name in _ARITHMETIC:
            return _calculated(name, sql(a), sql(b))
        case Op("and" | "or" as name, args):
            return f"({f' {name.upper()} '.join(sql(a) for a in args)})"
        case Op(name, (a, b)) if name in _INFIX:
            return f"({sql(a)} {name} {sql(b)})"
        case _:
            raise TypeError(f"no SQL for {e!r}")


def _calculated(name: str, a: str, b: str) -> str:
    """Whole where it is exact, else a float."""
    rough = f"(CAST({a} AS REAL) {name} CAST({b} AS REAL))"
    return f"(CASE WHEN abs({rough}) < {float(EXACT)} THEN {a} {name} {b} + 0 ELSE {rough} END)"


def codes(types: tuple[str, ...], constant: Callable[[Any], str]) -> str:
    """The codes of types and their subtypes as text of an IN list; a foreign type's is looked up."""
    names = dict.fromkeys(s for t in types if t not in KINDS for s in subtypes(t))
    return ", ".join(
        str(TYPES[n].code) if n in TYPES else f"(SELECT code FROM type WHERE name = {constant(n)})" for n in names
    )
