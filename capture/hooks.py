"""The hooks as functions: what they say belongs to the innermost activity that is open, see scope.py.

Those that most scripts do without are in further_hooks.py.
"""

import os
import sys
from collections.abc import Generator, Iterable
from typing import Any, TypeVar, overload

from begat.capture import problems, scope, type_names, values
from begat.capture import ranks as launched
from begat.capture.entity import Entity, unrecorded
from begat.capture.opened import Opened
from begat.capture.runs import Run
from begat.capture.writer import WRITER

T = TypeVar("T")

innermost = scope.in_this_task


def run(
    name: str | None = None, type: str | Iterable[str] | None = None, *, experiment: str | None = None,
    about: str | Iterable[str] = (), parent: "Run | str | None" = None,
    resume: "Run | str | os.PathLike[str] | None" = None, ranks: int | str = "all", resources: bool | None = None,
    seeds: bool = False, **attributes: Any,
) -> Run:  # fmt: skip
    """Open a run: `with begat.run("train", type="Training", experiment="digits") as run:`.

    A run inside a run, or inside an activity, is a part of it; `parent` (a run or an id) says otherwise. Without a
    name it has the script's. `about` are domain concepts, further keywords are attributes of the run.

    `resume` (a run or its whole id) is a further attempt at that run: what was recorded of it stays, its status is
    that of the last attempt. Without a name it keeps its own. `resume=Path("run.id")` names a file that keeps the id:
    the first attempt writes it, the next ones go on with that run. A run that is still open here is joined.

    Of several ranks that are one run, `ranks` says which state code, environment and settings: "all", or the number of
    one; all else is recorded of each. `resources` samples what process and machine use, as series (see
    BEGAT_RESOURCES); `seeds` records the state of the random generators at the start, as settings.
    """
    agreed = again = None
    if resume is not None and not WRITER.off:
        try:
            from begat.capture import attempts

            agreed = again = attempts.before(resume)
        except Exception as e:  # the hook boundary
            problems.note(e)
        at_work = scope.opened(again)
        if at_work is not None:
            return at_work
    if (name is None or name == "") and again is None:
        name = os.path.basename(sys.argv[0] if sys.argv else "") or "run"
    name = values.name_or_none(name)
    kinds: list[str] = []
    states = True
    try:
        kinds = type_names.types(type)
        agreed = agreed or launched.run_id(name or "")
        states = launched.states(ranks)
    except Exception as e:  # the hook boundary
        problems.note(e)
    made = Opened(name, kinds, agreed)
    made.resumed = again is not None
    made.kept_in = resume if isinstance(resume, os.PathLike) else None
    made.states = states
    made.sampled = resources
    made.seeds = seeds
    made.experiment = values.name_or_none(experiment)
    made.concepts = type_names.several(about)
    made.parent = parent if isinstance(parent, Run) else values.name_or_none(parent)
    made.attributes = values.attributes(attributes)
    return made


def used(
    thing: Any, role: str | None = None, type: str | Iterable[str] | None = None, *, name: str | None = None,
    **attributes: Any,
) -> Entity:  # fmt: skip
    """The open activity uses a file, a folder, an object or a handle. See Run.used."""
    here = here_for("used")
    return here.used(thing, role, type, name=name, **attributes) if here else unrecorded(thing)


def generated(
    thing: Any, type: str | Iterable[str] | None = None, role: str | None = None, *, of: Any = None,
    name: str | None = None, **attributes: Any,
) -> Entity:  # fmt: skip
    """The open activity made a file, a folder or an object. See Run.generated."""
    here = here_for("generated")
    return here.generated(thing, type, role, of=of, name=name, **attributes) if here else unrecorded(thing)


def evaluated(model: Any, on: Any = None, split: str | None = None, **measures: Any) -> tuple[Entity, ...]:
    """A model was scored in the open activity. See Run.evaluated."""
    here = here_for("evaluated")
    return here.evaluated(model, on, split, **measures) if here else tuple(Entity("", m) for m in measures)


def params(mapping: Any = None, /, **named: Any) -> None:
    """Settings of the open activity. See Run.params."""
    here = here_for("params")
    if here:
        here.params(mapping, **named)


def metric(name: str, value: Any, step: Any = None, **context: Any) -> None:
    """A point of a series of the open activity. See Run.metric."""
    if WRITER.off:
        return
    here = innermost()
    if here is None or here.ended:
        here = here_for("metric")
        if here is None:
            return
    if context:
        here.metric(name, value, step, **context)
    else:
        here.metric(name, value, step)


@overload
def epochs(items: int, name: str = "epoch") -> Generator[int, None, None]: ...


@overload
def epochs(items: Iterable[T], name: str = "epoch") -> Generator[T, None, None]: ...


def epochs(items: int | Iterable[T], name: str = "epoch") -> Generator[Any, None, None]:
    """Sections of the open activity. See Run.epochs."""
    here = here_for("epochs")
    if here:
        return here.epochs(items, name)
    return (item for item in values.counted(items))


def here_for(hook: str) -> Run | None:
    found = scope.current()
    if found is None and not WRITER.off:
        from begat.capture import joined

        found = joined.of_parent()
    if found is None and not WRITER.off:
        problems.warn(f"begat.{hook}(...) outside of any run is not recorded: open one with begat.run(...)")
    return found


