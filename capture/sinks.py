"""Sinks of other packages: what `BEGAT_SINK=SCHEME:...` names where SCHEME is neither `file` nor `noop`.

Events are written to the spool's journal all the same, before a hook returns: that is what `kill -9` leaves. A sink is
told of the journal's files and takes them further. A package offers one by an entry point of the group `begat.sinks`,
named as the scheme: a callable that is given the whole address and returns a Sink.

    [project.entry-points."begat.sinks"]
    bucket = "my_package.sink:open_sink"

It is loaded by begat's own thread, or when the process ends; no hook waits for it. What it raises is counted and told
once, and never reaches the user's program. It is called in one thread at a time, and should come back within seconds:
the process's end waits for it. A forked child opens one of its own.
"""

import os
import threading
from importlib import metadata
from typing import Final, Protocol

from begat.capture import problems, secrets

GROUP: Final = "begat.sinks"


class Sink(Protocol):
    """What a sink can be told. A journal is append-only: what was there before stays as it was."""

    def written(self, path: str) -> None:
        """The journal at `path` has grown, and is on disk. At most once a second."""

    def sealed(self, path: str) -> None:
        """The journal at `path` (its name ends in `.seg` now) is whole and never changes again."""

    def close(self) -> None:
        """The process ends, or goes on with another sink."""


_open: dict[str, Sink | None] = {}
_lock = threading.RLock()


def tell(url: str, what: str, *given: str) -> None:
    """Call a method of the sink of this address; it is opened when it is first told something."""
    with _lock:
        try:
            if url not in _open:
                _open[url] = None  # once only, if it cannot be opened
                _open[url] = _opened(url)
            sink = _open[url]
            if sink is not None:
                getattr(sink, what)(*given)
        except Exception as e:  # the hook boundary: another package's failure is no more the user's than our own
            shown = secrets.text(url)
            problems.warn(f"BEGAT_SINK={shown}: {type(e).__name__}: {e}; the journals in the spool are written anyway")
        if what == "close":
            _open.pop(url, None)


def _opened(url: str) -> Sink:
    scheme = url.partition(":")[0]
    found = tuple(metadata.entry_points(group=GROUP, name=scheme))
    if not found:
        known = sorted({"file", "noop", *(e.name for e in metadata.entry_points(group=GROUP))})
        raise LookupError(f"no installed package has a sink {scheme!r} (known are {', '.join(known)})")
    sink: Sink = found[0].load()(url)
    return sink


def _forget() -> None:
    global _lock
    _lock = threading.RLock()
    _open.clear()


os.register_at_fork(after_in_child=_forget)
