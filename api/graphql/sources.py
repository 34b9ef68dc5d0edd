"""What strawberry resolves fields of: nodes, pages of them and answers, one object at a time.

This is how a document is answered that compile.py leaves alone, and what its answers are compared with. Nodes know the
batch that they were read in, so that what is asked of one is asked of all of them in one statement.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from begat.api.graphql import things
from begat.api.graphql.cut import Cut
from begat.api.graphql.derived import DERIVED
from begat.api.graphql.relations import Link
from begat.api.graphql.series import Series, series
from begat.api.graphql.things import Batch
from begat.queries.answer import iso

#: The fields of a node that are properties of it.
PROPERTY: Final = {
    "id": "id", "name": "name", "kind": "kind", "type": "type", "value": "value", "started_at": "started",
    "ended_at": "ended", "seen_at": "seen",
}  # fmt: skip


class Item:
    """A node."""

    id: str

    def __init__(self, batch: Batch, place: int, typename: str, values: Mapping[str, Any]) -> None:
        self.batch, self.place, self.typename = batch, place, typename
        self.__dict__.update(values)

    def derived(self, name: str) -> Any:
        """Something of derived.py."""
        how = DERIVED[name]
        found = self._once(name, lambda: how.read(self.batch.at, self.batch.column("id")))
        return found[self.id] if self.id in found else how.none()

    def linked(self, link: Link, cut: Cut) -> "Page":
        """A page of what a link leads to."""
        batch, ids = self.batch, self.batch.column("id")
        reached, spans = self._once(
            (link.name, cut), lambda: things.linked(batch.at, link, ids, cut, things.EVERY, stated=True)
        )

        def counted() -> int:
            counts = self._once((link.name, "count"), lambda: things.links_counted(batch.at, link, ids))
            return int(counts.get(self.id, 0))

        start, stop, more = spans.get(self.id, (0, 0, False))
        return Page(reached, start, stop, more, cut, counted)

    def last(self, link: Link) -> "Item | None":
        """The last of what a link leads to."""
        ids = self.batch.column("id")
        reached, places = self._once(
            (link.name, "last"), lambda: things.latest(self.batch.at, link, ids, things.EVERY)
        )
        return items(reached)[places[self.id]] if self.id in places else None

    def series(self, given: Mapping[str, Any]) -> list[Series]:
        """Its metric series."""
        key = ("series", repr(sorted(given.items(), key=lambda kv: kv[0])))
        found: dict[str, list[Series]] = self._once(
            key, lambda: series(self.batch.at, self.batch.column("id"), given)
        )
        return found.get(self.id, [])

    def _once(self, key: Any, read: Callable[[], Any]) -> Any:
        memo = self.batch.memo
        if key not in memo:
            memo[key] = read()
        return memo[key]


def items(batch: Batch) -> list[Item]:
    """The nodes of a batch."""
    if "items" not in batch.memo:
        names = [n for n, p in PROPERTY.items() if p in batch.places]
        columns = [batch.shown(PROPERTY[n]) for n in names]
        rows = zip(batch.typenames(), zip(*columns, strict=True), strict=True)
        batch.memo["items"] = [
            Item(batch, i, typename, dict(zip(names, values, strict=True)))
            for i, (typename, values) in enumerate(rows)
        ]
    found: list[Item] = batch.memo["items"]
    return found


class Edge:
    """A node of a page, with the relation that leads to it."""

    def __init__(self, node: Item) -> None:
        self.node = node

    @property
    def cursor(self) -> str:
        return self.node.batch.cursor(self.node.place)

    @property
    def roles(self) -> list[str]:
        batch = self.node.batch
        held = batch.rows[self.node.place][batch.places["roles"]] if "roles" in batch.places else ()
        return [r for r in held if r is not None]

    @property
    def at(self) -> str | None:
        batch = self.node.batch
        when = batch.rows[self.node.place][batch.places["at"]] if "at" in batch.places else None
        return None if when is None else iso(when)


class PageInfo:
    """Where a page stands."""

    def __init__(self, batch: Batch, start: int, stop: int, more: bool, cut: Cut) -> None:
        self.has_next_page, self.has_previous_page = cut.next(more), cut.previous(more)
        self.start_cursor = batch.cursor(start) if stop > start else None
        self.end_cursor = batch.cursor(stop - 1) if stop > start else None


class Page:
    """A connection: the rows `start` to `stop` of a batch."""

    def __init__(
        self, batch: Batch, start: int, stop: int, more: bool, cut: Cut, counted: Callable[[], int]
    ) -> None:
        self.batch, self.start, self.stop, self.more, self.cut, self.counted = batch, start, stop, more, cut, counted

    @property
    def nodes(self) -> list[Item]:
        return items(self.batch)[self.start : self.stop]

    @property
    def edges(self) -> list[Edge]:
        return [Edge(node) for node in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        return PageInfo(self.batch, self.start, self.stop, self.more, self.cut)

    @property
    def total_count(self) -> int:
        return self.counted()
