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
    lines = [list(head), *([one_line(c) for c in row] for row in rows)]
    widths = fitting([max(map(len, column)) for column in zip(*lines, strict=True)], 2 * (len(head) - 1))
    right = right or [False] * len(head)
    return "".join(
        "  ".join(
            cut(cell, w).rjust(w) if r else cut(cell, w).ljust(w)
            for cell, w, r in zip(line, widths, right, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def one_line(text: str) -> str:
    """A dot stands for what would break the line, or would be a terminal's command."""
    return "".join(c if c.isprintable() else "·" for c in text)


def fitting(widths: Sequence[int], gaps: int, least: int = NARROWEST) -> list[int]:
    """Widths of columns that fit the terminal, taken from the widest; as they are where nobody looks.

    `gaps`: how many characters of a line are in no column; `least`: no column is made narrower.
    """
    widths = list(widths)
    if not sys.stdout.isatty():
        return widths
    room = shutil.get_terminal_size().columns - gaps
    while sum(widths) > room and max(widths) > least:
        widths[widths.index(max(widths))] -= 1
    return widths


def cut(cell: str, width: int) -> str:
    """At most so many characters, of which the last tells that there are more."""
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
