"""The flow projection: the lineage law as plain reachability.

An activity's events in order of position are folded into phases, so that what hangs on a phase reaches exactly what
the law puts behind it. The projection of an activity is a pure function of its statements; events after its last are
appended from a saved Tail, which gives the same edges as starting again. Phases are named by the position of the part
start or generation they follow, never counted, so that a late event renames nothing else.

    own     an activity's first input phase; an entity's first generation. Ordinary nodes have nothing but this
    fin     all of an activity: what a whole takes from an ended part, and B from A when B wasInformedBy A
    name    an activity that is named as generator and nothing more (exact generations)
    input   an activity's next input phase, opened by a usage after something hung on the one before
    output  what generations hang on once parts have ended
    made    an entity's second and further generations
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import msgspec

from begat.graph_schema.law import FIRST, LAST, History, Key, Node
from begat.graph_schema.statements import Flow

OWN: Final = "own"
FIN: Final = "fin"
NAME: Final = "name"
INPUT: Final = "input"
OUTPUT: Final = "output"
MADE: Final = "made"

#: Order of events that share a position (documents only): a usage counts, a generation comes last.
USE: Final = 0
PART_START: Final = 1
PART_END: Final = 2
GENERATION: Final = 3

NO_KEY: Final[Key] = (-2, "", 0)


class Phase(NamedTuple):
    """A node of the projection: a phase of `node`; `at` is the position it is named by, where its kind has one."""

    node: Node
    kind: str = OWN
    at: Key = NO_KEY


class Edge(NamedTuple):
    """source depends on target. `context` None: between phases of one node, which everyone sees, at any time."""

    source: Phase
    target: Phase
    context: Any = None
    time: int | None = None


class Happening(NamedTuple):
    """One event of an activity: `rank` says which; `other` is the entity's phase, or the part."""

    at: Key
    rank: int
    other: Phase
    exact: bool
    context: Any
    time: int | None


class Ended(NamedTuple):
    """A part that has ended, not yet behind any output phase."""

    part: Any
    context: Any
    time: int | None


class Tail(msgspec.Struct):
    """Where the projection of an activity stands: all that appending needs. JSON with integer nodes."""

    last: Key = NO_KEY
    input: Key | None = None  # the current input phase's name; None: the activity's own node
    hung: Key | None = None  # the last that hangs on it
    output: Key | None = None
    output_input: Key | None = None  # the input phase that output hangs on; NO_KEY: one before the current
    fresh: list[Ended] = []
    any_ended: bool = False
    wanted: bool = False  # it is a part or an informant: fin has to be there
    fin: Key | None = None  # the input phase that fin points to
    has_fin: bool = False
    late: int = 0  # how many times late events have had it projected anew
    kept: list[int] | None = None  # how many events of each rank the store keeps a trail of, see splice.py; None: none


def advance(node: Node, tail: Tail, events: Iterable[Happening]) -> Iterator[Edge]:
    """The edges that events (sorted, all after tail.last) add; moves the tail. Give first usages only."""
    yield from follow(node, tail, events)
    if (tail.any_ended or tail.wanted) and (not tail.has_fin or tail.fin != tail.input):
        yield Edge(Phase(node, FIN), Phase(node) if tail.input is None else Phase(node, INPUT, tail.input))
        tail.has_fin, tail.fin = True, tail.input


def follow(node: Node, tail: Tail, events: Iterable[Happening]) -> Iterator[Edge]:
    """The same without the fin, which stands at the end of all events."""

    def current() -> Phase:
        return Phase(node) if tail.input is None else Phase(node, INPUT, tail.input)

    for e in events:
        tail.last = e.at
        if e.rank == USE:
            if tail.hung is not None:
                before = current()
                tail.input, tail.hung = tail.hung, None
                yield Edge(current(), before)
            yield Edge(current(), e.other, e.context, e.time)
        elif e.rank == PART_START:
            yield Edge(e.other, current(), e.context, e.time)
            tail.hung = e.at
        elif e.rank == PART_END:
            ended = Ended(e.other.node, e.context, e.time)
            tail.fresh.append(ended)
            tail.any_ended = True
            yield Edge(Phase(node, FIN), Phase(e.other.node, FIN), e.context, e.time)
        elif e.exact:
            yield Edge(e.other, Phase(node, NAME), e.context, e.time)
        else:
            yield from _generate(node, tail, e, current())


def _generate(node: Node, tail: Tail, e: Happening, current: Phase) -> Iterator[Edge]:
    tail.hung = e.at
    if not tail.any_ended:
        yield Edge(e.other, current, e.context, e.time)
        return
    if tail.output is None or tail.fresh or tail.output_input != tail.input:
        before, tail.output, tail.output_input = tail.output, e.at, tail.input
        yield Edge(Phase(node, OUTPUT, e.at), current)
        if before is not None:
            yield Edge(Phase(node, OUTPUT, e.at), Phase(node, OUTPUT, before))
        for part, context, time in tail.fresh:
            yield Edge(Phase(node, OUTPUT, e.at), Phase(part, FIN), context, time)
        tail.fresh = []
    yield Edge(e.other, Phase(node, OUTPUT, tail.output), e.context, e.time)


def stale_fin(node: Node, before: tuple[bool, Key | None], tail: Tail) -> Edge | None:
    """The fin edge that an append has replaced: `before` is (tail.has_fin, tail.fin) as they were."""
    had, fin = before
    if not had or fin == tail.fin:
        return None
    return Edge(Phase(node, FIN), Phase(node) if fin is None else Phase(node, INPUT, fin))


def first_uses(events: Iterable[Happening]) -> Iterator[Happening]:
    """Only an activity's first use of each generation counts, seen from each context."""
    seen: set[tuple[Phase, Any]] = set()
    for e in events:
        if e.rank == USE:
            if (e.other, e.context) in seen:
                continue
            seen.add((e.other, e.context))
        yield e


def made(entity: Node, instants: list[Key], index: int) -> Phase:
    """The phase of an entity's index-th generation: its own node for the first."""
    return Phase(entity) if index == 0 else Phase(entity, MADE, instants[index])


def time_of(at: Key) -> int | None:
    """The time in a key, or None where it stands for no time."""
    return at[0] if FIRST < at[0] < LAST else None


def _used_phase(h: History, entity: Node, at: Key) -> Phase:
    return made(entity, h.instants(entity), h.chosen(entity, at))


def happenings(h: History, activity: Node) -> list[Happening]:
    """All that an activity's projection looks at, in order: usages, its parts' starts and ends, generations."""
    out = [
        Happening(u.at, USE, _used_phase(h, u.entity, u.at), False, u.context, time_of(u.at))
        for u in h.uses.get(activity, ())
    ]
    for part, context in h.parts.get(activity, ()):
        start, end = h.start_key(part), h.end_key(part)
        out.append(Happening(start, PART_START, Phase(part), False, context, time_of(start)))
        if end is not None:
            out.append(Happening(end, PART_END, Phase(part), False, context, time_of(end)))
    for at, entity in set(h.made.get(activity, ())):
        instants = h.instants(entity)
        phase = made(entity, instants, instants.index(at))
        for g in h.generations[entity]:
            if g.activity == activity and g.at == at:
                out.append(Happening(at, GENERATION, phase, g.exact, g.context, time_of(at)))
    out.sort(key=lambda e: (e.at, e.rank, str(e.other.node), e.exact, str(e.context)))
    return out


class Projection(NamedTuple):
    """Of a node: the flow edges it owns, and an activity's tail and the events that count, in order."""

    edges: set[Edge]
    tail: Tail | None
    events: list[Happening]


def project(h: History, node: Node) -> Projection:
    """The projection of a node. A pure function of the node's statements.

    An activity owns the edges of its usages, generations, of its parts' starts and ends, and between its phases; an
    entity those of its derivations, specialisations and members.
    """
    edges: set[Edge] = set(_links(h, node))
    if node not in h.activities:
        return Projection(edges, None, [])
    for informant, context, at in h.informants.get(node, ()):
        edges.add(Edge(Phase(node), Phase(informant, FIN), context, time_of(at)))
    tail = Tail(wanted=bool(h.wholes.get(node) or h.informed.get(node)))
    events = list(first_uses(happenings(h, node)))
    edges.update(advance(node, tail, events))
    return Projection(edges, tail, events)


def _links(h: History, entity: Node) -> Iterator[Edge]:
    instants = h.instants(entity)
    for link in h.links.get(entity, ()):
        target = _used_phase(h, link.target, link.at)
        for index in h.binding(entity, link):
            yield Edge(made(entity, instants, index), target, link.context, time_of(link.at))


def flow_statements(edges: Iterable[Edge]) -> Iterator[Flow]:
    """Edges as scan gives them: phases by name, one per ends and context, at the least time."""
    held: dict[tuple[str, str, Any], int | None] = {}
    for e in edges:
        key = (phase_name(e.source), phase_name(e.target), e.context)
        held[key] = e.time if key not in held or e.time is None else earlier(held[key], e.time)
    for (source, target, context), time in held.items():
        yield Flow(context, source, target, time)


def earlier(a: int | None, b: int | None) -> int | None:
    """The lesser of two times; None is always."""
    return None if a is None or b is None else min(a, b)


def phase_name(p: Phase) -> str:
    """A phase's name: its node's id, what it is, and the position it is named by."""
    if p.kind == OWN:
        return str(p.node)
    if p.at == NO_KEY:
        return f"{p.node} {p.kind}"
    t, writer, n = p.at
    return f"{p.node} {p.kind} {t} {writer} {n}"
