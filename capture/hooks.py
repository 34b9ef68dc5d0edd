"""The hooks as functions: what they say belongs to the innermost activity that is open, see scope.py."""

import os
import sys
from collections.abc import Callable, Generator, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from begat.capture import annotations, points, problems, results, scope, sections, things, values
from begat.capture import ranks as launched
from begat.capture.agents import Agent
from begat.capture.entity import Entity
from begat.capture.opened import Opened
from begat.capture.runs import Run
from begat.capture.writer import WRITER

P = ParamSpec("P")
T = TypeVar("T")

innermost = scope.in_this_task


def run(
    name: str | None = None, type: str | Iterable[str] | None = None, *, experiment: str | None = None,
    about: str | Iterable[str] = (), parent: "Run | str | None" = None, resume: "Run | str | None" = None,
    ranks: int | str = "all", resources: bool | None = None, seeds: bool = False, **attributes: Any,
) -> Run:  # fmt: skip
    """Open a run: `with begat.run("train", type="Training", experiment="digits") as run:`.

    A run inside a run, or inside an activity, is a part of it; `parent` (a run or an id) says otherwise. Without a
    name it has the script's. `about` are domain concepts, further keywords are attributes of the run.

    `resume` (a run or its whole id) is a further attempt at that run: what was recorded of it stays, its status is
    that of the last attempt, and its name its own.

    Of several ranks that are one run, `ranks` says which state code, environment and settings: "all", or the number of
    one; all else is recorded of each. `resources` samples what process and machine use, as series (see
    BEGAT_RESOURCES); `seeds` records the state of the random generators at the start, as settings.
    """
    again = resume.id if isinstance(resume, Run) else values.name_or_none(resume)
    if again is not None and not again.startswith("urn:uuid:"):
        problems.warn(f"begat.run(resume={again!r}) is no run's whole id, as run.id has it: recorded as a new run")
        again = None
    agreed = again
    if (name is None or name == "") and again is None:
        name = os.path.basename(sys.argv[0] if sys.argv else "") or "run"
    name = values.name_or_none(name)
    states = True
    try:
        agreed = agreed or launched.run_id(name or "")
        states = launched.states(ranks)
    except Exception as e:  # the hook boundary
        problems.note(e)
    made = Opened(name, things.types(type), agreed)
    made.resumed = again is not None
    made.states = states
    made.sampled = resources
    made.seeds = seeds
    made.experiment = values.name_or_none(experiment)
    made.concepts = things.several(about)
    made.parent = parent if isinstance(parent, Run) else values.name_or_none(parent)
    made.attributes = values.attributes(attributes)
    return made


def used(
    thing: Any, role: str | None = None, type: str | Iterable[str] | None = None, *, name: str | None = None,
    **attributes: Any,
) -> Entity:  # fmt: skip
    """The open activity uses a file, a folder, an object or a handle. See Run.used."""
    here = _here("used")
    return here.used(thing, role, type, name=name, **attributes) if here else things.unrecorded(thing)


def generated(
    thing: Any, type: str | Iterable[str] | None = None, role: str | None = None, *, of: Any = None,
    name: str | None = None, **attributes: Any,
) -> Entity:  # fmt: skip
    """The open activity made a file, a folder or an object. See Run.generated."""
    here = _here("generated")
    return here.generated(thing, type, role, of=of, name=name, **attributes) if here else things.unrecorded(thing)


def evaluated(model: Any, on: Any = None, split: str | None = None, **measures: Any) -> tuple[Entity, ...]:
    """A model was scored in the open activity. See Run.evaluated."""
    here = _here("evaluated")
    return here.evaluated(model, on, split, **measures) if here else tuple(Entity("", m) for m in measures)


def params(mapping: Any = None, /, **named: Any) -> None:
    """Settings of the open activity. See Run.params."""
    here = _here("params")
    if here:
        here.params(mapping, **named)


def metric(name: str, value: Any, step: Any = None, **context: Any) -> None:
    """A point of a series of the open activity. See Run.metric."""
    if WRITER.off:
        return
    here = innermost()
    if here is None or here.ended:
        here = _here("metric")
        if here is None:
            return
    if context:
        here.metric(name, value, step, **context)
    else:
        here.metric(name, value, step)


def _of_the_open(method: Callable[Concatenate[Run, P], None]) -> Callable[P, None]:
    """A method that states something, as a hook of the open activity."""

    @wraps(method)
    def hook(*args: P.args, **kwargs: P.kwargs) -> None:
        here = _here(method.__name__)
        if here:
            method(here, *args, **kwargs)

    return hook


def _handle_of_the_open(
    method: Callable[Concatenate[Run, Any, P], Entity],
) -> Callable[Concatenate[Any, P], Entity]:
    """A method that returns the handle of what it is given, as a hook of the open activity."""

    @wraps(method)
    def hook(thing: Any, /, *args: P.args, **kwargs: P.kwargs) -> Entity:
        here = _here(method.__name__)
        return method(here, thing, *args, **kwargs) if here else things.unrecorded(thing)

    return hook


metrics = _of_the_open(points.metrics)
tag = _of_the_open(annotations.tag)
note = _of_the_open(annotations.note)
about = _of_the_open(annotations.about)
excluded = _of_the_open(annotations.excluded)
domain = _of_the_open(annotations.domain)
label = _of_the_open(annotations.label)
artifact = _handle_of_the_open(results.artifact)
checkpoint = _handle_of_the_open(results.checkpoint)
publication = _handle_of_the_open(results.publication)
plan = _handle_of_the_open(results.plan)


def agent(
    name: Any, /, type: str | Iterable[str] = "Person", role: str | None = None, *, of: Any = None,
    on_behalf_of: Any = None, **attributes: Any,
) -> Agent:  # fmt: skip
    """Who took part in the open activity, or whose a thing is. See Run.agent."""
    here = _here("agent")
    if not here:
        return Agent("", str(name))
    return here.agent(name, type, role, of=of, on_behalf_of=on_behalf_of, **attributes)


@overload
def epochs(items: int, name: str = "epoch") -> Generator[int, None, None]: ...


@overload
def epochs(items: Iterable[T], name: str = "epoch") -> Generator[T, None, None]: ...


def epochs(items: int | Iterable[T], name: str = "epoch") -> Generator[Any, None, None]:
    """Sections of the open activity. See Run.epochs."""
    here = _here("epochs")
    if here:
        return here.epochs(items, name)
    return (item for item in sections.counted(items))


def _here(hook: str) -> Run | None:
    found = scope.current()
    if found is None and not WRITER.off:
        from begat.capture import joined

        found = joined.of_parent()
    if found is None and not WRITER.off:
        problems.warn(f"begat.{hook}(...) outside of any run is not recorded: open one with begat.run(...)")
    return found


