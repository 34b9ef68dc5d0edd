"""Moments as people write them, for argparse."""

import argparse

from begat.graph_schema.errors import UsageError
from begat.queries.where import time


def moment(text: str) -> int:
    """A date or time in ISO 8601 (UTC where it has no offset) as microseconds since the epoch."""
    try:
        return time(text)
    except UsageError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None
