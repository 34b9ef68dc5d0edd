"""A lineage as a tree for the terminal: each box hangs below the one through which it was reached.

Where it is reached another way too, a line there names it and says that it stands above (or below): its own causes are
drawn once. People, machines, code and environments, which many runs share, are not named again.
"""

import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from begat.api.pictures import label
from begat.api.pictures.drawing import Box, Drawing
from begat.api.table import one_line
from begat.queries.plan import LINEAGE

#: Types that describe a run rather than its data.
ONCE: Final = ("Code", "Environment", "JobSpec", "Person", "SoftwareAgent", "Organization", "Node")


class Line(NamedTuple):
    """A line to draw: a box, or boxes that are only named again; what stands before it; whether it is the last."""

    box: Box | None
    again: list[Box]
    before: str
    last: bool


def tree(d: Drawing, title: str) -> str:
    """The asked thing as `title`, and below it all else. Settings stand in their activity's line:
    `train: lr=0.1 layers=3 [Training]`."""
    boxes = d.by_id()
    start = next((b for b in d.boxes if b.asked), None)
    below, again = _hung(d, boxes, start)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    lines = [_with(one_line(title), start)]
    drawn: set[str] = {start.id} if start else set()
    rest = list(reversed(list(_kin(None, "", below, again, boxes))))
    while rest:
        box, again_here, before, last = rest.pop()
        text = line(box) if box else named_again(again_here, drawn)
        lines.append(f"{before}{'└─ ' if last else '├─ '}{text}"[:width])
        if box:
            drawn.add(box.id)
            further = before + ("   " if last else "│  ")
            rest += reversed(list(_kin(box.id, further, below, again, boxes)))
    return "\n".join(lines) + "\n"


def line(b: Box) -> str:
    """What a thing is called, its settings, type and role where it has them, and its status unless it just finished."""
    status = label.status(b)
    return f"{_with(label.name(b), b)} [{label.type_of(b)}]" + (f" {status}" if status else "")


def named_again(boxes: list[Box], drawn: set[str]) -> str:
    """`train.csv, valid.csv (above)`: boxes whose lines are elsewhere."""
    places = (("above", [b for b in boxes if b.id in drawn]), ("below", [b for b in boxes if b.id not in drawn]))
    return ", ".join(f"{', '.join(map(label.name, some))} ({where})" for where, some in places if some)


def _with(name: str, b: Box | None) -> str:
    settings = label.settings(b) if b else ""
    return f"{name}: {settings}" if settings else name


def _kin(
    id: str | None, before: str, below: dict[str | None, list[Box]], again: dict[str | None, list[str]],
    boxes: dict[str, Box],
) -> Iterator[Line]:  # fmt: skip
    repeated = [boxes[other] for other in again[id]]
    for n, box in enumerate(below[id], 1):
        yield Line(box, [], before, n == len(below[id]) and not repeated)
    if repeated:
        yield Line(None, repeated, before, True)


def _hung(
    d: Drawing, boxes: dict[str, Box], start: Box | None
) -> tuple[dict[str | None, list[Box]], dict[str | None, list[str]]]:
    """What hangs below each box (None: below the title), and what is named again there."""
    holder = {m: b.id for b in d.boxes for m in b.members}
    top = start.id if start else None
    near = _nearer(d)
    place: dict[str, str | None] = {}
    for b in d.boxes:
        if b.id == top:
            continue
        above = holder.get(b.via or "")
        if above is None or above == b.id:  # what was reached through is not shown: below what is, and leads here
            above = min(near[b.id], key=lambda other: (boxes[other].depth, boxes[other].order), default=top)
        place[b.id] = above
    _rooted(place, top)
    below: dict[str | None, list[Box]] = defaultdict(list)
    for one, above in place.items():
        below[None if above == top else above].append(boxes[one])
    again: dict[str | None, list[str]] = defaultdict(list)
    for a in d.arrows:
        one, other = (a.target, a.source) if d.down else (a.source, a.target)
        if a.relation in ("", *LINEAGE) and one != other and place.get(other, "") != one:
            known = again[None if one == top else one]
            if boxes[other].type not in ONCE and place.get(one) != other and other not in known:
                known.append(other)
    return below, again


def _nearer(d: Drawing) -> dict[str, list[str]]:
    """What leads to each box from what was asked about."""
    near: dict[str, list[str]] = defaultdict(list)
    depth = {b.id: (b.depth, b.order) for b in d.boxes}
    for a in d.arrows:
        one, other = (a.target, a.source) if d.down else (a.source, a.target)
        if depth[one] < depth[other]:
            near[other].append(one)
    return near


def _rooted(place: dict[str, str | None], top: str | None) -> None:
    """Hang at the top what leads only to itself: folded boxes may each have been reached through the other."""
    sure: set[str | None] = {top, None}
    for start in list(place):
        way: dict[str, None] = {}
        here: str | None = start
        while here not in sure and here is not None:
            if here in way:
                place[here] = top
                break
            way[here] = None
            here = place[here]
        sure.update(way)
