"""The life of a process, as its journal sees it: the timer, forks, SIGTERM, exit."""

import atexit
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from begat.capture import parent, problems, scope
from begat.capture.writer import WRITER
from begat.graph_schema.events import BEAT, End

#: How often what is written goes to the disk, in seconds.
SYNC: Final = 1.0
#: How long exit, a fork or a signal waits for work in other threads, in seconds.
WAIT: Final = 2.0
#: How long exit waits for what is still to be found out: on a busy machine the packages take a while.
GATHER: Final = 5.0


class Timer(threading.Thread):
    """fdatasync every second, a beat after half a minute of silence."""

    def __init__(self) -> None:
        super().__init__(name="begat-timer", daemon=True)
        self.ended = threading.Event()

    def run(self) -> None:
        synced = 0
        while not self.ended.wait(SYNC):
            try:
                WRITER.confess()
                if WRITER.seq != synced or WRITER.sealing:
                    synced = WRITER.seq
                    WRITER.sync()
                elif time.time_ns() // 1000 - WRITER.at > BEAT * 1e6:
                    WRITER.beat()
                for look in _looks:
                    look()
            except Exception as e:  # as at a hook's boundary: a thread of ours must not end with a traceback
                problems.note(e)

    def end(self) -> None:
        self.ended.set()
        if self is not threading.current_thread():
            self.join(WAIT)


_timer: Timer | None = None
#: What else the timer looks at every second.
_looks: list[Callable[[], None]] = []
_registered = False
_handled = False
#: Puts back the handler of SIGTERM that was there before ours.
_restore: Callable[[], None] | None = None
_locked = False
#: A SIGTERM has come that somebody else's handler answers.
terminated = False


def begin() -> None:
    """With a process's first segment: the timer, and once for all what ends it well."""
    global _registered
    _start_timer()
    if WRITER.settings is not None and WRITER.settings.sink is not None:
        from begat.capture import sinks

        sinks.begin()
    handle_sigterm()
    if not _registered:
        _registered = True
        atexit.register(_at_exit)
        os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)
    if parent.is_worker():
        # A worker leaves by os._exit, which skips atexit; this is what it does run.
        sys.modules["multiprocessing.util"].Finalize(None, finish, exitpriority=0)


def finish() -> None:
    """End what is open, gather and read what is still to be gathered and read, seal the journal."""
    global _timer
    for run in scope.open_here():
        run.finish(scope.exception())
    if scope.unended:
        WRITER.emit(*scope.unended)
        scope.unended.clear()
    _gather_and_read(GATHER, WAIT)
    if _timer is not None:
        _timer.end()
        _timer = None
    WRITER.confess()
    WRITER.close()


def _gather_and_read(gather: float, read: float) -> None:
    """What is still to be gathered and read, each for so many seconds; what is left is told."""
    from begat.capture import digester, surroundings

    surroundings.finish(gather)
    digester.finish(read)


def _at_exit() -> None:
    finish()
    if getattr(sys, "last_type", None) is KeyboardInterrupt:
        # A process that Ctrl-C ended dies of SIGINT, so that the shell's loop around it ends too. CPython notes that
        # where it runs a program's text, and forgets it when some module we gathered with runs another (namedtuple
        # does): so have it note it once more.
        try:
            exec("raise KeyboardInterrupt")  # noqa: S102  our own text
        except KeyboardInterrupt:
            pass


def look_too(look: Callable[[], None]) -> None:
    """Have the timer call this every second as well. It may write events; what it raises is counted."""
    if look not in _looks:
        _looks.append(look)


def restart() -> None:
    """End and seal what is open; the next hook begins anew, with a new identity and the settings as they are then."""
    from begat.capture import surroundings

    finish()
    problems.report()
    WRITER.reset()
    surroundings.forget()


def _start_timer() -> None:
    global _timer
    _timer = Timer()
    try:
        _timer.start()
    except RuntimeError:  # the interpreter is ending, or there is no thread to be had: exit seals all the same
        _timer = None


def _before_fork() -> None:
    """No thread of ours and no held lock may be copied: Python 3.12 warns of the one, a child hangs on the other."""
    global _timer, _locked
    from begat.capture import digester, surroundings

    if _timer is not None:
        _timer.end()
        _timer = None
    surroundings.before_fork(WAIT)
    digester.before_fork(WAIT)
    _locked = WRITER.lock.acquire(timeout=WAIT)


def _after_fork() -> None:
    from begat.capture import digester, surroundings

    if _locked:
        WRITER.lock.release()
    if WRITER.segment is not None:
        _start_timer()
    surroundings.after_fork()
    digester.begin()


def _in_child() -> None:
    global _handled, _restore
    from begat.capture import digester, surroundings

    if _restore is not None:  # whether the child is a worker of a pool will show later
        _restore()
        _handled, _restore = False, None
    scope.forget_open()
    surroundings.in_child()
    digester.forget()
    problems.forget()


def handle_sigterm() -> None:
    """Chain our handler before the one that is there. Only the main thread may; an ignored signal stays ignored.

    Not in the workers of a pool: a handler in Python that comes just before a wait runs after it, which never ends
    there, and the pool that ends its workers by SIGTERM would wait for ever.
    """
    global _handled, _restore
    if _handled or threading.current_thread() is not threading.main_thread() or parent.is_worker():
        return
    before = signal.getsignal(signal.SIGTERM)
    if before is signal.SIG_IGN or before is None:
        return
    _handled = True

    def terminate(number: int, frame: FrameType | None) -> Any:
        global terminated
        if callable(before):
            terminated = True
            _surely(WRITER.sync)
            return before(number, frame)
        signal.signal(number, signal.SIG_DFL)
        _surely(lambda: _killed(number))
        _surely(lambda: _gather_and_read(WAIT, 0.0))
        _surely(WRITER.confess)
        _surely(WRITER.close)
        problems.report()
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, terminate)

    def restore() -> None:
        if signal.getsignal(signal.SIGTERM) is terminate:
            signal.signal(signal.SIGTERM, before)

    _restore = restore


def _killed(number: int) -> None:
    """The open runs end here, killed."""
    for run in scope.open_here():
        if run.sections:
            from begat.capture import sections  # which is there, since it opened them

            sections.close(run, "killed")
        WRITER.emit(End(0, 0, run.id, "killed", f"signal {number}"))


def _surely(do: Callable[[], None]) -> None:
    """The hook boundary: whatever fails here, the signal has its way."""
    try:
        do()
    except Exception as e:
        problems.note(e)
