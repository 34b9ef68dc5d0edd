"""Aligned columns that fit the terminal, and values as people read them."""

import shutil
import sys
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from begat.graph_schema import ids

#: No column is made narrower than this to fit the terminal.
NARROWEST: Final = 12


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool] = ()) -> str:
    """Lines of cells under their heads; `right` tells which columns are numbers."""
    if not head:
        return ""
    lines = [list(head), *([_one_line(c) for c in row] for row in rows)]
    widths = _fitting([max(map(len, column)) for column in zip(*lines, strict=True)])
    right = right or [False] * len(head)
    return "".join(
        "  ".join(
            _cut(cell, w).rjust(w) if r else _cut(cell, w).ljust(w)
            for cell, w, r in zip(line, widths, right, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def _one_line(cell: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in cell)


def _fitting(widths: list[int]) -> list[int]:
    """Widths that fit the terminal, taken from the widest columns; as they are where nobody looks."""
    if not sys.stdout.isatty():
        return widths
    room = shutil.get_terminal_size().columns - 2 * (len(widths) - 1)
    widths = list(widths)
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + "…"


def readable(value: Any, kind: str) -> str:
    """A value for people: ids short, times to the second, numbers to six digits."""
    if value is None:
        return ""
    if kind == "id":
        return ids.short(str(value))
    if kind == "time":
        return str(value)[:19].replace("T", " ")
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(plain(value))


def plain(value: Any) -> Any:
    """Lists and objects as JSON, all else as it is."""
    return msgspec.json.encode(value).decode() if isinstance(value, list | dict | bool) else value
