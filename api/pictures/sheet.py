"""The sheet of an SVG: its size, style, title and notes. Valid by construction: every text goes through ElementTree."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from begat.api.table import one_line

MARGIN: Final = 24
#: Where what is drawn begins, below the title and the notes.
TOP: Final = 64
#: Widths of a letter, in parts of the font's size: as Helvetica has them, rounded up.
NARROW: Final = 0.32
USUAL: Final = 0.56
BROAD: Final = 0.76
WIDE: Final = 1.05
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[] ")
_BROAD: Final = frozenset("mwMW@%ABCDEGHKNOPQRSUVXYZ#_")


class Sheet:
    """A root to draw on, with a title and notes. `text` gives the file."""

    def __init__(self, title: str, notes: Iterable[str]) -> None:
        self.root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
        named = SubElement(self.root, "title")
        named.text = one_line(title)
        style = SubElement(self.root, "style")
        style.text = files("begat.api.pictures").joinpath("picture.css").read_text(encoding="utf-8")
        self._paper = SubElement(self.root, "rect", {"class": "paper"})
        self.width = 0.0
        self.put("title", MARGIN, 32, cut(one_line(title), 90))
        self.put("note", MARGIN, 50, " · ".join(notes))

    def put(self, css: str, x: float, y: float, text: str, into: Element | None = None) -> Element:
        """A text; the sheet is at least so wide that those that start at x end on it."""
        element = SubElement(self.root if into is None else into, "text", {"class": css, "x": at(x), "y": at(y)})
        element.text = text
        if into is None:
            self.width = max(self.width, x + length(text, 16 if css == "title" else 11) + MARGIN)
        return element

    def text(self, width: float, height: float) -> str:
        """The file, of at least this size in pixels."""
        size = (at(max(width, self.width)), at(height))
        self.root.set("width", size[0])
        self.root.set("height", size[1])
        self.root.set("viewBox", f"0 0 {size[0]} {size[1]}")
        self._paper.set("width", size[0])
        self._paper.set("height", size[1])
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(self.root, encoding="unicode") + "\n"


def at(x: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{x:.1f}".removesuffix(".0")


def tooltip(element: Element, text: str) -> None:
    """What a browser shows while the pointer rests there; `text` may have several lines, of printable text each."""
    told = Element("title")
    told.text = text
    element.insert(0, told)


def length(text: str, size: float) -> float:
    """About how long a text is, in pixels: nobody knows which font a reader has."""
    return size * sum(_width(c) for c in text)


def _width(c: str) -> float:
    if c in _NARROW:
        return NARROW
    if c in _BROAD:
        return BROAD
    return USUAL if ord(c) < 0x1100 else WIDE


def cut(text: str, most: int, end: int | None = None) -> str:
    """At most so many letters, of these `end` from the end: most of them, since paths differ there."""
    if len(text) <= most:
        return text
    end = most * 3 // 5 if end is None else end
    return f"{text[: most - end - 1]}…{text[len(text) - end :]}"
