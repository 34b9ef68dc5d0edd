"""A point of a series: the call that training loops make."""

from os import write
from time import time_ns
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from begat.capture import problems, values
from begat.capture.writer import NO_SPACE, WRITER
from begat.graph_schema.events import Metric, encode

if TYPE_CHECKING:
    from begat.capture.runs import Run

#: Names that are recorded as they are: looking one up costs less than looking at it, and training has few.
_NAMES: Final[set[str]] = set()
_MOST_NAMES: Final = 1_000


def metric(run: "Run", name: str, value: Any, step: Any = None, **context: Any) -> None:
    """A point of the series `name`: a number (NaN and infinities too), its step, and what tells series apart.

    `run.metric("loss", 0.3, step=7, split="validation")`. Points without a step are in the order of their calls.
    """
    try:
        w = WRITER
        if w.off:
            w.dropped += 1
            return
        if type(name) is not str or name not in _NAMES:
            name = _named(name)
        # value - value is 0.0 for finite floats only.
        if type(value) is not float or value - value != 0.0:
            value = values.number(value)
        if type(step) is not int and step is not None:
            step = values.step(step)
        labels = {values.name(k): values.plain(v) for k, v in context.items()} if context else None
        if not w.ready:
            w.emit(Metric(0, 0, run.id, name, value, step, run.section, labels))
            return
        # What follows is Writer.one in line: a call less.
        try:
            w.lock.acquire()
            w.seq = seq = w.seq + 1
            at = time_ns() // 1000
            if at < w.at:
                at = w.at
            w.at = at
            try:
                body = encode(Metric(seq, at, run.id, name, value, step, run.section, labels))
            except Exception:
                w.unsaid(seq - 1, seq)
                raise
            line = b"%08x %b\n" % (crc32(body), body)
            try:
                done = write(w.fd, line)
            except OSError as e:
                w.failed(seq - 1, seq, 0, e.strerror or str(e))
                return
            if done != len(line):
                w.failed(seq - 1, seq, done, NO_SPACE)
            elif seq >= w.turn:
                w.look()
        finally:
            try:
                w.lock.release()
            except RuntimeError:  # an interrupt came before the lock was taken
                pass
    except Exception as e:  # the hook boundary
        problems.note(e)


def _named(name: Any) -> str:
    """The name of a series as it is recorded."""
    text = values.name(name)
    if text == name and len(_NAMES) < _MOST_NAMES:
        _NAMES.add(text)
    return text
