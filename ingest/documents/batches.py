"""What a document says, in parts that a store takes one after the other: of a small one a single part.

What a large one says is packed as it is read, in a tenth of the memory, and unpacked a part at a time. Parts are no
pieces of the document: all that an activity did is in one of them, as lineage is appended when it comes at once, and
would be worked out anew when it comes in several.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from zlib import compress, crc32, decompress

import msgspec

from begat.graph_schema.statements import Alias, AnyStatement, Point, Relation
from begat.graph_schema.unstorable import refused

#: Bytes of a document that has one part, and of what a larger one has for each of its parts: some 22,000 statements.
SMALL: Final = 8 << 20
EACH: Final = 2 << 20
#: Statements that wait to be packed.
WAITING: Final = 20_000

_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(list[AnyStatement]).decode


class Batches:
    """Takes what a document of `size` bytes says, and gives it in parts, once."""

    def __init__(self, size: int) -> None:
        self._waiting: list[AnyStatement] = []
        self._packed: list[list[bytes]] = [[] for _ in range(1 if size <= SMALL else size // EACH)]

    def add(self, statements: Iterable[AnyStatement]) -> None:
        """Take further statements. Raises FormatError for what no store holds."""
        self._waiting += statements
        if len(self._waiting) >= WAITING and len(self._packed) > 1:
            self._pack()

    def __iter__(self) -> Iterator[list[AnyStatement]]:
        if len(self._packed) > 1:
            self._pack()
        while self._packed:
            packed = self._packed.pop()
            yield [s for some in packed for s in _decode(decompress(some))] or self._waiting

    def _pack(self) -> None:
        dealt: list[list[AnyStatement]] = [[] for _ in self._packed]
        for s in self._waiting:
            dealt[crc32(_subject(s).encode()) % len(dealt)].append(s)
        with refused():
            for packed, some in zip(self._packed, dealt, strict=True):
                packed.append(compress(_encode(some), 1))
        self._waiting = []


def _subject(s: AnyStatement) -> str:
    """The activity whose lineage it is, else what it is said of."""
    if isinstance(s, Relation):
        ends = (s.target, s.source) if s.relation == "wasGeneratedBy" else (s.source, s.target)
        return ends[0] or ends[1] or ""
    if isinstance(s, Alias):
        return s.observation
    return s.activity if isinstance(s, Point) else s.node
