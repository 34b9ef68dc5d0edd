"""A row of a comparison: one difference."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from begat.queries.answer import Column

Change = Literal["added", "removed", "changed", "noted"]

ASPECTS: Final = ("code", "environment", "settings", "data", "results", "cause")

COLUMNS: Final = (
    Column("aspect", "text", f"what it is about: {', '.join(ASPECTS)}"),
    Column("step", "text", "the activity it belongs to, numbered where several have its name"),
    Column("name", "text", "what differs: a setting, a package, a file, a measure"),
    Column("change", "text", "changed, added (b alone has it), removed (a alone has it); noted: told, no difference"),
    Column("a", "json", "what it is in a; null where it is not"),
    Column("b", "json", "what it is in b; null where it is not"),
    Column("unit", "text", "the unit of a and b: s, B (bytes)"),
    Column("detail", "text", "more: differences of code as a text, the role of a file, where a cause shows no effect"),
    Column("id_a", "id", "the node that says so, of a"),
    Column("id_b", "id", "the node that says so, of b"),
    Column("path_a", "json", "of a cause: the names on a least way from it down to a"),
    Column("path_b", "json", "of a cause: the names on a least way from it down to b"),
)


class Row(msgspec.Struct):
    """One difference; see COLUMNS."""

    aspect: str
    step: str | None
    name: str
    change: Change
    a: Any = None
    b: Any = None
    unit: str | None = None
    detail: str | None = None
    id_a: str | None = None
    id_b: str | None = None
    path_a: list[str] | None = None
    path_b: list[str] | None = None


def row(
    aspect: str,
    name: str,
    values: Sequence[Any],
    ids: Sequence[str | None],
    *,
    there: Sequence[bool] | None = None,
    noted: bool = False,
    step: str | None = None,
    unit: str | None = None,
    detail: str | None = None,
    paths: Sequence[list[str] | None] = (None, None),
) -> Row:
    """The row of something that differs, with what it is in a and in b. `there`: in which it is, else where no None."""
    in_a, in_b = there if there is not None else [v is not None for v in values]
    change: Change = "noted" if noted else "changed" if in_a and in_b else "added" if in_b else "removed"
    a, b = values
    (id_a, id_b), (path_a, path_b) = ids, paths
    return Row(aspect, step, name, change, a, b, unit, detail, id_a, id_b, path_a, path_b)
