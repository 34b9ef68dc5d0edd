"""What is known of a captured function before it is called, and what a call of it has to say."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from begat.capture import arguments, callables, objects, problems, things, values
from begat.capture.entity import Entity
from begat.capture.runs import Run
from begat.capture.writer import WRITER
from begat.graph_schema.events import Attributes, Event, Generated, Setting, Used

POSITIONAL_REST: Final = 0x04

#: What is a setting at first sight.
SCALARS: Final = frozenset((str, int, float, bool, bytes, type(None), complex))


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
        if code is not None and code.co_flags & POSITIONAL_REST:
            self.rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        last = getattr(inner, "__defaults__", None) or ()
        self.positional = self.positional[asked.bound :]
        optional = self.positional[len(self.positional) - len(last) :]
        self.defaults: dict[str, Any] = dict(zip(optional, last, strict=True))
        self.defaults.update(getattr(inner, "__kwdefaults__", None) or {})
        self.defaults.update(asked.kwargs)

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """The activity of a call, which begins now."""
        run = Run(self.name, self.types)
        run.attributes = self.attributes
        if self.before:
            args = (*self.before, *args)
        if not (args or kwargs or self.defaults) or WRITER.off:
            return run.start()
        return run.start(*self.given(run, args, kwargs))

    def prepare(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Run, list[Event]]:
        """The activity of a call that begins later, and what it then says: what it is given is that of this moment."""
        run = Run(self.name, self.types)
        run.attributes = self.attributes
        if WRITER.off:
            return run, []
        own: list[Event] = []
        others: list[Event] = []
        for event in self.given(run, (*self.before, *args), kwargs):
            (own if isinstance(event, Setting | Used) and event.run == run.id else others).append(event)
        try:
            if others:
                WRITER.emit(*others)
        except Exception as e:  # the hook boundary
            problems.note(e)
        return run, own

    def given(self, run: Run, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Event]:
        """What a call was given, in the order of its parameters."""
        try:
            names = self.positional
            found = dict(zip(names, args, strict=False))
            if len(args) > len(names):
                found.update((f"{self.rest}[{i}]", v) for i, v in enumerate(args[len(names) :]))
            if kwargs:
                # One that is there already was given by position only: this one has its name from **kwargs.
                named = ((k if k not in found else f"kwargs.{k}", v) for k, v in list(kwargs.items()))
                found.update([(k if k.isascii() else values.clean(k), v) for k, v in named])
            for name, value in self.defaults.items():
                found.setdefault(name, value)
            events: list[Event] = []
            for name, value in found.items():
                if type(value) in SCALARS:
                    events.append(Setting(0, 0, run.id, name, values.masked(name, values.plain(value))))
                else:
                    events += arguments.said_of(run, name, value)
            return events
        except Exception as e:  # the hook boundary
            problems.note(e)
            return []

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

    def gives(self, run: Run, value: Any) -> None:
        """What a call gives before its end: a generator's item, what a context manager enters with."""
        if type(value) in SCALARS or WRITER.off:
            return
        try:
            if events := self.results(run, value):
                WRITER.emit(*events)
        except Exception as e:  # the hook boundary
            problems.note(e)

    def results(self, run: Run, result: Any) -> list[Event]:
        """What a call gave back, or fitted in place: new entities, or new versions of what it was given."""
        if WRITER.off:
            return []
        try:
            parts = objects.parts(result)
            events = self.fitted(run, {id(thing) for _, thing in parts}) if run.models else []
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
