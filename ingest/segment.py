"""A journal segment: its header, its lines, its footer.

A line is `crc32 <space> json <newline>`, and nothing of it is believed before the crc is right. Only whole lines are
read: what stands behind the last newline is torn, or still being written. No line is longer than LONGEST.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeVar
from zlib import crc32

import msgspec

from begat.graph_schema.decoders import decode_footer, decode_header
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import FORMAT, Footer, Header
from begat.ingest import packed
from begat.ingest.packed import PACKED

T = TypeVar("T")

OPEN: Final = ".open"
SEALED: Final = ".seg"
#: How the names of segments end.
ENDINGS: Final = (OPEN, SEALED, PACKED)
CHUNK: Final = 1 << 20
#: Bytes of the longest line that is read: what a Neo4j server with a heap of 1 GiB still takes as one event.
#: Hooks write none near it: it is what a disk or another program left there.
LONGEST: Final = 32 << 20
#: Bytes kept of a line that is longer.
KEPT: Final = 64 << 10
LONG: Final = f"the line is longer than {LONGEST >> 20} MB: only its beginning is kept"
DAMAGED: Final = "crc does not fit: the line is not what was written"


class Place(NamedTuple):
    """A segment file as found. `key` names it in the store's bookmarks: it stays when the segment is sealed or packed.

    `size` is that of its bytes, also where they are compressed.
    """

    path: Path
    key: str
    size: int
    changed: float

    @property
    def sealed(self) -> bool:
        return self.path.name.endswith((SEALED, PACKED))

    @property
    def packed(self) -> bool:
        return self.path.name.endswith(PACKED)


def place(path: Path) -> Place:
    """Raises FileNotFoundError, as when the writer has just sealed the file."""
    seen = path.stat()
    name, inode, size = identity(path.name, path, seen.st_ino, seen.st_size)
    return Place(path, f"{path.absolute().parent / name}:{inode}", size, seen.st_mtime)


def identity(name: str, path: Path, inode: int, size: int) -> tuple[str, int, int]:
    """A segment's name without ending, its inode and its size, from those of its file; a packed one keeps its own."""
    if name.endswith(PACKED):
        said = packed.parse(name)
        if said.inode is None or said.size is None:
            return said.stem, inode, packed.size(path)
        return said.stem, said.inode, said.size
    return stem(name), inode, size


def stem(name: str) -> str:
    """A segment file's name without its ending."""
    return packed.parse(name).stem if name.endswith(PACKED) else name.removesuffix(OPEN).removesuffix(SEALED)


def opened(place: Place) -> BinaryIO:
    """The segment's bytes, also when it was sealed or packed since it was found."""
    return open_path(place.path)


def open_path(path: Path) -> BinaryIO:
    """The same for a path."""
    return wherever(path, lambda file: packed.opened(file) if file.name.endswith(PACKED) else file.open("rb"))


def wherever(path: Path, do: Callable[[Path], T]) -> T:
    """Do something with a segment's file by the name it has now: it may have been sealed or packed since it was found.

    Raises FileNotFoundError when it has gone.
    """
    try:
        return do(path)
    except FileNotFoundError:
        sealed = path.with_suffix(SEALED)
    try:
        return do(sealed)
    except FileNotFoundError:
        now = packed.sibling(sealed)
        if now is None:
            raise
        return do(now)


class _Version(msgspec.Struct):
    format: int


class Newer(FormatError):
    """The segment was written by a newer begat: it is left alone."""


def body(line: bytes) -> bytes:
    """The JSON of a line (without its newline). Raises FormatError when the crc does not fit."""
    text = line[9:]
    if line[:9] != b"%08x " % crc32(text):
        raise FormatError(DAMAGED)
    return text


def header(line: bytes) -> Header:
    """The header in line 1. Raises Newer, or FormatError when the line is none."""
    text = body(line)
    try:
        version = msgspec.json.decode(text, type=_Version).format
        if version > FORMAT:
            raise Newer(f"journal format {version}, this begat reads up to {FORMAT}: upgrade begat, nothing is lost")
        return decode_header(text)
    except ValueError as wrong:
        raise FormatError(f"line 1 is no journal header: {wrong}") from wrong


def footer(line: bytes) -> Footer | None:
    """The footer, if a line is one."""
    try:
        return decode_footer(body(line))
    except (FormatError, ValueError):
        return None


def first_line(file: BinaryIO) -> bytes | None:
    """Line 1 without its newline, None while it is not whole; of one too long its beginning. Leaves the file behind."""
    file.seek(0)
    line = file.readline(LONGEST)
    if line.endswith(b"\n"):
        return line[:-1]
    return line[:KEPT] if len(line) == LONGEST else None


def line_start(file: BinaryIO, offset: int) -> int:
    """Where the line that holds the byte before `offset` starts, or `offset` itself at a line's start."""
    back = offset
    while back > 0:
        step = min(back, 4096)
        file.seek(back - step)
        found = file.read(step).rfind(b"\n")
        if found >= 0:
            return back - step + found + 1
        back -= step
    return 0


class Lines(NamedTuple):
    """Whole lines, without their newlines; the first one starts at `offset`, the next block at `end`.

    A line longer than LONGEST is a block without lines, and `long` has its beginning.
    """

    offset: int
    lines: list[bytes]
    end: int
    long: bytes = b""


def blocks(file: BinaryIO, offset: int, most: int) -> Iterator[Lines]:
    """The whole lines from `offset` on, up to `most` at a time."""
    rest: list[bytes] = []
    length = 0  # of the line that is begun
    file.seek(offset)
    while chunk := file.read(CHUNK):
        if length > LONGEST:
            more, newline, chunk = chunk.partition(b"\n")
            length += len(more)
            if not newline:
                continue
            yield Lines(offset, [], offset + length + 1, rest[0])
            offset += length + 1
            rest, length = [], 0
        if b"\n" not in chunk:
            rest.append(chunk)
            length += len(chunk)
            if length > LONGEST:
                rest = [b"".join(rest)[:KEPT]]
            continue
        lines = (b"".join(rest) + chunk).split(b"\n")
        rest = [lines.pop()]
        length = len(rest[0])
        for start in range(0, len(lines), most):
            some = lines[start : start + most]
            end = offset + sum(map(len, some)) + len(some)
            yield Lines(offset, some, end)
            offset = end


def check_footer(file: BinaryIO, offset: int, said: Footer) -> str | None:
    """What is wrong with a footer that starts at `offset`, or None. Reads the whole segment again."""
    file.seek(0)
    crc = newlines = 0
    left = offset
    while left and (chunk := file.read(min(left, CHUNK))):
        crc = crc32(chunk, crc)
        newlines += chunk.count(b"\n")
        left -= len(chunk)
    if newlines - 1 != said.count:
        return f"the footer counts {said.count} events, the segment holds {newlines - 1}"
    if crc != said.crc:
        return "the footer's crc does not fit the segment"
    return None
