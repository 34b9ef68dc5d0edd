"""Runs in GraphQL as strawberry's own documentation would have it: a class with annotations, resolvers, no more.

The rows are those that `graphql_rows.py` reads by hand.
"""

from typing import Any

import strawberry
from strawberry.types import Info

from begat.graph_schema.store import Store
from benchmarks.by_hand_rows import iso_or_none, read


@strawberry.type
class Run:
    """A run, with what is shown of it made when it is asked for."""

    id: strawberry.ID
    name: str | None
    type: str | None
    kind: str
    started: strawberry.Private[int | None]
    ended: strawberry.Private[int | None]
    seen: strawberry.Private[int | None]

    @strawberry.field
    def started_at(self) -> str | None:
        return iso_or_none(self.started)

    @strawberry.field
    def ended_at(self) -> str | None:
        return iso_or_none(self.ended)

    @strawberry.field
    def seen_at(self) -> str | None:
        return iso_or_none(self.seen)


@strawberry.type
class Runs:
    """A page of runs."""

    nodes: list[Run]


@strawberry.type
class Query:
    """The one field that is asked."""

    @strawberry.field
    def runs(self, info: Info[dict[str, Any], None], first: int) -> Runs:
        store: Store = info.context["store"]
        return Runs(
            nodes=[
                Run(id=strawberry.ID(i), name=name, type=type_, kind=kind, started=started, ended=ended, seen=seen)
                for i, name, type_, kind, started, ended, seen in read(store, first)
            ]
        )


SCHEMA = strawberry.Schema(Query)
