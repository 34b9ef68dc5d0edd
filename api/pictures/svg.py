"""A drawing as SVG: boxes in columns from causes to effects, arrows between, a legend. Hover for ids and times."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from begat.api.pictures import label
from begat.api.pictures.drawing import Arrow, Box, Drawing
from begat.api.pictures.fold import span
from begat.api.pictures.layout import Layout, layout
from begat.api.pictures.sheet import MARGIN, TOP, Sheet, at, cut, length, tooltip
from begat.api.pictures.style import DASHES, KINDS, dash
from begat.api.table import one_line

#: From one slot of a column to the next, in pixels.
PITCH: Final = 66
#: Between two columns, and where arrows have words.
GAP: Final = 64
WORDED: Final = 116
#: With more arrows than these, words are left to the pointer.
WORDS: Final = 60
NAME, WHAT = 12, 10
LETTERS: Final = 32
HEIGHT: Final = 42
#: A line of settings more.
LINE: Final = 12
#: How much of an ellipse's width a text in it may take.
INSIDE: Final = 0.76

Point = tuple[float, float]


class Spot(NamedTuple):
    """Where a box is: its middle and its size."""

    x: float
    y: float
    width: float
    height: float


def svg(d: Drawing, title: str, notes: Iterable[str] = ()) -> str:
    """The text of an SVG file without scripts or references to elsewhere; it follows the reader's light or dark."""
    number = {b.id: n for n, b in enumerate(d.boxes)}
    laid = layout(len(d.boxes), _edges(d, number))
    sheet = Sheet(title, notes)
    _heads(sheet.root)
    words = len(d.arrows) <= WORDS
    columns = _columns(d.boxes, laid, WORDED if words else GAP)
    spots = [_spot(b, laid, n, columns) for n, b in enumerate(d.boxes)]
    # Two boxes are joined by one line each way, whatever relates them.
    joined: dict[tuple[int, int, str], list[Arrow]] = defaultdict(list)
    for a in d.arrows:
        joined[number[a.source], number[a.target], dash(a).css].append(a)
    for (source, target, _), arrows in joined.items():
        both = any((target, source, style.css) in joined for style in DASHES.values())
        way = _way(spots, laid, columns, source, target, 5 if both and source != target else 0)
        _arrow(sheet.root, arrows, way, words)
    for b, spot in zip(d.boxes, spots, strict=True):
        _box(sheet.root, b, spot)
    right = max((x + width / 2 for x, width in columns), default=0) + MARGIN
    bottom = max((s.y + s.height / 2 for s in spots), default=TOP) + MARGIN
    passing = [TOP + p.slot * PITCH + PITCH for way in laid.bends.values() for p in way]
    return sheet.text(right, _legend(sheet, d, max([bottom, *passing])) + MARGIN)


def _edges(d: Drawing, number: dict[str, int]) -> Iterable[tuple[int, int]]:
    """What is laid out. What a run made and then used itself is its effect all the same."""
    made = {(a.target, a.source) for a in d.arrows if a.relation == "wasGeneratedBy"}
    return [_ends(d, a, number) for a in d.arrows if a.relation != "used" or (a.source, a.target) not in made]


def _ends(d: Drawing, a: Arrow, number: dict[str, int]) -> tuple[int, int]:
    """The boxes of an arrow, the effect first. Of a part and its whole, which may be either's cause, the nearer to what
    was asked about is taken for the effect, in a descent for the cause."""
    part, whole = number[a.source], number[a.target]
    if a.relation == "partOf" and (d.boxes[part].depth > d.boxes[whole].depth) != d.down:
        return (whole, part)
    return (part, whole)


def _columns(boxes: Sequence[Box], laid: Layout, gap: float) -> list[tuple[float, float]]:
    """The middle and width of each column."""
    widths: dict[int, float] = defaultdict(float)
    for b, place in zip(boxes, laid.places, strict=True):
        widths[place.column] = max(widths[place.column], _size(b)[0])
    columns: list[tuple[float, float]] = []
    x = float(MARGIN)
    for n in range(max(widths, default=-1) + 1):
        columns.append((x + widths[n] / 2, widths[n]))
        x += widths[n] + gap
    return columns


def _lines(b: Box) -> list[tuple[str, str]]:
    """The texts in a box, each with its class."""
    what = f"[{label.type_of(b)}]" + (f" {label.status(b)}" if label.status(b) else "")
    many = "" if b.count == 1 else f" ×{b.count}"
    lines = [
        ("name", cut(one_line(span(b.names)), LETTERS - len(many)) + many),
        ("what bad" if label.status(b) in BAD else "what", cut(what, LETTERS + 6)),
        ("what", cut(label.settings(b), LETTERS + 6, end=0)),
    ]
    return [line for line in lines if line[1]]


BAD: Final = ("FAILED", "KILLED", "LOST")


def _size(b: Box) -> tuple[float, float]:
    lines = _lines(b)
    text = max(length(t, NAME if css == "name" else WHAT) for css, t in lines)
    height = HEIGHT + LINE * (len(lines) - 2)
    if b.kind == "Entity":
        return text / INSIDE + 14, height
    return text + 20, height + (8 if b.kind == "Agent" else 0)


def _spot(b: Box, laid: Layout, n: int, columns: Sequence[tuple[float, float]]) -> Spot:
    place = laid.places[n]
    width, height = _size(b)
    return Spot(columns[place.column][0], TOP + PITCH * (place.slot + 0.5), width, height)


def _box(root: Element, b: Box, s: Spot) -> None:
    group = SubElement(root, "g", {"class": f"box {b.kind.lower()}" + (" asked" if b.asked else "")})
    tooltip(group, label.told(b))
    for off in (4, 0) if b.count > 1 else (0,):  # of many, another shows behind the first
        _shape(group, b.kind, s._replace(x=s.x + off, y=s.y + off))
    lines = _lines(b)
    y = s.y - LINE * (len(lines) - 1) / 2 + 3 + (5 if b.kind == "Agent" else 0)
    for n, (css, text) in enumerate(lines):
        SubElement(group, "text", {"class": css, "x": at(s.x), "y": at(y + n * (LINE + 1))}).text = text


def _shape(group: Element, kind: str, s: Spot) -> None:
    left, top, w, h = s.x - s.width / 2, s.y - s.height / 2, s.width, s.height
    match KINDS[kind].dot:
        case "ellipse":
            given = {"cx": s.x, "cy": s.y, "rx": w / 2, "ry": h / 2}
            SubElement(group, "ellipse", {"class": "shape"} | {k: at(v) for k, v in given.items()})
        case "box":
            given = {"x": left, "y": top, "width": w, "height": h}
            SubElement(group, "rect", {"class": "shape"} | {k: at(v) for k, v in given.items()})
        case _:
            eaves = top + h * 0.3
            corners = [(left, top + h), (left, eaves), (s.x, top), (left + w, eaves), (left + w, top + h)]
            points = " ".join(f"{at(x)},{at(y)}" for x, y in corners)
            SubElement(group, "polygon", {"class": "shape", "points": points})


class Way(NamedTuple):
    """An arrow's path, and where its words stand."""

    path: str
    words: Point


def _way(
    spots: Sequence[Spot], laid: Layout, columns: Sequence[tuple[float, float]], source: int, target: int, aside: float
) -> Way:
    a, b = spots[source], spots[target]
    if source == target:
        x, y = a.x + a.width * 0.2, a.y - a.height / 2 + (4 if a.height > HEIGHT else 2)
        return Way(f"M{at(x)},{at(y)} c-4,-16 24,-16 20,2", (x + 9, y - 14))
    ahead = 1 if b.x > a.x else -1  # to the right only where a cycle was opened
    sink = 1 if ahead > 0 else -1
    points: list[tuple[float, float, float]] = [(a.x, a.width, a.y + aside * sink)]
    bends = laid.bends.get((source, target)) or laid.bends.get((target, source), [])[::-1]
    for place in bends:
        x, width = columns[place.column]
        points.append((x, width, TOP + PITCH * (place.slot + 0.5)))
    points.append((b.x, b.width, b.y + aside * sink))
    parts = [f"M{at(points[0][0] + ahead * points[0][1] / 2)},{at(points[0][2])}"]
    middles: list[Point] = []
    places = [laid.places[source], *bends, laid.places[target]]
    for n in range(1, len(points)):
        here, there = points[n - 1], points[n]
        leave = columns[places[n - 1].column]
        enter = columns[places[n].column]
        x0, x1 = leave[0] + ahead * leave[1] / 2, enter[0] - ahead * enter[1] / 2
        bend = (x1 - x0) / 2
        curve = f"C{at(x0 + bend)},{at(here[2])} {at(x1 - bend)},{at(there[2])} {at(x1)},{at(there[2])}"
        parts += [f"H{at(x0)}", curve]
        end = there[0] + (-ahead if n == len(points) - 1 else ahead) * there[1] / 2
        if abs(end - x1) > 1:  # the last line of a path turns its head
            parts.append(f"H{at(end)}")
        middles.append(((x0 + x1) / 2, (here[2] + there[2]) / 2 + (11 if aside * sink > 0 else -3)))
    return Way(" ".join(parts), middles[(len(middles) - 1) // 2])


def _arrow(root: Element, arrows: Sequence[Arrow], way: Way, words: bool) -> None:
    group = SubElement(root, "g", {"class": f"arrow {dash(arrows[0]).css}"})
    tooltip(group, "\n".join(label.relation(a) for a in arrows))
    SubElement(group, "path", {"d": way.path, "marker-end": "url(#head)"})
    text = ", ".join(dict.fromkeys(w for a in arrows if (w := a.role or a.relation)))
    if words and text:
        shown = {"x": at(way.words[0]), "y": at(way.words[1])}
        SubElement(group, "text", shown).text = cut(one_line(text), 22)


def _heads(root: Element) -> None:
    marker = {"id": "head", "viewBox": "0 0 8 8", "refX": "8", "refY": "4", "orient": "auto"}
    size = {"markerWidth": "9", "markerHeight": "9", "markerUnits": "userSpaceOnUse"}
    head = SubElement(SubElement(root, "defs"), "marker", marker | size)
    SubElement(head, "path", {"d": "M0,0 L8,4 L0,8 z", "class": "head"})


def _legend(sheet: Sheet, d: Drawing, y: float) -> float:
    """What the shapes and lines mean, of those that are there; returns where it ends."""
    x = float(MARGIN)
    for kind in KINDS:
        if any(b.kind == kind for b in d.boxes):
            group = SubElement(sheet.root, "g", {"class": f"box {kind.lower()}"})
            _shape(group, kind, Spot(x + 14, y + 8, 28, 16))
            sheet.put("legend", x + 34, y + 12, kind)
            x += 34 + length(kind, 11) + 22
    for style in DASHES.values():
        if any(dash(a) == style for a in d.arrows):
            group = SubElement(sheet.root, "g", {"class": f"arrow {style.css}"})
            SubElement(group, "path", {"d": f"M{at(x)},{at(y + 8)} h34", "marker-end": "url(#head)"})
            sheet.put("legend", x + 42, y + 12, style.meaning)
            x += 42 + length(style.meaning, 11) + 22
    if any(b.count > 1 for b in d.boxes):
        sheet.put("legend", x, y + 12, "×N: so many alike, folded")
    return y + 16
