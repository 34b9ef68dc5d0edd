"""What a hook costs while the journal is also sent to a server: one that takes it, none, and one that never answers."""

import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.budget import at_most, plain
from benchmarks.recording import recording
from benchmarks.scratch import scratch
from benchmarks.serving import serving
from benchmarks.timing import in_turn

CALLS, ROUNDS = 2_000, 25
#: A training as many are: so many seconds, so many metrics in each of them.
SECONDS, RATE = 10.0, 200


def sink() -> dict[str, Any]:
    """Metric calls in a tight loop, and the CPU of all threads in a training of 200 metrics a second."""
    told: dict[str, Any] = {}
    alone = _cost("")
    told["no sink"] = plain(alone.cpu, "us CPU of a metric call", a_second=round(alone.a_second, 2))
    for name, server in (("a server", _taking), ("no server", _none), ("a silent server", _silent)):
        with server() as address:
            cost = _cost(address)
        told[name] = at_most(cost.cpu / alone.cpu, 1.25, "times the CPU of a metric call without a sink")
        more = cost.a_second - alone.a_second
        told[f"{name}: all threads"] = at_most(more / 10, 2, "% of one core more, in a training", ms=round(more, 2))
    return told


class _Cost:
    """Microseconds of CPU that a metric takes the thread that calls it; milliseconds a second of all threads."""

    def __init__(self, cpu: float, a_second: float) -> None:
        self.cpu, self.a_second = cpu, a_second


def _cost(address: str) -> _Cost:
    """In a process of its own, since a process has one journal."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            os.environ["BEGAT_SINK"] = address
            os.write(write, repr(_measured()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        cpu, a_second = (float(x) for x in pipe.read().strip("()").split(","))
    os.waitpid(child, 0)
    return _Cost(cpu, a_second)


def _measured() -> tuple[float, float]:
    with recording(round(ROUNDS * CALLS + SECONDS * RATE)):
        import begat

        with begat.run("train") as run:

            def hook(calls: int) -> None:
                for i in range(calls):
                    run.metric("loss", 0.5, step=i)

            (tight,) = in_turn(CALLS, ROUNDS, hook)
            time.sleep(3)  # until what the loop has written is sent, or not
            began, before = time.monotonic(), _cpu()
            for n in range(round(SECONDS * RATE)):
                run.metric("loss", 0.5, step=n)
                time.sleep(max(0.0, began + (n + 1) / RATE - time.monotonic()))
            spent = (_cpu() - before) / (time.monotonic() - began)
    return tight.cpu, spent * 1000


def _cpu() -> float:
    """Seconds of CPU of all threads of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def _taking() -> Iterator[str]:
    """A service that takes all."""
    with scratch() as folder, serving(f"sqlite:///{folder}/graph.db", "--no-watch") as service:
        yield service.address


@contextmanager
def _none() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def _silent() -> Iterator[str]:
    """One that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as door:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


