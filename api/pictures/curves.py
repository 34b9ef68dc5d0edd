"""Measures as curves: a panel for each measure, a line for each series, step by step. Hover for values and times."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from begat.api.pictures.scale import Scale, scale
from begat.api.pictures.sheet import MARGIN, TOP, Sheet, at, cut, length, tooltip
from begat.api.table import one_line
from begat.graph_schema import ids

WIDTH: Final = 560
HEIGHT: Final = 220
#: Room for the numbers on the left, the steps below, and the measure's name above.
LEFT, BELOW, ABOVE = 64, 44, 30
#: Told apart in light and in dark, and by most of the colour-blind; further lines are dashed.
COLOURS: Final = ("#4c8bf5", "#e8710a", "#1a9e5c", "#d6336c", "#8e5cd9", "#b58900", "#0aa2b8", "#808080")
DASHES: Final = ("", "6 3", "2 3", "8 3 2 3")
#: Lines that are named beside a panel.
NAMED: Final = 14
#: Points of a line that are marked each; of more than one a pixel, the least and greatest are drawn.
MARKED: Final = 60
PIXELS: Final = WIDTH

Series = list[tuple[float, float, str]]


class Line(NamedTuple):
    """A series: what it is called and (step, value, time) in order; values may be NaN or infinite."""

    name: str
    points: Series


def curves(rows: Sequence[Mapping[str, Any]], title: str, notes: Iterable[str] = ()) -> str:
    """The text of an SVG file of rows with step, name and value, and context, activity and at where they have them."""
    sheet = Sheet(title, notes)
    y, right = float(TOP), 0.0
    for measure, lines in panels(rows).items():
        right = max(right, _panel(sheet, measure, lines, y))
        y += ABOVE + max(HEIGHT, 16 * min(len(lines), NAMED + 1)) + BELOW
    return sheet.text(right + MARGIN, y + MARGIN)


def panels(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Line]]:
    """Lines by measure; a line is named by what tells it from the others: its activity, its context."""
    series: dict[str, dict[tuple[str, str], Series]] = defaultdict(lambda: defaultdict(list))
    called: dict[str, str] = {}
    for n, row in enumerate(rows):
        activity, context = str(row.get("activity") or ""), row.get("context") or {}
        called[activity] = str(row.get("activity_name") or ids.short(activity) if activity else "")
        words = " ".join(f"{k}={v}" for k, v in sorted(context.items()))
        step = n if row["step"] is None else float(row["step"])
        series[str(row["name"])][activity, words].append((step, _number(row["value"]), str(row.get("at") or "")))
    names = list(called.values())
    own = {a: name if names.count(name) == 1 else f"{name} {ids.short(a)}".strip() for a, name in called.items()}
    return {
        measure: [
            Line(" ".join(w for w in (own[a] if len(own) > 1 or not words else "", words) if w), points)
            for (a, words), points in lines.items()
        ]
        for measure, lines in series.items()
    }


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _panel(sheet: Sheet, measure: str, lines: Sequence[Line], top: float) -> float:
    """A panel, and how far to the right it goes."""
    finite = [(x, y) for line in lines for x, y, _ in line.points if math.isfinite(x) and math.isfinite(y)]
    x0, y0 = MARGIN + LEFT, top + ABOVE
    across = scale([x for x, _ in finite], x0, x0 + WIDTH, whole=all(x == int(x) for x, _ in finite))
    up = scale([y for _, y in finite], y0 + HEIGHT, y0)
    sheet.put("measure", x0, top + ABOVE - 10, cut(one_line(measure), 60))
    _axes(sheet, across, up, x0, y0)
    right = float(x0 + WIDTH)
    for n, line in enumerate(lines):
        group = SubElement(sheet.root, "g", _paint(n))
        _line(group, line, across, up)
        if n < NAMED and (len(lines) > 1 or line.name):
            y = y0 + 10 + 16 * n
            given = {"x1": at(x0 + WIDTH + 14), "x2": at(x0 + WIDTH + 34), "y1": at(y), "y2": at(y)}
            SubElement(group, "line", given)
            name = cut(one_line(line.name), 40)
            sheet.put("legend", x0 + WIDTH + 40, y + 4, name)
            right = max(right, x0 + WIDTH + 40 + length(name, 11))
    if len(lines) > NAMED:
        sheet.put("legend", x0 + WIDTH + 40, y0 + 14 + 16 * NAMED, f"and {len(lines) - NAMED} more")
    return right


def _paint(n: int) -> dict[str, str]:
    paint = {"stroke": COLOURS[n % len(COLOURS)], "fill": COLOURS[n % len(COLOURS)]}
    dashes = DASHES[n // len(COLOURS) % len(DASHES)]
    return paint | ({"stroke-dasharray": dashes} if dashes else {})


def _axes(sheet: Sheet, across: Scale, up: Scale, x0: float, y0: float) -> None:
    for value, y in up.ticks():
        ends = {"x1": at(x0), "x2": at(x0 + WIDTH), "y1": at(y), "y2": at(y)}
        SubElement(sheet.root, "line", {"class": "grid"} | ends)
        sheet.put("tick left", x0 - 6, y + 4, value, sheet.root)
    for value, x in across.ticks():
        ends = {"x1": at(x), "x2": at(x), "y1": at(y0 + HEIGHT), "y2": at(y0 + HEIGHT + 4)}
        SubElement(sheet.root, "line", {"class": "grid"} | ends)
        sheet.put("tick below", x, y0 + HEIGHT + 16, value, sheet.root)
    sheet.put("axis", x0 + WIDTH / 2, y0 + HEIGHT + 32, "step", sheet.root)
    frame = {"x": at(x0), "y": at(y0), "width": at(WIDTH), "height": at(HEIGHT)}
    SubElement(sheet.root, "rect", {"class": "frame"} | frame)


def _line(group: Element, line: Line, across: Scale, up: Scale) -> None:
    """The curve, with a gap where a value is none; what is not finite is marked on the frame."""
    name = f"{one_line(line.name)}: " if line.name else ""
    for run in _runs(line.points):
        points = " ".join(f"{at(across.at(x))},{at(up.at(y))}" for x, y, _ in _thinned(run, across))
        curve = SubElement(group, "polyline", {"class": "curve", "points": points})
        tooltip(curve, f"{name}{len(run):,} points, last {run[-1][1]:.6g} at step {run[-1][0]:g}")
    few = len(line.points) <= MARKED
    for x, y, moment in line.points:
        if not math.isfinite(x):
            continue
        if not math.isfinite(y):
            edge = up.low if y < 0 else up.high
            mark = SubElement(group, "text", {"x": at(across.at(x) - 4), "y": at(edge + 4), "stroke": "none"})
            mark.text = "×"
            tooltip(mark, f"{name}step {x:g}: {y} {moment}".rstrip())
        elif few:
            place = {"cx": at(across.at(x)), "cy": at(up.at(y))}
            dot = SubElement(group, "circle", place | {"r": "2.5", "stroke": "none"})
            tooltip(dot, f"{name}step {x:g}: {y:.6g} {moment}".rstrip())


def _runs(points: Series) -> Iterator[Series]:
    """The parts of a series between values that are not finite."""
    run: Series = []
    for point in points:
        if math.isfinite(point[0]) and math.isfinite(point[1]):
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _thinned(run: Series, across: Scale) -> Series:
    """All points, or where they lie closer than pixels the first, least, greatest and last of each pixel."""
    if len(run) <= 4 * PIXELS:
        return run
    by_pixel: dict[int, Series] = defaultdict(list)
    for point in run:
        by_pixel[int(across.at(point[0]))].append(point)
    kept: Series = []
    for some in by_pixel.values():
        least, most = min(some, key=lambda p: p[1]), max(some, key=lambda p: p[1])
        kept += [p for p in some if p is some[0] or p is some[-1] or p is least or p is most]
    return kept
