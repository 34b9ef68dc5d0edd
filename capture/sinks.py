"""Sinks of other packages: what `BEGAT_SINK=SCHEME:...` names where SCHEME is neither `file` nor `noop`.

Events are written to the spool's journal all the same, before a hook returns: that is what `kill -9` leaves. A sink is
told of the journal's files and takes them further. A package offers one by an entry point of the group `begat.sinks`,
named as the scheme: a callable that is given the whole address and returns a Sink.

    [project.entry-points."begat.sinks"]
    bucket = "my_package.sink:open_sink"

It is loaded and called by one thread of begat's own, which nothing else waits for: neither a hook nor what keeps the
journal on the disk. Only the process's end waits, five seconds at most. What a sink raises is counted and told once,
and never reaches the user's program. A forked child opens one of its own.
"""

import os
import threading
from collections import deque
from importlib import metadata
from typing import Final, Protocol

from begat.capture import problems, secrets

GROUP: Final = "begat.sinks"
#: How long the process's end waits for a sink, in seconds.
PATIENCE: Final = 5.0
#: How long a fork does, the first time that it does not come back.
FORK: Final = 2.0


class Sink(Protocol):
    """What a sink can be told. A journal is append-only: what was there before stays as it was."""

    def written(self, path: str) -> None:
        """The journal at `path` has grown, and is on disk. At most once a second; less often if the sink is slow."""

    def sealed(self, path: str) -> None:
        """The journal at `path` (its name ends in `.seg` now) is whole and never changes again."""

    def close(self) -> None:
        """The process ends, or goes on with another sink."""


#: What is to be told: the sink's address, the method, what it is given.
Word = tuple[str, str, tuple[str, ...]]


class _Teller(threading.Thread):
    """Tells the sinks one thing after the other. `words` and `open` outlive it: after a fork another one goes on."""

    def __init__(self, words: deque[Word], open: dict[str, Sink | None]) -> None:
        super().__init__(name="begat-sink", daemon=True)
        self.words = words
        self.open = open
        self.changed = threading.Condition()
        self.idle = threading.Event()
        self.stopped = False

    def run(self) -> None:
        while True:
            with self.changed:
                while not self.words and not self.stopped:
                    self.idle.set()
                    self.changed.wait()
                if self.stopped:
                    self.idle.set()
                    return
                word = self.words.popleft()
            _say(self.open, *word)

    def add(self, word: Word) -> None:
        with self.changed:
            if word not in self.words:  # a slow sink is told once that a journal has grown
                self.idle.clear()
                self.words.append(word)
                self.changed.notify()

    def stop(self, wait: float) -> None:
        with self.changed:
            self.stopped = True
            self.changed.notify()
        self.join(wait)


_teller: _Teller | None = None


def begin() -> None:
    """Have a thread that tells; an interpreter that is ending could not start one any more."""
    global _teller
    if _teller is None or not _teller.is_alive():
        before = _teller
        _teller = _Teller(before.words if before else deque(), before.open if before else {})
        try:
            _teller.start()
        except RuntimeError:  # it is ending already: what is still to be told is not
            _teller = before


def tell(url: str, what: str, *given: str) -> None:
    """Have a method of the sink of this address called; it is opened when it is first told something."""
    begin()
    if _teller is not None:
        _teller.add((url, what, given))
        if what == "close" and not _teller.idle.wait(PATIENCE):
            _warn(url, f"it was not done {PATIENCE:g} s after the process's end")


def _before_fork() -> None:
    """No thread of ours goes on while the process forks, unless a sink does not come back."""
    if _teller is not None and _teller.is_alive() and not _teller.stopped:
        _teller.stop(FORK)


def _after_fork() -> None:
    """In the parent: what is left is told."""
    if _teller is not None:
        if _teller.is_alive():
            _teller.stopped = False
        begin()


def _in_child() -> None:
    """The sinks are the parent's."""
    global _teller
    _teller = None


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)


def _say(open: dict[str, Sink | None], url: str, what: str, given: tuple[str, ...]) -> None:
    try:
        if url not in open:
            open[url] = None  # once only, if it cannot be opened
            open[url] = _opened(url)
        sink = open[url]
        if sink is not None:
            getattr(sink, what)(*given)
    except Exception as e:  # the hook boundary: another package's failure is no more the user's than our own
        _warn(url, f"{type(e).__name__}: {e}")
    if what == "close":
        open.pop(url, None)


def _warn(url: str, why: str) -> None:
    problems.warn(f"BEGAT_SINK={secrets.text(url)}: {why}; the journals in the spool are written anyway")


def _opened(url: str) -> Sink:
    scheme = url.partition(":")[0]
    found = tuple(metadata.entry_points(group=GROUP, name=scheme))
    if not found:
        known = sorted({"file", "noop", *(e.name for e in metadata.entry_points(group=GROUP))})
        raise LookupError(f"no installed package has a sink {scheme!r} (known are {', '.join(known)})")
    sink: Sink = found[0].load()(url)
    return sink
