"""The handle that hooks return for an entity."""

import os
from typing import Any


class Entity:
    """An entity as begat knows it. `id` names it; one that is a file can be opened: `open(run.used("x.csv"))`."""

    __slots__ = ("_path", "id", "name")

    def __init__(self, id: str, name: str | None = None, path: str | None = None) -> None:
        self.id = id
        self.name = name
        self._path = path

    @property
    def path(self) -> str | None:
        """The path or address it was made from, None for an object."""
        return self._path

    def about(self, *concepts: str, since: Any = None, until: Any = None) -> "Entity":
        """What this entity is about: `run.used("x.csv").about("basin:elbe", since="2024-01-01")`. Returns itself.

        `since` and `until` (not included): of which time it has values, see Run.about.
        """
        from begat.capture import annotations

        if self.id:
            annotations.entity_about(self.id, concepts, since, until)
        return self

    def __fspath__(self) -> str:
        if self._path is None:
            raise TypeError(f"{self.name or self.id} is no file: it has no path")
        return self._path

    def __str__(self) -> str:
        return self._path or self.id

    def __repr__(self) -> str:
        return f"<Entity {self.name or ''} {self.id}>"

    def __eq__(self, other: object) -> bool:
        return self.id == other.id if isinstance(other, Entity) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.id)


def unrecorded(thing: Any) -> Entity:
    """The handle of what could not be recorded: it opens like a recorded one, so that the user's script goes on."""
    if isinstance(thing, Entity):
        return thing
    path = os.fsdecode(thing) if isinstance(thing, str | bytes | os.PathLike) else None
    return Entity("", path, path)
