"""Sinks: what `BEGAT_SINK=SCHEME:...` names where SCHEME is neither `file` nor `noop`.

`https:` is begat's own (network.py), all others are those of other packages.

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
from abc import ABC, abstractmethod
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


class Working(ABC):
    """A sink that works on by itself: begat's own, which waits for a server."""

    @abstractmethod
    def written(self, path: str) -> None:
        """As a Sink's; this and the next only take a note."""

    @abstractmethod
    def sealed(self, path: str) -> None:
        """As a Sink's."""

    @abstractmethod
    def close(self) -> None:
        """As a Sink's: do what can be done quickly."""

    @abstractmethod
    def work(self) -> float | None:
        """Do a little of what is to be done; called when there is nothing to tell. Returns in how many seconds to call
        it again, None: when it was told something."""

    @abstractmethod
    def pause(self) -> None:
        """Break off what is under way; called by another thread. Nothing is done until `resume`."""

    @abstractmethod
    def resume(self) -> None:
        """Go on."""

    @abstractmethod
    def in_child(self) -> None:
        """This is a forked child: let go of what is the parent's."""

    @abstractmethod
    def farewell(self) -> str:
        """What the process's end leaves to be done, for people; "" when there is nothing, or it was told."""


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
            again = self._work()
            with self.changed:
                if not self.words and not self.stopped:
                    if again is None:
                        self.idle.set()
                    self.changed.wait(again)
                if self.stopped:
                    self.idle.set()
                    return
                if not self.words:
                    continue
                word = self.words.popleft()
            _say(self.open, *word)

    def _work(self) -> float | None:
        """Have sinks work on; in how many seconds one of them wants to do so again."""
        soonest: float | None = None
        for url, sink in self.open.items():
            if isinstance(sink, Working):
                try:
                    again = sink.work()
                except Exception as e:  # the hook boundary, as in _say
                    _warn(url, f"{type(e).__name__}: {e}")
                    again = None
                if again is not None:
                    soonest = again if soonest is None else min(soonest, again)
        return soonest

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
        for sink in self.working():
            sink.pause()
        self.join(wait)

    def working(self) -> list[Working]:
        """The sinks that work by themselves."""
        return [sink for sink in [*self.open.values()] if isinstance(sink, Working)]


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
            sink = _teller.open.get(url)
            if isinstance(sink, Working):
                _part(sink)
            else:
                _warn(url, f"it was not done {PATIENCE:g} s after the process's end")


def _before_fork() -> None:
    """No thread of ours goes on while the process forks, unless a sink does not come back."""
    if _teller is not None and _teller.is_alive() and not _teller.stopped:
        _teller.stop(FORK)


def _after_fork() -> None:
    """In the parent: what is left is told."""
    if _teller is not None:
        for sink in _teller.working():
            sink.resume()
        if _teller.is_alive():
            _teller.stopped = False
        begin()


def _in_child() -> None:
    """The sinks are the parent's."""
    global _teller
    if _teller is not None:
        for sink in _teller.working():
            sink.in_child()
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
        sink = open.pop(url, None)
        if isinstance(sink, Working):
            _part(sink)


def _part(sink: Working) -> None:
    """Tell what is left to be done: it is no loss."""
    if left := sink.farewell():
        problems.remark(left)


def _warn(url: str, why: str) -> None:
    problems.warn(f"BEGAT_SINK={secrets.text(url)}: {why}; the journals in the spool are written anyway")


def _opened(url: str) -> Sink:
    scheme = url.partition(":")[0]
    if scheme in ("https", "http"):
        from begat.capture.network import NetworkSink

        return NetworkSink(url)
    found = tuple(metadata.entry_points(group=GROUP, name=scheme))
    if not found:
        known = sorted({"file", "https", "noop", *(e.name for e in metadata.entry_points(group=GROUP))})
        raise LookupError(f"no installed package has a sink {scheme!r} (known are {', '.join(known)})")
    sink: Sink = found[0].load()(url)
    return sink
