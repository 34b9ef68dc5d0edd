"""A progress bar on stderr, only where somebody looks at it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

WIDTH: Final = 30
EVERY: Final = 0.1


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function to call with what is done and what is to do, or None when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    drawn = 0.0

    def draw(done: int, total: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - drawn < EVERY or not total:
            return
        drawn = now
        full = WIDTH * done // total
        print(f"\r{what} {'█' * full}{'░' * (WIDTH - full)} {done / total:4.0%}", end="", file=sys.stderr, flush=True)

    try:
        yield draw
    finally:
        if drawn:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
