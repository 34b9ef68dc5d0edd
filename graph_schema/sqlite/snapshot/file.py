"""A snapshot's file: named arrays behind a header (head.py), mapped into memory, each with a checksum.

It is written under another name and renamed, so what has the name is whole.
"""

import mmap
import os
import sys
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from begat.graph_schema.sqlite.snapshot.head import ALIGNED, VERSION, Damaged, Head, Placed, packed, read_head

Array = NDArray[Any]


def write(path: Path, token: str, mark: int, edges: int, arrays: Mapping[str, Array]) -> None:
    """Write the arrays to the disk, and give them the name. Raises OSError."""
    placed, at = [], 0
    for name, array in arrays.items():
        placed.append(Placed(name, array.dtype.name, at, len(array), zlib.crc32(_bytes(array))))
        at += -(-array.nbytes // ALIGNED) * ALIGNED
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        file.write(packed(Head(VERSION, sys.byteorder, token, mark, edges, time.time(), placed)))
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
        head, start = read_head(file, token)
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
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
