"""A file's canonical URI: one name for one file, from whichever machine it is seen.

On a network file system that is the mount's source and the path on it, so one Lustre file seen from two nodes is one
file. On a local disk it is the machine's id and the real path, so two laptops' /tmp/x.csv are two files.
"""

import os
from functools import cache
from typing import Final, NamedTuple

#: File systems that several machines see, and the scheme of their URIs (NFS 3 and 4 show the same files).
NETWORK: Final = {
    "nfs": "nfs", "nfs4": "nfs", "lustre": "lustre", "gpfs": "gpfs", "beegfs": "beegfs", "cifs": "smb", "smb3": "smb",
    "ceph": "ceph", "afs": "afs", "9p": "9p", "virtiofs": "virtiofs",
}  # fmt: skip
#: Of the file systems in user space, these are local.
LOCAL_FUSE: Final = ("fuse.fuse-overlayfs", "fuse.overlay", "fuse.ntfs", "fuse.exfat", "fuse.lxcfs", "fuse.squashfuse")


class Mount(NamedTuple):
    """A line of mountinfo: where (`point`), which part of the file system (`root`), its type and its source."""

    point: str
    root: str
    fstype: str
    source: str


def canonical(path: str) -> str:
    """The canonical URI of a path that links have been resolved in (os.path.realpath)."""
    return on_mount(path, _mount(path))


def on_mount(path: str, mount: Mount | None) -> str:
    """The URI of a path that lies on this mount."""
    scheme = mount and _scheme(mount.fstype)
    if not mount or not scheme:
        return f"file://{machine()}{_quote(path)}"
    below = os.path.normpath(f"{mount.root}/{os.path.relpath(path, mount.point)}").strip("/")
    server, colon, export = mount.source.lstrip("/").partition(":/")
    if not colon:
        server, _, export = server.partition("/")
    return f"{scheme}://{_quote(server)}/" + _quote("/".join(p for p in (export.strip("/"), below) if p))


@cache
def machine() -> str:
    """The machine's id as its operating system keeps it, else its name."""
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            with open(path, encoding="ascii") as file:
                if found := file.read().strip():
                    return found
        except (OSError, ValueError):  # there is another place to look, and the name after that
            continue
    return os.uname().nodename


def mounts() -> list[Mount]:
    """The mounts as this process sees them now, later ones over earlier ones. Empty where there is no /proc."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            return parse(file.read())
    except OSError:
        return []


def parse(mountinfo: str) -> list[Mount]:
    """The lines of mountinfo (proc(5)): optional fields end with a lone hyphen."""
    found = []
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if "-" in fields[6:]:
            hyphen = fields.index("-", 6)
            fstype, source = fields[hyphen + 1], _unescape(fields[hyphen + 2])
            found.append(Mount(_unescape(fields[4]), _unescape(fields[3]), fstype, source))
    return found


_seen: dict[int, Mount | None] = {}


def _mount(path: str) -> Mount | None:
    """The mount a path lies on; remembered a device, so that mountinfo is read once for many files."""
    folder = path
    while True:
        try:
            device = os.stat(folder).st_dev
            break
        except OSError:
            if folder == os.path.dirname(folder):
                return None
            folder = os.path.dirname(folder)
    mount = _seen.get(device)
    if mount is None or not _below(path, mount.point):
        _seen[device] = mount = mount_of(path, mounts())
    return mount


def mount_of(path: str, among: list[Mount]) -> Mount | None:
    """The mount that a path lies on: the deepest, and of several on one point the last."""
    best = None
    for mount in among:
        if _below(path, mount.point) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def _below(path: str, point: str) -> bool:
    return path == point or path.startswith(point if point.endswith("/") else point + "/")


def _scheme(fstype: str) -> str | None:
    if fstype.startswith("fuse.") and not fstype.startswith(LOCAL_FUSE):
        return NETWORK.get(fstype[5:], fstype[5:])
    return NETWORK.get(fstype)


def _quote(text: str) -> str:
    from urllib.parse import quote

    return quote(text.encode("utf-8", "surrogateescape"), safe="/@:+,=~!$&'()*;")


def _unescape(text: str) -> str:
    """Blanks, tabs, newlines and backslashes stand in mountinfo as three octal digits."""
    head, *rest = text.split("\\")
    return head + "".join(chr(int(part[:3], 8)) + part[3:] for part in rest)
