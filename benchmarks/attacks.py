"""A running service that is worn at: requests made to be costly, thousands of connections, and what another client,
in a process of its own, has of it meanwhile.

That client asks a question at a steady pace, over one connection; before each attack it does so alone, so that what is
compared has had the same machine.
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from statistics import median
from typing import Any, Final

from benchmarks import kept
from benchmarks.budget import at_most
from benchmarks.hostile import ATTACKS, Hostile
from benchmarks.serving import Served, serving
from benchmarks.timing import p95

REFUSED_MS: Final = 50
OTHER: Final = 2
#: Seconds of an attack, and before it.
SECONDS: Final = 2.0
#: Connections that say nothing.
MANY: Final = 3_000
Found = dict[str, Any]


def attacks() -> Found:
    """Each attack: how soon it is refused, and how much later another's answers come."""
    store = kept.sqlite("S")
    found: Found = {}
    with serving(f"sqlite:///{store}", "--no-watch") as at:
        Other(at).during(SECONDS, lambda: None)  # the first answers are slower
        for name, hostile in ATTACKS.items():
            found |= attacked(at, name, hostile)
        found |= crowded(at)
    return found


def attacked(at: Served, name: str, hostile: Hostile) -> Found:
    """One attack, request after request for some seconds."""
    other, times = Other(at), list[float]()
    quiet = other.during(SECONDS, lambda: time.sleep(0.01))

    def again() -> None:
        began = time.perf_counter()
        status, body = asked(at, hostile.again(len(times)))
        times.append((time.perf_counter() - began) * 1000)
        assert refused_by(status, body) == hostile.code, (name, status, body[:300])

    loud = other.during(SECONDS, again)
    return {
        f"{name}: refused": at_most(median(times), REFUSED_MS, "ms", p95_ms=round(p95(times), 1), times=len(times)),
        f"{name}: the other": against(quiet, loud),
    }


def crowded(at: Served) -> Found:
    """Thousands of connections of which nothing comes, or only half of a request, while the other makes new ones."""
    return {
        f"{MANY:,} silent connections: the other": _crowded(at, b""),
        f"{MANY:,} half requests: the other": _crowded(at, b"POST /graphql HTTP/1.1\r\nHost: "),
    }


def _crowded(at: Served, said: bytes) -> Found:
    other, refused = Other(at, anew=True), 0
    quiet = other.during(SECONDS, lambda: time.sleep(0.01))
    with ExitStack() as opened:
        for _ in range(MANY):
            try:
                one = opened.enter_context(socket.create_connection((at.host, at.port), timeout=10))
                one.sendall(said)
            except OSError:
                refused += 1
        loud = other.during(SECONDS, lambda: time.sleep(0.01))
    return against(quiet, loud, refused=refused)


def against(quiet: list[float], loud: list[float], **more: Any) -> Found:
    """How much later answers come than without an attack."""
    alone, then = p95(quiet), p95(loud)
    shown = {"alone_p95_ms": round(alone, 1), "p95_ms": round(then, 1), "p50_ms": round(median(loud), 1)}
    return at_most(then / alone, OTHER, "times", **shown, alone_p50_ms=round(median(quiet), 1), **more)


def refused_by(status: int, body: bytes) -> str | int:
    """The code of an answer's first error; the status where it is none of GraphQL's."""
    told = json.loads(body)
    return told["errors"][0]["extensions"]["code"] if "errors" in told else status


def asked(at: Served, hostile: Hostile) -> tuple[int, bytes]:
    """The status and the body of an answer."""
    client = HTTPConnection(at.host, at.port, timeout=60)
    with suppress(BrokenPipeError, ConnectionResetError):  # what is too large is not read to its end
        method = "POST" if hostile.body else "GET"
        client.request(method, hostile.path, hostile.body, {"Content-Type": "application/json"})
    answer = client.getresponse()
    body = answer.read()
    client.close()
    return answer.status, body


class Other:
    """Another client. `anew`: with a connection for each question."""

    def __init__(self, at: Served, *, anew: bool = False) -> None:
        self.command = [sys.executable, "-m", "benchmarks.steady", at.host, str(at.port), "anew" if anew else "same"]

    def during(self, seconds: float, work: Callable[[], None]) -> list[float]:
        """The times in ms that its answers took while `work` was done again and again."""
        with subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            process.stdout.readline()  # it has begun
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                work()
            told, _ = process.communicate("")  # it ends with its standard input
        times: list[float] = json.loads(told)
        return times
