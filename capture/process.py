"""How this process was started: its command line, with secrets masked, and the folder it was started in."""

import os
import shlex
import sys
from collections.abc import Sequence
from typing import Final

from begat.capture import secrets, values
from begat.graph_schema.events import Attributes

#: Words of a command line that are kept.
MOST_WORDS: Final = 1000


def facts() -> Attributes:
    """What a run says of its process. The folder is the one it is in when this is asked."""
    return {"command": shown(sys.orig_argv or [sys.executable, *sys.argv]), **folder()}


def folder() -> Attributes:
    """The folder that the process is in, where there still is one."""
    try:
        return {"folder": values.clean(os.getcwd())}
    except OSError:  # it has been removed
        return {}


def shown(words: Sequence[str]) -> str:
    """A command line as a shell takes it, secrets masked. One text: the values of an attribute are in no order."""
    more = len(words) - MOST_WORDS
    shown = shlex.join(secrets.words(map(values.name, words[:MOST_WORDS])))
    return str(values.plain(f"{shown} ... and {more} more words" if more > 0 else shown))
