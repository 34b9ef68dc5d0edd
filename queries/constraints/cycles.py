"""Strongly connected components of a graph of whole numbers, and ways round a circle."""

from array import array
from collections import deque
from itertools import accumulate
from typing import NamedTuple


class Edges:
    """Edges from 0.. to 0.., each with a mark: the statement behind it, say."""

    def __init__(self) -> None:
        self.sources = array("q")
        self.targets = array("q")
        self.marks = array("q")

    def add(self, source: int, target: int, mark: int) -> None:
        """One more."""
        self.sources.append(source)
        self.targets.append(target)
        self.marks.append(mark)


class Graph(NamedTuple):
    """Edges by their source: those of node n are `edges[starts[n] : starts[n + 1]]`, as numbers of edges."""

    all: Edges
    starts: "array[int]"
    edges: "array[int]"


def graph(edges: Edges, nodes: int) -> Graph:
    """Edges sorted by their source, by counting."""
    counts = array("q", bytes(8 * (nodes + 1)))
    for source in edges.sources:
        counts[source + 1] += 1
    starts = array("q", accumulate(counts))
    at, found = array("q", starts), array("q", bytes(8 * len(edges.sources)))
    for number, source in enumerate(edges.sources):
        found[at[source]] = number
        at[source] += 1
    return Graph(edges, starts, found)


def components(of: Graph, nodes: int) -> "array[int]":
    """The strongly connected component of each node, by number (Tarjan 1972, without recursion), in linear time."""
    starts, edges, targets = of.starts, of.edges, of.all.targets
    # 0 is not seen yet; a node that is done has the number of its component, below 0.
    low = array("q", bytes(8 * nodes))
    at = array("q", starts)
    seen, done = 0, 0
    kept: list[int] = []
    way: list[int] = []
    for first in range(nodes):
        if low[first]:
            continue
        way.append(first)
        ranks: list[int] = []
        while way:
            node = way[-1]
            if at[node] == starts[node] and not low[node]:
                seen += 1
                low[node] = seen
                ranks.append(seen)
                kept.append(node)
            least = low[node]
            going, end, below = at[node], starts[node + 1], -1
            while going < end and below < 0:
                other = targets[edges[going]]
                if not low[other]:
                    below = other
                    continue
                if 0 < low[other] < least:
                    least = low[other]
                going += 1
            at[node], low[node] = going, least
            if below >= 0:
                # The edge is looked at again on the way back, when the node below knows how far up it reaches.
                way.append(below)
                continue
            way.pop()
            if ranks.pop() == least:
                done -= 1
                while True:
                    member = kept.pop()
                    low[member] = done
                    if member == node:
                        break
    return low


def round_trip(of: Graph, component: "array[int]", edge: int) -> list[int]:
    """A shortest circle through an edge within its component, as edges that begin with it."""
    begin, end = of.all.targets[edge], of.all.sources[edge]
    came = {begin: edge}
    queue = deque([begin])
    while end not in came:
        node = queue.popleft()
        for number in of.edges[of.starts[node] : of.starts[node + 1]]:
            other = of.all.targets[number]
            if component[other] == component[node] and other not in came:
                came[other] = number
                queue.append(other)
    back = [came[end]]
    while back[-1] != edge:
        back.append(came[of.all.sources[back[-1]]])
    return back[::-1]
