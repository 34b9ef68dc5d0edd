"""The boundary between hooks and user code: what begat cannot record is counted, and user code goes on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from begat.capture import problems
from begat.capture.entity import Entity, unrecorded
from begat.capture.writer import WRITER

P = ParamSpec("P")
Of = TypeVar("Of")


def saying(hook: Callable[P, None]) -> Callable[P, None]:
    """A hook that states something and returns nothing."""

    @wraps(hook)
    def called(*args: P.args, **kwargs: P.kwargs) -> None:
        if not WRITER.off:
            try:
                hook(*args, **kwargs)
            except Exception as e:  # begat's own failure is never the user's
                problems.note(e)

    return called


def naming(hook: Callable[Concatenate[Of, Any, P], Entity]) -> Callable[Concatenate[Of, Any, P], Entity]:
    """A hook that returns the handle of the thing it is given; one that cannot be recorded opens all the same."""

    @wraps(hook)
    def called(of: Of, thing: Any, /, *args: P.args, **kwargs: P.kwargs) -> Entity:
        if not WRITER.off:
            try:
                return hook(of, thing, *args, **kwargs)
            except Exception as e:  # begat's own failure is never the user's
                problems.note(e)
        return unrecorded(thing)

    return called
