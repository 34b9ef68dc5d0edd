"""The hooks as functions that most scripts do without: what they say belongs to the innermost activity that is open."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from begat.capture import annotations, points, results
from begat.capture.agents import Agent
from begat.capture.entity import Entity, unrecorded
from begat.capture.hooks import here_for
from begat.capture.runs import Run

P = ParamSpec("P")


def _of_the_open(method: Callable[Concatenate[Run, P], None]) -> Callable[P, None]:
    """A method that states something, as a hook of the open activity."""

    @wraps(method)
    def hook(*args: P.args, **kwargs: P.kwargs) -> None:
        here = here_for(method.__name__)
        if here:
            method(here, *args, **kwargs)

    return hook


def _handle_of_the_open(
    method: Callable[Concatenate[Run, Any, P], Entity],
) -> Callable[Concatenate[Any, P], Entity]:
    """A method that returns the handle of what it is given, as a hook of the open activity."""

    @wraps(method)
    def hook(thing: Any, /, *args: P.args, **kwargs: P.kwargs) -> Entity:
        here = here_for(method.__name__)
        return method(here, thing, *args, **kwargs) if here else unrecorded(thing)

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
    here = here_for("agent")
    if not here:
        return Agent("", str(name))
    return here.agent(name, type, role, of=of, on_behalf_of=on_behalf_of, **attributes)
