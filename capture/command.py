"""A command of any language as an activity, without touching it: what `begat run` does.

The command runs whatever becomes of its record: begat's own failures are counted and told, and change nothing.
"""

import os
import signal
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from begat.capture import (
    digester,
    lifecycle,
    node,
    outputs,
    parent,
    person,
    problems,
    process,
    ranks,
    scope,
    secrets,
    type_names,
    values,
)
from begat.capture.child import Child, Ended, Signals, die_of, not_started
from begat.capture.code import code
from begat.capture.program import program
from begat.capture.runs import Run
from begat.capture.tail import Tails
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Alias, Attributes, End, Event, Node, Outcome, Relate, Used

#: Signals by which somebody ends a program; the others (a segmentation fault, an abort) are its own failure.
BY_SOMEBODY: Final = frozenset((
    signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL, signal.SIGUSR1, signal.SIGUSR2,
    signal.SIGALRM, signal.SIGXCPU,
))  # fmt: skip


class Options(NamedTuple):
    """What is to be recorded beside the command; `tail` lines of its output."""

    name: str | None = None
    type: str | None = None
    experiment: str | None = None
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    tail: int = 0


class Command(Run):
    """The activity of a command. Its code is the program's or script's file, not begat's own."""

    def __init__(self, words: Sequence[str], options: Options) -> None:
        self.script = program(words)
        name = values.name(options.name or os.path.basename(self.script.name))
        super().__init__(name, type_names.types(options.type), ranks.run_id(name))
        self.code = ids.mint()
        self.experiment = values.name_or_none(options.experiment)
        self.attributes = {"command": process.shown(words), **process.folder()}

    def _surroundings(self) -> list[Event]:
        who, where = person.person(), node.node()
        self.note_used(self.code)
        return [
            Node(0, 0, self.code, "Entity", ["Code"], self.script.name),
            who,
            where,
            Used(0, 0, self.id, self.code, "code"),
            Relate(0, 0, "wasAssociatedWith", self.id, who.id, "author"),
            Relate(0, 0, "ranOn", self.id, where.id),
        ]

    def find_code(self) -> None:
        """Which version the code is. Asks git, so the command runs meanwhile."""
        version, *further = code(self.script)
        assert isinstance(version, Node)
        WRITER.emit(version, *further, Alias(0, 0, self.code, version.id))

    def over(self, outcome: Outcome, error: str | None, facts: Attributes) -> None:
        """The command has ended."""
        if self.ended:
            return
        self.ended = True
        scope.leave(self)
        WRITER.emit(Node(0, 0, self.id, "Activity", [], None, facts), End(0, 0, self.id, outcome, error))


def run(words: Sequence[str], options: Options) -> int:
    """Run a command and record it; returns its exit code, or dies of the signal that it died of."""
    signals = Signals()
    try:
        ended = _run(words, options, signals)
    finally:
        lifecycle.finish()
        signals.forget()
    if isinstance(ended, int):
        return ended
    return die_of(ended.signal) if ended.signal else ended.code


def _run(words: Sequence[str], options: Options, signals: Signals) -> Ended | int:
    recorded, made = _begin(words, options)
    env = dict(os.environ)
    if recorded is not None:
        env[parent.NAME] = recorded.id
    env.pop(parent.PAGE, None)
    ranks.hand_on(env)
    if signals.waiting():
        if recorded is not None:
            _end(recorded, "killed", "a signal before the command was started", {})
        lifecycle.finish()
        signals.release()  # and begat ends as any program does
    tails = Tails(options.tail)
    began = time.monotonic()
    try:
        child = Child(words, env, tails.actions, signals)
    except OSError as e:
        tails.started()
        why = f"{process.shown(words[:1])}: {e.strerror or e}"
        problems.say(why)
        if recorded is not None:
            _end(recorded, "failed", why, {"exit_code": not_started(e)})
        return not_started(e)
    tails.started()
    if recorded is not None:
        try:
            recorded.find_code()
        except Exception as e:  # the hook boundary: the command goes on whatever becomes of its record
            problems.note(e)
    ended = child.wait()
    seconds = time.monotonic() - began
    if recorded is not None:
        _finish(recorded, made, ended, _facts(ended, seconds, tails), signals)
    tails.finish()
    return ended


def _begin(words: Sequence[str], options: Options) -> tuple[Command | None, outputs.Outputs]:
    if WRITER.off:
        return None, outputs.Outputs(())
    try:
        recorded = Command(words, options)
        recorded.start()
        for pattern in options.inputs:
            found = outputs.matching(pattern)
            if not found:
                problems.warn(f"--in {pattern}: no such file")
            for path in found:
                recorded.used(path)
        return recorded, outputs.Outputs(options.outputs)
    except Exception as e:  # the hook boundary, as in _run
        problems.warn(f"the command is not recorded: {type(e).__name__}: {e}")
        return None, outputs.Outputs(())


def _finish(recorded: Command, made: outputs.Outputs, ended: Ended, facts: Attributes, signals: Signals) -> None:
    try:
        if unchanged := made.generated(recorded):
            problems.say(f"--out: {unchanged} left as they were before the command, so not recorded as made by it")
    except Exception as e:  # the hook boundary, as in _run
        problems.note(e)
    _end(recorded, *_outcome(ended), facts)
    digester.wait(signals.waiting)  # large files are read to their ends, unless somebody is in a hurry


def _end(recorded: Command, outcome: Outcome, error: str | None, facts: Attributes) -> None:
    try:
        recorded.over(outcome, error, facts)
    except Exception as e:  # the hook boundary, as in _run
        problems.note(e)


def _outcome(ended: Ended) -> tuple[Outcome, str | None]:
    """A command that ends well is finished, also after a signal; one that does not was killed if somebody wanted it."""
    if ended.signal:
        text = f"signal {ended.signal} ({signal.Signals(ended.signal).name})"
        return "killed" if ended.signal in BY_SOMEBODY else "failed", text
    if ended.code:
        return "killed" if ended.signals & BY_SOMEBODY else "failed", f"exit code {ended.code}"
    return "finished", None


def _facts(ended: Ended, seconds: float, tails: Tails) -> Attributes:
    """Seconds, bytes, and the last lines of what it said."""
    use = ended.usage
    facts: Attributes = {
        "exit_code": ended.exit_code,
        "duration_s": round(seconds, 6),
        "cpu_user_s": round(use.ru_utime, 6),
        "cpu_system_s": round(use.ru_stime, 6),
        "max_rss_bytes": use.ru_maxrss * 1024,
    }
    if ended.signal:
        facts["signal"] = ended.signal
    for name, said in tails.read().items():
        facts[name] = secrets.text(said)
    return facts
