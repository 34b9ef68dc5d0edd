"""Folding: things alike become one box with a count. What is drawn stays readable, and nothing is lost.

Alike are things of one kind, type, status and way of naming (digits apart) that stand in the same relations to the
same neighbours, or to neighbours that are alike themselves: forty trials that each read the same data and wrote a model
of their own are a box of trials, a box of models, and an arrow between. Neighbours are compared a few steps far only,
so that in a long chain of repeated steps just its ends stand alone. What was asked about never folds.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise
from typing import Final

from begat.api.pictures.drawing import Arrow, Box, Drawing

#: How far the surroundings of two things are compared, in links.
ROUNDS: Final = 4
#: What is folded: of a name but for its digits, so many or more; of any names, so many or more.
LEAST_OF_A_NAME: Final = 8
LEAST_OF_A_TYPE: Final = 12

_DIGITS: Final = re.compile(r"[0-9a-f]{8,}|\d+")
_DECIMAL: Final = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?")
_NUMBER: Final = re.compile(r"\d+")


def fold(d: Drawing) -> Drawing:
    """The drawing with what is alike folded: first by name but for its digits, then by type alone."""
    named = fold_by(d, lambda b: (*_sort(b), _DIGITS.sub("#", b.names[0])), LEAST_OF_A_NAME)
    return fold_by(named, _sort, LEAST_OF_A_TYPE)


def _sort(b: Box) -> tuple[Hashable, ...]:
    # Steps by other names do other things; files may be called anything.
    name = _DIGITS.sub("#", b.names[0]) if b.kind == "Activity" else ""
    return (b.kind, b.type, b.status, name)


def fold_by(d: Drawing, sort: Callable[[Box], Hashable], least: int) -> Drawing:
    """Fold what is of one sort and alike, where there are at least so many of it."""
    classes: dict[str, Hashable] = {b.id: b.id if b.asked else sort(b) for b in d.boxes}
    around: dict[str, list[tuple[bool, str, str, bool, str]]] = defaultdict(list)
    for a in d.arrows:
        # Between two of one sort, as in a chain of checkpoints, a link tells nothing of where either stands.
        if classes[a.source] != classes[a.target]:
            around[a.source].append((True, a.relation, a.role, a.through, a.target))
            around[a.target].append((False, a.relation, a.role, a.through, a.source))
    weight = {b.id: b.count for b in d.boxes}
    place = _numbered(_alone(classes, weight, least))
    for _ in range(ROUNDS):
        seen: dict[str, Hashable] = {
            n: (place[n], frozenset((*link[:-1], place[link[-1]]) for link in around[n])) for n in place
        }
        place = _numbered(_alone(seen, weight, least))
    return _joined(d, place)


def _alone(classes: dict[str, Hashable], weight: dict[str, int], least: int) -> dict[str, Hashable]:
    """Classes that stand for fewer things than `least` are left, each member for itself."""
    sizes: Counter[Hashable] = Counter()
    for n, c in classes.items():
        sizes[c] += weight[n]
    return {n: c if sizes[c] >= least else (n,) for n, c in classes.items()}


def _numbered(classes: dict[str, Hashable]) -> dict[str, int]:
    numbers: dict[Hashable, int] = {}
    return {n: numbers.setdefault(c, len(numbers)) for n, c in classes.items()}


def _joined(d: Drawing, place: dict[str, int]) -> Drawing:
    groups: dict[int, list[Box]] = defaultdict(list)
    for b in d.boxes:
        groups[place[b.id]].append(b)
    boxes = [_box(group) for group in groups.values()]
    now = {b.id: group[0].id for group in groups.values() for b in group}
    counts: Counter[tuple[str, str, str, str, bool]] = Counter()
    for a in d.arrows:
        counts[now[a.source], now[a.target], a.relation, a.role, a.through] += a.count
    return Drawing(boxes, [Arrow(*key, count) for key, count in counts.items()], d.down)


def _box(group: Sequence[Box]) -> Box:
    """One box for all of a group."""
    first = group[0]
    if len(group) == 1:
        return first
    settings: dict[str, list[str]] = defaultdict(list)
    for b in group:
        for name, values in b.settings.items():
            settings[name] += values
    return Box(
        id=first.id,
        names=[n for b in group for n in b.names],
        kind=first.kind,
        type=first.type,
        role=first.role,
        status=first.status,
        depth=min(b.depth for b in group),
        via=first.via,
        settings=dict(settings),
        started_at=min((b.started_at for b in group if b.started_at), default=None),
        ended_at=max((b.ended_at for b in group if b.ended_at), default=None),
        asked=first.asked,
        order=first.order,
        members=[m for b in group for m in b.members],
    )


def span(names: Iterable[str]) -> str:
    """Many names or values as one text: `part-0..99.csv` where they differ in numbers, else the first and the last."""
    distinct = sorted(dict.fromkeys(names), key=_natural)
    if len(distinct) == 1:
        return distinct[0]
    if all(_DECIMAL.fullmatch(n) for n in distinct):
        return f"{min(distinct, key=float)}..{max(distinct, key=float)}"
    first, last = distinct[0], distinct[-1]
    if len({_NUMBER.sub("\0", n) for n in distinct}) == 1:
        columns = list(zip(*(_NUMBER.findall(n) for n in distinct), strict=True))
        ranges = iter([_range(numbers) for numbers in columns])
        return _NUMBER.sub(lambda _: next(ranges), first)
    return f"{first} … {last}"


def _range(numbers: Sequence[str]) -> str:
    low, high = min(numbers, key=int), max(numbers, key=int)
    return low if int(low) == int(high) else f"{low}..{high}"


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Numbers by value: part 9 before part 10."""
    ends = [0, *(e for m in _NUMBER.finditer(name) for e in m.span()), len(name)]
    parts = [name[a:b] for a, b in pairwise(ends)]
    return tuple((int(p), "") if p.isdecimal() and p.isascii() else (-1, p) for p in parts if p)
