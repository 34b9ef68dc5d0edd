"""A lineage answer as a tree: each row hangs below the one through which it was reached."""

import shutil
import sys
from collections import defaultdict
from typing import Any

from begat.graph_schema import ids
from begat.queries.answer import Answer


def tree(answer: Answer, title: str) -> str:
    """The asked thing as `title`, and below it the answer's rows, by their `via`. A row hangs in one place only."""
    known = {row["id"] for row in answer.rows}
    below: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in answer.rows:
        below[row["via"] if row["via"] in known else None].append(row)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    lines = [title]
    drawn: set[str] = set()
    # The rows still to draw, the next one last, each with the line before it and whether it is the last of its kin.
    rest = [(row, "", row is below[None][-1]) for row in reversed(below[None])]
    while rest:
        row, before, last = rest.pop()
        lines.append(f"{before}{'└─ ' if last else '├─ '}{label(row)}"[:width])
        if row["id"] in drawn:  # also reached another way: its own causes hang there
            continue
        drawn.add(row["id"])
        kin = below[row["id"]]
        rest += [(r, before + ("   " if last else "│  "), r is kin[-1]) for r in reversed(kin)]
    return "\n".join(lines) + "\n"


def label(row: dict[str, Any]) -> str:
    """What a node is called, of which type it is, and what else the row says of it."""
    name = row.get("name") or ids.short(row["id"])
    parts = [str(name), f"[{row.get('type') or row.get('kind')}]"]
    for extra in ("role", "value"):
        if row.get(extra) is not None:
            parts.append(f"{extra} {row[extra]}" if extra == "role" else f"= {row[extra]}")
    return " ".join(parts)
