"""Which machine this is: what tells two of the same name apart."""

import os
from functools import cache


@cache
def machine() -> str:
    """The machine's id as its operating system keeps it, else its name."""
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            with open(path, "rb") as file:  # as bytes: Python would load a codec for a file in ASCII
                if found := file.read().strip().decode("ascii"):
                    return found
        except (OSError, ValueError):  # there is another place to look, and the name after that
            continue
    return os.uname().nodename
