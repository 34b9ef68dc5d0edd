"""Where benchmarks write: a folder of the repository, since what lies in memory cannot be durable."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def above() -> Path:
    """The folder of all that benchmarks write: what they keep for another run lies in it."""
    folder = Path(__file__).resolve().parents[1] / ".cache" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=above()) as folder:
        yield Path(folder)
