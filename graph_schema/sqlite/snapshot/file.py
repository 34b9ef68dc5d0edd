"""A snapshot's file: named arrays behind a header, mapped into memory, each with a checksum.

    begatcsr | length of the header, 4 bytes | its CRC-32, 4 bytes | header, JSON | arrays, each from a multiple of 64

It is written under another name and renamed, so what has the name is whole. Only this begat's version is read: a
snapshot is made again more easily than converted.
"""

import mmap
import os
import struct
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"begatcsr"
VERSION: Final = 1
ALIGNED: Final = 64
#: A header says little: one that claims more is none.
LONGEST: Final = 1 << 20
_PREFIX: Final = struct.Struct("<8sII")

Array = NDArray[Any]


class Damaged(Exception):
    """A file that is no snapshot of this begat's version, or not the one that was written."""


class Placed(msgspec.Struct):
    """An array in the file: what its items are, where it begins behind the header, how many there are."""

    name: str
    kind: str
    offset: int
    count: int
    crc: int


class Head(msgspec.Struct):
    """The header. `mark`: the last number of the log that the arrays hold."""

    version: int
    order: str
    token: str
    mark: int
    arrays: list[Placed]


def write(path: Path, token: str, mark: int, arrays: Mapping[str, Array]) -> None:
    """Write the arrays to the disk, and give them the name. Raises OSError."""
    placed, at = [], 0
    for name, array in arrays.items():
        placed.append(Placed(name, array.dtype.name, at, len(array), zlib.crc32(_bytes(array))))
        at += -(-array.nbytes // ALIGNED) * ALIGNED
    head = msgspec.json.encode(Head(VERSION, sys.byteorder, token, mark, placed))
    head += b" " * (-(len(head) + _PREFIX.size) % ALIGNED)
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        file.write(_PREFIX.pack(MAGIC, len(head), zlib.crc32(head)) + head)
        for array in arrays.values():
            file.write(_bytes(array))
            file.write(bytes(-array.nbytes % ALIGNED))
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path: Path, token: str) -> tuple[int, dict[str, Array]]:
    """The mark and the arrays, whose checksums hold. Raises Damaged and OSError."""
    with path.open("rb") as file:
        prefix = file.read(_PREFIX.size)
        if len(prefix) < _PREFIX.size:
            raise Damaged(f"{path} is cut off")
        magic, length, crc = _PREFIX.unpack(prefix)
        if magic != MAGIC or length > LONGEST:
            raise Damaged(f"{path} is no snapshot")
        text = file.read(length)
        if len(text) < length or zlib.crc32(text) != crc:
            raise Damaged(f"{path} is damaged in its header")
        try:
            head = msgspec.json.decode(text, type=Head)
        except msgspec.MsgspecError as wrong:
            raise Damaged(f"{path} has a header of another version: {wrong}") from wrong
        if head.version != VERSION or head.order != sys.byteorder:
            raise Damaged(f"{path} is of another begat or another machine")
        if head.token != token:
            raise Damaged(f"{path} is the snapshot of another store or time")
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = _PREFIX.size + length
    return head.mark, {p.name: _array(path, whole, start, p) for p in head.arrays}


def _array(path: Path, whole: mmap.mmap, start: int, placed: Placed) -> Array:
    if not placed.count:
        return np.zeros(0, np.dtype(placed.kind))
    try:
        array = np.frombuffer(whole, np.dtype(placed.kind), placed.count, start + placed.offset)
    except (ValueError, TypeError) as wrong:
        raise Damaged(f"{path} is cut off in {placed.name}: {wrong}") from wrong
    if zlib.crc32(_bytes(array)) != placed.crc:
        raise Damaged(f"{path} is damaged in {placed.name}")
    return array


def _bytes(array: Array) -> memoryview:
    return array.view(np.uint8).data
