"""What some tests need of a machine. Where it is missing they are left out, but under CI that is a failure."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import pytest

REQUIRED: Final = bool(os.environ.get("CI")) or os.environ.get("BEGAT_REQUIRE") == "all"
#: A name space of its own, in which a user may mount a disk in memory.
ALONE: Final = ("unshare", "--user", "--map-root-user", "--mount")


def cannot(why: str) -> NoReturn:
    """Leave the running test out, or fail it where all is required."""
    if REQUIRED:
        pytest.fail(why)
    pytest.skip(why)


def needs_file(path: str) -> None:
    """The running test needs a file of the system."""
    if not Path(path).exists():
        cannot(f"there is no {path} here")


def needs_mounts() -> None:
    """The running test mounts disks."""
    if not _can_mount():
        cannot("this machine lets nobody mount a disk")


@cache
def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run([*ALONE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return not tried.returncode


@contextmanager
def as_anybody() -> Iterator[None]:
    """Root may read everything: do it as one who may not. Folders of tests are root's own: make one that is not."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
