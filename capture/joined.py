"""A run that another process has opened: what is recorded on it here is under it, its start and end are not ours."""

from functools import lru_cache

from begat.capture import parent, problems, scope, surroundings
from begat.capture.runs import Run
from begat.capture.writer import WRITER
from begat.graph_schema.events import Event


class Joined(Run):
    """`with run:` in a worker makes hooks and activities of this thread or task belong to the run it was handed."""

    def __init__(self, id: str, name: str | None) -> None:
        super().__init__(name, [], id)
        self.left: list[Run | None] = []
        self.writer = ""

    def start(self, *first: Event) -> Run:
        """Hooks belong to it until `finish`; nothing is written but, once, on which machine this is."""
        self.left.append(scope.swap(self))
        self.arrive()
        return self

    def finish(self, error: BaseException | None = None, *last: Event) -> None:
        """Hooks belong to what they belonged to. Its end is told by whoever opened it."""
        if self.left:
            scope.swap(self.left.pop())

    def arrive(self) -> None:
        """State where this process is, once."""
        try:
            if not WRITER.off and self.writer != WRITER.id:
                self.writer = WRITER.id
                WRITER.emit(*surroundings.of_child(self.id))
        except Exception as e:  # the hook boundary
            problems.note(e)


@lru_cache(64)
def join(id: str, name: str | None) -> Joined:
    """The run as this process sees it."""
    return Joined(id, name)


def of_parent() -> Run | None:
    """The run that this process belongs to as its environment says: for hooks outside of any run of its own."""
    above = parent.parent()
    if above is None:
        return None
    found = join(above, None)
    found.arrive()
    return found
