"""Strongly connected components, against reachability."""

from hypothesis import given
from hypothesis import strategies as st

from begat.queries.constraints.cycles import Edges, components, graph, round_trip

NODES = 7
PAIRS = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=14)


def reached(pairs: list[tuple[int, int]], start: int) -> set[int]:
    """What can be reached in one step or more."""
    found: set[int] = set()
    waiting = [start]
    while waiting:
        node = waiting.pop()
        more = {b for a, b in pairs if a == node} - found
        found |= more
        waiting += more
    return found


@given(PAIRS)
def test_nodes_are_together_where_each_reaches_the_other(pairs: list[tuple[int, int]]) -> None:
    edges = Edges()
    for mark, pair in enumerate(pairs):
        edges.add(*pair, mark)
    of = graph(edges, NODES)
    found = components(of, NODES)
    reach = [reached(pairs, n) for n in range(NODES)]
    for a in range(NODES):
        for b in range(NODES):
            assert (found[a] == found[b]) == (a == b or (b in reach[a] and a in reach[b]))
    for number, (a, b) in enumerate(pairs):
        if found[a] == found[b]:
            way = [pairs[edge] for edge in round_trip(of, found, number)]
            assert way[0] == (a, b)
            assert [end for _, end in way] == [begin for begin, _ in way[1:]] + [a]


def test_a_long_circle_needs_no_stack() -> None:
    edges = Edges()
    for n in range(100_000):
        edges.add(n, (n + 1) % 100_000, n)
    of = graph(edges, 100_000)
    found = components(of, 100_000)
    assert len(set(found)) == 1
    assert len(round_trip(of, found, 0)) == 100_000
