"""The ways in which a body can hold, each of which SQLite tests by itself: plain joins."""

from collections.abc import Iterable
from itertools import product
from typing import Final, NamedTuple

from begat.queries.plan import Atom, E, Either, Has, L, N, Not, Rows, T, W
from begat.queries.sql.sight import Sight
from begat.queries.sql.tables import arms

#: A body that holds in more ways is joined once for all bindings, instead of tested at each.
MOST: Final = 8


class OneArm(NamedTuple):
    """One arm of a table's union."""

    table: T
    which: int


#: A body without unions.
Way = tuple[Atom | OneArm, ...]


def arms_of(table: T, sight: Sight) -> tuple[OneArm, ...]:
    """The arms whose union the table is."""
    return tuple(OneArm(table, i) for i in range(len(arms(table.table, "n", 0, sight))))


def ways(body: Iterable[Atom], sight: Sight) -> list[Way] | None:
    """The ways in which a body holds; None where there is more to it than plain joins, or there are too many."""
    parts: list[list[Way]] = []
    many = 1
    for atom in body:
        found = _of_atom(atom, sight)
        if found is None:
            return None
        many *= len(found)
        parts.append(found)
    return [tuple(a for part in way for a in part) for way in product(*parts)] if many <= MOST else None


def _of_atom(atom: Atom, sight: Sight) -> list[Way] | None:
    match atom:
        case N() | E() | W() | L() | Rows():
            return [(atom,)]
        case Not(body) | Has(body):
            return None if ways(body, sight) is None else [(atom,)]
        case T():
            return [(arm,) for arm in arms_of(atom, sight)]
        case Either(bodies):
            each = [ways(b, sight) for b in bodies]
            return None if None in each else [way for found in each if found is not None for way in found]
        case _:
            return None
