"""How a store's snapshot stands: how large and old it is, what changed since, and whether it counts. Without numpy."""

from pathlib import Path
from typing import NamedTuple

from begat.graph_schema.sqlite.snapshot import log
from begat.graph_schema.sqlite.snapshot.head import Damaged, read_head

#: The next is due when so large a part of the edges has changed, and so many in any case.
PART, FEW = 10, 1_000


class Standing(NamedTuple):
    """What is known of a snapshot. `wrong`: why it does not count, None where it does.

    `taken`: seconds since the epoch. `bytes`, `edges` and `taken` are 0 where there is no file to tell them.
    """

    place: Path | None
    bytes: int
    edges: int
    taken: float
    changes: int
    wrong: str | None

    @property
    def due(self) -> bool:
        """Whether the next had better be taken."""
        return self.wrong is not None or self.changes > max(FEW, self.edges // PART)


def standing(read: log.Read, path: str) -> Standing | None:
    """How the snapshot of the store at a path stands; None where none was ever taken."""
    state = log.state(read)
    if state is None:
        return None
    changes = max(0, state.last - state.mark)
    if state.token is None or state.full:
        return Standing(None, 0, 0, 0.0, changes, "not current, more came in than its log takes")
    place = log.place(path, state.token)
    try:
        with place.open("rb") as file:
            head, _ = read_head(file, state.token)
        size = place.stat().st_size
    except FileNotFoundError:
        return Standing(place, 0, 0, 0.0, changes, f"{place} is gone")
    except (Damaged, OSError) as wrong:
        return Standing(place, 0, 0, 0.0, changes, str(wrong))
    return Standing(place, size, head.edges, head.taken, changes, None)
