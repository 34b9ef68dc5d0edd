"""Colours, where somebody looks: on a terminal that has them, unless NO_COLOR is set (no-color.org)."""

import os
import sys
from typing import Final

CODES: Final = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "dim": "2"}


def are_wanted() -> bool:
    """Whether stdout takes colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, colour: str | None, wanted: bool) -> str:
    """The text in a colour of CODES, if colours are wanted."""
    return f"\x1b[{CODES[colour]}m{text}\x1b[0m" if wanted and colour and text else text
