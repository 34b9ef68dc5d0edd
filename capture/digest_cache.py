"""Digests that the processes of a user on this machine share: a file of slots, one page to look into for a key.

A slot holds a key, a digest, when reading began, and a check over them: a torn or damaged slot is none, so nothing is
locked and a crash harms nothing. The file has 65,536 slots (4 MiB) and stays that long; in a full page the oldest
goes. Whoever reads a file claims it, so that of several ranks one does; the claim ends with its process.
"""

import fcntl
import os
from struct import Struct
from typing import Final

from begat.capture import state
from begat.graph_schema.ids import blake2b

#: Key, digest, when reading began (ns), check.
_SLOT: Final = Struct("<16s32sq8s")
_PAGE: Final = 4096
_PAGES: Final = 1024
#: The name tells the layout: another one has another name.
NAME: Final = "digests-1"
#: Claims are locks on single bytes, far more than there are files at work.
_BYTES: Final = 1 << 30


class Cache:
    """The slots in a folder. What cannot be read is not there; what cannot be written is not kept.

    The file is opened anew each time: a number that was kept would be another file's, once a program that becomes a
    daemon has closed all it had open.
    """

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, NAME)
        self._claims = os.path.join(folder, NAME + ".claims")

    def get(self, key: bytes) -> tuple[bytes, int] | None:
        """The digest kept under a key of 16 bytes, and when its reading began."""
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # nobody has kept anything yet
            return None
        try:
            page = os.pread(fd, _PAGE, _place(key))
        except OSError:
            return None
        finally:
            os.close(fd)
        at = page.find(key)
        if at % _SLOT.size or len(page) < at + _SLOT.size:
            return None
        return _read(page[at : at + _SLOT.size])

    def put(self, key: bytes, digest: bytes, began: int) -> None:
        """Keep a digest of 32 bytes."""
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError:  # no space: the file will be read once more
            return
        try:
            place = _place(key)
            page = os.pread(fd, _PAGE, place).ljust(_PAGE, b"\0")
            slots = [page[n : n + _SLOT.size] for n in range(0, _PAGE, _SLOT.size)]
            ages = [-1 if s[:16] == key else (_read(s) or (b"", 0))[1] for s in slots]
            os.pwrite(fd, _slot(key, digest, began), place + _SLOT.size * ages.index(min(ages)))
        except OSError:  # as above
            pass
        finally:
            os.close(fd)

    def claim(self, key: bytes) -> int | None:
        """Claim the reading of a file, None if another process has. The claim ends when the number is closed."""
        try:
            fd = os.open(self._claims, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError:  # nobody to agree with
            return -1
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, int.from_bytes(key, "big") % _BYTES)
        except OSError:
            os.close(fd)
            return None
        return fd


def open_cache() -> Cache | None:
    """The cache of this user on this machine, None where there is no place for one."""
    folder = state.folder()
    return Cache(folder) if folder else None


def _place(key: bytes) -> int:
    return int.from_bytes(key[-4:], "big") % _PAGES * _PAGE


def _slot(key: bytes, digest: bytes, began: int) -> bytes:
    slot = _SLOT.pack(key, digest, began, b"")
    return slot[:-8] + _check(slot)


def _read(slot: bytes) -> tuple[bytes, int] | None:
    _, digest, began, check = _SLOT.unpack(slot)
    return (digest, began) if check == _check(slot) else None


def _check(slot: bytes) -> bytes:
    return blake2b(slot[:-8], digest_size=8).digest()
