"""A subscription: its document, compiled as queries are, and the values that its field has one after the other."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, Final, TypeVar

from graphql import get_named_type, is_list_type
from graphql.type import get_nullable_type

from begat.api.graphql import series, things
from begat.api.graphql.asking import Answered, Asking, Context, answered
from begat.api.graphql.collect import Collector
from begat.api.graphql.compile import Compiler, deciding_values
from begat.api.graphql.execute import Operation
from begat.api.graphql.fields import Streamed
from begat.api.graphql.live import happenings
from begat.api.graphql.live.buffers import Buffer, Happenings, Latest, Points, Waited
from begat.api.graphql.live.feed import Feed
from begat.api.graphql.live.trouble import Troubles
from begat.api.graphql.plain import Plain, Run, struct
from begat.api.graphql.schema import CORE
from begat.api.graphql.things import At
from begat.graph_schema.errors import UsageError
from begat.queries.catalogue import QUESTIONS
from begat.queries.naming import find_thing
from begat.queries.status import statuses

T = TypeVar("T")
#: Calls something in a thread where a store may be asked.
InThread = Callable[[Callable[[], T]], Awaitable[T]]
#: What has happened already of a run is told back to so many things at most.
MOST_BEFORE: Final = 20_000


class Subscription:
    """One that can be followed. `context` tells the store that is open now, and the project."""

    def __init__(self, operation: Operation, context: Callable[[], Context]) -> None:
        now = context()
        self._context, self._project = context, now.project
        run = Run(Asking(now), operation.variables)
        root: Any = CORE.subscription_type
        values = deciding_values(operation.document, operation.node, operation.variables)
        compiler = Compiler(Collector(operation.document, values))
        ((key, nodes),) = compiler.collector.collect([operation.node.selection_set], root).items()
        field = root.fields[nodes[0].name.value]
        how: Streamed = field.extensions["strawberry-definition"].how
        of: Any = get_named_type(field.type)
        self._what = how.what
        self._run, self._make = run, struct((key,))
        self._plain = Plain(compiler, of, compiler.beneath(nodes, of))
        self._is_list = is_list_type(get_nullable_type(field.type))
        self._given = run.given(field, nodes[0])

    def data(self, value: Any) -> Any:
        """A value as the data of a response."""
        if self._is_list:
            return self._make(self._plain.build(self._run, value))
        return self._make(self._plain.build(self._run, [value])[0])

    async def values(self, feed: Feed, troubles: Troubles, do: InThread[Any]) -> AsyncGenerator[Any, None]:
        """The values of the field, as they come. Raises BegatError for what ends it before its time."""
        async with aclosing(self._VALUES[self._what](self, feed, troubles, do)) as found:
            async for value in found:
                yield value

    async def _happenings(self, feed: Feed, troubles: Troubles, do: InThread[Any]) -> AsyncGenerator[Any, None]:
        last = self._given["last"]
        if not 0 <= last <= MOST_BEFORE:
            raise UsageError(f"last is {last}: give a number from 0 to {MOST_BEFORE}")
        buffer = Happenings()

        def before(run: str) -> tuple[Any, Any]:
            told = happenings.told(self._at(), run, max(last, 1)).happenings
            return (told if last else []), told

        async with aclosing(self._of_run(feed, do, buffer, before)) as found:
            async for value in found:
                yield value

    async def _points(self, feed: Feed, troubles: Troubles, do: InThread[Any]) -> AsyncGenerator[Any, None]:
        most, method = series.thinning(self._given)
        buffer = Points(self._given.get("names"), series.contexts(self._given))

        def before(run: str) -> tuple[Any, Any]:
            held = series.held(self._at(), [run], self._given)
            told = [series.thinned(name, labels, rows, most, method) for (_, name, labels), rows in held.items()]
            known = (
                happenings.point(at, run, name, labels, step, float("nan") if value is None else value)
                for (_, name, labels), rows in held.items()
                for at, step, value, _ in rows[-MOST_BEFORE:]
            )
            return [told], known

        def shown(waited: list[Waited]) -> list[series.Series]:
            return [series.thinned(w.name, w.labels, w.rows, most, method, w.many) for w in waited]

        async with aclosing(self._of_run(feed, do, buffer, before)) as found:
            async for value in found:
                if not value or not isinstance(value[0], Waited):  # what the store had
                    yield value
                elif any(len(w.rows) > most for w in value):  # takes its time: others need not wait
                    yield await asyncio.to_thread(shown, value)
                else:
                    yield shown(value)

    async def _of_run(
        self, feed: Feed, do: InThread[Any], buffer: Happenings | Points, before: Callable[[str], tuple[Any, Any]]
    ) -> AsyncGenerator[Any, None]:
        """What was before, then what each commit tells, until the run has ended. From which commit on is asked before
        and after, so that nothing is left out, and nothing told twice."""
        run = await do(lambda: _found(self._at(), self._given["run"]))

        def known() -> tuple[Any, Any, int, int, bool]:
            at = self._at()
            through = at.store.head()
            first, told = before(run)
            told = list(told) if (perhaps := at.store.head()) > through else []
            return first, told, through, perhaps, statuses(at.store, at.scope, [run]).get(run) == "RUNNING"

        async with feed.following(self._project, run, buffer):
            first, told, through, perhaps, running = await do(known)
            buffer.begin(through, perhaps, told)
            if not running:
                buffer.finish()
            for value in first:
                yield value
            async for value in _all(buffer):
                yield value

    async def _trouble(self, feed: Feed, troubles: Troubles, do: InThread[Any]) -> AsyncGenerator[Any, None]:
        buffer = Latest()

        def asked() -> Answered:
            return answered(Asking(self._context()), QUESTIONS["in_trouble"], self._given)

        given = tuple(sorted(self._given.items()))
        async with troubles.following(self._project, given, lambda: do(asked), buffer):
            async for value in _all(buffer):
                yield value

    def _at(self) -> At:
        return Asking(self._context()).at({})

    _VALUES: Final = {"runEvents": _happenings, "metrics": _points, "inTrouble": _trouble}


def _found(at: At, name: str) -> str:
    """The run of that name. Raises NotFound, and UsageError for what is no activity."""
    id_ = find_thing(at.store, name, at.scope).id
    (kind,) = things.by_ids(at, [id_], ("kind",)).column("kind") or (None,)
    if kind != "Activity":
        raise UsageError(f"{name!r} is no run: what happens in an activity can be followed")
    return id_


async def _all(buffer: Buffer) -> AsyncGenerator[Any, None]:
    while values := await buffer.next():
        for value in values:
            yield value
