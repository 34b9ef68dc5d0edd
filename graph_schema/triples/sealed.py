"""A process without a way out: the kernel refuses it sockets, from now on and for good (seccomp, Linux)."""

import ctypes
import platform
import sys
from typing import Final

_NO_NEW_PRIVILEGES: Final = 38
_SECCOMP: Final = 22
_FILTER: Final = 2
#: What a call answers: EACCES.
_REFUSED: Final = 0x00050000 | 13
_ALLOWED: Final = 0x7FFF0000
#: By machine: its number in the kernel's audit interface, and those of socket, socketpair, and io_uring_setup, through
#: which a socket can be had, too.
_MACHINES: Final = {"x86_64": (0xC000003E, (41, 53, 425)), "aarch64": (0xC00000B7, (198, 199, 425))}
#: Calls of x86_64's second numbering.
_OTHER_NUMBERING: Final = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def seal() -> bool:
    """Refuse this process, and all that it starts, any new socket; whether that can be done here."""
    known = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        return False
    machine, calls = known
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _REFUSED), (_LOAD, 0, 0, 0)]
    steps += [(_AT_LEAST, len(calls) + 1, 0, _OTHER_NUMBERING)]
    steps += [(_EQUAL, len(calls) - n, 0, call) for n, call in enumerate(calls)]
    # The first of the two returns is where no call fits.
    steps += [(_RETURN, 0, 0, _ALLOWED), (_RETURN, 0, 0, _REFUSED)]
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*s) for s in steps)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)
