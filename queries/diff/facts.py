"""What is known of the nodes of a comparison."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from begat.graph_schema import ids
from begat.graph_schema.store import Store
from begat.queries.diff import plans
from begat.queries.engine import run
from begat.queries.plan import Query
from begat.queries.scope import Scope

Attributes = dict[str, list[Any]]


class Fact(msgspec.Struct):
    """A node as seen: the union of its descriptions. Times in microseconds, `value` as JSON text."""

    id: str
    name: str | None = None
    type: str | None = None
    kind: str | None = None
    value: str | None = None
    started: int | None = None
    ended: int | None = None
    attributes: Attributes = msgspec.field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.name or ids.short(self.id)

    @property
    def digest(self) -> str | None:
        """The digest of its content; of several, as one text."""
        return " ".join(sorted(map(str, self.attributes.get("digest", ())))) or None

    def first(self, key: str) -> Any:
        return next(iter(self.attributes.get(key, ())), None)


def label_of(x: Fact | None, y: Fact | None) -> str:
    """What to call one of each side that belong together: by both names where they have not the same."""
    return " | ".join(dict.fromkeys(f.label for f in (x, y) if f is not None))


def ids_of(*facts: Fact | None) -> list[str | None]:
    """The ids of nodes, None for one that is not."""
    return [None if f is None else f.id for f in facts]


class Asked:
    """Asks the plans of a store, as rows by column."""

    def __init__(self, store: Store, scope: Scope) -> None:
        self.store, self.scope = store, scope

    def rows(self, query: Query, of: Iterable[str]) -> list[dict[str, Any]]:
        """The rows of a plan about some nodes; nothing is asked about none."""
        wanted = sorted(set(of))
        if not wanted:
            return []
        return [dict(zip(query.cols, r, strict=True)) for r in run(self.store, query, {"ids": wanted}, self.scope).rows]

    def facts(self, of: Iterable[str]) -> dict[str, Fact]:
        """The facts of nodes; one of which nothing is said has its id alone."""
        wanted = set(of)
        found = {n: Fact(n) for n in wanted}
        for row in self.rows(plans.FACTS, wanted):
            attrs = row.pop("attrs")
            fact = found[row["id"]]
            for name, value in row.items():
                setattr(fact, name, value)
            merge(fact.attributes, attrs)
        return found


def merge(held: Attributes, attrs: str | None) -> None:
    """Add a description's attributes, JSON, to those of others: each is a set of values."""
    for key, values in decoded(attrs).items():
        known = held.setdefault(key, [])
        known += [v for v in values if v not in known]


def decoded(text: str | None) -> Mapping[str, Any]:
    """A JSON object."""
    found: Mapping[str, Any] = msgspec.json.decode(text) if text else {}
    return found
