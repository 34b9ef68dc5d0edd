"""Which activity a hook belongs to when it does not say.

The innermost one that is open in this thread or task. A thread that opened none belongs to the innermost one that is
open in the main thread: a pool inside an activity works for that activity.
"""

import sys
import threading
from _thread import get_ident
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from begat.capture.runs import Run
    from begat.graph_schema.events import End

_current: "ContextVar[Run | None]" = ContextVar("begat_run", default=None)
#: The runs that this thread or task has joined, and what it belonged to before each.
_joined: "ContextVar[tuple[tuple[Run, Run | None], ...]]" = ContextVar("begat_joined", default=())
_main = threading.main_thread().ident
_innermost: "Run | None" = None
#: Ends that could not be said when they were due.
unended: "list[End]" = []
_open: "dict[str, Run]" = {}


#: What this thread or task opened last, ended or not: for the hook that is called most, current() without its frame.
in_this_task = _current.get


def current() -> "Run | None":
    """The activity that a hook without one belongs to, None where none is open."""
    run = _current.get()
    if run is None:
        if get_ident() == _main:
            return None
        run = _innermost
    while run is not None and run.ended:
        run = run.outer
    return run


def enter(run: "Run") -> None:
    """From now on hooks belong to this activity, which is a part of what they belonged to."""
    global _innermost
    outer = _current.get()
    if outer is None or outer.ended:
        outer = current()
    run.outer = outer
    _current.set(run)
    if get_ident() == _main:
        _innermost = run
    _open[run.id] = run


def leave(run: "Run") -> bool:
    """From now on hooks belong to what this activity was opened in. False where another process started it."""
    global _innermost
    if _current.get() is run:
        _current.set(run.outer)
    if _innermost is run:
        _innermost = run.outer
    return _open.pop(run.id, None) is not None


def swap(run: "Run | None") -> "Run | None":
    """Hooks of this thread or task belong to `run` for a while; returns what they belonged to."""
    global _innermost
    before = _current.get()
    _current.set(run)
    if get_ident() == _main:
        _innermost = run
    return before


def join(run: "Run") -> None:
    """Hooks of this thread or task belong to a run that was begun elsewhere, until `unjoin`."""
    _joined.set((*_joined.get(), (run, swap(run))))


def unjoin(run: "Run") -> bool:
    """They belong to what they belonged to before. False where this thread or task had not joined that run."""
    joined = _joined.get()
    for place in reversed(range(len(joined))):
        if joined[place][0] is run:
            _joined.set(joined[:place])
            swap(joined[place][1])
            return True
    return False


def opened(id: str | None) -> "Run | None":
    """The run of this id that this process has started and not ended."""
    return None if id is None else _open.get(id)


def open_here() -> "list[Run]":
    """The activities this process has started and not ended, innermost first."""
    return list(_open.values())[::-1]


def forget_open() -> None:
    """In a forked child: what the parent started, the parent ends."""
    global _main
    _open.clear()
    unended.clear()
    _main = get_ident()


def exception() -> BaseException | None:
    """The exception that is ending the process, if one is."""
    found = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    return found if isinstance(found, BaseException) else None
