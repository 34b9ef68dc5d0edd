"""Which part of a list a page is: Relay's arguments first, after, last and before.

https://relay.dev/graphql/connections.htm, section 4: `first` and `after` go on, `last` and `before` go back. A page is
in the order of its list both ways.
"""

from typing import Any, NamedTuple

from begat.queries import paging
from begat.queries.expr import Const, Expr, Par, op
from begat.queries.plan import W

#: An expression of a row, and whether the greatest is first.
Key = tuple[Expr, bool]
Held = tuple[Par | None, ...]


class Cut(NamedTuple):
    """At most `most` rows, after and before some cursors: the first of those, or, `back`, the last."""

    most: int
    after: str | None = None
    before: str | None = None
    back: bool = False

    @property
    def somewhere(self) -> bool:
        """Whether there is a cursor, which has to be read."""
        return self.after is not None or self.before is not None

    def next(self, more: bool) -> bool:
        """Whether a page follows. `more`: rows were left out where it is cut."""
        return self.before is not None if self.back else more

    def previous(self, more: bool) -> bool:
        """Whether a page comes before."""
        return more if self.back else self.after is not None

    def read(self, mark: bytes, sorts: list[paging.Sort]) -> tuple["Ends", dict[str, Any]]:
        """The cursors as a plan takes them, and the parameters that they are. Raises UsageError for what is none."""
        after, given = _read("after", self.after, mark, sorts)
        before, more = _read("before", self.before, mark, sorts)
        return Ends(after, before, self.back), given | more


def _read(
    name: str, cursor: str | None, mark: bytes, sorts: list[paging.Sort]
) -> tuple[Held | None, dict[str, Any]]:
    if cursor is None:
        return None, {}
    return paging.as_parameters(paging.read(cursor, mark, sorts, name, "a cursor of this list"), name)


class Ends(NamedTuple):
    """A cut without how much it is and without values: pages of one form have one plan."""

    after: Held | None
    before: Held | None
    back: bool

    def tests(self, keys: list[Key]) -> tuple[W, ...]:
        """Keeps what lies after the one cursor and before the other."""
        return (
            *(() if self.after is None else (paging.following(keys, self.after),)),
            *(() if self.before is None else (paging.preceding(keys, self.before),)),
        )


def is_null(key: Expr) -> Expr:
    """1 or 0. Nulls come last both ways, so who goes back has to ask for them first."""
    return op("iif", op("isnull", key), Const(1), Const(0))
