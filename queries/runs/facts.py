"""What is read of runs for the wide table, the same from every store; `cells.py` makes columns of it.

A store may read it in a way of its own (`quick.py` for SQLite); `generic.py` is what that is compared with.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

#: A run or what it is part of, as the store calls it: its number in a file, else its id.
Key = int | str


class Base(NamedTuple):
    """Runs themselves, by column. Times in microseconds; `outcome` and `error` are of the last end."""

    keys: Sequence[Key] = ()
    ids: Sequence[str] = ()
    names: Sequence[str | None] = ()
    types: Sequence[str | None] = ()
    kinds: Sequence[str | None] = ()
    started: Sequence[int | None] = ()
    ended: Sequence[int | None] = ()
    outcomes: Sequence[str | None] = ()
    errors: Sequence[str | None] = ()


class Settings(NamedTuple):
    """The settings of runs that have settings of the same names: of each run its values, in the order of `names`."""

    names: tuple[str, ...]
    keys: list[Key]
    values: list[Sequence[Any]]


#: A series' roll-up, or an evaluation as a series of one: the run, name, labels (canonical JSON, "" for none), how
#: many points, last, least and greatest value; NaN is None. Plain, for there are many.
Series = tuple[Key, str, str, int, float | None, float | None, float | None]


class Near(NamedTuple):
    """A node that a run is related to: `relation` is its code, `digest` and `commit` are attributes of the node."""

    relation: int
    id: str
    name: str | None
    type: str | None
    digest: str | None
    commit: str | None


class Facts(msgspec.Struct):
    """Of some runs: those of `base`, in its order, all else in none. `near` by run, and what is near their `wholes`,
    which are pairs of a part and what it is a part of, those of a part in the order of their ids; many runs may share
    one list."""

    base: Base = Base()
    settings: list[Settings] = []
    series: list[Series] = []
    near: dict[Key, list[Near]] = {}
    wholes: list[tuple[Key, Key]] = []


class Wanted(NamedTuple):
    """Which facts a table needs. `measures`: patterns of the names of series, of which one has to fit (`*` for any
    text); all of them without. A store may read more."""

    settings: bool = True
    series: bool = True
    near: bool = True
    measures: tuple[str, ...] = ()
