"""Clocks: the least of several rounds, rounds of rivals in turn, so that a noisy machine is noisy to all."""

import math
import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

Work = Callable[[int], object]
#: Seconds of CPU.
Clock = Callable[[], float]


class Cost(NamedTuple):
    """Microseconds per call: by the wall, and of CPU in this thread."""

    wall: float
    cpu: float


def in_turn(calls: int, rounds: int, *works: Work) -> list[Cost]:
    """The least cost of each work per call. A work does as many calls as it is told."""
    for work in works:
        work(max(1, calls // 10))
    wall = [float("inf")] * len(works)
    cpu = list(wall)
    for _ in range(rounds):
        for i, work in enumerate(works):
            began, began_cpu = time.perf_counter_ns(), time.thread_time_ns()
            work(calls)
            cpu[i] = min(cpu[i], (time.thread_time_ns() - began_cpu) / calls / 1000)
            wall[i] = min(wall[i], (time.perf_counter_ns() - began) / calls / 1000)
    return [Cost(w, c) for w, c in zip(wall, cpu, strict=True)]


class Times(NamedTuple):
    """Milliseconds of a work that was done several times: median and p95 by the wall, median of CPU."""

    median: float
    p95: float
    cpu: float


def warm_median_ms(work: Callable[[], object], rounds: int = 9, warm: int = 2) -> float:
    """The median time of a work in milliseconds, after it has been done a few times."""
    return warm_times(work, rounds, warm, math.inf).median


def clock_of(process: int) -> Clock:
    """The CPU of another process, all its threads, on Linux (clock_getcpuclockid(3))."""
    number = (~process << 3) | 2
    return lambda: time.clock_gettime(number)


def warm_times(
    work: Callable[[], object], rounds: int = 20, warm: int = 2, enough_s: float = 3, clock: Clock = time.thread_time
) -> Times:
    """The times of a work after it has been done a few times; of a long one those of 7 rounds."""
    for _ in range(warm):
        work()
    wall: list[float] = []
    cpu: list[float] = []
    start = time.perf_counter()
    while len(wall) < rounds and (len(wall) < 7 or time.perf_counter() - start < enough_s):
        began, began_cpu = time.perf_counter(), clock()
        work()
        cpu.append((clock() - began_cpu) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return _times(wall, cpu)


def warm_in_turn(
    *works: Callable[[], object], rounds: int = 9, warm: int = 2, clock: Clock = time.thread_time
) -> list[Times]:
    """The times of each work, done in turn with the others after all have been done a few times."""
    wall: list[list[float]] = [[] for _ in works]
    cpu: list[list[float]] = [[] for _ in works]
    for n in range(warm + rounds):
        for i, work in enumerate(works):
            began, began_cpu = time.perf_counter(), clock()
            work()
            if n >= warm:
                cpu[i].append((clock() - began_cpu) * 1000)
                wall[i].append((time.perf_counter() - began) * 1000)
    return [_times(w, c) for w, c in zip(wall, cpu, strict=True)]


def p95(times: list[float]) -> float:
    """By the nearest rank."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def _times(wall: list[float], cpu: list[float]) -> Times:
    return Times(median(wall), p95(wall), median(cpu))
