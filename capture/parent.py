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
from begat.capture.segment import apart
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
#: What multiprocessing's fork server runs, the start of it.
_FORK_SERVER: Final = "from multiprocessing.forkserver import"
#: What the page is called, and so how /proc shows it.
_MEMFD: Final = "begat"


class _Told:
    """What this process tells its children: which runs are open, what it said last, and what stood there before."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.runs: list[Run] = []
        self.said: str | None = None
        self.before: str | None = None
        self.page = -1
        self.inode = 0
        #: The page of the process above, where this one knows it.
        self.above = -1
        self.shown = os.environ.get(PAGE)
        self.in_pool: bool | None = None


_told = _Told()


def parent() -> str | None:
    """The activity that this process belongs to: as its environment said when it began, in a pool as it is now."""
    if _told.in_pool is None:
        _told.in_pool = _is_in_pool()
    if _told.in_pool and (page := _above()) >= 0:
        return _read(page)
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
    if (_told.page >= 0 and _is_ours()) or not hasattr(os, "memfd_create"):
        return
    try:
        _told.page = apart(os.memfd_create(_MEMFD))
    except OSError:  # a kernel that has none: pools keep to what their workers were told at their start
        _told.page = -1
        return
    _told.inode = os.fstat(_told.page).st_ino
    os.environ[PAGE] = f"/proc/{os.getpid()}/fd/{_told.page}"
    _write(os.environ.get(NAME, ""))


def _is_ours() -> bool:
    """Whether the page is still there: a program may close what it does not know, and open a file under its number."""
    try:
        return os.fstat(_told.page).st_ino == _told.inode and os.readlink(f"/proc/self/fd/{_told.page}").startswith(
            f"/memfd:{_MEMFD}"
        )
    except OSError:
        return False


def _read(page: int) -> str | None:
    """The run that is open above; None where none is."""
    for _ in range(100):  # while it is being written it fits its check not
        try:
            crc, _, text = os.pread(page, _SIZE, 0).rstrip(b"\0").partition(b" ")
        except OSError:  # closed, as in _is_ours
            _told.above = -1
            return None
        if crc == b"%08x" % crc32(text):
            return text.decode() or None
    return None


def _above() -> int:
    if _told.above == -1 and _told.shown:
        try:
            # Who showed it may be gone, and another process have its number: its files are not ours to open.
            if os.readlink(_told.shown).startswith(f"/memfd:{_MEMFD} "):
                _told.above = apart(os.open(_told.shown, os.O_RDONLY | os.O_CLOEXEC))
            else:
                _told.above = -2
        except OSError:  # on another machine, or in another container
            _told.above = -2
    return _told.above


def _is_a_fork_servers() -> bool:
    """Whether multiprocessing's fork server is this process or has started it."""
    return any(word.startswith(_FORK_SERVER) for word in sys.orig_argv)


def _look_above() -> None:
    """A fork server's environment is as old as the server: which run is open now stands in the page."""
    if (page := _above()) >= 0:
        now = _read(page)
        if now is None:
            os.environ.pop(NAME, None)
        else:
            os.environ[NAME] = now


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
        page, _told.page = _told.page, -1
        if _is_a_fork_servers() and not is_worker():  # the server opens no runs: its own parent's page is the one
            _look_above()
        else:
            _told.above = page
        _lay_out()


os.register_at_fork(after_in_child=_in_child)
if not WRITER.off:
    if _is_a_fork_servers():
        _look_above()
    _lay_out()
