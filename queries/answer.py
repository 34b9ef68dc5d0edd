"""What a question answers: rows, and what has to be known to trust them."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from begat.graph_schema.events import lexical
from begat.graph_schema.terms import RELATIONS
from begat.queries.properties import Type


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column: what it holds, and its unit where it has one."""

    name: str
    type: Type
    help: str = ""
    unit: str | None = None


class Answer(msgspec.Struct):
    """Rows are objects keyed by column. Times are ISO 8601, UTC; NaN and infinities "NaN", "INF", "-INF".

    `truncated`: a limit on rows or depth left something out. `pending`: how many events wait to be taken in, known to
    whoever looked at the spool, plus nodes whose lineage is not settled. `notes` say which of several was meant.
    """

    question: str
    params: dict[str, Any]
    columns: list[Column]
    rows: list[dict[str, Any]]
    truncated: bool = False
    as_of: str | None = None
    pending: int = 0
    notes: list[str] = []


def iso(micros: int) -> str:
    """Microseconds since the epoch as ISO 8601, UTC: 2026-01-31T12:00:00Z, with a fraction only where there is one."""
    seconds, rest = divmod(micros, 1_000_000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{rest:06d}".rstrip("0") + "Z" if rest else text + "Z"


_RELATION = {r.code: r.name for r in RELATIONS.values()}


def shown(value: Any, type: Type) -> Any:
    """A stored value as an answer shows it."""
    if value is None:
        return None
    match type:
        case "time":
            return iso(value)
        case "relation":
            return _RELATION[value]
        case "number" if isinstance(value, float):
            return lexical(value)
        case "json":
            return msgspec.json.decode(value) if value else None
        case _:
            return value
