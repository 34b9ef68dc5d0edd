"""Processes of one family: a child belongs to the run that its parent had open when it started the child.

A forked child has its parent's runs in memory. Any other is told by BEGAT_PARENT, which a run keeps in this process's
environment from its start to its end. The workers of a pool are started once and work for one run after another: they
look which run is open now, in a page of memory that the parent shows them. Of runs that are open side by side (in
threads or tasks) none is told, but what they are all parts of: a guess would be worse than nothing.
"""

import os
import sys
from _thread import RLock
from typing import TYPE_CHECKING, Final
from zlib import crc32

from begat.capture import settings
from begat.capture.segment import off_the_streams
from begat.capture.writer import WRITER

if TYPE_CHECKING:
    from begat.capture.runs import Run

NAME: Final = "BEGAT_PARENT"
#: Where the page lies that says which run is open now, as /proc shows it to processes of the same user.
PAGE: Final = "BEGAT_FAMILY"
#: How the page is laid out: crc32 of the id in hexadecimal digits, a blank, the id, zeros.
_SIZE: Final = 4096
#: What the workers of pools run: multiprocessing's, concurrent.futures', loky's.
_POOLS: Final = ("multiprocessing.pool", "concurrent.futures.process", "process_executor")


class _Told:
    """What this process tells its children: which runs are open, what it said last, and what stood there before."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.runs: list[Run] = []
        self.said: str | None = None
        self.before: str | None = None
        self.page = -1
        #: The page of the process above, where this one knows it.
        self.above = -1
        self.shown = os.environ.get(PAGE)
        self.in_pool: bool | None = None


_told = _Told()


def parent() -> str | None:
    """The activity that this process belongs to: as its environment said when it began, in a pool as it is now."""
    if _told.in_pool is None:
        _told.in_pool = _is_in_pool()
    if _told.in_pool and _above() >= 0:
        return _read(_above())
    if WRITER.settings is not None:
        return WRITER.settings.parent
    if _told.said is not None and os.environ.get(NAME) == _told.said:
        return _told.before
    return settings.read().parent


def is_worker() -> bool:
    """Whether multiprocessing, or a pool made of it, started this process: it runs its parent's code."""
    known = sys.modules.get("multiprocessing.process")
    return known is not None and known.parent_process() is not None


def tell(run: "Run") -> None:
    """Children that are started from now on belong to this run."""
    with _told.lock:
        if _told.said is None:
            _told.before = os.environ.get(NAME)
        _told.runs.append(run)
        _say()


def untell(run: "Run") -> None:
    """It has ended: they belong to what it was a part of."""
    with _told.lock:
        if run in _told.runs:
            _told.runs.remove(run)
            _say()


def _say() -> None:
    runs = _told.runs
    inner = next((r for r in reversed(runs) if all(r.is_kin(other) for other in runs)), None)
    _lay_out()
    _write((inner.id if inner else _told.before) or "")
    if _told.said is not None and os.environ.get(NAME) != _told.said:
        return  # somebody else has put another one there, and knows why
    _told.said = inner.id if inner else None
    now = _told.said or _told.before
    if now is None:
        os.environ.pop(NAME, None)
    else:
        os.environ[NAME] = now


def _write(run: str) -> None:
    if _told.page >= 0:
        text = run.encode()
        try:
            os.pwrite(_told.page, (b"%08x %b" % (crc32(text), text)).ljust(_SIZE, b"\0"), 0)
        except OSError:  # a limit on the sizes of files is one on the page's: better nothing there than what was
            os.ftruncate(_told.page, 0)


def _lay_out() -> None:
    """Make the page, before anybody may want to read it: a pool may be older than the first run."""
    if _told.page >= 0 or not hasattr(os, "memfd_create"):
        return
    try:
        _told.page = off_the_streams(os.memfd_create("begat"))
    except OSError:  # a kernel that has none: pools keep to what their workers were told at their start
        return
    os.environ[PAGE] = f"/proc/{os.getpid()}/fd/{_told.page}"
    _write(os.environ.get(NAME, ""))


def _read(page: int) -> str | None:
    """The run that is open above; None where none is, or while the page is being written."""
    crc, _, text = os.pread(page, _SIZE, 0).rstrip(b"\0").partition(b" ")
    return text.decode() if text and crc == b"%08x" % crc32(text) else None


def _above() -> int:
    if _told.above == -1 and _told.shown:
        try:
            _told.above = off_the_streams(os.open(_told.shown, os.O_RDONLY | os.O_CLOEXEC))
        except OSError:  # on another machine, or in another container
            _told.above = -2
    return _told.above


def _is_in_pool() -> bool:
    known = sys.modules.get("multiprocessing.process")
    if known is None or known.parent_process() is None:
        return False
    target = getattr(known.current_process(), "_target", None)
    return str(getattr(target, "__module__", "")).endswith(_POOLS)


def _in_child() -> None:
    """A thread that is not here any more may have held the lock; the parent's page is its own."""
    _told.lock = RLock()
    _told.in_pool = None
    if _told.page >= 0:
        _told.above, _told.page = _told.page, -1
        _lay_out()


os.register_at_fork(after_in_child=_in_child)
if not WRITER.off:
    _lay_out()
