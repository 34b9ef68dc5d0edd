"""What is read of runs for the wide table, the same from every store; `cells.py` makes rows of it.

A store may read it in a way of its own (`quick.py` for SQLite); `generic.py` is what that is compared with.
"""

from typing import Any, NamedTuple

import msgspec


class Base(NamedTuple):
    """A run itself. Times in microseconds; `outcome` and `error` are of its last end."""

    id: str
    name: str | None
    type: str | None
    kind: str | None
    started: int | None
    ended: int | None
    outcome: str | None
    error: str | None


#: A series' roll-up, or an evaluation as a series of one: the run's id, name, labels (canonical JSON, "" for none), how
#: many points, last, least and greatest value; NaN is None. Plain, for there are many.
Series = tuple[str, str, str, int, float | None, float | None, float | None]


class Near(NamedTuple):
    """A node that a run is related to: `relation` is its code, `digest` and `commit` are attributes of the node."""

    relation: int
    id: str
    name: str | None
    type: str | None
    digest: str | None
    commit: str | None


class Facts(msgspec.Struct):
    """Of some runs, in no order. `settings` by run, as cells. `near` by run, and what is near their `wholes`, which are
    pairs of a part and what it is a part of; many runs may share one list."""

    base: dict[str, Base] = {}
    settings: dict[str, dict[str, Any]] = {}
    series: list[Series] = []
    near: dict[str, list[Near]] = {}
    wholes: list[tuple[str, str]] = []


class Wanted(NamedTuple):
    """Which facts a table needs."""

    settings: bool = True
    series: bool = True
    near: bool = True
