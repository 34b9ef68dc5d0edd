"""Aggregates of a group's values: those in any order at once, the others gathered first and then chosen by rank."""

from typing import Final

from begat.queries.cypher.order import key

#: Whole numbers add up exactly in any order.
_PLAIN: Final = {
    "count": "count(DISTINCT {x})",
    "sum": "sum({x})",
    "avg": "CASE count({x}) WHEN 0 THEN null ELSE toFloat(sum({x})) / count({x}) END",
    "min": "min({x})",
    "max": "max({x})",
    "collect": "collect(DISTINCT {x})",
}
#: The place of a value in the order of its group `{l}`, from 0: the nearest rank.
_RANKS: Final = {
    "min": "0",
    "max": "size({l}) - 1",
    "median": "(size({l}) + 1) / 2 - 1",
    "p95": "(95 * size({l}) + 99) / 100 - 1",
}


def gathered(aggregate: str, x: str, wide: bool) -> str:
    """The aggregate of the variable `x`, or all of its values where these must be brought in order."""
    return _PLAIN[aggregate].format(x=x) if _at_once(aggregate, wide) else f"collect({x})"


def chosen(aggregate: str, x: str, wide: bool) -> str:
    """The aggregate, of what `gathered` gave."""
    if _at_once(aggregate, wide) and aggregate != "collect":
        return x
    in_order = f"COLLECT {{ UNWIND {x} AS x_ RETURN x_ ORDER BY {key('x_', wide)} }}"
    return in_order if aggregate == "collect" else f"{in_order}[{_RANKS[aggregate].format(l=x)}]"


def _at_once(aggregate: str, wide: bool) -> bool:
    """Least and greatest are by UTF-16 unit: not where a store has texts that this puts in another order."""
    return aggregate in _PLAIN and not (wide and aggregate in ("min", "max"))
