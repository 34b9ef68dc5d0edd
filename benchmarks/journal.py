"""Journal segments as capture writes them, made without it: seeded, so that every run measures the same bytes."""

from collections.abc import Iterable
from pathlib import Path
from random import Random
from zlib import crc32

from begat.graph_schema.events import FORMAT, Footer, Header, Wire, line

#: The first moment of all generated journals: 2026-01-01T00:00:00Z, in microseconds.
BEGINNING = 1_767_225_600_000_000
HOST = "benchmark"


class Minter:
    """Ids in the form of minted ones, in time order, from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._now = BEGINNING // 1000

    def __call__(self) -> str:
        self._now += 1
        bits = self._random.getrandbits(74)
        low = 0x8000000000000000 | (bits & 0x3FFFFFFFFFFFFFFF)
        h = f"{self._now:012x}7{bits >> 62:03x}{low:016x}"
        return f"urn:uuid:{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


class Clock:
    """A writer's positions: the next sequence number, and a time that goes on by `step` microseconds each."""

    def __init__(self, start: int = BEGINNING, step: int = 50) -> None:
        self.seq = 0
        self.at = start
        self._step = step

    def tick(self, wait: int = 0) -> tuple[int, int]:
        """The next event's seq and time, `wait` microseconds later than it would be."""
        self.seq += 1
        self.at += self._step + wait
        return self.seq, self.at


def segment(spool: Path, writer: str, events: Iterable[Wire], number: int = 0, wall: int = BEGINNING) -> int:
    """Write a sealed segment; returns how many events it holds."""
    folder = spool / HOST
    folder.mkdir(parents=True, exist_ok=True)
    head = Header(FORMAT, writer, number, "default", HOST, "boot", 1, 1, "pid:[1]", wall, 0, begat="benchmark")
    lines = [line(head), *map(line, events)]
    data = b"".join(lines)
    name = f"{writer.removeprefix('urn:uuid:')}.{number:04d}.seg"
    (folder / name).write_bytes(data + line(Footer(len(lines) - 1, crc32(data))))
    return len(lines) - 1


def in_order(spool: Path, writer: str, events: Iterable[Wire], per_segment: int = 50_000) -> int:
    """Write a writer's events as it would: one segment after the other."""
    all_ = list(events)
    for number, start in enumerate(range(0, len(all_), per_segment)):
        segment(spool, writer, all_[start : start + per_segment], number)
    return len(all_)


def shuffled(spool: Path, writer: str, events: Iterable[Wire], segments: int = 32, seed: int = 1) -> int:
    """Write a writer's events with every one in a segment drawn by lot: each batch holds a bit of everything."""
    random = Random(seed)
    drawn: list[list[Wire]] = [[] for _ in range(segments)]
    for event in events:
        drawn[random.randrange(segments)].append(event)
    for number, some in enumerate(drawn):
        segment(spool, writer, some, number)
    return sum(map(len, drawn))

