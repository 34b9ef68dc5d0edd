"""PROV-CONSTRAINTS word for word, as slow as it is plain: every inference, every constraint, until nothing changes.

Written from the recommendation for small documents, and without a line of the checker: its oracle. A statement is a
tuple of its name and its arguments, the id first where it has one; an existential variable is a number, `-` the
placeholder. Attributes are left out, but for the types that rules ask for.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import count, product

from begat.graph_schema.documents.records import Record, Thing
from begat.graph_schema.terms import PROV

Term = str | int
Fact = tuple[Term, ...]
#: By relation: its arguments, and which of them may be left out (definitions 1 to 4, table of expandable parameters).
ARGUMENTS = {
    "wasGeneratedBy": ("source", "target", "time"),
    "used": ("source", "target", "time"),
    "wasInformedBy": ("source", "target"),
    "wasStartedBy": ("source", "target", "starter", "time"),
    "wasEndedBy": ("source", "target", "ender", "time"),
    "wasInvalidatedBy": ("source", "target", "time"),
    "wasDerivedFrom": ("source", "target", "activity", "generation", "usage"),
    "wasAttributedTo": ("source", "target"),
    "wasAssociatedWith": ("source", "target", "plan"),
    "actedOnBehalfOf": ("source", "target", "activity"),
    "wasInfluencedBy": ("source", "target"),
    "specializationOf": ("source", "target"),
    "alternateOf": ("source", "target"),
    "hadMember": ("source", "target"),
}
NO_ID = ("specializationOf", "alternateOf", "hadMember")
NINE = (
    "used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasInformedBy", "wasAttributedTo",
    "wasAssociatedWith", "actedOnBehalfOf",
)  # fmt: skip
#: The relations that need their second argument; all need their first.
BOTH = (
    "wasInformedBy", "wasDerivedFrom", "wasAttributedTo", "actedOnBehalfOf", "wasInfluencedBy", "specializationOf",
    "alternateOf", "hadMember",
)  # fmt: skip
ALL = frozenset(range(4, 57))


class Invalid(Exception):
    """A constraint that does not hold: `args[0]` is its number."""


def valid(records: Iterable[Record], without: Iterable[int] = ()) -> bool:
    """Whether an instance is valid where only the rules apply that are not among `without`."""
    rules = ALL - frozenset(without)
    fresh = count()
    try:
        facts = normal(set(stated(records, lambda: next(fresh))), rules, lambda: next(fresh))
        _check(facts, rules)
    except Invalid:
        return False
    return True


def stated(records: Iterable[Record], new: Callable[[], int]) -> Iterator[Fact]:
    """Definitions 1 to 4."""
    for record in records:
        if isinstance(record, Thing):
            if record.kind == "Activity":
                yield "activity", record.id, _moment(record.start) or new(), _moment(record.end) or new()
            else:
                yield record.kind.lower(), record.id
            if {"$": PROV + "EmptyCollection", "type": "prov:QUALIFIED_NAME"} in [v for _, v in record.attributes]:
                yield "typed", record.id, "empty"
            continue
        name = record.relation
        given: dict[str, Term | None] = {**record.arguments, "time": _moment(record.time)}
        fact: list[Term] = [name] if name in NO_ID else [name, record.id or new()]
        for argument in ARGUMENTS[name]:
            held = given.get(argument)
            if held is None:
                stays = name == "wasAssociatedWith" and argument == "plan"
                stays |= name == "wasDerivedFrom" and "activity" not in given
                held = "-" if stays else new()
                if argument == "source" or (argument == "target" and name in BOTH):
                    yield "needed", held
            fact.append(held)
        yield tuple(fact)


def _moment(text: str | None) -> str | None:
    """Times are equal as values (XML Schema), not as texts."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC).isoformat()


def normal(facts: set[Fact], rules: frozenset[int], new: Callable[[], int]) -> set[Fact]:
    """The normal form (section 7.1). Raises Invalid where terms cannot be unified."""
    while True:
        united = _unite(facts, rules)
        more = _infer(united, rules, new)
        if more <= united:
            return united
        facts = united | more


def _of(facts: set[Fact], name: str) -> list[Fact]:
    return sorted((f[1:] for f in facts if f[0] == name), key=repr)


def _infer(facts: set[Fact], rules: frozenset[int], new: Callable[[], int]) -> set[Fact]:
    """The conclusions of one inference that do not hold yet, for each thing that they are about."""
    for number, infer in INFERENCES.items():
        if number in rules and (more := set(infer(facts, new)) - facts):
            return more
    return set()


def _holds(facts: set[Fact], name: str, *terms: Term | None) -> bool:
    """Whether there is such a statement; None is anything."""
    return any(
        f[0] == name and all(t is None or t == g for t, g in zip(terms, f[1:], strict=True)) for f in facts
    )


def _5(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for _, b, a in _of(facts, "wasInformedBy"):
        made = {e for _, e, by, _ in _of(facts, "wasGeneratedBy") if by == a}
        if not made & {e for _, by, e, _ in _of(facts, "used") if by == b}:
            e = new()
            yield from (("wasGeneratedBy", new(), e, a, new()), ("used", new(), b, e, new()))
            return


def _6(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for (_, e, a, _), (_, b, d, _) in product(_of(facts, "wasGeneratedBy"), _of(facts, "used")):
        if e == d and not _holds(facts, "wasInformedBy", None, b, a):
            yield "wasInformedBy", new(), b, a
            return


def _7(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for (e,) in _of(facts, "entity"):
        made = _holds(facts, "wasGeneratedBy", None, e, None, None)
        if not (made and _holds(facts, "wasInvalidatedBy", None, e, None, None)):
            yield "wasGeneratedBy", new(), e, new(), new()
            yield "wasInvalidatedBy", new(), e, new(), new()


def _8(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for a, start, end in _of(facts, "activity"):
        if not (
            _holds(facts, "wasStartedBy", None, a, None, None, start)
            and _holds(facts, "wasEndedBy", None, a, None, None, end)
        ):
            yield "wasStartedBy", new(), a, new(), new(), start
            yield "wasEndedBy", new(), a, new(), new(), end


def _triggers(name: str) -> Callable[[set[Fact], Callable[[], int]], Iterator[Fact]]:
    def infer(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
        for _, _, e, a, _ in _of(facts, name):
            if not _holds(facts, "wasGeneratedBy", None, e, a, None):
                yield "wasGeneratedBy", new(), e, a, new()
                return

    return infer


def _11(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for _, e2, e1, a, g, u in _of(facts, "wasDerivedFrom"):
        if "-" not in (a, g, u) and not (
            _holds(facts, "used", u, a, e1, None) and _holds(facts, "wasGeneratedBy", g, e2, a, None)
        ):
            yield from (("used", u, a, e1, new()), ("wasGeneratedBy", g, e2, a, new()))


def _13(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for _, e, agent in _of(facts, "wasAttributedTo"):
        by = {a for _, d, a, _ in _of(facts, "wasGeneratedBy") if d == e}
        if not by & {a for _, a, g, _ in _of(facts, "wasAssociatedWith") if g == agent}:
            a = new()
            yield from (("wasGeneratedBy", new(), e, a, new()), ("wasAssociatedWith", new(), a, agent, new()))
            return


def _14(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for _, agent1, agent2, a in _of(facts, "actedOnBehalfOf"):
        for agent in (agent1, agent2):
            if not _holds(facts, "wasAssociatedWith", None, a, agent, None):
                yield "wasAssociatedWith", new(), a, agent, new()
                return


def _15(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for name in (*NINE, "wasDerivedFrom"):
        for id_, a, b, *_ in _of(facts, name):
            yield "wasInfluencedBy", id_, a, b


def _16(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for (e,) in _of(facts, "entity"):
        yield "alternateOf", e, e


def _transitive(name: str) -> Callable[[set[Fact], Callable[[], int]], Iterator[Fact]]:
    def infer(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
        for (a, b), (c, d) in product(_of(facts, name), repeat=2):
            if b == c:
                yield name, a, d

    return infer


def _18(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for a, b in _of(facts, "alternateOf"):
        yield "alternateOf", b, a


def _20(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for a, b in _of(facts, "specializationOf"):
        yield "alternateOf", a, b


def _21(facts: set[Fact], new: Callable[[], int]) -> Iterator[Fact]:
    for e2, e1 in _of(facts, "specializationOf"):
        if ("entity", e1) in facts:
            yield "entity", e2
            if ("typed", e1, "empty") in facts:
                yield "typed", e2, "empty"


INFERENCES: dict[int, Callable[[set[Fact], Callable[[], int]], Iterator[Fact]]] = {
    5: _5, 6: _6, 7: _7, 8: _8, 9: _triggers("wasStartedBy"), 10: _triggers("wasEndedBy"), 11: _11, 13: _13, 14: _14,
    15: _15, 16: _16, 17: _transitive("alternateOf"), 18: _18, 19: _transitive("specializationOf"), 20: _20, 21: _21,
}  # fmt: skip


def _unite(facts: set[Fact], rules: frozenset[int]) -> set[Fact]:
    """Constraints 22 to 29 to their end: pairs of terms that are one, put in everywhere, one pair after the other."""
    while True:
        pair = next((p for p in _pairs(facts, rules) if p[1] != p[2]), None)
        if pair is None:
            return facts
        number, a, b = pair
        if isinstance(a, str) and isinstance(b, str):
            raise Invalid(number)
        old, held = (a, b) if isinstance(a, int) else (b, a)
        facts = {(f[0], *(held if t == old else t for t in f[1:])) for f in facts}


def _pairs(facts: set[Fact], rules: frozenset[int]) -> Iterator[tuple[int, Term, Term]]:
    """Terms that a constraint says are one, with its number."""
    if 22 in rules:
        for f, g in product(_of(facts, "activity"), repeat=2):
            if f[0] == g[0]:
                yield from ((22, a, b) for a, b in zip(f, g, strict=True))
    if 23 in rules:
        for name in (*NINE, "wasDerivedFrom", "wasInfluencedBy"):
            for f, g in product(_of(facts, name), repeat=2):
                if f[0] == g[0]:
                    yield from ((23, a, b) for a, b in zip(f, g, strict=True))
    for number, name, i, j in (
        (24, "wasGeneratedBy", 1, 2), (25, "wasInvalidatedBy", 1, 2), (26, "wasStartedBy", 1, 3),
        (27, "wasEndedBy", 1, 3),
    ):  # fmt: skip
        if number in rules:
            for f, g in product(_of(facts, name), repeat=2):
                if (f[i], f[j]) == (g[i], g[j]):
                    yield number, f[0], g[0]
    for number, name, i in ((28, "wasStartedBy", 1), (29, "wasEndedBy", 2)):
        if number in rules:
            for f, g in product(_of(facts, "activity"), _of(facts, name)):
                if f[0] == g[1]:
                    yield number, f[i], g[4]


def _check(facts: set[Fact], rules: frozenset[int]) -> None:
    """Definition 4 and constraints 30 to 56 on a normal form."""
    _check_order(facts, rules)
    types = set(_types(facts)) if 50 in rules else set()
    things = {("entity", *f) for f in _of(facts, "entity")} | {("agent", *f) for f in _of(facts, "agent")}
    things |= {("activity", a) for a, *_ in _of(facts, "activity")}
    ids = {(name, f[0]) for name in (*NINE, "wasDerivedFrom", "wasInfluencedBy") for f in _of(facts, name)}
    found = {
        4: any(isinstance(term, int) for (term,) in _of(facts, "needed")),
        51: any(a == "-" and (g != "-" or u != "-") for _, _, _, a, g, u in _of(facts, "wasDerivedFrom")),
        52: any(a == b for a, b in _of(facts, "specializationOf")),
        53: any(i == j and r != s for (r, i), (s, j) in product(ids, repeat=2) if {r, s} <= {*NINE}),
        54: any(i == j for (_, i), (_, j) in product(things, ids)),
        55: any((t, "entity") in types and (t, "activity") in types for t, _ in types),
        56: any((c, "empty") in types for c, _ in _of(facts, "hadMember")),
    }
    for number, wrong in found.items():
        if wrong and number in rules:
            raise Invalid(number)


def _types(facts: set[Fact]) -> Iterator[tuple[Term, str]]:
    """Constraint 50."""
    table = {
        "used": ("activity", "entity"), "wasGeneratedBy": ("entity", "activity"),
        "wasInvalidatedBy": ("entity", "activity"), "wasInformedBy": ("activity", "activity"),
        "wasStartedBy": ("activity", "entity", "activity"), "wasEndedBy": ("activity", "entity", "activity"),
        "wasDerivedFrom": ("entity", "entity", "activity"), "wasAttributedTo": ("entity", "agent"),
        "wasAssociatedWith": ("activity", "agent", "entity"), "actedOnBehalfOf": ("agent", "agent", "activity"),
    }  # fmt: skip
    for name, types in table.items():
        for _, *terms in _of(facts, name):
            yield from ((t, type_) for t, type_ in zip(terms, types, strict=False) if t != "-")
    for name in NO_ID:
        yield from ((t, "entity") for fact in _of(facts, name) for t in fact)
    for kind in ("entity", "activity", "agent"):
        yield from ((f[0], kind) for f in _of(facts, kind))
    yield from ((f[0], str(f[1])) for f in _of(facts, "typed"))


def _check_order(facts: set[Fact], rules: frozenset[int]) -> None:
    """Constraints 30 to 49: a relation among events, closed; none may come strictly before itself."""
    before: dict[tuple[Term, Term], bool] = {}
    for number, a, b, strict in _before(facts):
        if number in rules:
            before[a, b] = strict or before.get((a, b), False)
    events = sorted({e for pair in before for e in pair}, key=repr)
    for middle, first, last in product(events, repeat=3):
        if (first, middle) in before and (middle, last) in before:
            strict = before[first, middle] or before[middle, last]
            before[first, last] = strict or before.get((first, last), False)
    if any(strict and first == last for (first, last), strict in before.items()):
        raise Invalid(42)


def _before(facts: set[Fact]) -> Iterator[tuple[int, Term, Term, bool]]:
    """By constraint the pairs of events of which the first precedes the second, and whether it does so strictly."""
    starts = [(f[1], f[0], f[2]) for f in _of(facts, "wasStartedBy")]
    ends = [(f[1], f[0], f[2]) for f in _of(facts, "wasEndedBy")]
    made = [(f[1], f[0], f[2]) for f in _of(facts, "wasGeneratedBy")]
    gone = [(f[1], f[0]) for f in _of(facts, "wasInvalidatedBy")]
    uses = [(f[1], f[0], f[2]) for f in _of(facts, "used")]

    def pairs(number: int, first: Iterable[Fact], second: Iterable[Fact]) -> Iterator[tuple[int, Term, Term, bool]]:
        """Of what both are about, which stands first."""
        yield from ((number, f[1], g[1], False) for f, g in product(first, second) if f[0] == g[0])

    by = [(a, event) for _, event, a in made]
    of = [(e, event) for _, event, e in uses]
    yield from (*pairs(30, starts, ends), *pairs(31, starts, starts), *pairs(32, ends, ends))
    yield from (*pairs(33, starts, uses), *pairs(33, uses, ends), *pairs(34, starts, by), *pairs(34, by, ends))
    yield from (*pairs(36, made, gone), *pairs(37, made, of), *pairs(38, of, gone))
    yield from (*pairs(39, made, made), *pairs(40, gone, gone))
    for number, triggered in ((43, starts), (44, ends)):
        by_trigger = [(e, event) for _, event, e in triggered]
        yield from (*pairs(number, made, by_trigger), *pairs(number, by_trigger, gone))

    def joined(
        number: int, a: Term, b: Term, first: Iterable[Fact], second: Iterable[Fact], strict: bool = False
    ) -> Iterator[tuple[int, Term, Term, bool]]:
        """Of an event of a and one of b the first precedes the second."""
        yield from ((number, f[1], g[1], strict) for f, g in product(first, second) if f[0] == a and g[0] == b)

    for _, b, a in _of(facts, "wasInformedBy"):
        yield from joined(35, a, b, starts, ends)
    for _, e2, e1, a, g, u in _of(facts, "wasDerivedFrom"):
        if "-" not in (a, g, u):
            yield 41, u, g, False
        yield from joined(42, e1, e2, made, made, strict=True)
    for e2, e1 in _of(facts, "specializationOf"):
        yield from (*joined(45, e1, e2, made, made), *joined(46, e2, e1, gone, gone))
    for _, a, agent, _ in _of(facts, "wasAssociatedWith"):
        yield from (*joined(47, a, agent, starts, gone), *joined(47, agent, a, made, ends))
        yield from (*joined(47, a, agent, starts, ends), *joined(47, agent, a, starts, ends))
    for _, e, agent in _of(facts, "wasAttributedTo"):
        yield from (*joined(48, agent, e, made, made), *joined(48, agent, e, starts, made))
    for _, agent2, agent1, _ in _of(facts, "actedOnBehalfOf"):
        yield from (*joined(49, agent1, agent2, made, gone), *joined(49, agent1, agent2, starts, ends))
