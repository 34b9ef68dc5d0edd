"""Nodes in the order in which they were seen: walked in an index, as far as rows are asked for, and no further.

What is listed is cut into arms, each with an index that holds it in that order; of each arm as many rows are taken as
are given in all, and then the first of those. Only where a node has one row at most: else its order is no column.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from begat.graph_schema.terms import KINDS, SECTION_TYPE, TYPES, subtypes
from begat.queries.expr import Const, Expr, Op, Par, Prop, Var
from begat.queries.plan import Atom, N, Not, Query, W
from begat.queries.scope import CONTEXT

#: The row of what is listed.
ROW: Final = "t0"
#: Of indexes: what was never seen comes last, as nulls do.
KEY: Final = f"coalesce({ROW}.st, {ROW}.t, -9223372036854775808)"
#: The index of each kind, and the type that has too many of them to be in it.
INDEX: Final[dict[str, tuple[str, str | None]]] = {
    "Activity": ("node_run", SECTION_TYPE),
    "Entity": ("node_entity", "HyperparameterSetting"),
    "Agent": ("node_agent", None),
}
BY_TYPE: Final = "node_by_type"
#: Types with more subtypes are sorted instead.
MOST: Final = 8
_HERE: Final = f"{ROW}.ctx = :{CONTEXT}"


class Arm(NamedTuple):
    """Some of what is listed: where its rows come from, and what holds of them."""

    source: str
    tests: tuple[str, ...]

    def with_(self, joins: Iterable[str]) -> "Arm":
        """The same, joined with what is shown of its rows from elsewhere."""
        return self._replace(source=" ".join((self.source, *joins)))


class Joined(NamedTuple):
    """A column that another table has: how that is joined, and the column."""

    join: str
    shown: str


#: Such properties of a row. Joined, they take half as long as looked up for each row in a subquery.
JOINED: Final = {
    "id": Joined(f"CROSS JOIN ident i ON i.nid = {ROW}.nid", "i.id"),
    "type": Joined(f"LEFT JOIN type y ON y.code = {ROW}.type", "y.name"),
}


def joined(e: Expr, var: str) -> Joined | None:
    """How a column of what is listed is come by where another table has it."""
    match e:
        case Var(name) if name == var:
            return JOINED["id"]
        case Prop(name, prop) if name == var:
            return JOINED.get(prop)
        case _:
            return None


def listed(query: Query, body: Sequence[Atom]) -> N | None:
    """What a query lists in the order in which it was seen, the latest first; None where it does something else."""
    first = body[0] if body else None
    if not isinstance(first, N) or first.id is not None or first.name is not None or not query.order:
        return None
    by = query.order[0]
    seen = by.startswith("-") and query.cols[by[1:]] == Prop(first.var, "seen")
    return first if seen and not query.only_whether else None


def without(var: str, body: Sequence[Atom]) -> frozenset[str]:
    """Types that a body says its node is not of."""
    found: set[str] = set()
    for atom in body:
        match atom:
            case Not((N(name, types, None, None),)) if name == var:
                found.update(s for t in types for s in subtypes(t))
            case _:
                pass
    return frozenset(found)


def of_kind(kind: str, row: str) -> tuple[str, tuple[str, ...], str | None] | None:
    """A kind's index, what holds of the rows in it, and the type that is left out of it."""
    if kind not in INDEX:
        return None
    index, left_out = INDEX[kind]
    tests = (f"{row}.kinds & {KINDS[kind].bit}",)
    return index, tests if left_out is None else (*tests, f"{row}.type IS NOT {TYPES[left_out].code}"), left_out


def whole(types: Sequence[str], excluded: frozenset[str], row: str) -> tuple[str, tuple[str, ...]] | None:
    """The index that holds all nodes of a kind but those of some types, and what holds of the rows in it."""
    found = of_kind(types[0], row) if len(types) == 1 else None
    if found is None or found[2] not in (None, *excluded):
        return None
    return found[:2]


def arms(types: Sequence[str], codes: Sequence[str], excluded: frozenset[str]) -> list[Arm] | None:
    """The arms of nodes of a kind, or of types, whose codes these are; None where there are too many."""
    if len(types) == 1 and (found := of_kind(types[0], ROW)) is not None:
        index, tests, left_out = found
        several = [Arm(f"node {ROW} INDEXED BY {index}", (_HERE, *tests))]
        if left_out is not None and left_out not in excluded:
            one = (f"{ROW}.type = {TYPES[left_out].code}", _HERE, tests[0])
            several.append(Arm(f"node {ROW} INDEXED BY {BY_TYPE}", one))
        return several
    if not codes or len(codes) > MOST or any(t in KINDS for t in types):
        return None
    several = [Arm(f"node {ROW} INDEXED BY {BY_TYPE}", (f"{ROW}.type = {code}", _HERE)) for code in codes]
    among = ", ".join(codes)
    further = f"(SELECT DISTINCT nid FROM node_type WHERE type IN ({among}) AND ctx = :{CONTEXT}) further"
    joined = f"{further} CROSS JOIN node {ROW} ON {ROW}.nid = further.nid AND {_HERE}"
    # Its first type is another: else it is in an arm above.
    return [*several, Arm(joined, (f"ifnull({ROW}.type NOT IN ({among}), 1)",))]


def place(var: str, body: Sequence[Atom]) -> Const | Par | None:
    """When what a page comes after was seen, as paging.py says it; None for a first page, or after what never was."""
    seen = Prop(var, "seen")
    for atom in body:
        match atom:
            case W(Op("or", (Op("or", (Op("<", (key, Const() | Par() as held)), Op("isnull", _))), _))) if key == seen:
                return held
            case _:
                pass
    return None


def text(arms: Sequence[Arm], cols: Mapping[str, str], where: Sequence[str], order: Sequence[str], limit: str) -> str:
    """The SQL: `cols` by their names, `where` what holds besides, `order` the terms after the first."""
    shown = [f"{sql} AS {name}" for name, sql in cols.items()]
    if len(arms) == 1:
        return _arm(arms[0], shown, where, (f"{KEY} DESC", *order), limit)
    terms = ("place DESC", *order)
    each = [f"SELECT * FROM ({_arm(arm, (*shown, f'{KEY} AS place'), where, terms, limit)})" for arm in arms]
    return f"SELECT {', '.join(cols)} FROM ({' UNION ALL '.join(each)})\nORDER BY {', '.join(terms)} LIMIT :{limit}"


def _arm(arm: Arm, shown: Sequence[str], where: Sequence[str], terms: Sequence[str], limit: str) -> str:
    return (
        f"SELECT {', '.join(shown)} FROM {arm.source} WHERE {' AND '.join((*arm.tests, *where))}"
        f"\nORDER BY {', '.join(terms)} LIMIT :{limit}"
    )
