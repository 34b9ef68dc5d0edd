"""Counts rows and bytes of an answer while it is written, and ends it at a limit."""

import re
from typing import Final, Protocol

#: By form: what begins a row, and texts that may hold the same signs. A literal of JSON is a string, of CSV a quoted
#: field; TSV and XML write line ends and angles in literals otherwise.
_ROWS: Final = {
    "json": re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<row>[\[,]\{)', re.DOTALL),
    "xml": re.compile(rb"(?P<row><result>)"),
    "csv": re.compile(rb'"[^"]*+"|(?P<row>\r\n)'),
    "tsv": re.compile(rb"(?P<row>\n)"),
}
#: Rows before the first.
_HEADS: Final = {"csv": 1, "tsv": 1}
#: Bytes that are counted together, and those at their end that may be half of a row's beginning.
_PIECE: Final = 1 << 20
_HALF: Final = 8


class Writable(Protocol):
    """What bytes can be written to."""

    def write(self, piece: bytes, /) -> int: ...

    def flush(self) -> None: ...


class TooMuch(Exception):
    """A limit was met: `what` is rows or bytes."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


class Meter:
    """A file to write an answer of a form to. Rows of a graph are counted by who writes them. Raises TooMuch."""

    def __init__(self, to: Writable, form: str, rows: int, size: int) -> None:
        self._to, self._most_rows, self._most_size = to, rows, size
        self._pattern = _ROWS.get(form)
        self._waiting = b""
        self._pieces: list[bytes] = []
        self._held = 0
        self.rows, self.size = -_HEADS.get(form, 0), 0

    def write(self, piece: bytes) -> int:
        self.size += len(piece)
        if self.size > self._most_size:
            raise TooMuch("bytes")
        self._to.write(piece)
        if self._pattern is not None:
            self._pieces.append(piece)
            self._held += len(piece)
            if self._held >= _PIECE:
                self._count(self._pattern)
        return len(piece)

    def row(self) -> None:
        """One more, of a form that has none itself."""
        self.rows += 1
        if self.rows > self._most_rows:
            raise TooMuch("rows")

    def flush(self) -> None:
        self._to.flush()

    def close(self) -> None:
        """Count what is left."""
        if self._pattern is not None:
            self._count(self._pattern)
        self._to.flush()

    def _count(self, pattern: re.Pattern[bytes]) -> None:
        held = b"".join([self._waiting, *self._pieces])
        end = 0
        for found in pattern.finditer(held):
            end = found.end()
            self.rows += found.lastgroup is not None
        quote = held.find(b'"', end)
        self._waiting = held[quote:] if quote >= 0 else held[max(end, len(held) - _HALF) :]
        self._pieces, self._held = [], 0
        if self.rows > self._most_rows:
            raise TooMuch("rows")
