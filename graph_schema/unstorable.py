"""What no store can hold, refused in one line: text that is none, and whole numbers of more than 64 bits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from begat.graph_schema.errors import FormatError

#: Characters of a text that a message shows.
SHOWN: Final = 60
SMALLEST: Final = -(2**63)
LARGEST: Final = 2**63 - 1


@contextmanager
def refused() -> Iterator[None]:
    """What is raised where such a thing is encoded, as a FormatError."""
    try:
        yield
    except UnicodeEncodeError as e:
        raise FormatError(
            f"{e.object[:SHOWN]!a} is no text: it holds half a character (a lone surrogate), which no store takes"
        ) from e
    except OverflowError as e:
        raise FormatError(f"a whole number of more than 64 bits is no time, step or count: {e}") from e


def fits(number: int | float | None) -> None:
    """Raises OverflowError for a whole number of more than 64 bits."""
    if isinstance(number, int) and not SMALLEST <= number <= LARGEST:
        raise OverflowError(f"{number}")
