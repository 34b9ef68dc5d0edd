"""The lineage law, word for word: what came before, and only that.

Naive on purpose: this is the oracle, and the text to read before touching projection.py, which computes the same
closures as reachability over precomputed edges. For an entity e that activity A generated at position p:

1. e depends on A and on what A used before p.
2. Part to whole: on A's whole (and its whole ...) and what that had used before A started.
3. Whole to part: on the parts of A that had ended before p, with all they used.
4. Never part to part through the whole.
5. A section (epoch) is no part: its statements repeat its run's; an entity has as ancestors the run and the section it
   was generated in, the section by name only (an `exact` generation).
6. An `exact` generation names its activity alone; what the entity depends on, its derivations say.
7. wasDerivedFrom, specializationOf, hadMember as they stand; wasInformedBy(B, A): what B generates depends on A and
   all A used.
8. An entity generated several times has a phase per generation; a usage depends on the last one before it (the first
   if none is before); a question about the entity starts at its last.
9. Nothing else is lineage (terms.RELATIONS says which relations are).
10. Without a position: the time if there is one, else usage counts and generation comes last.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from begat.graph_schema.statements import Alias, AnyStatement, Description, Ended, Position, Relation, Started
from begat.graph_schema.terms import PART

#: Before and after every time there is: where rule 10 puts usages and generations that have no time.
FIRST: Final = -1
LAST: Final = 1 << 62

#: Relations that are followed as they stand (rule 7), from an entity to an entity.
AS_THEY_STAND: Final = ("wasDerivedFrom", "specializationOf", "hadMember")

Key = tuple[int, str, int]


NO_TIME: Final[Key] = (LAST, "", 0)


def usage_key(p: Position) -> Key:
    """Where a usage stands among an activity's events."""
    return (FIRST if p.time is None else p.time, p.writer, p.seq)


def later_key(p: Position) -> Key:
    """Where a generation, a derivation or a part's start or end stands; one without a time comes last."""
    return NO_TIME if p.time is None else (p.time, p.writer, p.seq)


#: A node: its id in the oracle, an integer in a store that has such.
Node = Any


class Use(NamedTuple):
    """An activity's usage of an entity."""

    at: Key
    entity: Node
    context: Any


class Generation(NamedTuple):
    """An entity's generation by an activity."""

    at: Key
    activity: Node
    exact: bool
    context: Any


class Link(NamedTuple):
    """A relation between entities followed as it stands; `activity` binds it to that activity's generation."""

    at: Key
    target: Node
    activity: Node | None
    context: Any


def versions(statements: Iterable[AnyStatement]) -> dict[Node, Node]:
    """The version of every observation that has an alias; of several the least by position."""
    aliases = [s for s in statements if isinstance(s, Alias)]
    aliases.sort(key=lambda a: (later_key(a.position), a.version), reverse=True)
    return {a.observation: a.version for a in aliases}


class History:
    """The statements that lineage follows, indexed by node. Fill it from statements with `History.of`."""

    def __init__(self) -> None:
        self.version: dict[Node, Node] = {}
        self.uses: dict[Node, list[Use]] = defaultdict(list)
        self.generations: dict[Node, list[Generation]] = defaultdict(list)
        self.made: dict[Node, list[tuple[Key, Node]]] = defaultdict(list)  # by activity: what it generated, and when
        self.links: dict[Node, list[Link]] = defaultdict(list)
        self.wholes: dict[Node, set[tuple[Node, Any]]] = defaultdict(set)  # with the context that says so
        self.parts: dict[Node, set[tuple[Node, Any]]] = defaultdict(set)
        self.informants: dict[Node, set[tuple[Node, Any, Key]]] = defaultdict(set)  # and when it was said
        self.informed: dict[Node, set[Node]] = defaultdict(set)
        self.starts: dict[Node, Key] = {}
        self.ends: dict[Node, Key] = {}
        self.activities: set[Node] = set()

    @classmethod
    def of(cls, statements: Iterable[AnyStatement]) -> "History":
        """The history in some statements, with aliases applied: an observation is its version."""
        h = cls()
        all_ = list(statements)
        h.version = versions(all_)
        for s in all_:
            h._add(s)
        return h

    def _add(self, s: AnyStatement) -> None:
        if isinstance(s, Started):
            self.activities.add(s.node)
            self.starts[s.node] = min(self.starts.get(s.node, later_key(s.position)), later_key(s.position))
        elif isinstance(s, Ended):
            self.activities.add(s.node)
            self.ends[s.node] = max(self.ends.get(s.node, later_key(s.position)), later_key(s.position))
        elif isinstance(s, Description) and "Activity" in s.kinds:
            self.activities.add(s.node)
        elif isinstance(s, Relation) and s.source is not None and s.target is not None:
            self._relate(s, self.version.get(s.source, s.source), self.version.get(s.target, s.target))

    def _relate(self, s: Relation, source: str, target: str) -> None:
        if s.relation == "used":
            self.use(source, Use(usage_key(s.position), target, s.context))
        elif s.relation == "wasGeneratedBy":
            self.generate(source, Generation(later_key(s.position), target, s.exact, s.context))
        elif s.relation in AS_THEY_STAND:
            self.links[source].append(Link(later_key(s.position), target, s.arguments.get("activity"), s.context))
        elif s.relation == "wasInformedBy":
            self.inform(source, target, s.context, later_key(s.position))
        elif s.relation == "partOf" and s.role == PART:
            self.part(source, target, s.context)

    def use(self, activity: Node, use: Use) -> None:
        """Add a usage."""
        self.activities.add(activity)
        self.uses[activity].append(use)

    def generate(self, entity: Node, g: Generation) -> None:
        """Add a generation."""
        self.activities.add(g.activity)
        self.generations[entity].append(g)
        self.made[g.activity].append((g.at, entity))

    def part(self, part: Node, whole: Node, context: Any) -> None:
        """Add that one activity is a part of another; that it is a part of itself says nothing."""
        self.activities.update((part, whole))
        if part == whole:
            return
        self.wholes[part].add((whole, context))
        self.parts[whole].add((part, context))

    def inform(self, informed: Node, informant: Node, context: Any, at: Key) -> None:
        """Add that one activity was informed by another; by itself says nothing."""
        self.activities.update((informed, informant))
        if informed == informant:
            return
        self.informants[informed].add((informant, context, at))
        self.informed[informant].add(informed)

    def start_key(self, activity: Node) -> Key:
        """Where a part's start stands among its whole's events."""
        return self.starts.get(activity, NO_TIME)

    def end_key(self, activity: Node) -> Key | None:
        """Where a part's end stands; None while it runs. One with neither start nor end counts as ended, last."""
        if activity in self.ends:
            return self.ends[activity]
        return None if activity in self.starts else NO_TIME

    def nodes(self) -> set[Node]:
        """Every entity and activity that some lineage statement names."""
        used = {u.entity for uses in self.uses.values() for u in uses}
        linked = {link.target for links in self.links.values() for link in links}
        return self.activities | set(self.generations) | set(self.links) | used | linked

    def chosen(self, entity: Node, at: Key) -> int:
        """Rule 8: the index of the generation that something standing at `at` depends on."""
        gens = self.instants(entity)
        before = [i for i, g in enumerate(gens) if g <= at]
        return before[-1] if before else 0

    def instants(self, entity: Node) -> list[Key]:
        """The distinct positions of an entity's generations, in order: one phase each."""
        return sorted({g.at for g in self.generations.get(entity, ())})

    def binding(self, entity: Node, link: Link) -> list[int]:
        """The generations a link hangs on: those of its activity up to its position if it names one, else all."""
        instants = self.instants(entity)
        if link.activity is not None:
            own = sorted({g.at for g in self.generations.get(entity, ()) if g.activity == link.activity})
            if own:
                before = [at for at in own if at <= link.at]
                return [instants.index(before[-1] if before else own[0])]
        return list(range(max(1, len(instants))))


class State(NamedTuple):
    """What is depended on. `what` is one of:

    entity   at its `generation`-th generation
    upto     an activity as a generation at `at` sees it: its inputs until then and the parts that had ended
    inputs   an activity as a part started at `at` sees it: its inputs until then
    whole    all of an activity
    name     an activity that is named and nothing more
    """

    node: Node
    what: str
    generation: int = 0
    at: Key = NO_TIME


def causes(h: History, s: State) -> Iterator[State]:
    """The states one step behind a state. Never a state of the same activity: each lists all it had by then."""
    if s.what == "entity":
        yield from _behind_entity(h, s)
        return
    if s.what == "name":
        return
    for use in h.uses.get(s.node, ()):
        if s.what == "whole" or use.at <= s.at:
            yield State(use.entity, "entity", h.chosen(use.entity, use.at))
    for whole, _ in h.wholes.get(s.node, ()):
        yield State(whole, "inputs", at=h.start_key(s.node))
    for informant, _, _ in h.informants.get(s.node, ()):
        yield State(informant, "whole")
    if s.what == "inputs":
        return
    for part, _ in h.parts.get(s.node, ()):
        ended = h.end_key(part)
        if ended is not None and (s.what == "whole" or ended <= s.at):
            yield State(part, "whole")


def _behind_entity(h: History, s: State) -> Iterator[State]:
    instants = h.instants(s.node)
    for g in h.generations.get(s.node, ()):
        if g.at == instants[s.generation]:
            yield State(g.activity, "name" if g.exact else "upto", at=g.at)
    for link in h.links.get(s.node, ()):
        if s.generation in h.binding(s.node, link):
            yield State(link.target, "entity", h.chosen(link.target, link.at))


def begin(h: History, node: Node) -> State:
    """Where a question about a node starts: an entity at its last generation, an activity as a whole."""
    if node in h.activities:
        return State(node, "whole")
    return State(node, "entity", max(0, len(h.instants(node)) - 1))


def ancestors(h: History, node: Node) -> dict[Node, int]:
    """All ancestors of a node with their least depth in entities and activities.

    An entity is its own when it lies on a cycle or was made again from itself; an activity never is, although a phase
    of it may stand behind another: a run that tests the model it made depends on what it was itself before.
    """
    node = h.version.get(node, node)
    found: dict[Node, int] = {}
    seen: set[State] = set()
    queue = deque([(begin(h, node), 0)])
    while queue:
        state, depth = queue.popleft()
        for cause in causes(h, state):
            if cause not in seen:
                seen.add(cause)
                found.setdefault(cause.node, depth + 1)
                queue.append((cause, depth + 1))
    if node in h.activities:
        found.pop(node, None)
    return found


def descendants(h: History, node: Node) -> dict[Node, int]:
    """The exact inverse of ancestors: every node that has this one as an ancestor, with the same depth."""
    node = h.version.get(node, node)
    found = {}
    for other in h.nodes():
        depth = ancestors(h, other).get(node)
        if depth is not None:
            found[other] = depth
    return found
