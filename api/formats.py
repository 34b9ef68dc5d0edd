"""An answer as text: aligned table, tree, CSV, or the JSON object of the public contract."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from begat.api.table import aligned, plain, readable
from begat.api.tree import tree
from begat.graph_schema.errors import UsageError
from begat.queries.answer import Answer

#: Columns that only machines read: the tree is drawn from them.
UNSHOWN: Final = ("via",)


def render(answer: Answer, form: str, title: str) -> str:
    """The text of an answer, newline at its end. Raises UsageError where the form does not suit the answer."""
    return FORMATS[form](answer, title)


def as_json(answer: Answer, title: str) -> str:
    told = msgspec.structs.asdict(answer)
    del told["notes"]  # for people, told beside the answer
    # An argument may be a file's name with bytes that are no UTF-8, which JSON must be.
    told["params"] = {
        k: v.encode("utf-8", "backslashreplace").decode() if isinstance(v, str) else v for k, v in answer.params.items()
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def as_csv(answer: Answer, title: str) -> str:
    out = io.StringIO()
    names = [c.name for c in answer.columns]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([plain(row[n]) for n in names] for row in answer.rows)
    return out.getvalue()


def as_table(answer: Answer, title: str) -> str:
    """Columns that are empty throughout are left out; what does not fit the terminal is cut."""
    shown = [
        c for c in answer.columns if c.name not in UNSHOWN and any(row[c.name] is not None for row in answer.rows)
    ]
    cells = [[readable(row[c.name], c.type) for c in shown] for row in answer.rows]
    right = [c.type in ("integer", "number") for c in shown]
    return aligned([c.name for c in shown], cells, right)


def as_tree(answer: Answer, title: str) -> str:
    if "via" not in [c.name for c in answer.columns]:
        raise UsageError(f"{answer.question} has no steps to draw a tree of: give --format table, json or csv")
    return tree(answer, title)


FORMATS: Final[Mapping[str, Callable[[Answer, str], str]]] = {
    "table": as_table,
    "tree": as_tree,
    "json": as_json,
    "csv": as_csv,
}
