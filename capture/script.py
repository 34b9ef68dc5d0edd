"""The script that runs, as it is when the first hook is called: it may be edited while it runs."""

import os
import sys
from typing import NamedTuple

from begat.capture import digest
from begat.capture.values import clean


class Script(NamedTuple):
    """Its name as the user knows it, and where it is a file its real path and digest."""

    name: str
    path: str | None = None
    digest: str | None = None


def script() -> Script:
    """The script of this process; read now, since Python forgets its name before the process ends."""
    given = getattr(sys.modules.get("__main__"), "__file__", None)
    if not given:
        return Script("python -c" if sys.argv[:1] == ["-c"] else "interactive")
    path = os.path.realpath(given)
    try:
        here = os.getcwd() + os.sep
        return Script(clean(path.removeprefix(here)), path, digest.of_file(path).digest)
    except OSError:  # a notebook's kernel and its kin name files that are none
        return Script(clean(os.path.basename(given)))
