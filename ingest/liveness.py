"""Is a journal's writer still alive? Told only where it can be proved from here.

A process is known by its number and its start time, within one boot of one host and one pid namespace: the header
has all of them. From another host, another boot or another container nothing can be proved.
"""

from functools import cache

from begat.graph_schema import kernel
from begat.graph_schema.events import BEAT, Header

#: Unseen for this long, in seconds, a writer on another machine counts as gone.
SILENCE = 3 * BEAT


def alive(header: Header) -> bool | None:
    """True or False where it is proved, None where it cannot be known from here."""
    if not header.boot or not header.pid or (header.host, header.boot, header.pid_ns) != _here():
        return None
    try:
        state, started = kernel.process(header.pid)
    except FileNotFoundError:
        return False
    except (OSError, ValueError, IndexError):
        return None
    if state in "ZX":
        return False
    if not header.pid_start:
        return None
    return started == header.pid_start


@cache
def _here() -> tuple[str, str, str]:
    """Empty where the system does not tell: nothing can be proved there."""
    here = kernel.host(), kernel.boot(), kernel.pid_namespace()
    return here if all(here) else ("", "", "")
