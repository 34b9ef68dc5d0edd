"""A document handed to a parser piece by piece, so that it is known how far the parser came."""

from typing import Final


class Tracked:
    """Reads like a file; a piece ends behind `end`, and a parser asks for the next when it has done with one."""

    def __init__(self, data: bytes, end: bytes) -> None:
        self._data: Final = data
        self._end: Final = end
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """A piece, of `size` bytes at most; nothing at the end."""
        begin = self._at
        found = self._data.find(self._end, begin) + 1
        stop = found or len(self._data)
        self._at = stop if size < 0 else min(stop, begin + size)
        return self._data[begin : self._at]

    def place(self) -> tuple[int, int]:
        """Line and column of the last sign that was handed out, from 1."""
        before = self._data[: self._at]
        return before.count(b"\n", 0, max(self._at - 1, 0)) + 1, self._at - 1 - before.rfind(b"\n", 0, self._at - 1)
