"""A comparison for people: a table of two columns for each of its parts, differences of code as text below."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

import msgspec

from begat.api.colours import are_wanted, painted
from begat.api.table import cut, fitting, one_line
from begat.graph_schema.events import XSD_DOUBLE
from begat.queries.answer import Answer

#: How a change is marked, and its colour.
MARKS: Final = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow"), "noted": (" ", "dim")}
#: The colours of a text's lines that tell differences.
LINES: Final = {"+": "green", "-": "red", "@": "bold"}
#: Parts whose values are of any type: 1 and "1" are told apart.
AS_JSON: Final = ("settings", "cause")
#: Digests are shown to so many digits.
DIGITS: Final = 12
_LONG: Final = re.compile(r"\b(blake2b:|)([0-9a-f]{40,})\b")
#: No column of values is made narrower than this to fit the terminal.
NARROWEST: Final = 10
#: The mark, and what is between the columns.
GAPS: Final = 6

Row = dict[str, Any]


def two_columns(answer: Answer, names: tuple[str, str]) -> str:
    """The lines of an answer of `begat diff`; nothing where there is no difference."""
    colours = are_wanted()
    blocks = [
        _block(aspect, list(rows), names, colours) for aspect, rows in groupby(answer.rows, lambda r: r["aspect"])
    ]
    return "\n".join(blocks)


def _block(aspect: str, rows: list[Row], names: tuple[str, str], colours: bool) -> str:
    lines = [(" ", aspect, *names, None), *((*_cells(row), MARKS[row["change"]][1]) for row in rows)]
    widths = fitting([max(len(line[i] or "") for line in lines) for i in (1, 2, 3)], GAPS, NARROWEST)
    told = []
    for number, (mark, name, a, b, colour) in enumerate(lines):
        cells = [cut(cell, w).ljust(w) for cell, w in zip((name, a, b), widths, strict=True)]
        text = f"{mark} {'  '.join(cells)}".rstrip()
        told.append(painted(text, "bold" if number == 0 else colour, colours))
        if number:
            told += _below(rows[number - 1], colours)
    return "\n".join(told) + "\n"


def _cells(row: Row) -> tuple[str, str, str, str]:
    where = "" if row["step"] is None or row["aspect"] == "data" else f"{row['step']}: "
    name = f"{row['name']} [{row['step']}]" if row["aspect"] == "cause" and row["step"] else where + row["name"]
    in_a, in_b = row["change"] != "added", row["change"] != "removed"
    show = _value if row["aspect"] in AS_JSON else _plain
    told = [show(row[side], row["unit"]) if there else "" for side, there in (("a", in_a), ("b", in_b))]
    return MARKS[row["change"]][0], one_line(name), *map(one_line, told)  # type: ignore[return-value]


def _below(row: Row, colours: bool) -> Iterator[str]:
    """What is told of a row below it: the way of a cause, the text of differences, a remark."""
    for side in ("a", "b"):
        path = row[f"path_{side}"]
        if path and len(path) > 1 and not (side == "b" and path == row["path_a"]):
            shown = [*path[:3], f"... {len(path) - 6} more ...", *path[-3:]] if len(path) > 7 else path
            yield painted("    " + one_line(" > ".join(shown)), "dim", colours)
    detail = row["detail"]
    if detail and row["aspect"] == "code":
        for line in detail.split("\n"):
            yield "    " + painted(one_line(line), LINES.get(line[:1]), colours)
    elif detail:
        yield painted("    " + one_line(detail), "dim", colours)


def _plain(value: Any, unit: str | None) -> str:
    """A value of which it is clear that it is a text where it is one."""
    return _shortened(value) if isinstance(value, str) else _value(value, unit)


def _shortened(text: str) -> str:
    return _LONG.sub(lambda found: f"{found[1]}{found[2][:DIGITS]}…", text)


def _value(value: Any, unit: str | None) -> str:
    """A value: digests short, settings as JSON, so that 1 and 1.0, "1" and true, "" and null are told apart."""
    match value:
        case {"$": word, "type": str(kind)} if kind == XSD_DOUBLE:
            return str(word)
        case {"settings": _} | {"inputs": _}:
            return _did(value)
        case {}:
            return "differs" if not value else msgspec.json.encode(value).decode()
        case str() if not value or value in ("null", "true", "false") or _is_number(value):
            return msgspec.json.encode(value).decode()
        case str():
            return _shortened(value)
        case _:
            text = msgspec.json.encode(value).decode()
            return f"{text} {unit}" if unit and value is not None else text


def _did(told: dict[str, Any]) -> str:
    """What an activity did and its counterpart did not."""
    settings = [f"{name}={_value(v, None)}" for name, v in told.get("settings", {}).items()]
    inputs = [str(name) for name in told.get("inputs", ())]
    return " ".join([*settings, *([f"uses {', '.join(inputs)}"] if inputs else [])])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
