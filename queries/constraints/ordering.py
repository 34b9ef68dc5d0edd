"""The event-ordering constraints (section 6.2, 30 to 49): no event comes strictly before itself.

Only a derivation's order is strict (42), so only what can lie on a circle with one is followed: starts (34, 48) and
generations (42, 43, 45, 48). That the others cannot be, and that all starts of an activity and all generations of an
entity are one node each, is shown in docs/decisions/constraints.md. Which events there are follows from inferences 7,
9, 10, 11, 13 and 21.
"""

from collections import deque
from typing import Final

from begat.queries.constraints.cycles import Edges, components, graph, round_trip
from begat.queries.constraints.findings import Findings
from begat.queries.constraints.instance import PLACES, STEP, Instance

#: A mark of an edge is the statement's reference times this, and the place of its rule here.
_RULES: Final = ((34,), (42,), (43,), (45,), (48,), (9, 34), (10, 34))
_GENERATES, _DERIVES, _TRIGGERS, _SPECIALIZES, _ATTRIBUTES, _STARTER, _ENDER = range(len(_RULES))
_STEP: Final = 8
_TRIGGERED: Final = (("wasStartedBy", "starter", _STARTER), ("wasEndedBy", "ender", _ENDER))


def inherit(instance: Instance) -> None:
    """Inference 21: what specializes an entity is one, and an empty collection where that is one."""
    below: dict[int, list[tuple[int, int]]] = {}
    for said, specific, general in instance.rows("specializationOf", 1, 2):
        below.setdefault(general, []).append((specific, said))
    for held, by in ((instance.entities, instance.entities_by), (instance.empty, instance.empty_by)):
        waiting = deque(e for e in below if e in held)
        while waiting:
            for specific, said in below.get(waiting.popleft(), ()):
                if specific not in held:
                    held.add(specific)
                    by[specific] = said
                    waiting.append(specific)


def order(instance: Instance, findings: Findings) -> None:
    """Tell of each group of events that come strictly before themselves."""
    events = _Events(instance)
    of = graph(events.edges, events.count)
    component = components(of, events.count)
    first: dict[int, int] = {}
    strict: dict[int, int] = {}
    for number, mark in enumerate(events.edges.marks):
        if mark % _STEP == _DERIVES:
            group = component[events.edges.sources[number]]
            if group == component[events.edges.targets[number]]:
                first.setdefault(group, number)
                strict[group] = strict.get(group, 0) + 1
    for group, number in first.items():
        way = [events.edges.marks[edge] for edge in round_trip(of, component, number)]
        through = {rule for mark in way for rule in _RULES[mark % _STEP]}
        if any(mark // _STEP in instance.inferred for mark in way):
            through.add(11)
        _, made, used, *_ = (column[way[0] // _STEP // STEP] for column in instance.tables["wasDerivedFrom"])
        derived, other = findings.term(made), findings.term(used)
        sentence = f"{derived} is derived from {other}, and generated no later"
        if derived == other:
            sentence = f"{derived} is derived from itself"
        if strict[group] > 1:
            sentence += f"; {strict[group]:,} derivations are in that circle"
        findings.add(42, sentence, [mark // _STEP for mark in way], sorted(through - {42}))


class _Events:
    """Starts and generations as nodes, and which comes before which."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.edges = Edges()
        self.count = 0
        self._generated = self._all_generated()
        # Nothing comes before a start of which nobody tells what started it (inference 8): such a one is on no circle.
        self._started = {id_ for _, id_ in instance.rows("wasStartedBy", 1)}
        self._starts: dict[int, int] = {}
        self._generations: dict[int, int] = {}
        self._relate()

    def _all_generated(self) -> set[int]:
        """Entities with a generation: stated, or by inferences 7, 9, 10, 11, 13."""
        instance = self._instance
        found = set(instance.entities)
        for name, place in (("wasGeneratedBy", 1), ("wasStartedBy", 2), ("wasEndedBy", 2), ("wasAttributedTo", 1)):
            found.update(id_ for _, id_ in instance.rows(name, place))
        return found

    def _start(self, activity: int) -> int:
        return self._node(self._starts, activity)

    def _generation(self, entity: int) -> int:
        return self._node(self._generations, entity)

    def _node(self, nodes: dict[int, int], term: int) -> int:
        found = nodes.get(term)
        if found is None:
            found = nodes[term] = self.count
            self.count += 1
        return found

    def _relate(self) -> None:
        rows, add = self._instance.rows, self.edges.add
        started, generated = self._started, self._generated
        start, generation = self._start, self._generation
        for said, entity, activity in rows("wasGeneratedBy", 1, 2):
            if activity in started:
                add(start(activity), generation(entity), said * _STEP + _GENERATES)
        for name, by, rule in _TRIGGERED:
            for said, trigger, activity in rows(name, 2, PLACES[name][by]):
                if activity in started:
                    add(start(activity), generation(trigger), said * _STEP + rule)
        for said, activity, trigger in rows("wasStartedBy", 1, 2):
            add(generation(trigger), start(activity), said * _STEP + _TRIGGERS)
        for said, entity, agent in rows("wasAttributedTo", 1, 2):
            if agent in generated:
                add(generation(agent), generation(entity), said * _STEP + _ATTRIBUTES)
            if agent in started:
                add(start(agent), generation(entity), said * _STEP + _ATTRIBUTES)
        # Also by way of an entity without a generation: specialization is transitive (19).
        for said, specific, general in rows("specializationOf", 1, 2):
            add(generation(general), generation(specific), said * _STEP + _SPECIALIZES)
        for said, made, used in rows("wasDerivedFrom", 1, 2):
            if made in generated and used in generated:
                add(generation(used), generation(made), said * _STEP + _DERIVES)
