"""Clocks: the least of several rounds, rounds of rivals in turn, so that a noisy machine is noisy to all."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

Work = Callable[[int], object]


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


def warm_median_ms(work: Callable[[], object], rounds: int = 9, warm: int = 2) -> float:
    """The median time of a work in milliseconds, after it has been done a few times."""
    for _ in range(warm):
        work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)
