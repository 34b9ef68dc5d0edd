"""How long a question may take: its statements share the time that it has."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from begat.graph_schema.errors import TookTooLong, UsageError

#: Seconds that a question may take, unless told.
SECONDS: Final = 60.0
#: When it ends, by the monotonic clock, and how many seconds it has.
_end: ContextVar[tuple[float, float] | None] = ContextVar("_end", default=None)


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Asks in so many seconds. Raises UsageError where that is no time at all; a TookTooLong says how long it was."""
    if seconds is not None and not 0 < seconds < float("inf"):
        raise UsageError(f"time_limit is {seconds}: give seconds, a number above 0")
    given = SECONDS if seconds is None else seconds
    token = _end.set((time.monotonic() + given, given))
    try:
        yield
    except TookTooLong as e:
        timed(e)
        raise
    finally:
        _end.reset(token)


def left() -> float:
    """Seconds that the next statement has. Raises TookTooLong where none are left."""
    given = _end.get()
    if given is None:
        return SECONDS
    seconds = given[0] - time.monotonic()
    if seconds <= 0:
        raise TookTooLong("the question took longer than it may")
    return seconds


def timed(wrong: TookTooLong) -> TookTooLong:
    """The same, with the time that the question has which is being asked."""
    given = _end.get()
    if wrong.limit is None and given is not None:
        wrong.limit = given[1]
    return wrong


def stopped(seconds: float | None) -> str:
    """The note of an answer that was not found in time. It has no rows: what was found till then may be wrong."""
    after = SECONDS if seconds is None else seconds
    return f"stopped after {after:g} s, before there was an answer: ask for less, or raise --time-limit"
