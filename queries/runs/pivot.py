"""A cross table of runs: one row a value of a column, one column a value of another, and in the cells a third.

`pivot=("params.lr", "params.layers", "metrics.loss.min")` has a row for each learning rate and a column for each number
of layers; where several runs fall into one cell a fourth word says what is shown of them, `mean` without it.
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from statistics import fmean, median
from typing import Any, Final

import msgspec

from begat.graph_schema.errors import UsageError
from begat.queries.answer import Answer, Column
from begat.queries.values import place

AGGREGATES: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "mean": fmean, "median": median, "min": min, "max": max, "sum": sum, "count": len,
}  # fmt: skip
#: A cross table of more columns is none that anybody reads.
MOST_COLUMNS: Final = 500


def pivoted(answer: Answer, words: Sequence[str]) -> Answer:
    """The cross table of a table of runs. Raises UsageError for columns that it has not, or that hold no numbers."""
    if len(words) not in (3, 4):
        raise UsageError(f"--pivot takes ROWS,COLUMNS,VALUES and perhaps one of {', '.join(AGGREGATES)}")
    down, across, value, how = *words[:3], words[3] if len(words) == 4 else "mean"
    if how not in AGGREGATES:
        raise UsageError(f"--pivot: no {how!r}: there are {', '.join(AGGREGATES)}")
    for name in (down, across, value):
        _known(answer, name)
    grouped: dict[Any, dict[Any, list[float]]] = {}
    for row in answer.rows:
        number = row[value]
        if how != "count" and number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
            if number in ("NaN", "INF", "-INF"):
                number = None
            else:
                raise UsageError(f"--pivot: {value} holds {number!r}, which is no number: count is all there is to say")
        cell = grouped.setdefault(_text(row[down]), {}).setdefault(_text(row[across]), [])
        if number is not None:
            cell.append(number)
    heads = sorted({c for line in grouped.values() for c in line}, key=_place)
    if len(heads) > MOST_COLUMNS:
        raise UsageError(f"--pivot: {across} has {len(heads)} values, a table has at most {MOST_COLUMNS} columns")
    first = next(c for c in answer.columns if c.name == down)
    return msgspec.structs.replace(
        answer,
        next=None,  # a page of a cross table is none of its runs
        notes=[*answer.notes, *_part(answer)],
        columns=[first, *(Column(_head(across, h), "number", f"{how} of {value}") for h in heads)],
        rows=[
            {down: _value(d)} | {_head(across, h): _cell(how, grouped[d].get(h)) for h in heads}
            for d in sorted(grouped, key=_place)
        ],
    )


def _part(answer: Answer) -> list[str]:
    return [f"of {len(answer.rows)} runs only: raise --limit for all"] if answer.truncated else []


def _known(answer: Answer, name: str) -> None:
    names = [c.name for c in answer.columns]
    if name not in names:
        near = get_close_matches(name, names, 3, 0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise UsageError(f"--pivot: no run has a column {name!r}{hint}")


def _cell(how: str, numbers: list[float] | None) -> float | None:
    if not numbers:
        return 0 if how == "count" and numbers is not None else None
    return AGGREGATES[how](numbers)


def _text(value: Any) -> str:
    """A value as something to group by: 1 and "1" are two."""
    return msgspec.json.encode(value).decode()


def _value(text: str) -> Any:
    return msgspec.json.decode(text)


def _place(text: str) -> tuple[bool, Any]:
    value = _value(text)
    if value is None:
        return (True, place("\U0010ffff"))
    return (False, place(value if isinstance(value, str) or type(value) in (int, float) else text))


def _head(across: str, text: str) -> str:
    value = _value(text)
    return f"{across.rpartition('.')[2]}={value if isinstance(value, str) else text}"
