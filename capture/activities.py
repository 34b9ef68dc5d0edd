"""Functions and blocks as activities: `@begat.activity`, `with begat.activity("prepare")`.

Of a function's call are recorded: numbers and text among its arguments as settings, objects among them as used, those
among its results as generated; the activity it was called in, its times and how it ended.
"""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any, Final, ParamSpec, TypeVar, overload

from begat.capture import callables, generators, objects, problems, records, scope, things, type_names, values
from begat.capture.entity import Entity
from begat.capture.runs import Run
from begat.capture.writer import WRITER
from begat.graph_schema.events import Attributes, Event, Generated, Node, Setting, Used

P = ParamSpec("P")
R = TypeVar("R")

_COROUTINE: Final = 0x80
_GENERATOR: Final = 0x20
_POSITIONAL_REST: Final = 0x04
_ASYNC_GENERATOR: Final = 0x200

#: What is a setting at first sight.
_SCALARS: Final = frozenset((str, int, float, bool, bytes, type(None), complex))


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
    if call.flags & _ASYNC_GENERATOR:
        wrapper = generators.asynchronous(call, called)
    elif call.flags & _COROUTINE:

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            run = call.start(args, kwargs)
            try:
                result = await called(*args, **kwargs)
            except BaseException as e:
                run.finish(e, *call.fitted(run))
                raise
            if type(result) in _SCALARS and not run.models:
                run.finish()
            else:
                run.finish(None, *call.results(run, result))
            return result

        wrapper = awaited
    elif call.flags & _GENERATOR:

        def generated(*args: Any, **kwargs: Any) -> Any:
            run = call.start(args, kwargs)
            scope.swap(run.outer)
            try:
                result = yield from _inside(run, called(*args, **kwargs))
            except BaseException as e:
                run.finish(e, *call.fitted(run))
                raise
            run.finish(None, *call.fitted(run))
            return result

        wrapper = generated
    else:

        def returned(*args: Any, **kwargs: Any) -> Any:
            run = call.start(args, kwargs)
            try:
                result = function(*args, **kwargs)
            except BaseException as e:
                run.finish(e, *call.fitted(run))
                raise
            if type(result) in _SCALARS and not run.models:
                run.finish()
            else:
                run.finish(None, *call.results(run, result))
            return result

        wrapper = returned
    update_wrapper(wrapper, function)
    return wrapper


def _inside(run: Run, generator: Any) -> Any:
    """Go through a generator so that only its own code runs inside the activity, not what consumes it."""
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
        try:
            sent, thrown = (yield item), None
        except GeneratorExit:
            generator.close()
            raise
        except BaseException as e:
            sent, thrown = None, e


class Call:
    """What is known of a function before it is called."""

    __slots__ = ("attributes", "before", "defaults", "flags", "name", "positional", "rest", "types")

    def __init__(
        self, function: Callable[..., Any], name: str | None, types: list[str], attributes: Attributes
    ) -> None:
        asked = callables.asked(function)
        inner = asked.function
        code = getattr(inner, "__code__", None)
        self.before = asked.args
        called = function if getattr(inner, "__name__", "") == "__call__" else inner
        self.name = values.name(name or getattr(called, "__name__", type(called).__name__))
        self.types = types
        where = f"{getattr(called, '__module__', None)}.{getattr(called, '__qualname__', self.name)}"
        self.attributes: Attributes = {"function": values.clean(where), **attributes}
        self.flags = asked.flags
        self.positional: tuple[str, ...] = code.co_varnames[: code.co_argcount] if code is not None else ()
        self.rest = "args"
        if code is not None and code.co_flags & _POSITIONAL_REST:
            self.rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        last = getattr(inner, "__defaults__", None) or ()
        self.positional = self.positional[asked.bound :]
        optional = self.positional[len(self.positional) - len(last) :]
        self.defaults: dict[str, Any] = dict(zip(optional, last, strict=True))
        self.defaults.update(getattr(inner, "__kwdefaults__", None) or {})
        self.defaults.update(asked.kwargs)

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        run = Run(self.name, self.types)
        run.attributes = self.attributes
        if self.before:
            args = (*self.before, *args)
        if not (args or kwargs or self.defaults) or WRITER.off:
            return run.start()
        try:
            events = self.arguments(run, args, kwargs)
        except Exception as e:  # the hook boundary
            problems.note(e)
            events = []
        return run.start(*events)

    def arguments(self, run: Run, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Event]:
        """What a call was given, in the order of its parameters."""
        names = self.positional
        given = dict(zip(names, args, strict=False))
        given.update((f"{self.rest}[{i}]", v) for i, v in enumerate(args[len(names) :]))
        if kwargs:
            # One that is there already was given by position only: this one has its name from **kwargs.
            named = ((k if k not in given else f"kwargs.{k}", v) for k, v in list(kwargs.items()))
            given.update([(k if k.isascii() else values.clean(k), v) for k, v in named])
        for name, value in self.defaults.items():
            given.setdefault(name, value)
        events: list[Event] = []
        for name, value in given.items():
            if type(value) in _SCALARS:
                events.append(Setting(0, 0, run.id, name, values.masked(name, values.plain(value))))
            else:
                events += _argument(run, name, value)
        return events

    def fitted(self, run: Run, returned: Iterable[int] = ()) -> list[Event]:
        """The models that a call has fitted in place: new versions of what it was given."""
        if not run.models or WRITER.off:
            return []
        try:
            changed = [m for m in run.models if id(m) not in returned and objects.has_learned(m)]
            return [event for model in changed for event in things.refitted(model, run)]
        except Exception as e:  # the hook boundary
            problems.note(e)
            return []

    def results(self, run: Run, result: Any) -> list[Event]:
        """What a call gave back, or fitted in place: new entities, or new versions of what it was given."""
        if WRITER.off:
            return []
        try:
            parts = objects.parts(result)
            events = self.fitted(run, {id(thing) for _, thing in parts})
            for place, thing in parts:
                if isinstance(thing, Entity):  # what stands for it was recorded when the handle was made
                    continue
                found = things.make(thing, run, [], f"{self.name}(){place}", {}, shared=True)
                events += found.events
                events.append(Generated(0, 0, run.id, found.entity.id))
                objects.hold(thing, found.entity.id)
            return events
        except Exception as e:  # the hook boundary
            problems.note(e)
            return []


class _Block:
    """One call as a block."""

    def __init__(self, call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.call, self.args, self.kwargs = call, args, kwargs

    def __enter__(self) -> None:
        self.run = self.call.start(self.args, self.kwargs)

    def __exit__(self, cls: object, error: BaseException | None, trace: object) -> None:
        self.run.finish(error, *self.call.fitted(self.run))


def _argument(run: Run, name: str, value: Any) -> list[Event]:
    """What an argument is: a thing that is used, the things and settings in a container or record, or a setting."""
    fields = None if objects.is_model(value) else values.nested(value)
    if fields is None:
        parts = objects.parts(value)
        if not parts:
            return _settings(run, {name: value})
        events: list[Event] = []
        for place, thing in parts:
            events += _use(run, thing, name + place)
            if held := objects.attributes(thing):
                events += _held(run, held, name + place)
        return events
    outer = scope.current() or run
    flow = {
        key: held for key, held in objects.flowing(fields).items()
        if not records.is_record(type(held)) or objects.is_known(held, outer) or objects.is_model(held)
    }  # fmt: skip
    events = []
    if objects.can_flow(value) and (flow or objects.is_known(value, outer)):
        events += _use(run, value, name)
    shown = "[{!r}]" if type(value) is dict else ".{}"
    for key, thing in flow.items():
        events += _use(run, thing, name + shown.format(key))
    if flow:
        fields = {key: held for key, held in fields.items() if key not in flow}
    return events + _settings(run, {name: fields}) if fields or not flow else events


def _held(run: Run, held: dict[str, Any], name: str) -> list[Event]:
    """What begat knows among an object's attributes is used with it."""
    outer = scope.current() or run
    inner = [(key, thing) for key, thing in held.items() if objects.is_known(thing, outer)]
    return [event for key, thing in inner for event in _use(run, thing, f"{name}.{key}")]


def _settings(run: Run, given: dict[str, Any]) -> list[Event]:
    return [Setting(0, 0, run.id, k, v) for k, v in values.settings(given)]


def _use(run: Run, thing: object, name: str) -> list[Event]:
    """An argument is used. A model begat has not seen is taken to be made by the activity that hands it on."""
    if isinstance(thing, Entity):
        if not thing.id:
            return []
        run.note_used(thing.id)
        return [Used(0, 0, run.id, thing.id)]
    outer = scope.current()
    events: list[Event] = []
    if objects.is_model(thing):
        events += things.learned(thing, outer, name)
        run.models += (thing,)
    entity = objects.find(thing, outer or run)
    if entity is None:
        node: Node = objects.describe(thing, name, [], {}, shared=True)
        entity = node.id
        came = objects.came_from(thing, entity)
        claimed = outer if not came and outer is not None and objects.is_model(thing) else None
        objects.register(thing, entity, claimed)
        events += [node, *came]
        if claimed is not None:
            events.append(Generated(0, 0, claimed.id, entity, None, claimed.section))
    run.note_used(entity)
    events.append(Used(0, 0, run.id, entity))
    return events


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
