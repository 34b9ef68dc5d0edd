"""Code of a value's own class (`__repr__`, `__len__`, `items`), waited for no longer than a second.

It runs in a thread of its own, in the caller's context. One that does not come back is left to itself, and its class
is not asked again.
"""

from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Final
from weakref import WeakSet

#: How long a value is waited for, in seconds.
PATIENCE: Final = 1.0

_silent: Final[WeakSet[type]] = WeakSet()


def ask(cls: type, work: Callable[[], Any]) -> Any:
    """What `work` returns, which runs code of `cls`. Raises what it raises, TimeoutError if it does not end."""
    if cls in _silent:
        raise TimeoutError(f"{cls.__name__} did not answer before")
    done = allocate_lock()
    done.acquire()
    answers: list[Any] = []
    errors: list[BaseException] = []
    context = copy_context()

    def run() -> None:
        try:
            answers.append(context.run(work))
        except BaseException as e:  # told to who asked
            errors.append(e)
        finally:
            done.release()

    start_new_thread(run, ())
    if not done.acquire(timeout=PATIENCE):
        _silent.add(cls)
        raise TimeoutError(f"{cls.__name__} did not answer in {PATIENCE:g} s")
    if errors:
        raise errors[0]
    return answers[0]
