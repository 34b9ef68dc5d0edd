"""The order of values in Cypher: docs/reference/values.md. Neo4j's own is by UTF-16 unit where a text is not stored."""

from typing import Final

#: A text without a sign from U+D7FF up is its own key. In another's, each such sign of one unit gets U+D7FF before it:
#: then it stands, by unit and by code point alike, after all that come before it, and before those of two units.
_KEY: Final = (
    "CASE WHEN coalesce(toStringOrNull({x}) =~ '(?s)[\\u0000-\\uD7FE]*+', true) THEN {x} "
    "ELSE reduce(k_ = '', c_ IN split(toStringOrNull({x}), '') | k_ + "
    "CASE WHEN c_ >= '\\uE000' OR c_ = '\\uD7FF' THEN '\\uD7FF' + c_ ELSE c_ END) END"
)


def key(text: str, wide: bool) -> str:
    """What to sort or compare an expression by; `wide`: the store has texts that need it."""
    return _KEY.format(x=text) if wide else text


def calculated(name: str, a: str, b: str, exact: int) -> str:
    """a + b, a - b, a * b: whole below `exact`, else a float; null where it is no number."""
    rough = f"toFloat({a}) {name} toFloat({b})"
    result = f"CASE WHEN abs(x_) < {exact} THEN {a} {name} {b} + 0 ELSE x_ END"
    return f"[x_ IN [{rough}] WHERE NOT isNaN(x_) | {result}][0]"


def divided(a: str, b: str) -> str:
    """a / b, a float; null where it is no number."""
    return f"[x_ IN [CASE {b} WHEN 0 THEN null ELSE toFloat({a}) / {b} END] WHERE NOT isNaN(x_) | x_ + 0.0][0]"


def whole(step: str, exact: int) -> str:
    """A step as shown: 1.0 is 1."""
    return f"CASE WHEN abs({step}) <= {exact} AND {step} = toInteger({step}) THEN toInteger({step}) ELSE {step} END"
