"""Expressions as Cypher. Values of the plan become parameters."""

from collections.abc import Callable
from typing import Final

from begat.graph_schema.neo4j.wide import is_wide
from begat.graph_schema.statements import canonical
from begat.queries.cypher.order import calculated, divided, key
from begat.queries.cypher.pipeline import Pipeline, indented, named
from begat.queries.cypher.sight import Constant, Sight
from begat.queries.expr import Attr, AttrIs, Const, Expr, IsA, Op, Par, Prop, Var
from begat.queries.values import EXACT

_INFIX: Final = {"!=": "<>", "=": "="}
_ORDERS: Final = frozenset(("<", "<=", ">", ">="))


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
        case AttrIs(var, attribute, name, value):
            return _attribute(named(var), attribute, name, value, cypher, sight, constant)
        case Attr(var, attribute, sort):
            return _least(named(var), attribute, sort, sight, constant) if var in p.bound else "null"
        case IsA(var, types):
            return sight.is_a(named(var), types, constant) if var in p.bound else "false"
        case Op("ends", (a, b)):
            return f"({cypher(a)} ENDS WITH {cypher(b)})"
        case Op("contains", (a, b)):
            return f"({cypher(a)} CONTAINS {cypher(b)})"
        case Op("concat", args):
            return f"({' + '.join(cypher(a) for a in args)})"
        case Op("isnull", (a,)):
            return f"({cypher(a)} IS NULL)"
        case Op("not", (a,)):
            return f"(NOT {cypher(a)})"
        case Op("coalesce", args):
            return f"coalesce({', '.join(cypher(a) for a in args)})"
        case Op("iif", (test, then, otherwise)):
            return f"CASE WHEN {cypher(test)} THEN {cypher(then)} ELSE {cypher(otherwise)} END"
        case Op("in", (a, b)):
            return f"({cypher(a)} IN {elements(b.name) if isinstance(b, Par) else cypher(b)})"
        case Op("/", (a, b)):
            return divided(cypher(a), cypher(b))
        case Op("+" | "-" | "*" as name, (a, b)):
            return calculated(name, cypher(a), cypher(b), EXACT)
        case Op("and" | "or" as name, args):
            return f"({f' {name.upper()} '.join(cypher(a) for a in args)})"
        case Op(name, (a, b)) if name in _INFIX:
            return f"({cypher(a)} {_INFIX[name]} {cypher(b)})"
        case Op(name, (a, b)) if name in _ORDERS:
            wide = sight.scope.wide or any(isinstance(x, Const) and is_wide(str(x.value)) for x in (a, b))
            return f"({key(cypher(a), wide)} {name} {key(cypher(b), wide)})"
        case _:
            raise TypeError(f"no Cypher for {e!r}")


def _attribute(
    n: str, key_: str, sign: str, value: Expr, cypher: Callable[[Expr], str], sight: Sight, constant: Constant
) -> str:
    """Whether any of a node's facts, texts `"key":value` in JSON, compares so."""
    sort = type(value.value) if isinstance(value, Const) else str
    prefix = canonical(key_) + ":"
    if isinstance(value, Const) and sort is str and sign in _INFIX:
        held, wanted = "fact_", constant(prefix + canonical(value.value))
    else:
        held, wanted = "", cypher(value)
    begin = constant(prefix + ('"' if sort is str else ""))
    if not held:
        held = _fact(sort, begin, sight)
    if sort is str and sign in _ORDERS:
        held, wanted = key(held, sight.scope.wide), key(wanted, sight.scope.wide)
    sign = _INFIX.get(sign, sign)
    test = f"fact_ STARTS WITH {begin} AND {held} {sign} {wanted}"
    return sight.any_row(n, lambda row: f"any(fact_ IN {row}.facts WHERE {test})")


def _least(n: str, key_: str, sort: str, sight: Sight, constant: Constant) -> str:
    """The least text or number among the values of an attribute."""
    prefix = canonical(key_) + ":"
    begin = constant(prefix + ('"' if sort == "text" else ""))
    value, row = sight.name("value"), sight.name("row")
    facts = f"UNWIND {sight.rows(n)} AS {row}\nUNWIND {row}.facts AS fact_\nWITH fact_ WHERE fact_ STARTS WITH {begin}"
    if sort == "text":
        held, by = _fact(str, begin, sight), key(value, sight.scope.wide)
    else:
        facts += f" AND substring(fact_, size({begin})) =~ '-?[0-9].*'"
        held, by = _fact(float, begin, sight), value
    least = f"{facts}\nWITH {held} AS {value}\nRETURN {value} ORDER BY {by} LIMIT 1"
    return f"COLLECT {{\n{indented(least)}\n}}[0]"


def _fact(sort: type, begin: str, sight: Sight) -> str:
    """The value in a fact that begins so."""
    rest = f"substring(fact_, size({begin}))"
    if sort is bool:
        return f"toBoolean({rest})"
    if sort is float:
        return f"toFloat({rest}) + 0.0"
    if sort is int:  # whole numbers are compared as such, all else as floats
        return (
            f"[j_ IN [{rest}] | CASE WHEN j_ =~ '-?[0-9]+' THEN coalesce(toIntegerOrNull(j_), toFloat(j_)) "
            "ELSE toFloat(j_) + 0.0 END][0]"
        )
    return f"[j_ IN [substring(fact_, size({begin}), size(fact_) - size({begin}) - 1)] | {_unescaped(sight)}][0]"


def elements(parameter: str) -> str:
    """The elements of a parameter that is a list: it is sent inside a map, see engine.py."""
    return f"${parameter}.of"


def argument(e: str, name: str, constant: Constant, sight: Sight) -> str:
    """One of a relation's further arguments, a text: it stands in JSON behind its name."""
    rest = f"split({e}.more, {constant(canonical(name) + ':' + chr(34))})[1]"
    # A quote that a backslash stands before is part of the text. JSON has no control character as it is.
    hidden = f"replace(replace({rest}, '\\\\\\\\', '\\u0001'), '\\\\\"', '\\u0002')"
    text = f"replace(replace(head(split({hidden}, '\"')), '\\u0002', '\\\\\"'), '\\u0001', '\\\\\\\\')"
    return f"[j_ IN [{text}] WHERE j_ IS NOT NULL | {_unescaped(sight)}][0]"


def _unescaped(sight: Sight) -> str:
    """The text of the JSON string `j_`, its quotes left out."""
    part = f"reduce(u_ = part_, x_ IN {sight.table('_escapes')} | replace(u_, x_[0], x_[1]))"
    whole = f"substring(reduce(t_ = '', part_ IN split(j_, '\\\\\\\\') | t_ + '\\\\' + {part}), 1)"
    return f"CASE WHEN j_ CONTAINS '\\\\' THEN {whole} ELSE j_ END"
