"""Where benchmarks write: a folder of the repository, since what lies in memory cannot be durable."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder that is gone afterwards."""
    above = Path(__file__).resolve().parents[1] / ".cache" / "benchmarks"
    above.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=above) as folder:
        yield Path(folder)
