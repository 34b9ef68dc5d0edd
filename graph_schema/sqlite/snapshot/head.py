"""What a snapshot's file says of itself, readable without numpy.

    begatcsr | length of the header, 4 bytes | its CRC-32, 4 bytes | header, JSON | arrays, each from a multiple of 64

Only this begat's version is read: a snapshot is made again more easily than converted.
"""

import struct
import sys
import zlib
from typing import BinaryIO, Final

import msgspec

MAGIC: Final = b"begatcsr"
VERSION: Final = 2
ALIGNED: Final = 64
#: A header says little: one that claims more is none.
LONGEST: Final = 1 << 20
_PREFIX: Final = struct.Struct("<8sII")


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
    """The header. `mark`: the last number of the log that the arrays hold; `taken`: seconds since the epoch."""

    version: int
    order: str
    token: str
    mark: int
    edges: int
    taken: float
    arrays: list[Placed]


def packed(head: Head) -> bytes:
    """How the file begins."""
    text = msgspec.json.encode(head)
    text += b" " * (-(len(text) + _PREFIX.size) % ALIGNED)
    return _PREFIX.pack(MAGIC, len(text), zlib.crc32(text)) + text


def read_head(file: BinaryIO, token: str) -> tuple[Head, int]:
    """The header, and where what is behind it begins. Raises Damaged, for another's snapshot too, and OSError."""
    path = file.name
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
    return head, _PREFIX.size + length
