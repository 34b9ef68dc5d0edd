"""Compressing sealed segments: the packed file is whole and read back before the sealed one is removed.

Nothing is lost wherever this ends: until the last step both are there, and whoever reads takes them for one.
"""

import gzip
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from zlib import crc32

from begat.ingest import packed, spool
from begat.ingest.segment import CHUNK, SEALED, Place, stem

#: What a file is called while it is written.
PART: Final = ".part"
#: A part that nobody has written to for so long, in seconds, was left by one that was killed.
ABANDONED: Final = 3600.0
#: gzip's level: a journal of metrics becomes a sixth of its size at 6, and hardly less at 9, for twice the time.
LEVEL: Final = 6


class Packed(NamedTuple):
    """A segment that was packed, or why it was not; bytes before and after."""

    path: Path
    before: int
    after: int
    problem: str = ""


def sealed(folder: Path) -> list[Place]:
    """The segments of a spool that can be packed."""
    return [p for p in spool.find(folder) if p.path.name.endswith(SEALED)]


def pack(folder: Path) -> Iterator[Packed]:
    """Pack the sealed segments of a spool, one after the other."""
    for part in parts(folder):
        if time.time() - part.stat().st_mtime > ABANDONED:
            part.unlink(missing_ok=True)
    for place in sealed(folder):
        try:
            yield _pack(place)
        except FileNotFoundError:  # somebody else has packed or removed it
            continue
        except OSError as e:
            yield Packed(place.path, place.size, place.size, e.strerror or str(e))


def parts(folder: Path) -> list[Path]:
    """What is being written there, or was left half written."""
    return sorted(p for p in folder.rglob(f"*{packed.PACKED}.*{PART}") if p.is_file())


def _pack(place: Place) -> Packed:
    source = place.path
    with source.open("rb") as file:
        seen = os.fstat(file.fileno())
        target = source.with_name(packed.name(stem(source.name), seen.st_ino, seen.st_size))
        part = target.with_name(f"{target.name}.{os.getpid()}{PART}")
        try:
            with part.open("xb") as out:
                shutil.copymode(source, part)
                with gzip.GzipFile(source.name, "wb", LEVEL, out, seen.st_mtime) as into:
                    shutil.copyfileobj(file, into, CHUNK)
                out.flush()
                os.utime(part, ns=(seen.st_atime_ns, seen.st_mtime_ns))
                os.fsync(out.fileno())
            file.seek(0)
            with packed.opened(part) as back:
                if _sum(back) != _sum(file):
                    raise OSError(5, "what was written is not what is read back", str(part))
            size = part.stat().st_size
            os.rename(part, target)
        finally:
            part.unlink(missing_ok=True)
    _sync(source.parent)
    source.unlink()
    return Packed(target, seen.st_size, size)


def _sum(file: BinaryIO) -> tuple[int, int]:
    crc = size = 0
    while chunk := file.read(CHUNK):
        crc = crc32(chunk, crc)
        size += len(chunk)
    return crc, size


def _sync(folder: Path) -> None:
    """The new name is on disk before the old one goes."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
