"""Folders that are as they were when a hook of this process named them before: what is in them is not told again.

A folder settles once the version of every file in it is known for good. Then its listing, what stat says of each file
and each file's version are kept as one digest; where that is the same again, so is the folder's version.
"""

import os
from typing import Final

from begat.capture import digest, files
from begat.capture.entity import Entity
from begat.capture.writer import WRITER
from begat.graph_schema.ids import blake2b

#: How many folders are kept.
MOST: Final = 1000

_kept: dict[str, tuple[bytes, str]] = {}


class Mark:
    """What tells whether a folder is as it was; `whole` is False where something in it may still turn out otherwise."""

    def __init__(self, shown: str, types: list[str], links: list[bytes]) -> None:
        self._state = blake2b(repr((WRITER.id, shown, types, links)).encode(), digest_size=16)
        self.whole = True

    def add(self, below: str, seen: os.stat_result, version: str | None) -> None:
        """A file in it, as stat sees it."""
        self._state.update(f"{below!r} {digest.key(seen)} {version}\0".encode())

    def keep(self, real: str, version: str) -> None:
        """The folder has settled, and this is its version."""
        if self.whole:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[real] = self._state.digest(), version

    def equals(self, other: bytes) -> bool:
        return self._state.digest() == other


def again(
    path: str, real: str, shown: str, types: list[str], links: list[bytes], inside: list[tuple[str, str, str]]
) -> "tuple[Entity, tuple[Entity, ...]] | None":
    """The folder and the files in it (real path, name in it, name shown) if all is as it was, else None."""
    if real not in _kept:
        return None
    before, version = _kept[real]
    mark = Mark(shown, types, links)
    members = []
    try:
        for place, below, name in inside:
            made = files.at(place)
            mark.add(below, os.stat(place), made)
            members.append(Entity(made or "", name, place))
    except OSError:  # a file has gone: so it is not as it was
        return None
    return (Entity(version, shown, path), tuple(members)) if mark.equals(before) else None
