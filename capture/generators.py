"""Generators as activities: each call is one, from its first item until nobody goes on with it.

Only a generator's own code runs inside its activity, not what consumes it. What it is given is recorded as it is at the
call, although its code begins with the first item.
"""

from collections.abc import Callable
from types import MethodType
from typing import TYPE_CHECKING, Any

from begat.capture import scope

if TYPE_CHECKING:
    from begat.capture.call import Call
    from begat.capture.runs import Run
    from begat.graph_schema.events import Event

Iterated = Callable[["Call", "Run", "list[Event]", Any], Any]


class Generating:
    """A generator function, recorded: `inspect` takes it for one, as it would not a plain function that returns one."""

    def __init__(self, call: "Call", function: Any, iterated: Iterated) -> None:
        self._call, self._function, self._iterated = call, function, iterated
        for name in ("__code__", "__defaults__", "__kwdefaults__", "__annotations__"):
            setattr(self, name, getattr(iterated, name))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        generator = self._function(*args, **kwargs)
        run, given = self._call.prepare(args, kwargs)
        return self._iterated(self._call, run, given, generator)

    def __get__(self, thing: object, owner: type | None = None) -> Any:
        return self if thing is None else MethodType(self, thing)

    def __reduce__(self) -> str:
        name: str = getattr(self, "__qualname__")  # noqa: B009 that of the function
        return name


def iterated(call: "Call", run: "Run", given: "list[Event]", generator: Any) -> Any:
    """Go through a generator; its activity begins here."""
    run.start(*given)
    scope.swap(run.outer)
    try:
        result = yield from _inside(call, run, generator)
    except BaseException as e:
        run.finish(e, *call.fitted(run))
        raise
    run.finish(None, *call.fitted(run))
    return result


def _inside(call: "Call", run: "Run", generator: Any) -> Any:
    sent: Any = None
    thrown: BaseException | None = None
    while True:
        outer = scope.swap(run)
        try:
            item = generator.send(sent) if thrown is None else generator.throw(thrown)
        except StopIteration as e:
            return e.value
        finally:
            scope.swap(outer)
        call.gives(run, item)
        try:
            sent, thrown = (yield item), None
        except GeneratorExit:
            generator.close()
            raise
        except BaseException as e:  # what the consumer throws in is the generator's to answer
            sent, thrown = None, e


async def iterated_async(call: "Call", run: "Run", given: "list[Event]", generator: Any) -> Any:
    """The same of an asynchronous one."""
    run.start(*given)
    scope.swap(run.outer)
    sent: Any = None
    thrown: BaseException | None = None
    try:
        while True:
            outer = scope.swap(run)
            try:
                item = await (generator.asend(sent) if thrown is None else generator.athrow(thrown))
            except StopAsyncIteration:
                break
            finally:
                scope.swap(outer)
            call.gives(run, item)
            try:
                sent, thrown = (yield item), None
            except GeneratorExit:
                await generator.aclose()
                raise
            except BaseException as e:
                sent, thrown = None, e
    except BaseException as e:
        run.finish(e, *call.fitted(run))
        raise
    run.finish(None, *call.fitted(run))
