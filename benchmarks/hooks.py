"""What a hook costs the training it is in."""

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any
from zlib import crc32

from benchmarks.budget import at_most, plain
from benchmarks.timing import in_turn

BATCH_S = 0.005


def metric() -> dict[str, Any]:
    """A metric call beside the bare function: Struct, encode, crc32, format, os.write."""
    with tempfile.TemporaryDirectory() as spool:
        os.environ["BEGAT_SPOOL"] = spool
        import begat
        from begat.graph_schema.events import Metric, encode

        fd = os.open(os.path.join(spool, "bare"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with begat.run("train") as run:

            def bare(calls: int) -> None:
                of, now = run.id, time.time_ns() // 1000
                for i in range(calls):
                    body = encode(Metric(i, now, of, "loss", 0.5, i))
                    os.write(fd, b"%08x %b\n" % (crc32(body), body))

            def hook(calls: int) -> None:
                for i in range(calls):
                    run.metric("loss", 0.5, step=i)

            def function(calls: int) -> None:
                for i in range(calls):
                    begat.metric("loss", 0.5, step=i)

            b, h, f = in_turn(20_000, 25, bare, hook, function)
        os.close(fd)
    return {
        "run.metric": at_most(h.wall / b.wall, 1.5, "times the bare function", us=round(h.wall, 3)),
        "begat.metric": plain(f.wall / b.wall, "times the bare function", us=round(f.wall, 3)),
        "bare function": plain(b.wall, "us"),
    }


def activity() -> dict[str, Any]:
    """A call of a decorated function, over the same function undecorated; all of it is in the journal on return."""
    with tempfile.TemporaryDirectory() as spool:
        os.environ["BEGAT_SPOOL"] = spool
        import begat

        class Thing:
            """Something that flows from one function to the next."""

        thing = Thing()

        def nothing() -> None: ...
        def setting(rate: float) -> None: ...
        def flow(thing: Thing) -> Thing:
            return thing

        def costs(function: Callable[..., Any], *args: Any) -> float:
            recorded = begat.activity(function)

            def plainly(calls: int) -> None:
                for _ in range(calls):
                    function(*args)

            def with_hook(calls: int) -> None:
                for _ in range(calls):
                    recorded(*args)

            p, h = in_turn(5_000, 15, plainly, with_hook)
            return h.cpu - p.cpu

        with begat.run("pipeline"):
            empty, one, through = costs(nothing), costs(setting, 0.1), costs(flow, thing)
    return {
        "start and end": at_most(empty, 7, "us CPU"),
        "and a setting": plain(one, "us CPU"),
        "and an object used and made": plain(through, "us CPU"),
    }


def disabled() -> dict[str, Any]:
    """Hooks under BEGAT_DISABLED=1, over the empty loop."""
    os.environ["BEGAT_DISABLED"] = "1"
    import begat

    def function() -> None: ...

    recorded = begat.activity(function)
    with begat.run("train") as run:

        def empty(calls: int) -> None:
            for _ in range(calls):
                pass

        def hook(calls: int) -> None:
            for i in range(calls):
                run.metric("loss", 0.5, step=i)

        def bare(calls: int) -> None:
            for _ in range(calls):
                function()

        def decorated(calls: int) -> None:
            for _ in range(calls):
                recorded()

        e, h, f, d = in_turn(100_000, 15, empty, hook, bare, decorated)
    return {
        "metric": at_most(h.wall - e.wall, 0.2, "us"),
        "activity": at_most(d.wall - f.wall, 0.2, "us over the bare function"),
    }


def overhead() -> dict[str, Any]:
    """A loop of 5 ms batches with a metric each, an epoch every 50: CPU in hooks, and the whole by the wall."""
    with tempfile.TemporaryDirectory() as spool:
        os.environ["BEGAT_SPOOL"] = spool
        import begat

        table = list(range(200_000))
        look = _cost_of_looking()
        inside, batches, began = 0, 0, time.perf_counter()
        with begat.run("train") as run:
            for _ in run.epochs(10):
                for _ in range(50):
                    _batch(table)
                    before = time.thread_time_ns()
                    run.metric("loss", 0.5, step=batches)
                    inside += time.thread_time_ns() - before - look
                    batches += 1
        wall = time.perf_counter() - began
        with_hooks, without = _rivals(table)
    return {
        "CPU in hooks": at_most(inside / 1e9 / batches / BATCH_S * 100, 0.1, "% of 5 ms", batches=batches),
        "wall": at_most((with_hooks / without - 1) * 100, 1, "% over the same loop without hooks"),
        "batch": plain(wall / batches * 1000, "ms"),
    }


def _batch(table: list[int]) -> int:
    """5 ms of work that leaves the caches to itself."""
    end, total = time.perf_counter() + BATCH_S, 0
    while time.perf_counter() < end:
        total += sum(table[:20_000])
    return total


def _fixed(table: list[int]) -> int:
    """A batch of about 5 ms whose amount of work is fixed."""
    return sum(sum(table) for _ in range(4))


def _rivals(table: list[int]) -> tuple[float, float]:
    """The least wall time of a round of batches with hooks and without, in turn."""
    import begat

    with begat.run("train") as run:

        def loop(calls: int) -> None:
            for i in range(calls):
                _fixed(table)
                run.metric("loss", 0.5, step=i)

        def without(calls: int) -> None:
            for _ in range(calls):
                _fixed(table)

        with_hooks, bare = in_turn(40, 15, loop, without)
    return with_hooks.wall, bare.wall


def _cost_of_looking() -> int:
    """What reading the thread's clock adds to what is between two readings, in nanoseconds."""
    least = 1 << 62
    for _ in range(10_000):
        before = time.thread_time_ns()
        least = min(least, time.thread_time_ns() - before)
    return least
