"""Is a journal's writer still alive? Told only where it can be proved from here.

A process is known by its number and its start time, within one boot of one host and one pid namespace: the header
has all of them. From another host, another boot or another container nothing can be proved.
"""

import os
from functools import cache
from pathlib import Path

from begat.graph_schema.events import Header

#: A writer with nothing to say still writes a beat this often, in seconds.
BEAT = 30.0
#: Unseen for this long, in seconds, a writer on another machine counts as gone.
SILENCE = 3 * BEAT


def alive(header: Header) -> bool | None:
    """True or False where it is proved, None where it cannot be known from here."""
    if not header.boot or not header.pid or (header.host, header.boot, header.pid_ns) != _here():
        return None
    try:
        state, started = _process(header.pid)
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return None
    if state in "ZX":
        return False
    if not header.pid_start:
        return None
    return started == header.pid_start


@cache
def _here() -> tuple[str, str, str]:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return os.uname().nodename, boot, os.readlink("/proc/self/ns/pid")
    except OSError:  # no /proc: nothing can be proved
        return "", "", ""


def _process(pid: int) -> tuple[str, int]:
    """State and start time (clock ticks since boot) of a process; its name may hold blanks and brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return fields[0], int(fields[19])
