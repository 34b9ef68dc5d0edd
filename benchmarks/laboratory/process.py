"""A process of the laboratory: a teller of a study whose clock is in microseconds and goes on with every event."""

from pathlib import Path
from typing import Any, Final, TypeVar

from begat.api.demo.study.teller import Teller
from begat.graph_schema import events as ev
from begat.graph_schema.terms import FROM, TO

E = TypeVar("E", bound=ev.Wire)

MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
#: The first moment of the laboratory: 2024-01-01T00:00:00Z, in microseconds.
BEGINNING: Final = 1_704_067_200_000_000
#: Between two events that nothing else keeps apart.
TICK: Final = 50


class Process(Teller):
    """It starts at a time in microseconds."""

    def __init__(self, name: str, now: int, lives: bool = False) -> None:
        super().__init__(name, "laboratory", lives)
        self.now = now

    def __call__(self, event: type[E], **fields: Any) -> E:
        self.now += TICK
        return super().__call__(event, **fields)

    def wait(self, micros: int) -> None:
        """Let time pass."""
        self.now += micros

    def about_days(self, data: str, thing: str, since: int, until: int) -> None:
        """Data has values of a thing, from one day of the laboratory to before another."""
        self.relate(data, "about", thing, **days(since, until))

    def save(self, spool: Path) -> None:
        """Write its segment, and forget what it said."""
        self.write(spool)
        self.events.clear()


def day(n: int) -> int:
    """The first moment of a day of the laboratory, in microseconds."""
    return BEGINNING + n * DAY


def days(since: int, until: int) -> dict[str, Any]:
    """The attributes of a relation that holds from one day to before another."""
    return {FROM: day(since), TO: day(until)}
