"""A run that another process has opened: what is recorded on it here is under it, its start and end are not ours."""

from functools import lru_cache
from types import TracebackType

from begat.capture import parent, problems, scope, surroundings
from begat.capture.runs import Run
from begat.capture.writer import WRITER
from begat.graph_schema.events import Event


class Joined(Run):
    """`with run:` in a worker makes hooks and activities of this thread or task belong to the run it was handed.

    Nothing is written but, once, on which machine this is, and an exception that leaves the block.
    """

    begun = True

    def __init__(self, id: str, name: str | None) -> None:
        super().__init__(name, [], id)
        self.writer = ""

    def start(self, *first: Event) -> Run:
        """Hooks belong to it until `finish`, as in a `with` block."""
        return self.__enter__()

    def __enter__(self) -> Run:
        super().__enter__()
        self.arrive()
        return self

    def finish(self, error: BaseException | None = None, *last: Event) -> None:
        """Hooks belong to what they belonged to. Its end is told by whoever opened it."""
        self.__exit__(type(error) if error else None, error, None)

    def __exit__(
        self, cls: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if scope.unjoin(self):
            self._left(error)

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
