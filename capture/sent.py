"""What a server has acknowledged of a spool's journals, remembered beside them: a small file for each segment.

It is `<spool>/.sent/<server>/<host>/<writer>.NNNN.json`. Who loses it sends again, and nothing is doubled; what it says
was committed by the server before it was written.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote, unquote

import msgspec

from begat.graph_schema.receipt import SENT


class Mark(msgspec.Struct, frozen=True):
    """All before byte `through` of a segment is committed or kept aside; of its writer's events all up to `committed`.

    `quarantined` lines were kept aside.
    """

    through: int = 0
    committed: int = 0
    quarantined: int = 0


_NONE: Final = Mark()
_decode: Final = msgspec.json.Decoder(Mark).decode


def servers(spool: str) -> list[str]:
    """The servers that something of a spool was sent to."""
    try:
        return sorted(unquote(name) for name in os.listdir(os.path.join(spool, SENT)))
    except (FileNotFoundError, NotADirectoryError):
        return []


class Sent:
    """What one server has. A segment is named by host and name without ending: `host/writer.0001`."""

    def __init__(self, spool: str, server: str) -> None:
        self._folder = os.path.join(spool, SENT, quote(server, safe=""))
        self._known: dict[str, Mark] = {}

    def mark(self, segment: str) -> Mark:
        """What the server has of a segment. Raises OSError when what is remembered may not be read."""
        known = self._known.get(segment)
        if known is None:
            known = self._known[segment] = self._read(segment)
        return known

    def _read(self, segment: str) -> Mark:
        try:
            with open(self._path(segment), "rb") as file:
                return _decode(file.read())
        except FileNotFoundError:
            return _NONE
        except ValueError:  # half written when the machine died: it is sent again
            return _NONE

    def remember(self, segment: str, mark: Mark) -> None:
        """Raises OSError when it cannot be written; it is sent again then, by whoever comes next."""
        self._known[segment] = mark
        path = self._path(segment)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        half = f"{path}.{os.getpid()}"
        with open(half, "wb") as file:
            file.write(msgspec.json.encode(mark))
        os.replace(half, path)

    def committed(self, segment: str) -> int:
        """Up to which event of a segment's writer the server had all when it last said so."""
        writer = _writer(segment)
        return max((m.committed for s, m in self._known.items() if _writer(s) == writer), default=0)

    def forget(self, segment: str) -> None:
        """Forget a segment, as when its file is removed."""
        self._known.pop(segment, None)
        try:
            os.unlink(self._path(segment))
        except FileNotFoundError:
            pass

    def forget_writer(self, segment: str) -> None:
        """Forget all of a segment's writer that is remembered here: the server has lost it."""
        writer = _writer(segment)
        for known in [s for s in self._known if _writer(s) == writer]:
            self.forget(known)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Whether no other process is sending what others have left; held until the block ends."""
        import fcntl

        os.makedirs(self._folder, exist_ok=True)
        with open(os.path.join(self._folder, "lock"), "ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:  # held, or a file system without locks
                yield False
            else:
                yield True

    def _path(self, segment: str) -> str:
        return os.path.join(self._folder, f"{segment}.json")


def _writer(segment: str) -> str:
    return segment.rpartition(".")[0]
