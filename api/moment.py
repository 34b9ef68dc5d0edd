"""Moments as people write them."""

import argparse
from datetime import UTC, datetime


def moment(text: str) -> int:
    """A date or time in ISO 8601 (UTC where it has no offset) as microseconds since the epoch."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 2026-01-31 or 2026-01-31T12:00:00Z") from None
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    since = read - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
