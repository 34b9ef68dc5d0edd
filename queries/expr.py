"""The expressions of the plan language: what a filter tests and what a column holds.

Values are nodes or scalars (text, int, float, null). Logic is three-valued, as in SQL: a comparison with null is
unknown, and a filter keeps only what is true. `/` is float and null on a zero divisor; `=` on nodes is identity;
`ends` tells whether a text ends with another, `contains` whether it holds it; `concat` joins texts.
Order: numbers by value, text by code point, nulls last both ways.
"""

from typing import Any, Final, Literal

import msgspec


class Var(msgspec.Struct, frozen=True):
    """A variable. As a column a node shows as its id."""

    name: str


class Prop(msgspec.Struct, frozen=True):
    """A property of a node: one of properties.PROPERTIES; null where the node has none."""

    var: str
    name: str


class Par(msgspec.Struct, frozen=True):
    """A parameter of the question."""

    name: str


class Const(msgspec.Struct, frozen=True):
    """A constant. Rendered as a parameter, never as text of the statement."""

    value: Any


class AttrIs(msgspec.Struct, frozen=True):
    """Whether any value of an attribute compares so: `op` is one of COMPARISONS, `value` a constant, else a text.

    Only like compares with like. An attribute is a set of JSON values: `tag = "a"` and `tag != "a"` may both be true.
    """

    var: str
    key: str
    op: str
    value: "Expr"


class Attr(msgspec.Struct, frozen=True):
    """The least of the texts, or of the numbers (as a double), among the values of an attribute; null if none is."""

    var: str
    key: str
    sort: Literal["text", "number"] = "text"


class IsA(msgspec.Struct, frozen=True):
    """Whether a node is of one of these kinds or types, subtypes included."""

    var: str
    types: tuple[str, ...]


class Op(msgspec.Struct, frozen=True):
    """An operator of OPERATORS on its arguments."""

    name: str
    args: tuple["Expr", ...]


Expr = Var | Prop | Par | Const | Attr | AttrIs | IsA | Op

COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
OPERATORS: Final = (
    *COMPARISONS, "in", "and", "or", "not", "+", "-", "*", "/", "isnull", "coalesce", "iif", "ends", "contains",
    "concat",
)  # fmt: skip


def _expr(value: Any) -> Expr:
    return value if isinstance(value, Expr) else Const(value)


def op(name: str, *args: Any) -> Op:
    """An Op whose plain arguments are constants."""
    if name not in OPERATORS:
        raise ValueError(f"no operator {name!r}")
    return Op(name, tuple(_expr(a) for a in args))


def eq(a: Any, b: Any) -> Op:
    return op("=", a, b)


def all_of(*args: Any) -> Op:
    return op("and", *args)


def any_of(*args: Any) -> Op:
    return op("or", *args)


def not_(a: Any) -> Op:
    return op("not", a)


def overlap(since: Any, until: Any, begin: Any, end: Any) -> Op:
    """Whether two half-open windows have a moment in common; a null end is unbounded, an empty window has none."""
    ordered = [any_of(op("isnull", a), op("isnull", b), op("<", a, b)) for a, b in (
        (since, until), (begin, end), (since, end), (begin, until))]
    return all_of(*ordered)


def variables(e: Expr) -> set[str]:
    """The variables an expression reads."""
    match e:
        case Var(name):
            return {name}
        case Prop(var, _) | IsA(var, _) | Attr(var, _, _):
            return {var}
        case AttrIs(var, _, _, value):
            return {var} | variables(value)
        case Op(_, args):
            return set().union(*(variables(a) for a in args))
        case _:
            return set()
