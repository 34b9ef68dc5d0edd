"""Bindings as a whole: the first of each group, and what a group comes to.

Aggregates in any order are made at once, the values of others gathered first and then chosen by rank.
"""

from typing import Final

from begat.queries.cypher.order import key
from begat.queries.cypher.pipeline import Pipeline, named
from begat.queries.cypher.statement import Statement
from begat.queries.plan import Group, Top

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


def top(s: Statement, atom: Top, p: Pipeline) -> None:
    """Keep the first of each group."""
    if p.nested:
        raise ValueError(f"{atom!r} stands inside a subquery")
    names = list(dict.fromkeys((*atom.per, *atom.keep)))
    order = [*atom.order]
    if not atom.ties:
        # Within a tuple of `per` only the rest of `keep` can differ.
        order += [n for n in names if n not in {*atom.per, *s.lists, *(o.removeprefix("-") for o in order)}]
    for missing in [n for n in names if n not in p.bound]:
        p.let(missing, "null")
    p.only(names)
    keys = {o: _key(o, p) for o in order}
    rows, row, last = (s.sight.name(n) for n in ("rows", "row", "last"))
    per = "".join(f"{named(v)}, " for v in atom.per)
    kept = [n for n in names if n not in atom.per]
    p.add(f"ORDER BY {s.order(keys, s.mixed)}")
    p.add(f"WITH {per}collect({{{', '.join(f'{named(v)}: {named(v)}' for v in kept)}}}) AS {rows}")
    first = f"{rows}[0..{int(atom.k)}]"
    if atom.ties:
        p.add(f"WITH {per}{rows}, {rows}[{int(atom.k) - 1}] AS {last}")
        tests = [f"{row}.{{0}} = {last}.{{0}}", f"{row}.{{0}} IS NULL AND {last}.{{0}} IS NULL"]
        same = [f"coalesce({' OR '.join(tests).format(named(o.removeprefix('-')))}, false)" for o in atom.order]
        first += f" + [{row} IN {rows}[{int(atom.k)}..] WHERE {' AND '.join(same)}]"
    p.add(f"UNWIND {first} AS {row}")
    p.add(f"WITH {per}{', '.join(f'{row}.{named(v)} AS {named(v)}' for v in kept)}", open=True)
    p.bound = dict.fromkeys([*atom.per, *kept])


def group(s: Statement, atom: Group, p: Pipeline) -> None:
    """A row for each group, with what it comes to."""
    if p.nested:
        raise ValueError(f"{atom!r} stands inside a subquery")
    names = list(dict.fromkeys((*atom.per, *atom.over)))
    for missing in [n for n in names if n not in p.bound]:
        p.let(missing, "null")
    p.only(names)
    texts = {v: s.shown(a.value, p) for v, a in atom.let.items()}
    values = {v: s.sight.name("x") for v in texts}
    p.add(f"WITH {', '.join([*map(named, names), *(f'{t} AS {values[v]}' for v, t in texts.items())])}")
    many, nodes = s.sight.name("many"), p.nodes.intersection(atom.per)
    wide = s.sight.scope.wide
    per = [named(v) for v in atom.per]
    made = [f"{_gathered(a.name, values[v], wide)} AS {named(v)}" for v, a in atom.let.items()]
    p.add(f"WITH {', '.join([*per, *made, f'count(*) AS {many}'])}", f"{many} > 0")
    ranked = [f"{_chosen(a.name, named(v), wide)} AS {named(v)}" for v, a in atom.let.items()]
    p.add(f"WITH {', '.join([*per, *ranked]) or '1 AS one'}", open=True)
    p.bound = dict.fromkeys((*atom.per, *atom.let))
    p.nodes = nodes


def _key(order: str, p: Pipeline) -> str:
    name = order.removeprefix("-")
    return f"{named(name)}.id" if name in p.nodes else named(name)


def _gathered(aggregate: str, x: str, wide: bool) -> str:
    """The aggregate of the variable `x`, or all of its values where these must be brought in order."""
    return _PLAIN[aggregate].format(x=x) if _at_once(aggregate, wide) else f"collect({x})"


def _chosen(aggregate: str, x: str, wide: bool) -> str:
    """The aggregate, of what `_gathered` gave."""
    if _at_once(aggregate, wide) and aggregate != "collect":
        return x
    in_order = f"COLLECT {{ UNWIND {x} AS x_ RETURN x_ ORDER BY {key('x_', wide)} }}"
    return in_order if aggregate == "collect" else f"{in_order}[{_RANKS[aggregate].format(l=x)}]"


def _at_once(aggregate: str, wide: bool) -> bool:
    """Least and greatest are by UTF-16 unit: not where a store has texts that this puts in another order."""
    return aggregate in _PLAIN and not (wide and aggregate in ("min", "max"))
