"""Lineage drawn as tree, dot and SVG: valid whatever things are called, with nothing fetched from elsewhere."""

import re
import sys
import time
from argparse import Namespace
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.api.asking import limit
from begat.api.formats import FORMATS, View, render
from begat.api.pictures.dot import quoted
from begat.graph_schema.errors import MissingExtra, UsageError
from begat.queries.answer import Answer, Column, Way
from begat.queries.catalogue import QUESTIONS
from begat.queries.graph import Graph, Link

COLUMNS: Final = [
    Column("id", "id"), Column("name", "text"), Column("type", "text"), Column("kind", "text"),
    Column("depth", "integer"), Column("via", "id"), Column("relation", "relation"), Column("role", "text"),
    Column("value", "json"), Column("status", "text"), Column("started_at", "time"), Column("ended_at", "time"),
]  # fmt: skip
SVG: Final = "{http://www.w3.org/2000/svg}"
#: What a file may be called.
ODD: Final = (
    "<script>alert(1)</script>", "]]>", '"quoted" & \'so\'', "two\nlines", "\x00\x1b[31m\udcff\ufffe", "图像/数据.csv"
)  # fmt: skip


def row(id: str, depth: int = 1, via: str | None = "m", **more: Any) -> dict[str, Any]:
    given = {"id": id, "name": id, "kind": "Entity", "depth": depth, "via": via}
    return dict.fromkeys(c.name for c in COLUMNS) | given | more


def drawn(form: str, rows: list[dict[str, Any]], links: list[Link], way: Way = "up", *, fold: bool = True) -> str:
    """A picture of rows, the first of which was asked about."""
    answer = Answer("how_created", {}, COLUMNS, rows[1:], starts=[rows[0]["id"]], way=way)
    return render(answer, form, View(rows[0]["name"], Graph(rows, sorted(links), answer.starts), fold))


def training() -> tuple[list[dict[str, Any]], list[Link]]:
    """m <- train <- data, code; by ada."""
    activity = {"kind": "Activity", "type": "Training", "status": "FAILED"}
    rows = [
        row("m", 0, None, name="model.pt", type="Model"),
        row("t", 1, "m", name="train", started_at="2026-01-31T12:00:00Z", ended_at="2026-01-31T13:00:00Z", **activity),
        row("lr", 2, "t", name="lr", relation="hasSetting", value=0.1),
        row("d", 2, "t", name="data.csv", type="Dataset", role="train"),
        row("a", 2, "t", name="ada", kind="Agent", type="Person"),
    ]
    links = [
        Link("m", "t", "wasGeneratedBy"), Link("t", "d", "used", "train"), Link("t", "a", "wasAssociatedWith"),
        Link("t", "lr", "hasSetting"),
    ]  # fmt: skip
    return rows, links


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]


def test_shapes_and_words_are_provs() -> None:
    root = ET.fromstring(drawn("svg", *training()))
    told = {g.findtext(f"{SVG}title", ""): g for g in root.iter(f"{SVG}g") if g.get("class", "").startswith("box")}
    boxes = {title.split("\n")[0]: g for title, g in told.items() if title}
    shape = {name: next(e for e in g if e.get("class") == "shape").tag.removeprefix(SVG) for name, g in boxes.items()}
    assert shape == {"model.pt": "ellipse", "train": "rect", "data.csv": "ellipse", "ada": "polygon"}
    assert "asked" in boxes["model.pt"].get("class", "")
    train = ET.tostring(boxes["train"], "unicode")
    assert "lr=0.1" in train
    assert "from 2026-01-31T12:00:00Z to 2026-01-31T13:00:00Z" in train
    assert "[Training] FAILED" in texts(drawn("svg", *training()))


def test_causes_stand_on_the_left() -> None:
    root = ET.fromstring(drawn("svg", *training()))
    x = {t.text: float(t.get("x", "0")) for t in root.iter(f"{SVG}text") if "name" in t.get("class", "")}
    assert x["data.csv"] < x["train"] < x["model.pt"]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_text(name: str) -> None:
    rows, links = training()
    rows[3]["name"] = rows[1]["name"] = rows[3]["role"] = name
    svg = drawn("svg", rows, links)
    root = ET.fromstring(svg.encode("utf-8", "strict"))
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "title", "style", "rect", "text", "defs", "marker", "path", "g", "ellipse", "polygon"
    }  # fmt: skip
    assert "\n" not in drawn("dot", rows, links).replace("\n  ", "").strip("\n}").removeprefix("digraph lineage {")
    assert len(drawn("tree", rows, links).splitlines()) == 4
    assert "\x1b" not in drawn("tree", rows, links) + drawn("dot", rows, links)


@given(st.text())
def test_any_text_is_one_string_in_dot(text: str) -> None:
    made = quoted(text)
    assert re.fullmatch(r'"(?:[^"\\\n]|\\["\\n])*"', made)


def test_an_svg_refers_to_nothing_and_runs_nothing() -> None:
    svg = drawn("svg", *training())
    assert re.findall(r"[a-z]+://[^\"' ]*", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|\son[a-z]+=|<image|<foreignObject|@import|href", svg)
    assert set(re.findall(r"url\(([^)]*)\)", svg)) == {"#head"}
    assert "prefers-color-scheme: dark" in svg


def test_a_tree_names_again_what_stands_above() -> None:
    rows = [
        row("m", 0, None),
        row("a", 1, "m", kind="Activity"), row("b", 1, "m", kind="Activity"),
        row("d", 2, "a", type="Dataset"), row("raw", 3, "d"), row("c", 2, "a", type="Code"),
    ]  # fmt: skip
    links = [
        Link("m", "a", "wasGeneratedBy"), Link("m", "b", "wasGeneratedBy"), Link("a", "d", "used"),
        Link("b", "d", "used"), Link("d", "raw", "wasDerivedFrom"), Link("a", "c", "used"), Link("b", "c", "used"),
    ]  # fmt: skip
    assert drawn("tree", rows, links).splitlines() == [
        "m",
        "├─ a [Activity]",
        "│  ├─ d [Dataset]",
        "│  │  └─ raw [Entity]",
        "│  └─ c [Code]",
        "└─ b [Activity]",
        "   └─ d (above)",
    ]


def test_a_tree_of_what_is_partly_shown_hangs_below_the_nearest() -> None:
    rows = [row("m", 0, None), row("train", 1, "m", kind="Activity"), row("prep", 3, "hidden", kind="Activity")]
    links = [Link("m", "train", "wasGeneratedBy"), Link("train", "prep", through=True)]
    assert drawn("tree", rows, links) == "m\n└─ train [Activity]\n   └─ prep [Activity]\n"


def test_a_descent_hangs_the_other_way_round() -> None:
    rows = [row("raw", 0, None), row("prep", 1, "raw", kind="Activity"), row("clean", 2, "prep")]
    links = [Link("prep", "raw", "used"), Link("clean", "prep", "wasGeneratedBy")]
    assert drawn("tree", rows, links, "down") == "raw\n└─ prep [Activity]\n   └─ clean [Entity]\n"


def test_a_cycle_and_a_link_to_itself_are_drawn() -> None:
    rows = [row("m", 0, None), row("a"), row("b", 2, "a")]
    links = [Link("m", "a"), Link("a", "b"), Link("b", "a"), Link("b", "m"), Link("a", "a"), Link("m", "m")]
    assert len(re.findall(r"marker-end", drawn("svg", rows, links))) == 6 + 1  # one in the legend
    assert drawn("tree", rows, links) == "m\n└─ a [Entity]\n   └─ b [Entity]\n      └─ m (above)\n"
    assert drawn("dot", rows, links).count("->") == 6


def test_what_has_no_steps_is_no_picture() -> None:
    for form in ("tree", "dot", "svg"):
        with pytest.raises(UsageError, match=f"find has no steps to draw as {form}: give --format table, json or csv"):
            render(Answer("find", {}, COLUMNS[:2], []), form, View("Model"))


@pytest.mark.parametrize(
    ("answer", "form", "forms"),
    [
        (Answer("subgraph", {}, COLUMNS, [], way="both"), "tree", "svg, dot, table, json or csv"),
        (Answer("loss_curve", {}, list(QUESTIONS["loss_curve"].columns), []), "dot", "svg, table, json or csv"),
        (Answer("compare", {}, COLUMNS[:2], [], starts=["a", "b"]), "tree", "svg, table, json or csv"),
    ],
)
def test_what_can_be_drawn_another_way_says_how(answer: Answer, form: str, forms: str) -> None:
    with pytest.raises(UsageError) as caught:
        render(answer, form, View("model.pt"))
    assert str(caught.value) == f"{answer.question} has no steps to draw as {form}: give --format {forms}"


def test_what_is_drawn_takes_in_more_rows_than_what_is_listed() -> None:
    asked = {form: limit(Namespace(format=form, limit=None)) for form in FORMATS}
    assert asked == {"table": None, "json": None, "csv": None, "tree": 5_000, "dot": 5_000, "svg": 5_000}
    assert limit(Namespace(format="tree", limit=3)) == 3


def test_without_the_extra_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_sugiyama", None)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'begat[pictures]'")):
        drawn("svg", *training())
    assert drawn("dot", *training()).startswith("digraph lineage {")


def sweep(trials: int, files: int) -> tuple[list[dict[str, Any]], list[Link]]:
    """best <- study <- models <- trials <- all.csv <- merge <- files."""
    activity = {"kind": "Activity", "type": "Training"}
    rows = [row("best", 0, None, type="Model"), row("study", 1, "best", **activity)]
    links = [Link("best", "study", "wasGeneratedBy"), Link("all", "merge", "wasGeneratedBy")]
    for n in range(trials):
        rows += [row(f"m{n}", 2, "study", type="Model"), row(f"trial {n}", 3, f"m{n}", **activity)]
        links += [Link("study", f"m{n}", "used"), Link(f"m{n}", f"trial {n}", "wasGeneratedBy")]
        links.append(Link(f"trial {n}", "all", "used"))
    rows += [row("all", 4, "trial 0", type="Dataset"), row("merge", 5, "all", **activity)]
    for n in range(files):
        rows.append(row(f"part {n}", 6, "merge", type="Dataset"))
        links.append(Link("merge", f"part {n}", "used"))
    return rows, links


@pytest.mark.parametrize("fold", [True, False])
def test_two_thousand_things_are_drawn_within_two_seconds(fold: bool) -> None:
    rows, links = sweep(trials=700, files=600)
    for form in ("tree", "dot", "svg"):
        before = time.process_time()
        text = drawn(form, rows, links, fold=fold)
        assert time.process_time() - before < 2
        assert ("part 0..599 ×600" in text) == fold
