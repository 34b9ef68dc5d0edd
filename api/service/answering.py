"""What answers SPARQL in a service: triples that follow the store, workers, and how many may ask at once."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from begat.api.service.limits import Limits
from begat.api.service.threads import Threads
from begat.api.service.turns import Turns
from begat.graph_schema.errors import MissingExtra
from begat.queries.sparql.followed import Followed
from begat.queries.sparql.keeper import Follow, Start
from begat.queries.sparql.pool import Found, Pool, Question
from begat.queries.sparql.pool import Limits as OfQuestion

#: Bytes of an answer.
SIZE: Final = 64 << 20


class Answering:
    """Half of the workers may be busy with one asker's questions, and half with long ones."""

    def __init__(
        self, start: Start, limits: Limits, say: Callable[[str], None] = lambda _: None, services: tuple[str, ...] = ()
    ) -> None:
        half = max(1, limits.workers // 2)
        self.threads, self.turns = Threads(limits.workers), Turns(half)
        self._followed = Followed(start, say)
        self.pool = Pool(
            OfQuestion(limits.seconds, limits.rows, SIZE, limits.memory, long=half), services
        )

    def answer(self, what: Follow, question: Question) -> Found:
        """Answer a question about a project. Raises what Pool.ask and Followed.folder do, and MissingExtra."""
        if find_spec("pyoxigraph") is None:
            raise MissingExtra("SPARQL", "rdf")
        return self.pool.ask(self._followed.folder(what), question)

    def close(self) -> None:
        """End all processes."""
        self.pool.close()
        self._followed.close()


def start_of(store: str, file: Path | None, place: Path) -> Start:
    """What the process that keeps triples has to know."""
    return Start(store, None if file is None else str(file), str(place))
