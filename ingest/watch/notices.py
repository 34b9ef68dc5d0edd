"""The kernel's word on which files of a folder were written to (Linux inotify), so that none need be asked.

What it says is a hint: a notice that is missed costs time, not events, since every file is looked at in turn too.
"""

import ctypes
import os
import struct
from typing import Final

_MODIFY: Final = 0x2
_OVERFLOW: Final = 0x4000
_ONLYDIR: Final = 0x0100_0000
_FLAGS: Final = os.O_NONBLOCK | os.O_CLOEXEC
_HEAD: Final = struct.Struct("iIII")
#: Bytes of notices read at a time.
_MOST: Final = 1 << 16


class Notices:
    """Watches folders. Where the system has no inotify, or no more of it, `add` returns False."""

    def __init__(self) -> None:
        self._folders: dict[int, str] = {}
        self._fd = -1
        try:
            self._libc = ctypes.CDLL(None, use_errno=True)
            self._fd = self._libc.inotify_init1(_FLAGS)
        except (OSError, AttributeError):  # no such function on this system
            pass

    def add(self, folder: str) -> bool:
        """Watch a folder from now on; whether that could be done."""
        if self._fd < 0:
            return False
        number = self._libc.inotify_add_watch(self._fd, os.fsencode(folder), _MODIFY | _ONLYDIR)
        if number >= 0:
            self._folders[number] = folder
        return bool(number >= 0)

    def written(self) -> set[tuple[str, str]] | None:
        """Folder and name of what was written to since the last call; None if there was too much to tell."""
        found: set[tuple[str, str]] = set()
        lost = False
        while self._fd >= 0:
            try:
                data = os.read(self._fd, _MOST)
            except BlockingIOError:
                break
            at = 0
            while at < len(data):
                number, mask, _, length = _HEAD.unpack_from(data, at)
                name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
                at += _HEAD.size + length
                lost = lost or bool(mask & _OVERFLOW)
                if mask & _MODIFY and number in self._folders:
                    found.add((self._folders[number], os.fsdecode(name)))
        return None if lost else found

    def close(self) -> None:
        """Watch nothing any more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
