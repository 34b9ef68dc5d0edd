"""Curves: each measure a panel, each series a line, numbers that people count in, and no value that is lost."""

import math
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.api.pictures.curves import PIXELS, curves, panels
from begat.api.pictures.scale import scale

SVG: Final = "{http://www.w3.org/2000/svg}"


def point(step: float | None, value: Any, name: str = "loss", activity: str = "a", **context: str) -> dict[str, Any]:
    return {
        "step": step, "name": name, "value": value, "context": context or None, "activity": activity,
        "activity_name": "train", "at": "2026-01-31T12:00:00Z",
    }  # fmt: skip


def drawn(*points: dict[str, Any]) -> ET.Element:
    return ET.fromstring(curves(points, "loss_curve train", ["60 points"]))


def of(root: ET.Element, tag: str, css: str = "") -> list[ET.Element]:
    return [e for e in root.iter(f"{SVG}{tag}") if css in e.get("class", "")]


def test_a_panel_a_measure_and_a_line_a_series() -> None:
    rows = [point(n, 1 / (n + 1), split=split) for split in ("train", "val") for n in range(5)]
    rows += [point(n, n / 10, "accuracy") for n in range(5)]
    root = drawn(*rows)
    assert [t.text for t in of(root, "text", "measure")] == ["loss", "accuracy"]
    assert [t.text for t in of(root, "text", "legend")] == ["split=train", "split=val", "train"]
    assert len(of(root, "polyline", "curve")) == 3
    assert [t.text for t in of(root, "text", "tick below")][:5] == ["0", "1", "2", "3", "4"]


def test_runs_of_one_name_are_told_apart() -> None:
    ids = ("urn:uuid:00000000-aaaaaaaa", "urn:uuid:00000000-bbbbbbbb")
    lines = panels(point(0, 1.0, activity=a) for a in ids)
    assert [line.name for line in lines["loss"]] == ["train aaaaaaaa", "train bbbbbbbb"]


def test_what_is_no_number_is_a_gap_and_a_mark() -> None:
    root = drawn(point(0, 1.0), point(1, "NaN"), point(2, 2.0), point(3, "-INF"), point(4, 0))
    assert len(of(root, "polyline", "curve")) == 3
    marks = [e for e in of(root, "text") if e.find(f"{SVG}title") is not None]
    assert [m.findtext(f"{SVG}title") for m in marks] == [
        "train: step 1: nan 2026-01-31T12:00:00Z", "train: step 3: -inf 2026-01-31T12:00:00Z"
    ]  # fmt: skip


def test_a_point_alone_and_none_at_all() -> None:
    assert len(of(drawn(point(0, 0.0)), "circle")) == 1
    assert of(drawn(), "polyline") == []
    assert of(drawn(point(None, "NaN")), "circle") == []


def test_a_hundred_thousand_points_are_as_many_as_can_be_seen() -> None:
    rows = [point(n, math.sin(n / 50) + (5 if n == 77_777 else 0)) for n in range(100_000)]
    text = curves(rows, "loss_curve train")
    assert len(text) < 100_000
    (curve,) = of(ET.fromstring(text), "polyline", "curve")
    points = [tuple(map(float, p.split(","))) for p in curve.get("points", "").split()]
    assert len(points) <= 4 * (PIXELS + 1)
    assert min(points, key=lambda p: p[1])[0] == pytest.approx(88 + PIXELS * 0.77777, abs=1)


NUMBERS: Final = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.booleans())
def test_every_number_has_its_place_on_an_axis(values: list[float], whole: bool) -> None:
    axis = scale(values, 0, 500, whole=whole)
    assert all(-1 <= axis.at(v) <= 501 for v in values)
    ticks = list(axis.ticks())
    assert len(ticks) <= 20
    assert all(-1 <= at <= 501 for _, at in ticks)


def test_an_axis_has_round_numbers() -> None:
    assert [t for t, _ in scale([0.0731, 2.1], 0, 500).ticks()] == ["0", "0.5", "1", "1.5", "2"]
    assert [t for t, _ in scale([0, 11], 0, 500, whole=True).ticks()] == ["0", "3", "6", "9"]
    assert [t for t, _ in scale([0, 2], 0, 500, whole=True).ticks()] == ["0", "1", "2"]
    assert [t for t, _ in scale([5.0, 5.0], 0, 500).ticks()] == ["4.6", "4.8", "5", "5.2", "5.4"]
