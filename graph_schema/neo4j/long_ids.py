"""Ids that are too long for Neo4j's index: the graph knows them by a short form, and keeps the whole one beside it."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final

import msgspec

from begat.graph_schema.fresh import Fresh
from begat.graph_schema.statements import Alias, AnyStatement, Description, Ended, Point, Points, Relation, Started

#: An index takes some 8,000 bytes; a character has at most four.
LONGEST: Final = 1_500
_KEPT: Final = 1_000
#: What an index of texts takes is 32,766 bytes: of a longer name `name` holds the beginning, `long_name` the whole.
LONGEST_NAME: Final = 8_000

_IDS: Final[dict[type, tuple[str, ...]]] = {
    Description: ("node",),
    Started: ("node",),
    Ended: ("node",),
    Relation: ("source", "target"),
    Alias: ("observation", "version"),
    Point: ("activity", "section"),
}


def short(text: str) -> str:
    """The text itself, or, when it is too long, its beginning and a digest of the whole."""
    if len(text) <= LONGEST:
        return text
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
    return f"{text[:_KEPT]}... blake2b:{digest}"


def shortened(batch: Fresh, long: Iterable[str]) -> Fresh:
    """The batch with short forms instead of these ids."""
    form = {i: short(i) for i in long}

    def replaced(s: AnyStatement) -> AnyStatement:
        held = {field: getattr(s, field) for field in _IDS[type(s)]}
        changed: dict[str, Any] = {field: form[i] for field, i in held.items() if i in form}
        return msgspec.structs.replace(s, **changed) if changed else s

    def renamed(p: Points) -> Points:
        rows = [(*row[:4], form.get(row[4] or "", row[4])) for row in p.rows]
        return msgspec.structs.replace(p, activity=form.get(p.activity, p.activity), rows=rows)

    return batch._replace(statements=list(map(replaced, batch.statements)), points=list(map(renamed, batch.points)))
