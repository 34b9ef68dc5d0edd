"""What some tests need of a machine. Where it is missing they are left out, but under CI that is a failure."""

import os
from typing import Final, NoReturn

import pytest

REQUIRED: Final = bool(os.environ.get("CI")) or os.environ.get("BEGAT_REQUIRE") == "all"


def cannot(why: str) -> NoReturn:
    """Leave the running test out, or fail it where all is required."""
    if REQUIRED:
        pytest.fail(why)
    pytest.skip(why)
