"""A lineage answer as a tree: each row hangs below the one through which it was reached."""

import shutil
import sys
from collections import defaultdict
from typing import Any

from begat.api.table import readable
from begat.graph_schema import ids
from begat.queries.answer import Answer


def tree(answer: Answer, title: str) -> str:
    """The asked thing as `title`, and below it the answer's rows, by their `via`. A row hangs in one place only.

    Settings stand in their activity's line: `train: lr=0.1 layers=3 [Training]`.
    """
    # What is reached at once hangs below the title, even where the asked thing is among its own causes.
    known = {row["id"] for row in answer.rows} - {row["via"] for row in answer.rows if row.get("depth") == 1}
    below: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    settings: dict[str | None, list[str]] = defaultdict(list)
    for row in answer.rows:
        above = row["via"] if row["via"] in known else None
        if row.get("relation") == "hasSetting":
            settings[above].append(f"{row['name']}={readable(row['value'], 'json')}")
        else:
            below[above].append(row)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    lines = [_with(title, settings[None])]
    drawn: set[str] = set()
    # The rows still to draw, the next one last, each with the line before it and whether it is the last of its kin.
    rest = [(row, "", row is below[None][-1]) for row in reversed(below[None])]
    while rest:
        row, before, last = rest.pop()
        lines.append(f"{before}{'└─ ' if last else '├─ '}{label(row, settings[row['id']])}"[:width])
        if row["id"] in drawn:  # also reached another way: its own causes hang there
            continue
        drawn.add(row["id"])
        kin = below[row["id"]]
        rest += [(r, before + ("   " if last else "│  "), r is kin[-1]) for r in reversed(kin)]
    return "\n".join(lines) + "\n"


def label(row: dict[str, Any], settings: list[str]) -> str:
    """What a node is called, its settings, type and role where it has them, and its status unless it just finished."""
    name = str(row.get("name") or ids.short(row["id"]))
    what, role = str(row.get("type") or row.get("kind")), row.get("role")
    if role and role != what.lower():
        what = f"{what}, {role}"
    status = "" if row.get("status") in (None, "FINISHED") else f" {row['status']}"
    return f"{_with(name, settings)} [{what}]{status}"


def _with(name: str, settings: list[str]) -> str:
    return f"{name}: {' '.join(settings)}" if settings else name
