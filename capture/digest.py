"""The digest of a file: BLAKE2b-256 of its whole content.

The whole file is read, whatever its size, before the hook returns. A digest is remembered under the file's size,
times and inode; a file that was touched less than two seconds before it was read is read again the next time, since
within the clock's grain a second write would not show. What stat cannot see (a memory map, say) begat cannot see.
"""

import os
import stat
import time
from typing import Final, NamedTuple

from begat.graph_schema.ids import blake2b

CHUNK: Final = 1 << 20
#: A file younger than this may still change without showing it, in nanoseconds.
YOUNG: Final = 2_000_000_000
#: How many digests are remembered.
MOST: Final = 100_000

Key = tuple[int, int, int, int, int]


class Content(NamedTuple):
    """What a file held: its digest ("blake2b:" + hex), or None where it changed while it was read."""

    digest: str | None
    size: int
    mtime_ns: int


_cache: dict[Key, str] = {}


def of_file(path: str) -> Content:
    """Read a regular file. Raises OSError when it cannot be read; IsADirectoryError, or OSError for a device."""
    seen = os.stat(path)
    if not stat.S_ISREG(seen.st_mode):
        raise OSError(22, "not a regular file", path)
    key = _key(seen)
    digest = _cache.get(key)
    if digest is None:
        now = time.time_ns()
        digest, size, after = _read(path)
        # What /proc and its kin show is longer than their size says, and was not read to its end.
        if _key(after) != key or size != seen.st_size:
            return Content(None, after.st_size, after.st_mtime_ns)
        if now - max(seen.st_mtime_ns, seen.st_ctime_ns) > YOUNG:
            if len(_cache) >= MOST:
                _cache.clear()
            _cache[key] = digest
    return Content(digest, seen.st_size, seen.st_mtime_ns)


def _read(path: str) -> tuple[str, int, os.stat_result]:
    """The digest of what was read, how much that was, and the stat of what the path names afterwards."""
    digest = blake2b(digest_size=32)
    with open(path, "rb", buffering=0) as file:
        buffer = memoryview(bytearray(min(CHUNK, max(os.fstat(file.fileno()).st_size, 1) + 1)))
        size = left = os.fstat(file.fileno()).st_size
        # A file that grows is not chased: its size tells that it changed.
        while left >= 0 and (n := file.readinto(buffer)):
            digest.update(buffer[:n])
            left -= n
    return "blake2b:" + digest.hexdigest(), size - left, os.stat(path)


def _key(seen: os.stat_result) -> Key:
    return seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_dev
