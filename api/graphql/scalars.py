"""What single values are on the wire: times as text, whole numbers of 64 bits, numbers that may be none."""

from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from begat.graph_schema.errors import UsageError
from begat.queries.values import LARGEST
from begat.queries.where import time

DateTime = NewType("DateTime", str)
Long = NewType("Long", int)
Number = NewType("Number", float)
Json = NewType("Json", object)


def as_it_is(value: Any) -> Any:
    """Answers hold values as they are shown."""
    return value


def moment(value: Any) -> int:
    """A time that was given, in microseconds since the epoch, UTC."""
    if not isinstance(value, str):
        raise GraphQLError(f"{value!r} is not a time: write 2026-01-31 or 2026-01-31T12:00:00Z")
    try:
        return time(value)
    except UsageError as e:
        raise GraphQLError(str(e)) from None


def whole(value: Any) -> int:
    """A whole number of 64 bits that was given."""
    if isinstance(value, bool) or not isinstance(value, int) or not -LARGEST <= value <= LARGEST:
        raise GraphQLError(f"{_short(value)} is not a whole number of 64 bits")
    return value


def number(value: Any) -> int | float:
    """A number that was given."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise GraphQLError(f"{_short(value)} is not a number")
    return value


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a number of more than 40 digits"
    return text if len(text) <= 60 else f"{text[:60]} ..."


#: How strawberry is to know them.
CONFIG: Final = StrawberryConfig(
    scalar_map={
        DateTime: strawberry.scalar(
            name="DateTime",
            description="A time in ISO 8601, UTC: 2026-01-31T12:00:00Z, with a fraction of a second only where there "
            "is one. Given with another offset, it is taken as that; with none, as UTC; a day is its first moment.",
            serialize=as_it_is,
            parse_value=moment,
        ),
        Long: strawberry.scalar(
            name="Long", description="A whole number of 64 bits.", serialize=as_it_is, parse_value=whole
        ),
        Number: strawberry.scalar(
            name="Number",
            description='A number; in an answer also "NaN", "INF" or "-INF", which JSON has no numbers for.',
            serialize=as_it_is,
            parse_value=number,
        ),
        Json: strawberry.scalar(
            name="JSON", description="Any JSON value.", serialize=as_it_is, parse_value=as_it_is
        ),
    },
)
