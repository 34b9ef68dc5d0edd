"""What a hook costs the training it is in."""

import os
import resource
import time
from collections.abc import Callable
from hashlib import blake2b
from statistics import median
from typing import Any
from zlib import crc32

from benchmarks.budget import at_most, plain
from benchmarks.journal import BEGINNING
from benchmarks.recording import recording
from benchmarks.timing import in_turn

CALLS, ROUNDS = 20_000, 25
BATCH_S = 0.005
#: Batches of all loops, and of one.
BATCHES, BLOCK = 800, 40
POINTS = 1_000_000
FILES, ROWS = 50, 300_000
#: What a batch works on, in C and beyond the second-level cache, as training does.
DATA = bytes(1 << 20)


def metric() -> dict[str, Any]:
    """A metric call beside the bare function: Struct, encode, crc32, format, os.write."""
    with recording(2 * (ROUNDS * CALLS + CALLS // 10)) as spool:
        import begat

        fd = os.open(spool / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with begat.run("train") as run:
            act = _bare(fd, run.id)

            def bare(calls: int) -> None:
                for i in range(calls):
                    act(i)

            def hook(calls: int) -> None:
                for i in range(calls):
                    run.metric("loss", 0.5, step=i)

            def function(calls: int) -> None:
                for i in range(calls):
                    begat.metric("loss", 0.5, step=i)

            b, h, f = in_turn(CALLS, ROUNDS, bare, hook, function)
        os.close(fd)
    return {
        "run.metric": at_most(h.wall / b.wall, 1.5, "times the bare function", us=round(h.wall, 3)),
        "begat.metric": plain(f.wall / b.wall, "times the bare function", us=round(f.wall, 3)),
        "bare function": plain(b.wall, "us"),
    }


def activity() -> dict[str, Any]:
    """A call of a decorated function, over the same function undecorated; all of it is in the journal on return."""
    with recording((2 + 3 + 5) * 15 * 5_000) as spool:
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

        fd = os.open(spool / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with begat.run("pipeline") as run:
            empty, one, through = costs(nothing), costs(setting, 0.1), costs(flow, thing)
            (bare,) = in_turn(5_000, 15, _bare_call(fd, run.id))
        os.close(fd)
    return {
        "start and end": at_most(empty, 7, "us CPU", of_bare=round(empty / bare.cpu, 2)),
        "bare function": plain(bare.cpu, "us CPU"),
        "and a setting": plain(one, "us CPU"),
        "and an object used and made": plain(through, "us CPU"),
    }


def memory() -> dict[str, Any]:
    """What a million points in one run add to the memory that the process had after its first thousand."""
    with recording(POINTS):
        import begat

        def points(first: int, last: int) -> None:
            for i in range(first, last):
                run.metric("loss", 0.5, step=i, split="train")

        with begat.run("train") as run:
            points(0, 1_000)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            points(1_000, POINTS)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"1,000,000 metrics": at_most(more / 1024, 64, "MiB more at the most, sealed journals included")}


def digests() -> dict[str, Any]:
    """A file whose digest is remembered, in this process or by another, beside reading it again with pandas."""
    import pandas

    with recording(2 * FILES) as spool:
        import begat
        from begat.capture import digest

        path = spool / "x.csv"
        path.write_text("a,b,c\n" + "".join(f"{n},{n * 0.5},{n % 7}\n" for n in range(ROWS)))
        time.sleep(2.1)  # the digest of a younger file is not believed

        with begat.run("train") as run:

            def hook(calls: int) -> None:
                for _ in range(calls):
                    run.used(path, digest="now")

            def elsewhere(calls: int) -> None:
                for _ in range(calls):
                    digest.forget()
                    run.used(path, digest="now")

            def read(calls: int) -> None:
                for _ in range(calls):
                    pandas.read_csv(path)

            reading = in_turn(1, 5, read)[0].wall
            here, there = (cost.wall for cost in in_turn(FILES, 5, hook, elsewhere))
    return {
        "remembered here": at_most(here / reading * 100, 1, "% of reading it with pandas", us=round(here, 1)),
        "remembered by another process": at_most(there / reading * 100, 1, "% of that", us=round(there, 1)),
        "reading it with pandas": plain(reading / 1000, "ms", rows=ROWS),
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
    """A loop of 5 ms batches with a metric each: CPU in the hooks, and the whole by the wall.

    A batch leaves the caches to itself, so a hook costs more here than in a tight loop; the bare function does too, and
    so does reading the clock: what a loop without a hook seems to cost is taken off. They have their loops in turn, so
    that what the machine does besides it does to all.
    """
    with recording(3 * BATCHES // 2) as spool:
        import begat

        fd = os.open(spool / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with begat.run("train") as run:

            def hook(i: int) -> None:
                run.metric("loss", 0.5, step=i)

            hooks, bare, nothing = _after_batches(hook, _bare(fd, run.id), lambda i: None)
            inside, bare = hooks - nothing, bare - nothing
            with_hook, without = _side_by_side(hook)
        os.close(fd)
    return {
        "CPU in hooks": at_most(inside / 1000 / BATCH_S / 10_000, 0.1, "% of 5 ms", us=round(inside / 1000, 2)),
        "beside the bare function": plain(inside / bare, "times"),
        "bare function": plain(bare / 1000 / BATCH_S / 10_000, "% of 5 ms", us=round(bare / 1000, 2)),
        "wall": at_most((with_hook / without - 1) * 100, 1, "% over the same loop without hooks"),
    }


def _bare(fd: int, run: str) -> Callable[[int], object]:
    """What a metric costs at the least: a Struct, its JSON, a checksum, and a line that the kernel has."""
    from begat.graph_schema.events import Metric, encode

    def act(i: int) -> None:
        body = encode(Metric(i, BEGINNING, run, "loss", 0.5, i))
        os.write(fd, b"%08x %b\n" % (crc32(body), body))

    return act


def _bare_call(fd: int, parent: str) -> Callable[[int], object]:
    """What two lines about a call cost at the least: an id, its start and its end."""
    from begat.graph_schema import ids
    from begat.graph_schema.events import Attributes, End, Start, encode

    where: Attributes = {"function": "benchmarks.hooks.nothing"}

    def write(event: Start | End) -> None:
        body = encode(event)
        os.write(fd, b"%08x %b\n" % (crc32(body), body))

    def bare(calls: int) -> None:
        for i in range(calls):
            of = ids.mint()
            write(Start(i, BEGINNING, of, "nothing", [], parent, None, None, where))
            write(End(i, BEGINNING, of))

    return bare


def _after_batches(*acts: Callable[[int], object]) -> list[float]:
    """Nanoseconds of CPU that each act takes after each batch of a loop, loops in turn: medians."""
    inside: list[list[int]] = [[] for _ in acts]
    for first in range(0, BATCHES, BLOCK):
        for act, took in zip(acts, inside, strict=True):
            for i in range(first, first + BLOCK):
                took.append(_after_a_batch(act, i))
    return [median(took) for took in inside]


def _after_a_batch(act: Callable[[int], object], i: int) -> int:
    end = time.perf_counter() + BATCH_S
    while time.perf_counter() < end:
        blake2b(DATA)
    before = time.thread_time_ns()
    act(i)
    return time.thread_time_ns() - before


def _side_by_side(act: Callable[[int], object]) -> tuple[float, float]:
    """The median time of a batch of fixed work with an act behind it and without, one by one in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    pieces = max(1, round(BATCH_S / min(_seconds(lambda: blake2b(DATA)) for _ in range(20))))
    for i in range(BATCHES):
        began = time.perf_counter()
        for _ in range(pieces):
            blake2b(DATA)
        if i % 2 == 0:
            act(i)
        times[i % 2].append(time.perf_counter() - began)
    return median(times[0]), median(times[1])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
