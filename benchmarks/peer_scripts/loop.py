"""The same loop around every library: `python -m benchmarks.peer_scripts.with_NAME first|metric|task|kill|kept [N]`.

Run by the Python that has the library; nothing here needs begat. What is found is printed as JSON.
"""

import json
import os
import signal
import sys
import time
from abc import ABC, abstractmethod
from statistics import median

#: How long the calls of one kind are repeated, and how many are made before, in seconds and calls.
LONG = 2.0
WARM = 50


class Peer(ABC):
    """A library as its own README begins with it. What it does not have raises NotImplementedError."""

    @abstractmethod
    def begin(self) -> None:
        """Import it and open a run; what this process writes is in the working folder."""

    def metric(self, i: int) -> None:
        """A point of a series, the i-th."""
        raise NotImplementedError

    def task(self) -> None:
        """The start and the end of an activity that does nothing."""
        raise NotImplementedError

    @abstractmethod
    def kept(self) -> dict[str, int]:
        """How many metrics and tasks lie in the working folder that a killed process has left."""


def main(peer: Peer) -> None:
    """Do what the command line asks for."""
    what, *rest = sys.argv[1:]
    if what == "kept":
        print(json.dumps(peer.kept()))
        return
    peer.begin()
    has = _has(peer, 1 if what == "first" else 2)
    if what == "first":
        os._exit(0)
    if what in ("metric", "task"):
        print(json.dumps(_cost(peer, what) if what in has else None), flush=True)
        os._exit(0)
    for i in range(1, int(rest[0])):  # kill
        if "metric" in has:
            peer.metric(i)
        if "task" in has:
            peer.task()
    print(json.dumps(has), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def _has(peer: Peer, most: int) -> list[str]:
    """What the library records, so much of it at the most, each called once."""
    found: list[str] = []
    for name, call in (("metric", lambda: peer.metric(0)), ("task", peer.task)):
        if len(found) == most:
            break
        try:
            call()
            found.append(name)
        except NotImplementedError:
            continue
    return found


def _cost(peer: Peer, what: str) -> dict[str, float]:
    """Microseconds a call: by the wall, the median of a hundred calls; and of CPU in all threads of this process."""

    def calls(first: int, last: int) -> None:
        if what == "metric":
            for i in range(first, last):
                peer.metric(i)
        else:
            for _ in range(first, last):
                peer.task()

    calls(1, WARM)
    times: list[float] = []
    began, began_cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < LONG:
        start, first = time.perf_counter(), WARM + 100 * len(times)
        calls(first, first + 100)
        times.append(time.perf_counter() - start)
    many = 100 * len(times)
    cpu = (time.process_time() - began_cpu) / many
    return {"us": median(times) / 100 * 1e6, "cpu_us": cpu * 1e6, "calls": many}
