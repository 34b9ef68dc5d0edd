"""Tables that fit, trees that end, and numbers that come back."""

import csv
import io
import json
import os
import sys
from typing import Any

import pytest

from begat.api.formats import View, render
from begat.api.table import aligned
from begat.queries.answer import Answer, Column

COLUMNS = [
    Column("id", "id"), Column("name", "text"), Column("type", "text"), Column("kind", "text"),
    Column("depth", "integer"), Column("via", "id"), Column("relation", "relation"), Column("value", "json"),
]  # fmt: skip


def row(id: str, depth: int, via: str, **more: Any) -> dict[str, Any]:
    return {c.name: None for c in COLUMNS} | {"id": id, "name": id, "kind": "Entity", "depth": depth, "via": via} | more


def answer(*rows: dict[str, Any]) -> Answer:
    return Answer("how_created", {"thing": "root"}, COLUMNS, list(rows))


def test_a_table_is_cut_to_the_terminal_and_whole_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("a" * 200, "short"), ("b", "1")]
    assert "a" * 200 in aligned(("name", "value"), rows)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((60, 20)))
    lines = aligned(("name", "value"), rows).splitlines()
    assert max(map(len, lines)) == 60
    assert lines[1].endswith("…  short")


def test_what_would_break_the_lines_does_not() -> None:
    assert aligned(("name",), [("two\nlines\x1b[31m",)]) == "name\ntwo·lines·[31m\n"


def test_numbers_stand_to_the_right_and_empty_columns_nowhere() -> None:
    text = render(answer(row("a", 1, "root"), row("b", 12, "a")), "table", View("root"))
    assert text == "id  name  kind    depth\na   a     Entity      1\nb   b     Entity     12\n"


def test_csv_and_json_keep_values_as_they_are() -> None:
    given = answer(row("a", 1, "root", value={"k": [1, True]}, name='with "quotes",\nand a line'))
    [read] = csv.DictReader(io.StringIO(render(given, "csv", View("root"))))
    assert (read["name"], read["value"]) == ('with "quotes",\nand a line', '{"k":[1,true]}')
    assert json.loads(render(given, "json", View("root")))["rows"] == given.rows


def test_a_tree_of_a_long_chain_and_of_a_cycle_ends() -> None:
    chain = answer(*(row(str(n), n, str(n - 1)) for n in range(1, 2001)))
    assert len(render(chain, "tree", View("0", fold=False)).splitlines()) == 2001
    cycle = answer(row("a", 1, "root"), row("b", 2, "a"), row("root", 3, "b"))
    assert render(cycle, "tree", View("root")).splitlines() == [
        "root", "└─ a [Entity]", "   └─ b [Entity]", "      └─ root (above)"
    ]  # fmt: skip


def test_kin_hang_side_by_side() -> None:
    given = answer(
        row("a", 1, "root", type="Training", kind="Activity"),
        row("lr", 2, "a", relation="hasSetting", value=0.1),
        row("x", 2, "a", type="Dataset"),
        row("y", 1, "root"),
    )
    assert render(given, "tree", View("root")) == "root\n├─ a: lr=0.1 [Training]\n│  └─ x [Dataset]\n└─ y [Entity]\n"
