"""Windows of time that questions take: `since` (included) and `until` (not included); null is unbounded."""

from typing import Final

from begat.graph_schema.errors import UsageError
from begat.queries.answer import iso
from begat.queries.expr import Expr, Par, Var, op
from begat.queries.plan import Atom, W, When
from begat.queries.question import Values

SINCE: Final = "since"
UNTIL: Final = "until"
#: A value that a question has where either end of its window is given.
WINDOWED: Final = "windowed"


def checked(values: Values) -> Values:
    """The value WINDOWED. Raises UsageError for a window that ends before it begins."""
    since, until = values[SINCE], values[UNTIL]
    if since is not None and until is not None and since >= until:
        raise UsageError(f"from {iso(since)} to {iso(until)} is no time at all: since comes before until")
    return {WINDOWED: None if since is None and until is None else 1}


def within(moment: str) -> tuple[Atom, ...]:
    """Keeps the bindings whose `moment` lies in the window asked for."""

    def bound(name: str, compare: str) -> Expr:
        return op(compare, Var(moment), Par(name))

    return (When(SINCE, (W(bound(SINCE, ">=")),)), When(UNTIL, (W(bound(UNTIL, "<")),)))
