"""A command as a child process that neither it nor who called begat can tell from one that was called directly.

It has this process's streams, folder, process group and terminal. A signal that is sent to begat is handed on to it;
one that the terminal sends (Ctrl-C) it has got itself, since the terminal sends it to all of the group.
"""

import os
import resource
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from errno import ENOENT, ENOEXEC
from typing import Any, Final, NamedTuple

#: What is handed on to the command. Stopping and continuing are the terminal's business.
FORWARDED: Final = (
    signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
)  # fmt: skip
#: What Python ignores and programs count on.
IGNORED_BY_PYTHON: Final = (signal.SIGPIPE, signal.SIGXFSZ)


class Ended(NamedTuple):
    """How a child ended: exit code, or the signal it died of; what it and its children used; what was sent to it.

    `signals` has none that this process was told to ignore, as `nohup` does: they end nobody.
    """

    code: int
    signal: int
    usage: resource.struct_rusage
    signals: frozenset[int]

    @property
    def exit_code(self) -> int:
        """As shells tell it."""
        return 128 + self.signal if self.signal else self.code


class Signals:
    """From here on signals wait until somebody asks for them; threads that are started later get none."""

    def __init__(self) -> None:
        # Where it is ignored the kernel keeps no child's exit code, and a blocked signal waits though it is ignored.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.before = signal.pthread_sigmask(signal.SIG_BLOCK, {*FORWARDED, signal.SIGCHLD})
        self.ignored = frozenset(s for s in FORWARDED if signal.getsignal(s) == signal.SIG_IGN)

    def waiting(self) -> bool:
        """Whether somebody wants this process to end."""
        return bool(signal.sigpending() & set(FORWARDED) - self.ignored)

    def release(self) -> None:
        """As before; what has come meanwhile has its way."""
        signal.pthread_sigmask(signal.SIG_SETMASK, self.before)

    def forget(self) -> None:
        """As before; what has come meanwhile came too late."""
        while signal.sigtimedwait(FORWARDED, 0) is not None:
            continue
        self.release()


class Child:
    """A running command. Raises OSError when it cannot be started: `not_started` has the exit code for that."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], streams: list[Any], signals: Signals) -> None:
        if not words[0]:
            raise FileNotFoundError(ENOENT, "no such command: its name is empty")
        self.ignored = signals.ignored

        def spawn(*words: str) -> int:
            return os.posix_spawnp(
                words[0], words, env, file_actions=streams, setsigmask=signals.before, setsigdef=IGNORED_BY_PYTHON
            )

        try:
            self.pid = spawn(*words)
        except OSError as e:
            if e.errno != ENOEXEC:
                raise
            self.pid = spawn("/bin/sh", *words)  # a script without a first line that says what runs it

    def wait(self) -> Ended:
        """Until it ends; signals that are sent to this process meanwhile are handed on."""
        seen: set[int] = set()
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            got = signal.sigwaitinfo({*FORWARDED, signal.SIGCHLD})
            if got.si_signo == signal.SIGCHLD:
                continue
            if got.si_signo not in self.ignored:
                seen.add(got.si_signo)
            if got.si_code <= 0:  # by a process; the kernel's own go to the whole group
                os.kill(self.pid, got.si_signo)
        _, status, usage = os.wait4(self.pid, 0)
        died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        return Ended(0 if died else os.WEXITSTATUS(status), died, usage, frozenset(seen))


def not_started(e: OSError) -> int:
    """The exit code that shells have for a command that cannot be started: not found, or found and no program."""
    return 127 if isinstance(e, FileNotFoundError) else 126


def die_of(number: int) -> int:
    """End this process by a signal, without a core of its own; returns a shell's exit code where it does not end so."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
    time.sleep(0.2)  # it may be delivered to another thread first
    return 128 + number
