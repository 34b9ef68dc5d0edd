"""A sealed segment that was compressed: `<writer>.NNNN.<inode>-<size>.seg.gz`.

Its name keeps what bookmarks know of the segment it was made of, so that nobody reads it again: inode and size. One
that somebody compressed by hand has a name without them; it counts as a segment of its own, as large as its end says.
"""

import gzip
import io
import os
import re
import zlib
from errno import EIO
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

PACKED: Final = ".seg.gz"
CHUNK: Final = 1 << 20
_NAME: Final = re.compile(r"(?P<stem>.+?)(?:\.(?P<inode>\d+)-(?P<size>\d+))?\.seg\.gz")


class Name(NamedTuple):
    """What a packed segment's name says of the one it was made of: its name without ending, its inode, its size."""

    stem: str
    inode: int | None
    size: int | None


def parse(name: str) -> Name:
    """A name that ends in `.seg.gz`, taken apart."""
    found = _NAME.fullmatch(name)
    assert found is not None
    inode, size = found["inode"], found["size"]
    return Name(found["stem"], int(inode) if inode else None, int(size) if size else None)


def name(stem: str, inode: int, size: int) -> str:
    """The name of a packed segment."""
    return f"{stem}.{inode}-{size}{PACKED}"


def size(path: Path) -> int:
    """How large a file is that was compressed by hand, below 4 GiB. Raises OSError."""
    with path.open("rb") as file:
        file.seek(-min(4, file.seek(0, os.SEEK_END)), os.SEEK_END)
        return int.from_bytes(file.read(4), "little")


def sibling(sealed: Path) -> Path | None:
    """The packed file that a sealed segment has become, None while there is none."""
    stem = sealed.name.partition(".seg")[0]
    return next((p for p in sealed.parent.glob(f"{_literal(stem)}.*{PACKED}") if parse(p.name).stem == stem), None)


def _literal(text: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", text)


def opened(path: Path) -> BinaryIO:
    """The segment's bytes. What is wrong with the compression is an OSError, told when it is met."""
    return io.BufferedReader(_Unpacked(path), CHUNK)


class _Unpacked(io.RawIOBase):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.name = str(path)
        self._file = gzip.GzipFile(path, "rb")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            some = self._file.read1(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as e:
            raise OSError(EIO, f"compressed, and damaged: {e}", self.name) from e
        view[: len(some)] = some
        return len(some)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        try:
            return self._file.seek(offset, whence)
        except (EOFError, zlib.error, gzip.BadGzipFile) as e:
            raise OSError(EIO, f"compressed, and damaged: {e}", self.name) from e

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()
