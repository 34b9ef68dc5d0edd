"""An answer's rows as an Arrow IPC stream: a column for each of the answer's, with its help and unit as metadata."""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import msgspec

from begat.graph_schema.errors import MissingExtra
from begat.graph_schema.events import numeric
from begat.queries.answer import Answer, Column
from begat.queries.properties import Type


def stream(answer: Answer) -> bytes:
    """The bytes. Times are microseconds in UTC, null where Arrow knows no such year; what is JSON is its text.

    Raises MissingExtra without pyarrow.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra("Arrow", "arrow") from None
    types: Mapping[Type, Any] = {
        "integer": pa.int64(), "number": pa.float64(), "time": pa.timestamp("us", "UTC"),
    }  # fmt: skip
    fields, columns = [], []
    for c in answer.columns:
        values = [_plain(row[c.name], c.type) for row in answer.rows]
        fields.append(pa.field(c.name, types.get(c.type, pa.string()), metadata=_metadata(c)))
        columns.append(pa.array(values, fields[-1].type))
    schema = pa.schema(fields)
    out = BytesIO()
    new: Any = pa.ipc.new_stream
    with new(out, schema) as writer:
        writer.write_table(pa.table(columns, schema=schema))
    return out.getvalue()


def _metadata(c: Column) -> dict[str, str] | None:
    told = {"help": c.help, "unit": c.unit or ""}
    return {k: v for k, v in told.items() if v} or None


def _plain(value: Any, type: Type) -> Any:
    if value is None:
        return None
    plain: Callable[[Any], Any] | None = _PLAIN.get(type)
    return _text(value) if plain is None else plain(value)


def _time(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:  # a year that datetime does not know
        return None


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text.encode("utf-8", "backslashreplace").decode()


_PLAIN: Final[Mapping[Type, Callable[[Any], Any]]] = {
    "integer": int,
    "number": lambda v: float(numeric(v) if isinstance(v, str) else v),
    "time": _time,
    "json": lambda v: msgspec.json.encode(v).decode(),
}
