"""Code, environment, person and machine of a process: used from a run's very start, gathered late, once a process.

A run states at its start that it used an observation of the code and of the environment; a thread finds out later
which versions these are, and an alias re-points the usage. So no hook waits for git or for a list of packages, and
what was there from the start is behind all that the run makes.
"""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from begat.capture import parent, problems, ranks, script
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Alias, Attributes, Event, Node, Relate, Used

if TYPE_CHECKING:
    from begat.capture.runs import Run

#: How long the thread leaves a starting script alone, in seconds.
DELAY: Final = 0.5


class _Gatherer(threading.Thread):
    def __init__(self, delay: float) -> None:
        super().__init__(name="begat-surroundings", daemon=True)
        self.delay = delay
        self.hurry = threading.Event()
        self.given_up = self.at_work = False

    def run(self) -> None:
        self.hurry.wait(self.delay)
        if not self.given_up:
            self.at_work = True
            _gather()


class _State:
    """What this process has said about its surroundings, and what is left to be said."""

    def __init__(self) -> None:
        self.writer = self.here = ""
        self.code = self.environment = ""
        self.script = script.Script("")
        self.agents: list[Event] = []
        self.person = self.node = ""
        self.planned: list[Callable[[_State], None]] = []
        self.left: list[Callable[[_State], None]] = []
        self.thread: _Gatherer | None = None
        self.pid = 0
        #: The journal has been sealed, or begun anew, before all was found out.
        self.late = False
        #: Top-level runs whose command line and the like are still to be told, and what is told of each, once known.
        self.waiting: list[tuple[str, str | None]] = []
        self.facts: Attributes | None = None
        #: The runs of other processes that this one has told where it is, and in which journal.
        self.joined: set[tuple[str, str]] = set()


_state = _State()


def of_run(run: "Run") -> list[Event]:
    """What a top-level run states at its start; a function that is called in a child, what its process has to state."""
    above = None if run.tells else parent.parent()
    if above is not None:
        return of_child(above)
    run.note_used(*_seen())
    events = ranks.job(run.id)
    if run.states:
        events = [*_descriptions(), *_around(run.id), *events, *_facts(run.id, run.name)]
    _gather_soon((_machine,))
    return [*_here(), *events, Relate(0, 0, "ranOn", run.id, _state.node)]


def of_child(above: str) -> list[Event]:
    """What a process states, once, of the run of another process that it works for.

    A worker of multiprocessing runs its parent's code, so it only says on which machine.
    """
    _seen()
    if (above, WRITER.id) in _state.joined:
        return []
    _state.joined.add((above, WRITER.id))
    events = [] if parent.is_worker() else [*_descriptions(), *_around(above)]
    return [*_here(), *events, Relate(0, 0, "ranOn", above, _state.node)]


def _seen() -> tuple[str, str]:
    """The code and environment of this process, as observed."""
    if _state.pid == 0:
        _begin()
    return _state.code, _state.environment


def _begin() -> None:
    from begat.capture import node, person

    _state.pid = os.getpid()
    _state.code, _state.environment = ids.mint(), ids.mint()
    _state.script = script.script()
    who, where = person.person(), node.node()
    _state.agents = [who, where]
    _state.person, _state.node = who.id, where.id


def _gather_soon(tasks: tuple[Callable[[_State], None], ...]) -> None:
    """Have these found out, once: by a thread, else at the end."""
    new = [task for task in tasks if task not in _state.planned]
    _state.planned += new
    _state.left += new
    if new and (_state.thread is None or not _state.thread.is_alive()):
        _start(DELAY)


def _here() -> list[Event]:
    """This machine; each journal describes what it names."""
    if _state.here == WRITER.id:
        return []
    _state.here = WRITER.id
    return [_state.agents[1]]


def _descriptions() -> list[Event]:
    if _state.writer == WRITER.id:
        return []
    _state.writer = WRITER.id
    _gather_soon(_TASKS)
    from begat.capture import environment

    return [
        Node(0, 0, _state.code, "Entity", ["Code"], _state.script.name),
        Node(0, 0, _state.environment, "Entity", ["Environment"], environment.name()),
        _state.agents[0],
    ]


def _around(run: str) -> list[Event]:
    return [
        Used(0, 0, run, _state.code, "code"),
        Used(0, 0, run, _state.environment, "environment"),
        Relate(0, 0, "wasAssociatedWith", run, _state.person, "author"),
    ]


def _facts(run: str, name: str | None) -> list[Event]:
    """The command line and the like of a run, where they are known already."""
    if _state.facts is None:
        _state.waiting.append((run, name))
        return []
    return [Node(0, 0, run, "Activity", [], name, _state.facts)]


def _start(delay: float) -> None:
    _state.thread = _Gatherer(delay)
    try:
        _state.thread.start()
    except RuntimeError:  # the interpreter is ending: finish() gathers
        _state.thread = None


def _gather() -> None:
    state = _state
    while state.left and not state.late:
        try:
            state.left[0](state)
        except Exception as e:  # as at a hook's boundary: nothing here may show in the user's program
            problems.note(e)
        state.left = state.left[1:]


def _say(state: _State, *events: Event) -> None:
    """Write what was found out, unless it was asked for so long ago that nobody waits for it any more."""
    if not state.late:
        WRITER.emit(*events)


def _process(state: _State) -> None:
    from begat.capture import process

    state.facts = {**process.facts(), **ranks.facts()}
    waiting, state.waiting = state.waiting, []
    if waiting:
        _say(state, *(Node(0, 0, run, "Activity", [], name, state.facts) for run, name in waiting))


def _machine(state: _State) -> None:
    from begat.capture import hardware

    where = state.agents[1]
    assert isinstance(where, Node)
    _say(state, Node(0, 0, where.id, "Agent", [], where.name, hardware.facts()))


def _code(state: _State) -> None:
    from begat.capture import code

    version, *members = code.code(state.script)
    assert isinstance(version, Node)
    _say(state, version, *members, Alias(0, 0, state.code, version.id))


def _environment(state: _State) -> None:
    from begat.capture import environment

    version = environment.environment()
    _say(state, version, Alias(0, 0, state.environment, version.id))


#: The quick ones first: a process that ends does not wait for ever.
_TASKS: Final = (_process, _machine, _code, _environment)
_NAMES: Final[dict[Callable[[_State], None], str]] = {
    _process: "the command line",
    _machine: "what the machine is made of",
    _code: "the version of the code (commit and differences)",
    _environment: "the packages",
}


def finish(wait: float) -> None:
    """Gather now what is not gathered yet; wait for a thread that is at it, but not for ever."""
    if _state.pid != os.getpid():
        return
    if _state.thread is None:
        _gather()
        return
    _state.thread.hurry.set()
    _state.thread.join(wait)
    _state.late = _state.thread.is_alive()
    if _state.late and _state.left:
        what = ", ".join(_NAMES[task] for task in _state.left)
        problems.warn(f"not found out within {wait:g} s when the process ended, so not recorded: {what}")


def forget() -> None:
    """Gather again for the next run."""
    global _state
    _state.late = True
    _state = _State()


def in_child() -> None:
    """In a forked child: what the parent has not found out yet, the child finds out for itself, if it opens a run."""
    if _state.left:
        forget()


def before_fork(wait: float) -> None:
    """No thread of ours goes on while the process forks: one that has not begun gives up, one at work is waited for."""
    thread = _state.thread
    if thread is not None and thread.is_alive():
        if not thread.hurry.is_set() and not thread.at_work:
            thread.given_up = True
            thread.hurry.set()
        thread.join(wait)


def after_fork() -> None:
    """In the parent: the thread that gave up begins again."""
    if _state.thread is not None and _state.thread.given_up and _state.left:
        _start(DELAY)
