"""A request's body, unpacked as far as it may go: a small one that would become a huge one is refused on the way."""

import gzip
import zlib
from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final

from begat.graph_schema.errors import BegatError, FormatError, MissingExtra, UsageError

CHUNK: Final = 1 << 20
#: Bytes that are kept in memory; of what is larger, all is in a temporary file.
IN_MEMORY: Final = 8 << 20
#: Bytes that zstd may look back, which is what it needs of memory: what `zstd -19` uses, and some.
WINDOW: Final = 1 << 25


class TooLarge(BegatError):
    """More bytes than are taken."""


def held() -> BinaryIO:
    """A file for what comes: in memory as long as it is small."""
    file: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by whoever gets it
    return file  # type: ignore[no-any-return]


def unpacked(packed: BinaryIO, encoding: str, most: int) -> BinaryIO:
    """What is packed in a file, `most` bytes of it at most, by HTTP's name of the packing.

    Raises UsageError for a packing that nobody here knows, MissingExtra for zstd without its package, FormatError for
    what is damaged, TooLarge as soon as it is.
    """
    reader = READERS.get(encoding.strip().lower())
    if reader is None:
        raise UsageError(f"Content-Encoding {encoding[:40]!r} is not read: {', '.join(filter(None, READERS))} are")
    packed.seek(0)
    out = held()
    try:
        with_reader = reader(packed)
        size = 0
        while some := with_reader(CHUNK):
            size += len(some)
            if size > most:
                raise TooLarge(f"unpacked it has more than {most} bytes, which is the limit: send smaller pieces")
            out.write(some)
        out.seek(0)
    except (EOFError, gzip.BadGzipFile, zlib.error) as e:
        out.close()
        raise FormatError(f"the body is no {encoding}, or damaged: {e}") from e
    except BaseException:
        out.close()
        raise
    return out


Read = Callable[[int], bytes]


def _gzip(packed: BinaryIO) -> Read:
    return gzip.GzipFile(fileobj=packed, mode="rb").read1


def _zstd(packed: BinaryIO) -> Read:
    try:
        import zstandard
    except ImportError:
        raise MissingExtra("zstd", "service") from None
    frames = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(packed, read_across_frames=True)

    def read(most: int) -> bytes:
        try:
            return frames.read(most)
        except zstandard.ZstdError as e:
            raise FormatError(f"the body is no zstd, or damaged, or needs more than {WINDOW >> 20} MiB: {e}") from e

    return read


READERS: Final[dict[str, Callable[[BinaryIO], Read]]] = {
    "": lambda packed: packed.read,
    "identity": lambda packed: packed.read,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "zstd": _zstd,
}
