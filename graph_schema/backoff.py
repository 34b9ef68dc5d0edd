"""When to try again what failed: soon at first, then ever later, and never all processes at the same moment."""

import random
from typing import Final

FIRST: Final = 1.0
LONGEST: Final = 30.0


class Backoff:
    """`due` is the moment (time.monotonic) of the next try; `failures` counts those since the last success."""

    def __init__(self, first: float = FIRST, longest: float = LONGEST) -> None:
        self._first, self._longest = first, longest
        self.failures = 0
        self.due = 0.0

    def failed(self, now: float, at_least: float = 0.0) -> None:
        """Wait twice as long as the last time, `longest` seconds at most, less a random part of up to a half.

        `at_least` seconds in any case: what the other side asked for.
        """
        longest = min(self._longest, self._first * 2 ** min(self.failures, 16))
        self.failures += 1
        self.due = now + max(at_least, longest * random.uniform(0.5, 1.0))

    def worked(self) -> None:
        self.failures = 0
        self.due = 0.0
