"""A journal to measure hooks on: it is sealed and counted before its folder goes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.scratch import scratch


@contextmanager
def recording(events: int) -> Iterator[Path]:
    """The spool that hooks write to. Raises RuntimeError unless it holds at least so many events afterwards.

    A hook that fails fast is no fast hook.
    """
    with scratch() as spool:
        os.environ["BEGAT_SPOOL"] = str(spool)
        from begat.capture import lifecycle  # now, since it looks at once whether anything is to be recorded

        try:
            yield spool
        finally:
            lifecycle.restart()  # no thread writes to the folder or renames in it any more
        found = sum(_lines(file) for file in spool.rglob("*.seg"))
        if found < events:
            raise RuntimeError(f"{events} events became {found} lines in the journal")


def _lines(file: Path) -> int:
    with file.open("rb") as lines:  # not all at once: a benchmark may be about memory
        return sum(1 for _ in lines)
