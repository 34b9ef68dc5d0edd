"""The interpreter's settings during a pass: they are the whole process's, so the last of several passes resets them."""

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

#: A batch is some 100,000 objects without a cycle, gone with it: looking for cycles at Python's 700 is 40 % of folding.
OBJECTS: Final = 50_000
#: Seconds for which a thread that computes keeps the others waiting, where Python's 5 ms are more than a statement
#: takes: one thread folds a batch while another speaks with the server.
SWITCH_S: Final = 0.0005

_lock = threading.Lock()
_passes = 0
_before: tuple[Any, float] = ((), 0.0)


@contextmanager
def set_for_a_pass() -> Iterator[None]:
    """Look for cycles seldom and change threads often."""
    global _passes, _before
    with _lock:
        if _passes == 0:
            _before = gc.get_threshold(), sys.getswitchinterval()
            gc.set_threshold(max(OBJECTS, _before[0][0]) if _before[0][0] else 0, *_before[0][1:])
            sys.setswitchinterval(min(SWITCH_S, _before[1]))
        _passes += 1
    try:
        yield
    finally:
        with _lock:
            _passes -= 1
            if _passes == 0:
                gc.set_threshold(*_before[0])
                sys.setswitchinterval(_before[1])
