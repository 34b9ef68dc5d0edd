"""Files that commands write what was asked for to."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from begat.graph_schema.errors import UsageError


def write(file: Path, pieces: Iterable[bytes]) -> None:
    """Write the whole file or leave it as it was; a pipe gets what there is. Raises UsageError where it cannot be
    written, and whatever the pieces raise."""
    try:
        if file.exists() and not file.is_file():  # a pipe, /dev/stdout
            with file.open("wb") as out:
                out.writelines(pieces)
            return
        target = file.resolve()
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as made:
            try:
                made.writelines(pieces)
                made.flush()
                os.fsync(made.fileno())
                os.chmod(made.name, mode)
                os.replace(made.name, target)
            except BaseException:
                os.unlink(made.name)
                raise
    except OSError as e:
        raise UsageError(f"--output {file}: {e.strerror or e}") from e


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now
