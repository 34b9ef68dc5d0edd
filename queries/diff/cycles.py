"""The cycles of a graph: its strongly connected components (Tarjan), without recursion."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any


def components(nodes: Iterable[Any], step: Callable[[Any], Iterable[Any]]) -> list[list[Any]]:
    """The components of all that is reached from some nodes, each behind all those that it leads to."""
    index: dict[Any, int] = {}
    low: dict[Any, int] = {}
    held: dict[Any, None] = {}
    done: list[list[Any]] = []

    def enter(n: Any) -> tuple[Any, Iterator[Any]]:
        index[n] = low[n] = len(index)
        held[n] = None
        return n, iter(step(n))

    for start in nodes:
        if start in index:
            continue
        work = [enter(start)]
        while work:
            n, rest = work[-1]
            for m in rest:
                if m not in index:
                    work.append(enter(m))
                    break
                if m in held:
                    low[n] = min(low[n], index[m])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[n])
                if low[n] == index[n]:
                    part = []
                    while True:
                        m, _ = held.popitem()
                        part.append(m)
                        if m == n:
                            break
                    done.append(part)
    return done
