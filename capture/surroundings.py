"""Code, environment, person and machine of a process: used from a run's very start, gathered late, once a process.

A run states at its start that it used an observation of the code and of the environment; a thread finds out later
which versions these are, and an alias re-points the usage. So no hook waits for git or for a list of packages, and
what was there from the start is behind all that the run makes.
"""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from begat.capture import problems, script, settings
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Alias, Event, Node, Relate, Used

if TYPE_CHECKING:
    from begat.capture.runs import Run

#: How long the thread leaves a starting script alone, in seconds.
DELAY: Final = 0.5


class _Gatherer(threading.Thread):
    def __init__(self, delay: float) -> None:
        super().__init__(name="begat-surroundings", daemon=True)
        self.delay = delay
        self.hurry = threading.Event()
        self.given_up = False

    def run(self) -> None:
        self.hurry.wait(self.delay)
        if not self.given_up:
            _gather()


class _State:
    """What this process has said about its surroundings, and what is left to be said."""

    def __init__(self) -> None:
        self.writer = ""
        self.code = self.environment = ""
        self.script = script.Script("")
        self.agents: list[Event] = []
        self.person = self.node = ""
        self.left: list[Callable[[], None]] = []
        self.thread: _Gatherer | None = None
        self.pid = 0


_state = _State()


def parent() -> str | None:
    """The activity that this process belongs to, as its environment says."""
    return (WRITER.settings or settings.read()).parent


def of_run(run: "Run") -> list[Event]:
    """What a top-level run states at its start."""
    events: list[Event] = []
    if _state.pid == 0:
        _begin()
    if _state.writer != WRITER.id:  # each journal describes what it names
        _state.writer = WRITER.id
        from begat.capture import environment

        events += [
            Node(0, 0, _state.code, "Entity", ["Code"], _state.script.name),
            Node(0, 0, _state.environment, "Entity", ["Environment"], environment.name()),
            *_state.agents,
        ]
    run.note_used(_state.code, _state.environment)
    return [
        *events,
        Used(0, 0, run.id, _state.code, "code"),
        Used(0, 0, run.id, _state.environment, "environment"),
        Relate(0, 0, "wasAssociatedWith", run.id, _state.person, "author"),
        Relate(0, 0, "ranOn", run.id, _state.node),
    ]


def _begin() -> None:
    from begat.capture import node, person

    _state.pid = os.getpid()
    _state.code, _state.environment = ids.mint(), ids.mint()
    _state.script = script.script()
    who, where = person.person(), node.node()
    _state.agents = [who, where]
    _state.person, _state.node = who.id, where.id
    _state.left = list(_TASKS)
    _start(DELAY)


def _start(delay: float) -> None:
    _state.thread = _Gatherer(delay)
    try:
        _state.thread.start()
    except RuntimeError:  # the interpreter is ending: finish() gathers
        _state.thread = None


def _gather() -> None:
    state = _state
    while state.left:
        try:
            state.left[0]()
        except Exception as e:  # as at a hook's boundary: nothing here may show in the user's program
            problems.note(e)
        state.left = state.left[1:]


def _code() -> None:
    from begat.capture import code

    _is(_state.code, code.code(_state.script))


def _environment() -> None:
    from begat.capture import environment

    _is(_state.environment, environment.environment())


_TASKS: Final = (_code, _environment)


def _is(observation: str, version: Node) -> None:
    WRITER.emit(version, Alias(0, 0, observation, version.id))


def finish(wait: float) -> None:
    """Gather now what is not gathered yet; wait for a thread that is at it, but not for ever."""
    if _state.pid != os.getpid():
        return
    if _state.thread is None:
        _gather()
        return
    _state.thread.hurry.set()
    _state.thread.join(wait)


def forget() -> None:
    """Gather again for the next run."""
    global _state
    _state = _State()


def in_child() -> None:
    """In a forked child: what the parent has not found out yet, the child finds out for itself, if it opens a run."""
    if _state.left:
        forget()


def before_fork(wait: float) -> None:
    """No thread of ours goes on while the process forks: one that has not begun gives up, one at work is waited for."""
    thread = _state.thread
    if thread is not None and thread.is_alive():
        if not thread.hurry.is_set() and len(_state.left) == len(_TASKS):
            thread.given_up = True
            thread.hurry.set()
        thread.join(wait)


def after_fork() -> None:
    """In the parent: the thread that gave up begins again."""
    if _state.thread is not None and _state.thread.given_up and _state.left:
        _start(DELAY)
