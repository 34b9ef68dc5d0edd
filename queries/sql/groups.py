"""Aggregates over groups of bindings as CTEs: one for all that needs no order, one more for each that does."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

#: Aggregates that SQLite makes in any order. Whole numbers add up exactly.
_PLAIN: Final = {
    "count": "count(DISTINCT {x})",
    "sum": "coalesce(sum({x}), 0)",
    "avg": "CAST(sum({x}) AS REAL) / count({x})",
    "min": "min({x})",
    "max": "max({x})",
}
#: The place of a value in the order of its group of n: the nearest rank.
_RANKS: Final = {"median": "(n + 1) / 2", "p95": "(95 * n + 99) / 100"}


def grouped(
    members: str,
    names: Iterable[str],
    per: list[str],
    values: Mapping[str, tuple[str, str]],
    new: Callable[[], str],
) -> tuple[list[str], str]:
    """The CTEs and the name of the last, which has columns v_NAME. `members` is the table of the bindings, `per` are
    the texts that `names` stand for in it, `values` names an aggregate and a text for each new variable."""
    keys = [f"v_{n}" for n in names]
    shown = ", ".join(f"{text} AS {key}" for text, key in zip(per, keys, strict=True)) or "1 AS v_"
    plain = {v: _PLAIN[a].format(x=x) for v, (a, x) in values.items() if a in _PLAIN}
    by = ", ".join(keys) or "v_"
    first, result = new(), new()
    made = "".join(f", {text} AS v_{v}" for v, text in plain.items())
    # Grouped by a constant where there is no key: of no bindings there is no group.
    places = ", ".join(str(i + 1) for i in range(max(1, len(per))))
    ctes = [f"{first} AS (SELECT {shown}{made} FROM {members} GROUP BY {places})"]
    source, cols = first, [f"{first}.{k} AS {k}" for k in (keys or ["v_"])]
    for v, (a, x) in values.items():
        if a in _PLAIN:
            cols.append(f"{first}.v_{v} AS v_{v}")
            continue
        one = new()
        held = f"SELECT {'DISTINCT ' if a == 'collect' else ''}{shown}, {x} AS x FROM {members} WHERE {x} IS NOT NULL"
        ctes.append(f"{one} AS ({_ordered(a, held, by)})")
        same = " AND ".join(f"{one}.{k} IS {first}.{k}" for k in (keys or ["v_"]))
        source += f" LEFT JOIN {one} ON {same}"
        cols.append(f"coalesce({one}.x, '[]') AS v_{v}" if a == "collect" else f"{one}.x AS v_{v}")
    ctes.append(f"{result} AS (SELECT {', '.join(cols)} FROM {source})")
    return ctes, result


def _ordered(aggregate: str, held: str, by: str) -> str:
    """A select of the keys and x, from a select of the keys and each value x that is not null."""
    if aggregate == "collect":
        return f"SELECT {by}, json_group_array(x) AS x FROM ({held} ORDER BY {by}, x) GROUP BY {by}"
    ranked = (
        f"SELECT {by}, x, row_number() OVER (PARTITION BY {by} ORDER BY x) AS place, "
        f"count(*) OVER (PARTITION BY {by}) AS n FROM ({held})"
    )
    return f"SELECT {by}, x FROM ({ranked}) WHERE place = {_RANKS[aggregate]}"
