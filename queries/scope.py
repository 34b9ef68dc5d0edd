"""What a question may see: the contexts of one project, up to a time."""

from collections.abc import Hashable
from typing import Any, Final

import msgspec

#: Parameters that carry the scope; a question's own parameters have no leading underscore.
CONTEXTS: Final = "_contexts"
AS_OF: Final = "_as_of"
CONTEXT: Final = "_context"


class Scope(msgspec.Struct, frozen=True):
    """`contexts` are the store's numbers of the project's contexts, None where the store holds no others.

    `folded` says that a node may have descriptions in several of them. `as_of` in microseconds since the epoch, UTC.
    `wide`: the store holds texts that its own order would put in another place (see graph_schema/neo4j/wide.py).
    `context`: on an embedded store the number of the only one, 0 where there is none yet.
    """

    project: str = "default"
    as_of: int | None = None
    contexts: tuple[int, ...] | None = None
    folded: bool = False
    marked: int = 0
    wide: bool = False
    context: int | None = None

    @property
    def form(self) -> Hashable:
        """All of it that the text of a statement depends on."""
        return (self.contexts is None, self.as_of is None, self.folded, self.wide)

    @property
    def bound(self) -> dict[str, Any]:
        """The parameters of a statement that carry it."""
        bound: dict[str, Any] = {}
        if self.contexts is not None:
            bound[CONTEXTS] = [0, *self.contexts]
        if self.as_of is not None:
            bound[AS_OF] = self.as_of
        if self.context is not None:
            bound[CONTEXT] = self.context
        return bound

    def sees(self, time: int | None) -> bool:
        """Whether something of that time is known; what has no time always is."""
        return self.as_of is None or time is None or time <= self.as_of
