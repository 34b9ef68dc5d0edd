"""Times that a user says: of what data has values of, never of what happens in a run."""

from datetime import UTC, date, datetime
from typing import Any, Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def micros(said: Any) -> int:
    """Microseconds since the epoch of a date, a datetime, or what is written as one in ISO 8601 ("2024-03-01").

    Without an offset it is UTC. Raises ValueError for what is none, TypeError for a number: of what unit, it does not
    say.
    """
    if isinstance(said, bool | int | float):
        raise TypeError(f"{said!r} is no time: give a date, a datetime, or a text such as 2024-03-01T12:00Z")
    if isinstance(said, date) and not isinstance(said, datetime):
        moment = datetime(said.year, said.month, said.day, tzinfo=UTC)
    else:
        moment = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    gone = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds
