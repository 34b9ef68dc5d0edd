"""Where boxes stand: in columns from causes on the left to effects on the right, with few crossings.

Sugiyama's method, by fast-sugiyama. That ends the whole process on a link from a thing to itself, so such links are
left to whoever draws; cycles, which imported documents have and folding makes, are opened here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from begat.graph_schema.errors import MissingExtra, UsageError

#: Boxes that are laid out: more are no picture.
MOST: Final = 5_000
#: Between parts of a picture that do not hang together, in slots of a column.
APART: Final = 0.6
#: How much of a slot a line takes that passes a column.
PASSING: Final = 0.5

#: An arrow between nodes that are numbered from 0.
Edge = tuple[int, int]


class Place(NamedTuple):
    """A column, from the left, and a place in it, from the top, in slots."""

    column: int
    slot: float


class Layout(NamedTuple):
    """`places` of the nodes; `bends` are the places at which an edge passes columns between its ends', in its order."""

    places: list[Place]
    bends: dict[Edge, list[Place]]


def layout(count: int, edges: Iterable[Edge]) -> Layout:
    """Places for nodes 0 .. count-1 joined by edges (effect, cause).

    Raises MissingExtra without the library, UsageError for more nodes than MOST.
    """
    if count > MOST:
        raise UsageError(f"{count} boxes are no picture any more: lower --limit or --depth, or leave --no-fold out")
    forward = _forward(count, edges)
    places: dict[int, Place] = {}
    bends: dict[Edge, list[Place]] = {}
    top = 0.0
    for part in _parts(set(forward.values())):
        # The library numbers what it adds from the number of nodes on, so each part has numbers of its own.
        joined = sorted({n for edge in part for n in edge})
        number = {n: i for i, n in enumerate(joined)}
        positions, drawn = _laid_out([(number[a], number[b]) for a, b in part])
        at = _columns(positions, top)
        places.update({joined[n]: p for n, p in at.items() if n < len(joined)})
        bends.update({(joined[a], joined[b]): way for (a, b), way in _bends(at, drawn, len(joined)).items()})
        top = max(p.slot for p in at.values()) + 1 + APART
    for n in range(count):
        if n not in places:
            places[n] = Place(0, top)
            top += 1
    ways = {edge: bends.get(along, []) for edge, along in forward.items()}
    turned = {edge: way if forward[edge] == edge else way[::-1] for edge, way in ways.items()}
    return Layout([places[n] for n in range(count)], turned)


def _parts(edges: Iterable[Edge]) -> list[list[Edge]]:
    """The edges that hang together, the most first."""
    near: dict[int, list[int]] = defaultdict(list)
    ordered = sorted(edges)
    for a, b in ordered:
        near[a].append(b)
        near[b].append(a)
    part_of: dict[int, int] = {}
    for start in near:
        rest = [start] if start not in part_of else []
        while rest:
            n = rest.pop()
            if n not in part_of:
                part_of[n] = start
                rest += near[n]
    parts: dict[int, list[Edge]] = defaultdict(list)
    for edge in ordered:
        parts[part_of[edge[0]]].append(edge)
    return sorted(parts.values(), key=len, reverse=True)


def _laid_out(edges: list[Edge]) -> tuple[Sequence[tuple[int, tuple[float, float]]], Sequence[Edge]]:
    """Positions (node, (x, y)) of one part, and its edges by way of what stands for them in layers that they pass."""
    try:
        from fast_sugiyama import from_edges
    except ImportError as e:
        raise MissingExtra("a picture as svg", "pictures") from e
    ((positions, _, _, drawn),) = from_edges(
        edges, vertex_spacing=1, dummy_vertices=True, dummy_size=PASSING, check_layout=False
    )
    return [(int(n), (float(x), float(y))) for n, (x, y) in positions], [(int(a), int(b)) for a, b in drawn or ()]


def _columns(positions: Iterable[tuple[int, tuple[float, float]]], top: float) -> dict[int, Place]:
    """The library stacks layers from the top down; here they stand side by side."""
    known = [(n, x, y) for n, (x, y) in positions]
    layers = {y: n for n, y in enumerate(sorted({y for _, _, y in known}, reverse=True))}
    least = min(x for _, x, _ in known)
    return {n: Place(layers[y], top + x - least) for n, x, y in known}


def _bends(at: dict[int, Place], edges: Iterable[Edge], count: int) -> dict[Edge, list[Place]]:
    """The places that edges pass: a way from node to node through what is no node."""
    onward: dict[int, list[int]] = defaultdict(list)
    for source, target in edges:
        onward[source].append(target)
    bends: dict[Edge, list[Place]] = {}
    for start in [n for n in onward if n < count]:
        for step in onward[start]:
            here, way = step, []
            while here >= count:
                way.append(at[here])
                here = onward[here][0]
            bends[start, here] = way
    return bends


def _forward(count: int, edges: Iterable[Edge]) -> dict[Edge, Edge]:
    """Each edge (effect, cause) as it is laid out: from cause to effect, or as it is where that would close a cycle."""
    causes: dict[int, list[int]] = defaultdict(list)
    given = [e for e in dict.fromkeys(edges) if e[0] != e[1]]
    for effect, cause in given:
        causes[effect].append(cause)
    open_: set[int] = set()
    done: set[int] = set()
    forward: dict[Edge, Edge] = {}
    for start in range(count):
        way = [(start, iter(causes[start]))] if start not in done else []
        open_.update(n for n, _ in way)
        while way:
            here, rest = way[-1]
            cause = next(rest, -1)
            if cause < 0:
                way.pop()
                open_.discard(here)
                done.add(here)
                continue
            forward[here, cause] = (here, cause) if cause in open_ else (cause, here)
            if cause not in done and cause not in open_:
                open_.add(cause)
                way.append((cause, iter(causes[cause])))
    return forward
