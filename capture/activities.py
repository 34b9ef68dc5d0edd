"""Functions and blocks as activities: `@begat.activity`, `with begat.activity("prepare")`.

Of a function's call are recorded: numbers and text among its arguments as settings, objects among them as used, those
among its results as generated; the activity it was called in, its times and how it ended.
"""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any, Final, ParamSpec, TypeVar, overload

from begat.capture import callables, generators, problems, scope, type_names, values
from begat.capture.call import SCALARS, Call
from begat.capture.callables import ASYNC_GENERATOR, GENERATOR
from begat.capture.runs import Run
from begat.capture.writer import WRITER
from begat.graph_schema.events import Attributes

P = ParamSpec("P")
R = TypeVar("R")

COROUTINE: Final = 0x80


class Activity:
    """What `begat.activity(...)` returns: a decorator for functions, and a block for `with`, which gives a Run."""

    __slots__ = ("attributes", "name", "runs", "types")

    def __init__(self, name: str | None, types: list[str], attributes: Attributes) -> None:
        self.name = name
        self.types = types
        self.attributes = attributes
        self.runs: list[Run] = []

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        return wrap(function, self.name, self.types, self.attributes)

    def __enter__(self) -> Run:
        run = Run(self.name or "activity", self.types)
        run.attributes = self.attributes
        self.runs.append(run)
        run.start()
        run.begun = True
        return run

    def __exit__(self, cls: object, error: BaseException | None, trace: object) -> None:
        run = scope.in_this_task()  # of several tasks or threads that are in this block, each leaves its own
        while run is not None and run not in self.runs:
            run = run.outer
        run = run or self.runs[-1]
        self.runs.remove(run)
        run.finish(error)


def wrap(function: Callable[P, R], name: str | None, types: list[str], attributes: Attributes) -> Callable[P, R]:
    """The function, each call of which is an activity. Calls it exactly as it was called; its result is its own."""
    if WRITER.off:
        return function
    try:
        wrapped: Callable[P, R] = _wrapped(function, name, types, attributes)
        return wrapped
    except Exception as e:  # the hook boundary
        problems.note(e)
        return function


def _wrapped(function: Any, name: str | None, types: list[str], attributes: Attributes) -> Any:
    inside = callables.wrapped_inside(function, lambda f: wrap(f, name, types, attributes))
    if inside is not None:
        return inside
    call = Call(function, name, types, attributes)
    manager = callables.manager(function, lambda args, kwargs: _Block(call, args, kwargs))
    if manager is not None:
        return manager
    called: Any = function
    wrapper: Any
    if call.flags & ASYNC_GENERATOR:
        wrapper = generators.Generating(call, called, generators.iterated_async)
    elif call.flags & COROUTINE:

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            run = call.start(args, kwargs)
            try:
                result = await called(*args, **kwargs)
            except BaseException as e:
                run.finish(e, *call.fitted(run))
                raise
            if type(result) in SCALARS and not run.models:
                run.finish()
            else:
                run.finish(None, *call.results(run, result))
            return result

        wrapper = awaited
    elif call.flags & GENERATOR:
        wrapper = generators.Generating(call, called, generators.iterated)
    else:

        def returned(*args: Any, **kwargs: Any) -> Any:
            run = call.start(args, kwargs)
            try:
                result = function(*args, **kwargs)
            except BaseException as e:
                run.finish(e, *call.fitted(run))
                raise
            if type(result) in SCALARS and not run.models:
                run.finish()
            else:
                run.finish(None, *call.results(run, result))
            return result

        wrapper = returned
    update_wrapper(wrapper, function)
    return wrapper


class _Block:
    """One call as a block."""

    def __init__(self, call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.call, self.args, self.kwargs = call, args, kwargs

    def __enter__(self) -> Callable[[Any], None]:
        self.run = self.call.start(self.args, self.kwargs)
        return lambda value: self.call.gives(self.run, value)

    def __exit__(self, cls: object, error: BaseException | None, trace: object) -> None:
        self.run.finish(error, *self.call.fitted(self.run))


@overload
def activity(name: Callable[P, R]) -> Callable[P, R]: ...


@overload
def activity(name: str | None = None, type: str | Iterable[str] | None = None, **attributes: Any) -> Activity: ...


def activity(
    name: Callable[..., Any] | str | None = None, type: str | Iterable[str] | None = None, **attributes: Any
) -> Callable[..., Any] | Activity:
    """A function or a block as an activity, a part of the one it runs in.

    `@begat.activity`, `@begat.activity(type="Preparation")`, `with begat.activity("prepare", type="Preparation") as a:`
    """
    function: Any = name
    if callable(name) or isinstance(name, callables.DESCRIPTORS):
        return wrap(function, None, [], {})
    return Activity(values.name_or_none(name), type_names.types(type), values.attributes(attributes))
