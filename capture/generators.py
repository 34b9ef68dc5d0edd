"""Asynchronous generators as activities: each call is one, from its first item until nobody goes on with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from begat.capture import scope

if TYPE_CHECKING:
    from begat.capture.activities import Call


def asynchronous(call: "Call", function: Callable[..., Any]) -> Callable[..., Any]:
    """The generator function, recorded. Only its own code runs inside the activity, not what consumes it."""

    async def iterated(*args: Any, **kwargs: Any) -> Any:
        run = call.start(args, kwargs)
        scope.swap(run.outer)
        sent: Any = None
        thrown: BaseException | None = None
        try:
            generator = function(*args, **kwargs)
            while True:
                outer = scope.swap(run)
                try:
                    item = await (generator.asend(sent) if thrown is None else generator.athrow(thrown))
                except StopAsyncIteration:
                    break
                finally:
                    scope.swap(outer)
                try:
                    sent, thrown = (yield item), None
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as e:  # what the consumer throws in is the generator's to answer
                    sent, thrown = None, e
        except BaseException as e:
            run.finish(e, *call.fitted(run))
            raise
        run.finish(None, *call.fitted(run))

    return iterated
