"""What stands in the query of an address, by the same declarations as a question's parameters."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from begat.api.service.forms import FORMS
from begat.api.service.problem import Problem
from begat.graph_schema.errors import UsageError
from begat.queries.question import Parameter
from begat.queries.where import time

#: What may stand in any address that asks. `project` and `format` are not a question's own.
PROJECT: Final = Parameter("project", "text", "the project that is asked about")
AS_OF: Final = Parameter("as_of", "time", "as it was known at that time: 2026-01-31T12:00:00Z")
LIMIT: Final = Parameter("limit", "integer", "how many rows at most", default=1000, least=1)
AFTER: Final = Parameter("after", "text", "the page that follows another: what that told as its `next`")
TIME_LIMIT: Final = Parameter("time_limit", "number", "how many seconds at most", least=1)
FORMAT: Final = Parameter(
    "format", "text", "the form of the answer, before what the Accept header says", words=tuple(FORMS)
)


def read(given: Iterable[tuple[str, str]], known: Mapping[str, Parameter]) -> dict[str, Any]:
    """The parameters of an address: times in microseconds since the epoch, several texts as a tuple; others as given.

    Raises UsageError for one that is unknown, missing, given twice or of the wrong type.
    """
    found: dict[str, Any] = {}
    for name, value in given:
        p = known.get(name)
        if p is None:
            near = get_close_matches(name, known, 1, 0.4)
            hint = f"; did you mean {near[0]}?" if near else f": it takes {', '.join(known) or 'none'}"
            raise UsageError(f"there is no parameter {name!r} here{hint}")
        if p.type == "texts":
            found[name] = (*found.get(name, ()), value)
            continue
        if name in found:
            raise UsageError(f"{name} is given twice: it takes one value")
        found[name] = _value(p, value)
    for p in known.values():
        if p.required and p.name not in found:
            raise UsageError(f"{p.name} is missing: {p.help}")
    return found


def seconds(asked: float | None, most: float) -> float:
    """How long a question may take, of a TIME_LIMIT that was asked for, or none. Raises UsageError."""
    if asked is None:
        return most
    if not asked <= most:
        raise UsageError(f"time_limit is {asked:g}: it is {most:g} seconds at most here")
    return asked


def _value(p: Parameter, text: str) -> Any:
    match p.type:
        case "integer":
            return _number(p, text, int, "a whole number")
        case "number":
            return _number(p, text, float, "a number")
        case "time":
            return _time(text)
    if p.words and text not in p.words:
        raise UsageError(f"{p.name} is {text!r}: give {' or '.join(p.words)}")
    return text


def _time(text: str) -> int:
    try:
        return time(text)
    except UsageError as e:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise e from None
        # A time as it should be, which in UTC lies before year 1 or after 9999: nothing was known then.
        raise Problem(404, "no such answer", str(e)) from e


def _number(p: Parameter, text: str, of: type[int] | type[float], what: str) -> int | float:
    try:
        # Python takes more for a number than others do: digits of any script, 1_000, blanks around.
        if len(text) > 400 or not text.isascii() or "_" in text or text != text.strip():
            raise ValueError
        number = of(text)
    except ValueError:
        raise UsageError(f"{p.name} is {text[:100]!r}: give {what}") from None
    if p.least is not None and number < p.least:
        raise UsageError(f"{p.name} is {text}: give {what} from {p.least}")
    if p.most is not None and number > p.most:
        raise UsageError(f"{p.name} is {text}: give {what} up to {p.most}")
    return number
