"""A file's canonical URI: one name for one file, from whichever machine it is seen.

On a network file system that is the mount's source and the path on it, so one Lustre file seen from two nodes is one
file. On a local disk it is the machine's id and the real path, so two laptops' /tmp/x.csv are two files.
"""

import os

from begat.capture.machine import machine
from begat.graph_schema.mounts import Mount, is_below, mount_of, mounts, scheme


def canonical(path: str, device: int | None = None) -> str:
    """The canonical URI of a path that links have been resolved in (os.path.realpath); its st_dev spares a look."""
    return on_mount(path, _mount(path, device))


def on_mount(path: str, mount: Mount | None) -> str:
    """The URI of a path that lies on this mount."""
    network = mount and scheme(mount.fstype)
    if not mount or not network:
        return f"file://{machine()}{_quote(path)}"
    below = os.path.normpath(f"{mount.root}/{os.path.relpath(path, mount.point)}").strip("/")
    server, colon, export = mount.source.lstrip("/").partition(":/")
    if not colon:
        server, _, export = server.partition("/")
    return f"{network}://{_quote(server)}/" + _quote("/".join(p for p in (export.strip("/"), below) if p))


_seen: dict[int, Mount | None] = {}


def _mount(path: str, device: int | None) -> Mount | None:
    """The mount a path lies on; remembered a device, so that mountinfo is read once for many files."""
    folder = path
    while device is None:
        try:
            device = os.stat(folder).st_dev
        except OSError:
            if folder == os.path.dirname(folder):
                return None
            folder = os.path.dirname(folder)
    mount = _seen.get(device)
    if mount is None or not is_below(path, mount.point):
        _seen[device] = mount = mount_of(path, mounts())
    return mount


def _quote(text: str) -> str:
    from urllib.parse import quote

    return quote(text.encode("utf-8", "surrogateescape"), safe="/@:+,=~!$&'()*;")
