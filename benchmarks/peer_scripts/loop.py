"""The same loop around every library: `python -m benchmarks.peer_scripts.with_NAME first|metric|task|kill|kept [N]`.

Run by the Python that has the library; nothing here needs begat. What is found is printed as JSON.
"""

import json
import os
import signal
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from statistics import median

#: How long the calls of one kind are repeated, and how many are made before, in seconds and calls.
LONG = 2.0
WARM = 50
Call = Callable[[int], object]


class Peer(ABC):
    """A library as its own README begins with it; what this process writes is in the working folder."""

    @abstractmethod
    def begin(self) -> dict[str, Call]:
        """Import it and open a run. What it records: a point of a series as "metric", the start and end of an activity
        that does nothing as "task", each told how often it was called before.
        """

    @abstractmethod
    def kept(self) -> dict[str, int]:
        """How many metrics and tasks lie in the working folder that a killed process has left."""


def main(peer: Peer) -> None:
    """Do what the command line asks for."""
    what, *rest = sys.argv[1:]
    if what == "kept":
        print(json.dumps(peer.kept()))
        return
    calls = peer.begin()
    if what == "kill":
        for i in range(int(rest[0])):
            for call in calls.values():
                call(i)
        print(json.dumps(list(calls)), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "first":
        next(iter(calls.values()))(0)
    else:
        print(json.dumps(_cost(calls[what]) if what in calls else None), flush=True)
    os._exit(0)


def _cost(call: Call) -> dict[str, float]:
    """Microseconds a call: by the wall, the median of a hundred calls; and of CPU in all threads of this process."""

    def calls(first: int, last: int) -> None:
        for i in range(first, last):
            call(i)

    calls(0, WARM)
    times: list[float] = []
    began, began_cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < LONG:
        start, first = time.perf_counter(), WARM + 100 * len(times)
        calls(first, first + 100)
        times.append(time.perf_counter() - start)
    many = 100 * len(times)
    cpu = (time.process_time() - began_cpu) / many
    return {"us": median(times) / 100 * 1e6, "cpu_us": cpu * 1e6, "calls": many}
