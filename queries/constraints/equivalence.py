"""Whether two documents say the same (PROV-CONSTRAINTS, section 7): whether there are names for the existential
variables with which their normal forms are one.

Statements without variables are compared as they are, the others in groups that share variables: by their colours (a
variable's are the statements that it is in, refined until nothing changes), and where colours leave a choice by trying.
The tries have a limit: for documents with much symmetry nothing is said.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import count
from typing import Final

import msgspec

from begat.graph_schema.documents.records import Record
from begat.graph_schema.errors import UsageError
from begat.queries.constraints.normal import Fact, Term, normal_form

#: Guesses about one group of statements at most, and statements that a difference shows of each side.
TRIES: Final = 1000
SHOWN: Final = 5
Group = list[Fact]


class Difference(msgspec.Struct, frozen=True):
    """Where two documents differ: how many statements of the normal form only one of them has, in a bundle or, "",
    outside. One with variables counts with all that share them. `first` and `second` are some of each."""

    bundle: str
    only_first: int
    only_second: int
    first: tuple[Fact, ...] = ()
    second: tuple[Fact, ...] = ()


def differences(one: Iterable[Record], other: Iterable[Record]) -> list[Difference]:
    """What is different in two valid documents, by bundle; nothing where they are equivalent.

    Raises UsageError where too much follows from them, or where they are too symmetric to be compared.
    """
    bundles = [_bundles(one), _bundles(other)]
    found = (
        _difference(bundle, *(normal_form(of.get(bundle, ())) for of in bundles))
        for bundle in sorted({*bundles[0], *bundles[1]})
    )
    missing = bundles[0].keys() ^ bundles[1].keys()
    return [d for d in found if d.only_first or d.only_second or d.bundle in missing]


def _bundles(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {"": []}
    for record in records:
        found.setdefault(record.bundle, []).append(record)
    return found


def _difference(bundle: str, one: set[Fact], other: set[Fact]) -> Difference:
    (ground, groups), (other_ground, other_groups) = _apart(one), _apart(other)
    left, right = _unmatched(groups, other_groups)
    only, only_other = [*ground - other_ground, *left], [*other_ground - ground, *right]
    return Difference(bundle, len(only), len(only_other), _some(only), _some(only_other))


def _some(facts: list[Fact]) -> tuple[Fact, ...]:
    """Those that tell most: with attributes, and few variables."""
    facts.sort(key=lambda f: (not f.attributes, f.name, [t for t in f.terms if isinstance(t, str)], len(f.terms)))
    return tuple(facts[:SHOWN])


def _apart(facts: set[Fact]) -> tuple[set[Fact], list[Group]]:
    """The statements without variables, and the others in groups that share none."""
    up: dict[int, int] = {}

    def root(v: int) -> int:
        while up.setdefault(v, v) != v:
            up[v] = v = up[up[v]]
        return v

    ground: set[Fact] = set()
    rest: list[tuple[int, Fact]] = []
    for fact in facts:
        variables = [t for t in fact.terms if isinstance(t, int)]
        if not variables:
            ground.add(fact)
            continue
        for v in variables[1:]:
            up[root(v)] = root(variables[0])
        rest.append((variables[0], fact))
    groups: dict[int, Group] = defaultdict(list)
    for v, fact in rest:
        groups[root(v)].append(fact)
    return ground, list(groups.values())


def _unmatched(groups: list[Group], others: list[Group]) -> tuple[list[Fact], list[Fact]]:
    """The statements of groups that have no counterpart, on either side."""
    waiting: dict[bytes, list[Group]] = defaultdict(list)
    for group in others:
        waiting[_certificate(group)].append(group)
    left: list[Fact] = []
    for group in groups:
        alike = waiting[_certificate(group)]
        at = next((n for n, other in enumerate(alike) if _isomorphic(group, other)), None)
        if at is None:
            left += group
        else:
            alike.pop(at)
    return left, [fact for alike in waiting.values() for group in alike for fact in group]


def _certificate(group: Group) -> bytes:
    """What groups have in common that are one by other names."""
    colours = _colours(group, {})
    return _hash(sorted(_told(fact, colours) for fact in group))


def _hash(told: object) -> bytes:
    return blake2b(repr(told).encode(), digest_size=16).digest()


def _told(fact: Fact, colours: dict[int, bytes]) -> bytes:
    """A statement with colours in place of variables."""
    terms = tuple(colours[t] if isinstance(t, int) else t for t in fact.terms)
    return _hash((fact.name, terms, sorted(fact.attributes)))


def _colours(group: Group, given: dict[int, bytes]) -> dict[int, bytes]:
    """Colours of a group's variables, refined from those that are given until no more of them are told apart."""
    variables = {t for fact in group for t in fact.terms if isinstance(t, int)}
    colours = {v: given.get(v, b"") for v in variables}
    kinds = 0
    while (now := len(set(colours.values()))) > kinds:
        kinds = now
        seen: dict[int, list[tuple[bytes, int]]] = {v: [] for v in variables}
        for fact in group:
            told = _told(fact, colours)
            for place, term in enumerate(fact.terms):
                if isinstance(term, int):
                    seen[term].append((told, place))
        colours = {v: _hash((colours[v], sorted(seen[v]))) for v in variables}
    return colours


def _isomorphic(group: Group, other: Group) -> bool:
    """Whether variables can be put for variables so that two groups are one."""
    if len(group) != len(other):
        return False
    return _matches(group, other, {}, {}, count())


def _matches(
    group: Group, other: Group, given: dict[int, bytes], given_other: dict[int, bytes], tries: Iterator[int]
) -> bool:
    if next(tries) > TRIES:
        raise UsageError("the documents are too symmetric to be compared: name what they leave out")
    mine, its = _colours(group, given), _colours(other, given_other)
    if Counter(mine.values()) != Counter(its.values()):
        return False
    by_colour: dict[bytes, list[int]] = defaultdict(list)
    for variable, colour in its.items():
        by_colour[colour].append(variable)
    choices = [v for v in mine if len(by_colour[mine[v]]) > 1]
    several = min(choices, key=lambda v: (len(by_colour[mine[v]]), v), default=None)
    if several is None:
        renamed: dict[Term, Term] = {v: by_colour[colour][0] for v, colour in mine.items()}
        return {f._replace(terms=tuple(renamed.get(t, t) for t in f.terms)) for f in group} == set(other)
    chosen = _hash(("chosen", mine[several]))
    return any(
        _matches(group, other, {**mine, several: chosen}, {**its, v: chosen}, tries) for v in by_colour[mine[several]]
    )
