"""What `@begat.activity` may stand above besides plain functions, and what of it is asked about.

Methods of all kinds, `functools.partial`, objects that can be called, functions that make a context manager. A class is
left as it is: its objects are what it makes, and `isinstance` has to go on working.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial, partialmethod, wraps
from types import MethodType
from typing import Any, Final, NamedTuple

from begat.capture import problems

GENERATOR: Final = 0x20
ASYNC_GENERATOR: Final = 0x200

#: What stands in a class's body and is no plain function.
DESCRIPTORS: Final = (classmethod, staticmethod, partialmethod, property)

Wrap = Callable[[Any], Any]
Block = Callable[[tuple[Any, ...], dict[str, Any]], Any]


class Asked(NamedTuple):
    """What answers for a callable: the function inside that has the parameters, how many of them are given by position
    already and not recorded (`self`), what a partial has given, and the flags of the code that a call runs."""

    function: Any
    bound: int = 0
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}  # noqa: RUF012
    flags: int = 0


def asked(function: Any) -> Asked:
    """Look through partials, methods and decorators that say what they wrap."""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    if isinstance(function, partial):
        args, kwargs = function.args, function.keywords
        function = function.func
    bound = isinstance(function, MethodType)
    if not hasattr(function, "__code__") and hasattr(type(function).__call__, "__code__"):
        function, bound = type(function).__call__, True
    flags: int = function.__code__.co_flags if hasattr(function, "__code__") else 0
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return Asked(function, int(bound), args, kwargs, flags)


def wrapped_inside(function: Any, wrap: Wrap) -> Any:
    """The same kind of thing with the function in it wrapped, a class as it is; None for a plain callable."""
    if isinstance(function, classmethod | staticmethod):
        return type(function)(wrap(function.__func__))
    if isinstance(function, partialmethod):
        return partialmethod(wrap(function.func), *function.args, **function.keywords)
    if isinstance(function, property):
        return property(wrap(function.fget), function.fset, function.fdel, function.__doc__)
    if isinstance(function, type) or not callable(function):
        what = f"the class {function.__qualname__}" if isinstance(function, type) else repr(function)
        problems.warn(f"@begat.activity: {what} is no function and stays as it is: record its methods")
        return function
    return None


def manager(function: Any, block: Block) -> Any:
    """A function that makes a context manager, as one whose activity lasts from the block's start to its end.

    None for any other function. `block` makes a context manager that is the activity of one call, and enters with what
    is to be called with the value that the function's own one enters with.
    """
    if getattr(function, "__globals__", {}).get("__name__") != "contextlib" or not hasattr(function, "__wrapped__"):
        return None
    flags = function.__wrapped__.__code__.co_flags
    if flags & ASYNC_GENERATOR:

        @contextlib.asynccontextmanager
        @wraps(function.__wrapped__)
        async def entered_async(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            with block(args, kwargs) as gives:
                async with function(*args, **kwargs) as value:
                    gives(value)
                    yield value

        return entered_async
    if flags & GENERATOR:

        @contextlib.contextmanager
        @wraps(function.__wrapped__)
        def entered(*args: Any, **kwargs: Any) -> Iterator[Any]:
            with block(args, kwargs) as gives, function(*args, **kwargs) as value:
                gives(value)
                yield value

        return entered
    return None
