"""What stands in a box, and what is told of it besides."""

from collections.abc import Iterable
from typing import Final

from begat.api.pictures.drawing import Arrow, Box
from begat.api.pictures.fold import span
from begat.api.table import one_line

#: Statuses that need no word: nothing went wrong.
PLAIN: Final = (None, "FINISHED")
#: Names that a tooltip lists.
LISTED: Final = 20


def name(b: Box) -> str:
    """The name; of many the range, with their number: `part-0..99.csv ×100`."""
    one = one_line(span(b.names))
    return one if b.count == 1 else f"{one} ×{b.count}"


def settings(b: Box) -> str:
    """`lr=0.1 layers=3`; of many things the range of each value."""
    return one_line(" ".join(f"{key}={span(values)}" for key, values in b.settings.items()))


def type_of(b: Box) -> str:
    """The type, else the kind, with the role where it says more."""
    what = one_line(b.type or b.kind)
    return f"{what}, {one_line(b.role)}" if b.role and b.role != what.lower() else what


def status(b: Box) -> str:
    """The status, unless it just finished."""
    return "" if b.status in PLAIN else str(b.status)


def told(b: Box) -> str:
    """All of it, a line each: names, type, settings, times and ids."""
    more = b.count - LISTED
    return "\n".join(
        line
        for line in (
            *_some(b.names if b.count == 1 else dict.fromkeys(b.names)),
            type_of(b) + (f" {b.status}" if b.status else ""),
            settings(b),
            _times(b),
            *(one_line(m) for m in b.members[:LISTED]),
            f"and {more} more" if more > 0 else "",
        )
        if line
    )


def _some(names: Iterable[str]) -> list[str]:
    all_ = [one_line(n) for n in names]
    return all_ if len(all_) <= LISTED else [*all_[:LISTED], f"and {len(all_) - LISTED} more names"]


def _times(b: Box) -> str:
    if b.started_at is None:
        return ""
    return f"from {b.started_at}" + ("" if b.ended_at is None else f" to {b.ended_at}")


def relation(a: Arrow) -> str:
    """What an arrow says: `used (train) ×40`."""
    words = a.relation or ("by way of what is not shown" if a.through else "depends on")
    role = f" ({one_line(a.role)})" if a.role else ""
    return f"{words}{role}" + ("" if a.count == 1 else f" ×{a.count}")
