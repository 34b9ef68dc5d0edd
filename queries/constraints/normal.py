"""The normal form of a valid instance (PROV-CONSTRAINTS, section 7.1), word for word: definitions, inferences and
uniqueness constraints, applied until nothing changes.

An inference is applied for all that it is about at once, and only where its whole conclusion does not hold yet. What
follows may be more than quadratic in what is stated, so there is a limit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Final, NamedTuple

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.records import FORMS, Record, Thing
from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import canonical
from begat.graph_schema.terms import PROV
from begat.queries.constraints.instance import IDENTIFIED, PLACES, UNIQUE
from begat.queries.constraints.terms import moment

#: Statements of a normal form at most.
MOST: Final = 300_000
#: A constant by its text, a variable as a number.
Term = str | int
_REVISION: Final = canonical({"$": PROV + "Revision", "type": r.QUALIFIED_NAME})
_HOW: Final = frozenset(("activity", "generation", "usage"))
_PLAN: Final = frozenset(("plan",))
_NO_FIELDS: Final = frozenset[str]()
_NOTHING: Final = frozenset[tuple[str, str]]()


class Fact(NamedTuple):
    """A statement. A thing's first term is its id; a relation's too, where it has one, else its first argument."""

    name: str
    terms: tuple[Term, ...]
    attributes: frozenset[tuple[str, str]] = _NOTHING

    @property
    def ends(self) -> tuple[Term, ...]:
        """A relation's arguments, without its id."""
        return self.terms[1:] if self.name in IDENTIFIED else self.terms


def normal_form(records: Iterable[Record]) -> set[Fact]:
    """The statements of an instance that is valid. Raises UsageError where they are too many."""
    return _Normal(records).facts


class _Normal:
    def __init__(self, records: Iterable[Record]) -> None:
        self._new = count().__next__
        # An instance is a set: a statement that is made twice is made once.
        stated = {canonical(record): record for record in records}
        self.facts = {self._stated(record) for record in stated.values()}
        while True:
            self.facts = _united(self.facts)
            if len(self.facts) > MOST:
                raise UsageError(f"more than {MOST:,} statements follow from what is stated: too many to be compared")
            more = set(self._inferred()) - self.facts
            if not more:
                return
            self.facts |= more

    def _stated(self, record: Record) -> Fact:
        """Definitions 1 to 4."""
        attributes = frozenset((iri, canonical(value)) for iri, value in record.attributes)
        if isinstance(record, Thing):
            times = (self._time(record.start), self._time(record.end)) if record.kind == "Activity" else ()
            return Fact(record.kind, (record.id, *times), attributes)
        name, given = record.relation, record.arguments
        keeps = _PLAN if name == "wasAssociatedWith" else _NO_FIELDS
        if name == "wasDerivedFrom" and "activity" not in given:
            keeps = _HOW
        terms: list[Term] = []
        for field in PLACES[name]:
            if field == "id":
                if name in IDENTIFIED:
                    terms.append(self._new() if record.id is None else record.id)
            elif field == "time":
                terms.append(self._time(record.time))
            elif field in given:
                terms.append(given[field])
            else:
                terms.append("-" if field in keeps else self._new())
        return Fact(name, tuple(terms), attributes)

    def _time(self, text: str | None) -> Term:
        return self._new() if text is None else moment(text)

    def _inferred(self) -> Iterator[Fact]:
        """What follows by one inference and does not hold."""
        of: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            of[fact.name].append(fact)
        held = _Held(of)
        for infer in _INFERENCES:
            yield from infer(of, held, self._new)


class _Held:
    """What is looked for where an inference may hold already."""

    def __init__(self, of: dict[str, list[Fact]]) -> None:
        self.made: dict[Term, set[Term]] = defaultdict(set)
        self.made_by: dict[Term, set[Term]] = defaultdict(set)
        self.used_by: dict[Term, set[Term]] = defaultdict(set)
        self.users: dict[Term, set[Term]] = defaultdict(set)
        for fact in of["wasGeneratedBy"]:
            self.made[fact.ends[0]].add(fact.ends[1])
            self.made_by[fact.ends[1]].add(fact.ends[0])
        for fact in of["used"]:
            self.used_by[fact.ends[0]].add(fact.ends[1])
            self.users[fact.ends[1]].add(fact.ends[0])
        self.gone = {fact.ends[0] for fact in of["wasInvalidatedBy"]}
        self.informed = {fact.ends for fact in of["wasInformedBy"]}
        self.associated = {fact.ends[:2] for fact in of["wasAssociatedWith"]}
        self.agents: dict[Term, set[Term]] = defaultdict(set)
        for activity, agent in self.associated:
            self.agents[agent].add(activity)


_Of = dict[str, list[Fact]]
_New = Callable[[], int]


def _communication(of: _Of, held: _Held, new: _New) -> Iterator[Fact]:
    """Inferences 5 and 6."""
    for fact in of["wasInformedBy"]:
        informed, informant = fact.ends
        if held.made_by[informant].isdisjoint(held.used_by[informed]):
            told = new()
            yield Fact("wasGeneratedBy", (new(), told, informant, new()))
            yield Fact("used", (new(), informed, told, new()))
    pairs = {(user, maker) for e, users in held.users.items() for user in users for maker in held.made.get(e, ())}
    for pair in pairs - held.informed:
        yield Fact("wasInformedBy", (new(), *pair))


def _events(of: _Of, held: _Held, new: _New) -> Iterator[Fact]:
    """Inferences 7 to 10."""
    for (entity,) in (fact.terms for fact in of["Entity"]):
        if not (held.made[entity] and entity in held.gone):
            yield Fact("wasGeneratedBy", (new(), entity, new(), new()))
            yield Fact("wasInvalidatedBy", (new(), entity, new(), new()))
    started = {(f.ends[0], f.ends[3]) for f in of["wasStartedBy"]}
    ended = {(f.ends[0], f.ends[3]) for f in of["wasEndedBy"]}
    for activity, start, end in (fact.terms for fact in of["Activity"]):
        if not ((activity, start) in started and (activity, end) in ended):
            yield Fact("wasStartedBy", (new(), activity, new(), new(), start))
            yield Fact("wasEndedBy", (new(), activity, new(), new(), end))
    triggers = {f.ends[1:3] for name in ("wasStartedBy", "wasEndedBy") for f in of[name]}
    for trigger, activity in triggers:
        if activity not in held.made[trigger]:
            yield Fact("wasGeneratedBy", (new(), trigger, activity, new()))


def _derivations(of: _Of, held: _Held, new: _New) -> Iterator[Fact]:
    """Inferences 11 and 12."""
    made, used = ({f.terms[:3] for f in of[name]} for name in ("wasGeneratedBy", "used"))
    for fact in of["wasDerivedFrom"]:
        product, source, activity, generation, usage = fact.ends
        if "-" not in (activity, generation, usage):
            one, other = (generation, product, activity), (usage, activity, source)
            if one not in made or other not in used:
                yield from (Fact("wasGeneratedBy", (*one, new())), Fact("used", (*other, new())))
        if (r.TYPE, _REVISION) in fact.attributes:
            yield Fact("alternateOf", (product, source))


def _agents(of: _Of, held: _Held, new: _New) -> Iterator[Fact]:
    """Inferences 13 and 14."""
    for fact in of["wasAttributedTo"]:
        entity, agent = fact.ends
        if held.made[entity].isdisjoint(held.agents[agent]):
            maker = new()
            yield Fact("wasGeneratedBy", (new(), entity, maker, new()))
            yield Fact("wasAssociatedWith", (new(), maker, agent, new()))
    for fact in of["actedOnBehalfOf"]:
        *agents, activity = fact.ends
        if not all((activity, agent) in held.associated for agent in agents):
            for agent in agents:
                yield Fact("wasAssociatedWith", (new(), activity, agent, new()))


def _influences(of: _Of, held: _Held, new: _New) -> Iterator[Fact]:
    """Inference 15."""
    told = {f.terms: f.attributes for f in of["wasInfluencedBy"]}
    for name in IDENTIFIED:
        if name != "wasInfluencedBy":
            for fact in of[name]:
                if not fact.attributes <= told.get(fact.terms[:3], _NOTHING) or fact.terms[:3] not in told:
                    yield Fact("wasInfluencedBy", fact.terms[:3], fact.attributes)


def _alternates(of: _Of, held: _Held, new: _New) -> Iterator[Fact]:
    """Inferences 16 to 21."""
    for fact in of["Entity"]:
        yield Fact("alternateOf", (fact.terms[0], fact.terms[0]))
    for fact in of["alternateOf"]:
        yield Fact("alternateOf", fact.terms[::-1])
    yield from _transitive("alternateOf", of)
    yield from _transitive("specializationOf", of)
    entities = {f.terms[0]: f.attributes for f in of["Entity"]}
    for mention in of["mentionOf"]:
        yield Fact("specializationOf", mention.terms[:2])
    for specific, general in (fact.terms for fact in of["specializationOf"]):
        yield Fact("alternateOf", (specific, general))
        told = entities.get(general)
        if told is not None and (specific not in entities or not told <= entities[specific]):
            yield Fact("Entity", (specific,), told)


def _transitive(name: str, of: _Of) -> Iterator[Fact]:
    """Inferences 17 and 19."""
    after: dict[Term, list[Term]] = defaultdict(list)
    for a, b in (fact.terms for fact in of[name]):
        after[a].append(b)
    for a, b in (fact.terms for fact in of[name]):
        yield from (Fact(name, (a, c)) for c in after[b])


_INFERENCES: Final = (_communication, _events, _derivations, _agents, _influences, _alternates)


def _united(facts: set[Fact]) -> set[Fact]:
    """Constraints 22 to 29 applied to their end; of a valid instance terms can always be made one."""
    up: dict[Term, Term] = {}

    def root(term: Term) -> Term:
        while term in up:
            term = up[term]
        return term

    def unify(a: Term, b: Term) -> None:
        a, b = root(a), root(b)
        if a != b:
            up.update({a: b} if isinstance(a, int) else {b: a})

    while True:
        known = len(up)
        merged: dict[tuple[str, Term | tuple[Term, ...]], Fact] = {}
        for fact in facts:
            now = fact._replace(terms=tuple(map(root, fact.terms)))
            keyed = now.name in IDENTIFIED or now.name not in FORMS
            key = now.name, now.terms[0] if keyed else now.terms
            other = merged.get(key)
            if other is not None:
                for a, b in zip(other.terms, now.terms, strict=True):
                    unify(a, b)
                now = other._replace(attributes=other.attributes | now.attributes)
            merged[key] = now
        facts = set(merged.values())
        _same_events(facts, unify)
        if len(up) == known:
            return facts


def _same_events(facts: set[Fact], unify: Callable[[Term, Term], None]) -> None:
    """Constraints 24 to 29."""
    events: dict[tuple[str, Term, Term], Term] = {}
    activities = {f.terms[0]: f.terms[1:] for f in facts if f.name == "Activity"}
    for name, terms, _ in facts:
        if name in UNIQUE:
            _, a, b = UNIQUE[name]
            unify(events.setdefault((name, terms[a], terms[b]), terms[0]), terms[0])
        if name in ("wasStartedBy", "wasEndedBy") and terms[1] in activities:
            unify(activities[terms[1]][name == "wasEndedBy"], terms[4])
