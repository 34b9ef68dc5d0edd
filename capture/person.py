"""Who runs this: user@domain as the machine knows it."""

import os

from begat.graph_schema import ids, kernel
from begat.graph_schema.events import Node


def person() -> Node:
    """The account this process runs under. Two accounts of one person are two, until somebody says otherwise."""
    name = f"{_user()}@{_domain()}"
    return Node(0, 0, ids.agreed("person", name), "Agent", ["Person"], name)


def _user() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # no such module on this system, or an account without a name, as in containers
        return os.environ.get("USER") or os.environ.get("USERNAME") or f"uid-{getattr(os, 'getuid', int)()}"


def _domain() -> str:
    """The domain of the machine's name, or its NIS domain, or the machine itself. No name server is asked."""
    _, dot, domain = kernel.host().partition(".")
    if dot and domain:
        return domain
    try:
        with open("/proc/sys/kernel/domainname", "rb") as file:
            known = file.read().strip().decode("ascii")
    except (OSError, ValueError):
        known = ""
    return known if known not in ("", "(none)", "localdomain") else kernel.host()
