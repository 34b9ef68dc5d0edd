"""Expressions as Cypher. Values of the plan become parameters."""

from typing import Final

from begat.graph_schema.statements import canonical
from begat.queries.cypher.pipeline import Pipeline, named
from begat.queries.cypher.sight import Constant, Sight
from begat.queries.expr import AttrIs, Const, Expr, IsA, Op, Par, Prop, Var

_INFIX: Final = {"!=": "<>"} | {s: s for s in ("=", "<", "<=", ">", ">=", "+", "-", "*")}
#: JSON's escapes, undone; a backslash waits as NUL until the others are done.
_ESCAPES: Final = (
    ("\\\\\\\\", "\\u0000"), ('\\\\"', '"'), ("\\\\n", "\\n"), ("\\\\t", "\\t"), ("\\\\r", "\\r"), ("\\\\b", "\\b"),
    ("\\\\f", "\\f"), ("\\u0000", "\\\\"),
)  # fmt: skip


def expression(e: Expr, p: Pipeline, sight: Sight, constant: Constant) -> str:
    """An expression's Cypher; `constant` makes a parameter of a value."""

    def cypher(x: Expr) -> str:
        return expression(x, p, sight, constant)

    match e:
        case Var(name):
            return named(name) if name in p.bound else "null"
        case Prop(var, name):
            return sight.prop(name, named(var)) if var in p.bound else "null"
        case Par(name):
            return f"${name}"
        case Const(None):
            return "null"
        case Const(value):
            return constant(value)
        case AttrIs(var, key, name, value):
            sort = type(value.value) if isinstance(value, Const) else str
            return _attribute(named(var), key, _INFIX[name], sort, cypher(value), sight, constant)
        case IsA(var, types):
            return sight.is_a(named(var), types, constant) if var in p.bound else "false"
        case Op("ends", (a, b)):
            return f"({cypher(a)} ENDS WITH {cypher(b)})"
        case Op("isnull", (a,)):
            return f"({cypher(a)} IS NULL)"
        case Op("not", (a,)):
            return f"(NOT {cypher(a)})"
        case Op("coalesce", args):
            return f"coalesce({', '.join(cypher(a) for a in args)})"
        case Op("iif", (test, then, otherwise)):
            return f"CASE WHEN {cypher(test)} THEN {cypher(then)} ELSE {cypher(otherwise)} END"
        case Op("in", (a, b)):
            return f"({cypher(a)} IN {cypher(b)})"
        case Op("/", (a, b)):
            return f"CASE {cypher(b)} WHEN 0 THEN null ELSE toFloat({cypher(a)}) / {cypher(b)} END"
        case Op("and" | "or" as name, args):
            return f"({f' {name.upper()} '.join(cypher(a) for a in args)})"
        case Op(name, (a, b)) if name in _INFIX:
            return f"({cypher(a)} {_INFIX[name]} {cypher(b)})"
        case _:
            raise TypeError(f"no Cypher for {e!r}")


def _attribute(
    n: str, key: str, sign: str, sort: type, value: str, sight: Sight, constant: Constant
) -> str:
    """Whether any of a node's facts, texts `"key":value` in JSON, compares so."""
    prefix = canonical(key) + ":"
    if sort is str:
        inner = f"substring(fact_, {len(prefix) + 1}, size(fact_) - {len(prefix) + 2})"
        for escaped, sign_ in _ESCAPES:
            inner = f"replace({inner}, '{escaped}', '{sign_}')"
        prefix += '"'
    else:
        inner = f"{'toBoolean' if sort is bool else 'toFloat'}(substring(fact_, {len(prefix)}))"
    start = constant(prefix)
    return sight.any_row(
        n, lambda row: f"any(fact_ IN {row}.facts WHERE fact_ STARTS WITH {start} AND {inner} {sign} {value})"
    )
