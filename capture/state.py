"""The user's own folder on a disk of this machine, for what can be made again: digests, an embedded graph.

It is $XDG_STATE_HOME/begat (~/.local/state/begat); where that lies on a network disk or cannot be written, a folder
that nobody else may write in /var/tmp or the folder for temporary files.
"""

import os
from stat import S_ISDIR

from begat.graph_schema.mounts import mount_of, mounts, scheme


def folder() -> str | None:
    """The folder, made if need be; None where no local disk can be written."""
    home = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    own = f"begat-{os.getuid()}"
    places = (
        os.path.join(home, "begat"), os.path.join("/var/tmp", own),
        os.path.join(os.environ.get("TMPDIR") or "/tmp", own),
    )  # fmt: skip
    return next((place for place in places if os.path.isabs(place) and not on_network(place) and _ours(place)), None)


def on_network(path: str) -> str | None:
    """The type of the network file system that a path lies on or would lie on, None for a local one."""
    mount = mount_of(os.path.realpath(path), mounts())
    return mount.fstype if mount and scheme(mount.fstype) else None


def _ours(place: str) -> bool:
    """Whether the folder is there, ours, and not for others to write: in /var/tmp somebody else may have made it."""
    try:
        os.makedirs(place, 0o700, exist_ok=True)
        found = os.lstat(place)
    except OSError:  # there is a further place to try
        return False
    ours = S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
    return ours and os.access(place, os.W_OK)
