"""What is drawn of a lineage: boxes, each for one thing or for many alike, and arrows from effect to cause."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from begat.api.table import readable
from begat.graph_schema import ids
from begat.queries.graph import Graph, Link

SETTING: Final = "hasSetting"


class Box(msgspec.Struct):
    """A box. `members` are the ids it stands for; `names` theirs; `settings` those of an activity, as texts.

    `asked`: what the question was about. `via` is the id through which its first member was reached. `order` is the
    place of that member in the answer.
    """

    id: str
    names: list[str]
    kind: str
    type: str | None = None
    role: str | None = None
    status: str | None = None
    depth: int = 0
    via: str | None = None
    settings: dict[str, list[str]] = {}
    started_at: str | None = None
    ended_at: str | None = None
    asked: bool = False
    order: int = 0
    members: list[str] = []

    @property
    def count(self) -> int:
        return len(self.members)


class Arrow(msgspec.Struct):
    """An arrow between boxes; `count` links of this relation, role and way are drawn by it."""

    source: str
    target: str
    relation: str
    role: str
    through: bool = False
    count: int = 1


class Drawing(msgspec.Struct):
    """`down`: the answer lies on what was asked about, not behind it. Boxes stand in the answer's order."""

    boxes: list[Box]
    arrows: list[Arrow]
    down: bool = False

    def by_id(self) -> dict[str, Box]:
        return {b.id: b for b in self.boxes}


def drawing(graph: Graph, down: bool) -> Drawing:
    """A graph as a drawing of one box a node; settings stand in their activity's box."""
    rows = {r["id"]: r for r in graph.nodes}
    settings: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    owned = set()
    for link in graph.links:
        if link.relation == SETTING and link.target not in graph.starts:
            row = rows[link.target]
            settings[link.source][_name(row)].append(readable(row.get("value"), "json"))
            owned.add(link.target)
    boxes = [
        _box(row, n, dict(sorted(settings[node].items())), node in graph.starts)
        for n, (node, row) in enumerate(rows.items())
        if node not in owned
    ]
    return Drawing(boxes, list(_arrows(graph.links, owned)), down)


def _arrows(links: list[Link], left_out: set[str]) -> Iterator[Arrow]:
    for link in links:
        if link.source not in left_out and link.target not in left_out:
            yield Arrow(link.source, link.target, link.relation, link.role, link.through)


def _box(row: Mapping[str, Any], order: int, settings: dict[str, list[str]], asked: bool) -> Box:
    return Box(
        id=row["id"],
        names=[_name(row)],
        kind=row.get("kind") or "Entity",
        type=row.get("type"),
        role=row.get("role"),
        status=row.get("status"),
        depth=0 if asked else row.get("depth", row.get("step")) or 0,
        via=row.get("via"),
        settings=settings,
        started_at=row.get("started_at"),
        ended_at=row.get("ended_at"),
        asked=asked,
        order=order,
        members=[row["id"]],
    )


def _name(row: Mapping[str, Any]) -> str:
    return str(row.get("name") or ids.short(row["id"]))
