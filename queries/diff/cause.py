"""Where a difference begins: of all that is behind one side and has no equal behind the other, the highest.

The two things themselves are looked at too: where nothing behind them differs, the difference is their own. What
differs further up, but only led to versions that are equal, shows no effect: it is told as such, and does not hide
what differs below.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from begat.graph_schema.terms import SECTION_TYPE
from begat.queries.diff.code import version
from begat.queries.diff.facts import Fact, ids_of, label_of
from begat.queries.diff.pairs import one, pairs
from begat.queries.diff.row import Row, row
from begat.queries.diff.settings import value
from begat.queries.diff.side import Side

NO_EFFECT = "no effect is seen: what was made of it is equal"


def causes(a: Side, b: Side) -> Iterator[Row]:
    """The first upstream causes, those that show no effect last."""
    of_a, of_b = _Unlike.of(a, b), _Unlike.of(b, a)
    rows = []
    for x, y in pairs(of_a.facts, of_b.facts, lambda f: _place(f, a, b), lambda f: (f.kind, f.type, f.name)):
        sides = [(of, f.id) for of, f in ((of_a, x), (of_b, y)) if f is not None]
        if any(n in of.highest for of, n in sides):
            found = _row(x, y, a, b)
            # What is highest on one side alone comes behind what is on both.
            rank = sum(n not in of.highest for of, n in sides)
            if not any(n in of.with_effect for of, n in sides):
                found.detail, rank = NO_EFFECT, 3
            rows.append((rank, found))
    yield from (found for _, found in sorted(rows, key=lambda r: r[0]))


class _Unlike(msgspec.Struct):
    """What one side alone has, the nearest first; the highest of it, and those of these whose effect is seen."""

    facts: list[Fact]
    highest: set[str]
    with_effect: set[str]

    @classmethod
    def of(cls, side: Side, other: Side) -> "_Unlike":
        owner, facts = side.behind.owner, side.known.facts
        # Equal content under another name is chance as likely as a counterpart: it hides nothing.
        theirs = {(key, other.known.facts[other.behind.owner[s]].name) for s, key in other.key.items()}
        files = {s: facts[owner[s]] for s in side.key if facts[owner[s]].kind != "Activity"}
        equal = {s for s, fact in files.items() if (side.key[s], fact.name) in theirs}
        # A section's differences are its run's.
        unlike = {s for s in side.unlike(other) if facts[owner[s]].type != SECTION_TYPE}
        with_effect = side.behind.before(equal).highest(unlike)
        highest = side.behind.highest(unlike) | with_effect
        alone = {owner[s] for s in unlike}
        return cls([f for f in side.nodes if f.id in alone], highest, with_effect)


def _place(fact: Fact, a: Side, b: Side) -> Any:
    """What makes two nodes of both sides one and the same in two versions: a file's address, the things themselves."""
    if fact.id in (a.thing, b.thing):
        return "the things"
    if fact.id in (a.root, b.root):
        return "the runs"
    return fact.first("uri") or fact.first("path")


def _row(x: Fact | None, y: Fact | None, a: Side, b: Side) -> Row:
    some = one((x, y))
    return row(
        "cause", label_of(x, y), (_told(x, y, a, b), _told(y, x, b, a)), ids_of(x, y),
        there=(x is not None, y is not None), step=some.type or some.kind, paths=(_path(x, a), _path(y, b)),
    )  # fmt: skip


def _path(fact: Fact | None, side: Side) -> list[str] | None:
    return None if fact is None else [side.known.facts[n].label for n in side.behind.path(fact.id)]


def _told(fact: Fact | None, other: Fact | None, side: Side, there: Side) -> Any:
    """What tells a node from its counterpart: a version's digest, or an activity's settings and inputs that differ."""
    if fact is None:
        return None
    if fact.type == "Code":
        return version(fact, side)
    if fact.type == "Environment":
        return fact.label
    if fact.kind != "Activity":
        return fact.digest or fact.id
    own, theirs = _settings(fact, side), _settings(other, there) if other else {}
    told: dict[str, Any] = {}
    settings = {k: v for k, v in own.items() if theirs.get(k) != v}
    if settings:
        told["settings"] = {k: value(v) for k, v in settings.items()}
    keys, there_keys = side.keys, there.keys if other else {}
    known = {k for n in _inputs(other, there) for k in there_keys[n]} if other else set[str]()
    inputs = [side.known.facts[n].label for n in _inputs(fact, side) if not known.intersection(keys[n])]
    if inputs:
        told["inputs"] = sorted(inputs)
    return told


def _settings(fact: Fact, side: Side) -> dict[str, list[str]]:
    return {f"{s}: {n}" if s else n: v for (s, n), v in side.known.settings.get(fact.id, {}).items()}


def _inputs(fact: Fact, side: Side) -> list[str]:
    """What an activity used of others: what it wrote itself and read again differs because it does."""
    return [
        n
        for n in side.causes.get(fact.id, ())
        if side.known.facts[n].kind != "Activity" and fact.id not in side.causes[n]
    ]
