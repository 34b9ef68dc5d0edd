"""Whether who asks sits at this machine, where a path in a question means a file.

Who asks over a network sits elsewhere: no file of this machine is looked at, or told of.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_elsewhere: ContextVar[bool] = ContextVar("_elsewhere", default=False)


@contextmanager
def elsewhere() -> Iterator[None]:
    """What is asked within the block is asked from another machine."""
    token = _elsewhere.set(True)
    try:
        yield
    finally:
        _elsewhere.reset(token)


def is_elsewhere() -> bool:
    """Whether paths are of another machine."""
    return _elsewhere.get()
