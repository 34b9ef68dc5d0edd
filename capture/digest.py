"""The digest of a file: BLAKE2b-256 of its whole content, and what is remembered of those that were read.

A digest is remembered under the file's size, times, inode and device, in this process and, for files that take longer
to read than to look up, on this machine. It is not believed where reading began less than two seconds after the file
was touched, since within the clock's grain a second write would not show; unless reading began only after the moment
that is asked about. What stat cannot see (a memory map, say) begat cannot see.
"""

import os
import stat
import time
from functools import cache
from typing import TYPE_CHECKING, Final

from begat.graph_schema.ids import blake2b

if TYPE_CHECKING:
    from begat.capture.digest_cache import Cache

CHUNK: Final = 1 << 20
#: A file younger than this may still change without showing it, in nanoseconds.
YOUNG: Final = 2_000_000_000
#: How many digests a process remembers.
MOST: Final = 250_000
#: Smaller files are read in the time it takes to look them up.
SHARED: Final = 64 * 1024
#: A sampled digest is of this many pieces of this many bytes, the first and the last among them.
PIECES: Final = 64
PIECE: Final = 256 * 1024

WHOLE: Final = "blake2b:"
SAMPLED: Final = "sampled-blake2b:"

Key = tuple[int, int, int, int, int]


class Reading:
    """A file that is being read, piece by piece. Raises OSError when it cannot be."""

    def __init__(self, path: str, seen: os.stat_result) -> None:
        self.path = path
        self.key = key(seen)
        self.began = time.time_ns()
        self._state = blake2b(digest_size=32)
        self._buffer = memoryview(bytearray(min(CHUNK, max(seen.st_size, 1) + 1)))
        self._left = seen.st_size
        # What was a file a moment ago may be a pipe now, which must not be waited for.
        self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._same = key(os.fstat(self._fd)) == self.key

    def go_on(self) -> bool:
        """Read the next piece; whether there is none left, or no use in reading on: the file has changed."""
        self._same = self._same and key(os.stat(self.path)) == self.key
        if self._same and self._left >= 0 and (n := os.readv(self._fd, [self._buffer])):
            self._state.update(self._buffer[:n])
            self._left -= n
            return False
        return True

    def end(self) -> bytes | None:
        """The digest of what was read, None if the file is not what it was when reading began."""
        self.close()
        # What /proc and its kin show is longer than their size says.
        return self._state.digest() if self._same and not self._left and key(os.stat(self.path)) == self.key else None

    def close(self) -> None:
        """Let go of the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


_cache: dict[Key, tuple[bytes, int]] = {}


def of_file(path: str) -> str | None:
    """The digest of a regular file ("blake2b:" + hex), read now; None where it changed while it was read.

    Raises OSError when it cannot be read; IsADirectoryError, or OSError for a device.
    """
    seen = look(path)
    return remembered(seen) or read(path, seen)


def look(path: str) -> os.stat_result:
    """What stat says of a regular file. Raises OSError for anything else."""
    seen = os.stat(path)
    if not stat.S_ISREG(seen.st_mode):
        raise OSError(22, "not a regular file", path)
    return seen


def read(path: str, seen: os.stat_result) -> str | None:
    """The digest of a file that was seen so, None where it has changed since."""
    reading = Reading(path, seen)
    try:
        while not reading.go_on():
            pass
        return keep(seen, reading)
    finally:
        reading.close()


def keep(seen: os.stat_result, reading: Reading) -> str | None:
    """End a reading and remember what it found."""
    found = reading.end()
    if found is None:
        return None
    if len(_cache) >= MOST:
        _cache.clear()
    _cache[reading.key] = found, reading.began
    if seen.st_size >= SHARED and (others := shared()):
        others.put(short_key(seen), found, reading.began)
    return WHOLE + found.hex()


def remembered(seen: os.stat_result, at: int | None = None) -> str | None:
    """The digest of a file that was seen so at a moment (ns, now if None), if it can be known without reading."""
    known = _cache.get(key(seen))
    if not _believed(known, seen, at) and seen.st_size >= SHARED and (others := shared()):
        known = others.get(short_key(seen))
    return WHOLE + known[0].hex() if known and _believed(known, seen, at) else None


def _believed(known: tuple[bytes, int] | None, seen: os.stat_result, at: int | None) -> bool:
    if known is None:
        return False
    return known[1] - max(seen.st_mtime_ns, seen.st_ctime_ns) > YOUNG or (at is not None and at < known[1])


def sampled(path: str, seen: os.stat_result) -> str | None:
    """A digest of pieces of a file, named as such; None where it has changed since it was seen."""
    state = blake2b(str(seen.st_size).encode(), digest_size=32)
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        same = key(os.fstat(fd)) == key(seen)
        for n in range(PIECES) if same else ():
            state.update(os.pread(fd, PIECE, max(0, seen.st_size - PIECE) * n // (PIECES - 1)))
    finally:
        os.close(fd)
    return SAMPLED + state.hexdigest() if same and key(os.stat(path)) == key(seen) else None


def key(seen: os.stat_result) -> Key:
    """What a file's content is remembered under."""
    return seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_dev


def short_key(seen: os.stat_result) -> bytes:
    """The same in 16 bytes, as processes share it."""
    return blake2b(repr(key(seen)).encode(), digest_size=16).digest()


@cache
def shared() -> "Cache | None":
    """The digests that processes share, None where there is no place for them."""
    from begat.capture import digest_cache

    return digest_cache.open_cache()


def forget() -> None:
    """Forget what was read, and look anew for what processes share."""
    shared.cache_clear()
    _cache.clear()
