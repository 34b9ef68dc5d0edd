"""What a question may see: the contexts of one project, up to a time."""

import msgspec


class Scope(msgspec.Struct, frozen=True):
    """`contexts` are the store's numbers of the project's contexts, None where the store holds no others.

    `folded` says that a node may have descriptions in several of them. `as_of` in microseconds since the epoch, UTC.
    `wide`: the store holds texts that its own order would put in another place (see graph_schema/neo4j/wide.py).
    """

    project: str = "default"
    as_of: int | None = None
    contexts: tuple[int, ...] | None = None
    folded: bool = False
    marked: int = 0
    wide: bool = False

    def sees(self, time: int | None) -> bool:
        """Whether something of that time is known; what has no time always is."""
        return self.as_of is None or time is None or time <= self.as_of
