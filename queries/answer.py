"""What a question answers: rows, and what has to be known to trust them."""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from begat.graph_schema.events import lexical
from begat.graph_schema.terms import RELATIONS
from begat.graph_schema.xsd_time import iso as iso
from begat.graph_schema.xsd_time import isos as isos
from begat.queries.properties import Type

if TYPE_CHECKING:
    import pandas


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column: what it holds, and its unit where it has one."""

    name: str
    type: Type
    help: str = ""
    unit: str | None = None


#: Where the rows of a lineage answer lie from what was asked about: behind it (up), on it (down), or on both sides.
Way = Literal["up", "down", "both"]


class Answer(msgspec.Struct):
    """Rows are objects keyed by column. Times are ISO 8601, UTC; NaN and infinities "NaN", "INF", "-INF".

    `truncated`: a limit on rows or depth left something out. `pending`: how many events wait to be taken in, known to
    whoever looked at the spool, plus nodes whose lineage is not settled. `notes` say which of several was meant.
    `next`: where there are further rows, what is given as `after` for the page that follows.
    For a lineage answer, `starts` are the ids asked about and `way` tells where its rows lie from them: graph.py draws
    on that. Without a way they are the things whose measures a picture of the answer shows.
    """

    question: str
    params: dict[str, Any]
    columns: list[Column]
    rows: list[dict[str, Any]]
    truncated: bool = False
    as_of: str | None = None
    pending: int = 0
    notes: list[str] = []
    starts: list[str] = []
    way: Way | None = None
    next: str | None = None

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a DataFrame, a column for each of the answer's: times with their zone, the rest as in the rows.

        Raises MissingExtra without pandas.
        """
        from begat.queries.frame import frame

        return frame(self)


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
        case "integer" if isinstance(value, float) and value.is_integer():
            return int(value)
        case "json" if isinstance(value, str):
            return msgspec.json.decode(value) if value else None
        case _:
            return value
