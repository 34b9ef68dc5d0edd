"""Methods whose modules are imported when somebody first asks for one: most scripts use few of all the hooks."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from begat.capture import problems
from begat.capture.entity import Entity, unrecorded


def _handle(*args: Any, **_: Any) -> Entity:
    return unrecorded(args[0] if args else None)


class Later:
    """Stands in a class for the function of its name in a module of this folder, and gives way to it.

    Where that cannot be loaded, `otherwise` answers what the function does of a hook that records nothing.
    """

    def __init__(self, module: str, otherwise: Callable[..., Any] = _handle) -> None:
        self.module = f"begat.capture.{module}"
        self.otherwise = otherwise

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, of: object, cls: type | None = None) -> Any:
        try:
            method = getattr(import_module(self.module), self.name)
        except Exception as e:  # the hook boundary: too many open files to read a module, say
            problems.note(e)
            return self.otherwise
        setattr(self.owner, self.name, method)
        return method.__get__(of, cls)


def postponed(module: str, name: str) -> Callable[..., Any]:
    """Stands for a hook whose module cannot be loaded now: that is tried anew with each call, and raises nothing."""

    def hook(*args: Any, **kwargs: Any) -> Any:
        try:
            found = getattr(import_module(module), name)
        except Exception as e:  # the hook boundary
            problems.note(e)
            return _handle(*args)
        return found(*args, **kwargs)

    return hook
