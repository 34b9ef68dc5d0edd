"""Input data that differs, by digest: equal content is equal wherever it lies, another content at one place changed."""

from collections.abc import Iterator
from typing import NamedTuple

from begat.queries.diff.facts import Fact, ids_of, label_of
from begat.queries.diff.pairs import Pair, pairs
from begat.queries.diff.row import Row, row
from begat.queries.diff.side import NO_DATA, Side

UNKNOWN = "version unknown"


def data(a: Side, b: Side) -> Iterator[Row]:
    """What was read on the way to both things and has no equal on the other side."""
    alike = (lambda f: f.first("uri"), lambda f: f.first("path"), lambda f: f.name)
    found = [_placed(x, y, a, b) for x, y in pairs(_inputs(a, b), _inputs(b, a), *alike)]
    uses_a, uses_b = _uses(a), _uses(b)
    rows = []
    for x, y in found:
        uses = [*(uses_b.get(y.id, ()) if y else ()), *(uses_a.get(x.id, ()) if x else ())]
        roles = sorted({r for use in uses for r in use.roles})
        rows.append(
            row(
                "data", label_of(x, y), (_version(x), _version(y)), ids_of(x, y),
                step=uses[0].step if uses else None, detail=f"role {', '.join(roles)}" if roles else None,
            )
        )
    yield from sorted(rows, key=lambda r: (r.name, r.step or "", r.change))


def _placed(x: Fact | None, y: Fact | None, a: Side, b: Side) -> Pair[Fact]:
    """With the version that the other side has in that place, though an equal of it lies elsewhere on this side."""
    if x is None and y is not None:
        return _there(y, a, b), y
    return (x, _there(x, b, a)) if y is None and x is not None else (x, y)


def _there(fact: Fact, side: Side, other: Side) -> Fact | None:
    place = fact.first("uri") or fact.first("path")
    found = (f for f in side.nodes if place is not None and place in (f.first("uri"), f.first("path")))
    return next((f for f in found if f.id not in other.depth), None)


def _inputs(side: Side, other: Side) -> list[Fact]:
    """Data without an equal on the other side: files, and what nobody made. What the run itself made is no input."""
    return [
        f
        for f in side.alone(other)
        if f.id != side.thing
        and f.kind != "Activity"
        and f.type not in NO_DATA
        and (f.first("uri") is not None or f.first("path") is not None or not side.causes.get(f.id))
        and side.root not in side.causes.get(f.id, ())
    ]


def _version(fact: Fact | None) -> str | None:
    if fact is None:
        return None
    if fact.digest is None and (fact.first("uri") is not None or fact.first("path") is not None):
        return UNKNOWN
    return fact.digest or fact.id


class _Use(NamedTuple):
    step: str
    roles: set[str]


def _uses(side: Side) -> dict[str, list[_Use]]:
    """The uses of each entity on one side, the nearest step first."""
    found: dict[str, list[_Use]] = {}
    for step in side.activities:
        for entity in side.causes.get(step.id, ()):
            if (step.id, entity) in side.known.roles:
                found.setdefault(entity, []).append(_Use(step.label, side.known.roles[step.id, entity]))
    return found
