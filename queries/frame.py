"""An answer as a DataFrame."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from begat.graph_schema.errors import MissingExtra
from begat.graph_schema.events import numeric
from begat.queries.answer import Answer
from begat.queries.properties import Type

if TYPE_CHECKING:
    import pandas

#: The column types that keep whole numbers whole beside what is not there.
DTYPES: Final[dict[Type, str]] = {"integer": "Int64", "time": "datetime64[us, UTC]"}


def frame(answer: Answer) -> "pandas.DataFrame":
    """A row for each of the answer's, a column for each of its columns. Raises MissingExtra without pandas."""
    try:
        import pandas
    except ImportError:
        raise MissingExtra("an answer as a DataFrame", "pandas") from None
    made = {}
    for column in answer.columns:
        values = [row[column.name] for row in answer.rows]
        dtype = DTYPES.get(column.type)
        if column.type == "time":
            moments = [_moment(v) for v in values]
            # Years that no calendar of Python has stay the texts they are.
            dtype, values = (None, values) if None in moments else (dtype, moments)
        elif column.type == "number":
            values = [numeric(v) if isinstance(v, str) else v for v in values]
            dtype = "float64" if any(isinstance(v, float) for v in values) else "Int64"
        made[column.name] = pandas.Series(values, dtype=dtype or "object")
    return pandas.DataFrame(made, columns=[c.name for c in answer.columns])


def _moment(text: str | None) -> Any:
    """A time; NaT where there is none, None where it is of no year that a datetime has."""
    import pandas

    if text is None:
        return pandas.NaT
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
