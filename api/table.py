"""Aligned columns that fit the terminal."""

import shutil
import sys
from collections.abc import Sequence
from typing import Final

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
