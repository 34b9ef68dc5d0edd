"""What hooks could not record: counted, told once on stderr, never raised into user code."""

import atexit
import sys
from _thread import RLock

#: Re-entrant: a signal handler of ours may come while this very thread counts a problem.
_lock = RLock()
_count = 0
_first = ""
_told: set[str] = set()
#: Counted, and not yet told in the journal; and the first of these.
_unsaid = 0
_unsaid_first = ""


def note(problem: object, *, in_journal: bool = False) -> None:
    """Count a problem; the first one is told when its run or the process ends.

    The journal tells it too, unless it does so already (`in_journal`: what a full disk did not take).
    """
    global _count, _first, _unsaid, _unsaid_first
    with _lock:
        _count += 1
        if not in_journal:
            _unsaid += 1
            if _unsaid == 1:
                _unsaid_first = problem if isinstance(problem, str) else type(problem).__name__
        if _count > 1:
            return
        _first = problem if isinstance(problem, str) else f"{type(problem).__name__}: {_text(problem)}"
    atexit.register(_report)


def warn(problem: str) -> None:
    """Count a problem and tell it at once, each text one time only."""
    note(problem)
    remark(problem)


def remark(text: str) -> None:
    """Tell at once what is no loss, each text one time only."""
    if text not in _told:
        _told.add(text)
        say(text)


def say(line: str) -> None:
    """One line on stderr, if there is one."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"begat: {line}\n")
        except (OSError, ValueError):  # closed, or its reader is gone: nobody is there to be told
            pass
        except RuntimeError:  # this is a signal's handler, and it came while this thread was writing there
            pass


def count() -> int:
    """How many hooks of this process could not record what they were given."""
    return _count


def unsaid() -> tuple[int, str]:
    """How many problems the journal has not been told yet, and the first of them; from now on it has."""
    global _unsaid
    with _lock:
        taken, _unsaid = _unsaid, 0
    return taken, _unsaid_first


def tell() -> None:
    """At the end of a run, tell what was not recorded; the same again is told with the process's end, as a count."""
    global _count
    if _count and _first not in _told:
        _report()
        _told.add(_first)
        _count = 0
        atexit.unregister(_report)


def report() -> None:
    """Tell now what was not recorded, and begin to count anew."""
    if _count:
        _report()
    forget()


def forget() -> None:
    """Begin to count anew; in a forked child the parent tells its own."""
    global _count, _first, _lock, _unsaid
    _lock = RLock()
    _count, _first, _unsaid = 0, "", 0
    _told.clear()
    atexit.unregister(_report)


def _text(problem: object) -> str:
    try:
        return str(problem)
    except Exception:  # an exception whose __str__ raises must not break the hook that met it
        return "(no text)"


def _report() -> None:
    if not _count or (_count == 1 and _first in _told):
        return
    hooks = "1 hook" if _count == 1 else f"{_count} hooks"
    say(f"{hooks} could not record what was given; the first: {_first}")
