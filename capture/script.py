"""The script that runs, as it is when the first hook is called: it may be edited while it runs."""

import os
import sys

import msgspec

from begat.capture import digest
from begat.capture.values import clean
from begat.graph_schema.ids import blake2b


class Script(msgspec.Struct, frozen=True):
    """Its name as the user knows it, and where it is a file its real path and digest."""

    name: str
    path: str | None = None
    digest: str | None = None


def script() -> Script:
    """The script of this process; read now, since Python forgets its name before the process ends."""
    given = getattr(sys.modules.get("__main__"), "__file__", None)
    if not given:
        return _typed()
    path = os.path.realpath(given)
    try:
        here = os.getcwd() + os.sep
        return Script(clean(path.removeprefix(here)), path, digest.of_file(path))
    except OSError:  # a notebook's kernel and its kin name files that are none
        return Script(clean(os.path.basename(given)))


def _typed() -> Script:
    """Code that lies in no file: what follows `-c` is known, a console's is not."""
    words = sys.orig_argv
    if sys.argv[:1] == ["-c"] and "-c" in words[:-1]:
        text = words[words.index("-c") + 1].encode("utf-8", "surrogateescape")
        return Script("python -c", None, "blake2b:" + blake2b(text, digest_size=32).hexdigest())
    return Script("interactive")
