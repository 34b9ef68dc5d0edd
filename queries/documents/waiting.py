"""What is written of a document and of its bundles, until what stands before it is known; on disk where it is much."""

import codecs
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Final

#: Bytes that wait in memory.
_FEW: Final = 1 << 20
_PIECE: Final = 64 << 10


class Waiting:
    """Pieces by bundle, "" for the document's own, each in the order in which they came. To be closed."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_FEW)  # noqa: SIM115
        self._at = 0
        #: Where the pieces of a bundle begin and end: those that came one after the other lie together.
        self._runs: dict[str, list[tuple[int, int]]] = {}

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __contains__(self, bundle: str) -> bool:
        return bundle in self._runs

    def add(self, bundle: str, piece: bytes) -> None:
        """One more."""
        self._file.write(piece)
        end = self._at + len(piece)
        runs = self._runs.setdefault(bundle, [])
        if runs and runs[-1][1] == self._at:
            runs[-1] = runs[-1][0], end
        else:
            runs.append((self._at, end))
        self._at = end

    def bundles(self) -> list[str]:
        """Those that have some, without the document's own."""
        return [bundle for bundle in self._runs if bundle]

    def text_of(self, bundle: str) -> Iterator[str]:
        """The same as text in UTF-8."""
        return codecs.iterdecode(self.of(bundle), "utf-8")

    def of(self, bundle: str) -> Iterator[bytes]:
        """All of one, cut anywhere. Nothing is added while it is read."""
        for start, end in self._runs.get(bundle, ()):
            self._file.seek(start)
            while start < end and (piece := self._file.read(min(_PIECE, end - start))):
                start += len(piece)
                yield piece
