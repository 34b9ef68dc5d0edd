"""What a question answers: rows, and what has to be known to trust them."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from begat.graph_schema.events import lexical
from begat.graph_schema.terms import RELATIONS
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


#: The calendar comes round: every 400 years, which are so many seconds.
CYCLE: Final = 146_097 * 86_400
#: The first and the first that is none of the seconds that datetime knows, years 1 to 9999.
KNOWN: Final = (-62_135_596_800, 253_402_300_800)


def iso(micros: int) -> str:
    """Microseconds since the epoch as ISO 8601, UTC: 2026-01-31T12:00:00Z, with a fraction only where there is one.

    Years before 1 and after 9999 have a sign and as many digits as they need: +10000-01-01T00:00:00Z.
    """
    seconds, rest = divmod(micros, 1_000_000)
    if not rest:
        return f"{_second(seconds)}Z"
    first, last = divmod(rest, 1000)
    return f"{_second(seconds)}.{_THREE[first]}{_LAST[last]}Z" if last else f"{_second(seconds)}.{_LAST[first]}Z"


#: Three digits of a fraction; the same at its end.
_THREE: Final = tuple(f"{n:03}" for n in range(1000))
_LAST: Final = tuple(digits.rstrip("0") for digits in _THREE)


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{_minute(minutes)}:{rest:02}"


@lru_cache(maxsize=4096)
def _minute(minutes: int) -> str:
    """A minute since the epoch: 2026-01-31T12:00. An answer's times lie in few of them."""
    seconds = 60 * minutes
    cycles = 0 if KNOWN[0] <= seconds < KNOWN[1] else seconds // CYCLE
    moment = datetime.fromtimestamp(seconds - cycles * CYCLE, UTC)
    year = moment.year + 400 * cycles
    date = f"{year:04}" if cycles == 0 else f"{year:+05}"
    return date + moment.isoformat()[4:16]


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
