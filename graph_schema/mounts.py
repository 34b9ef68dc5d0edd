"""What is mounted where, as the kernel lists it, and which of it several machines see.

Identity needs it (a file on a network disk is one file, from whichever machine it is seen), and so does whoever keeps a
database: over a network SQLite's write-ahead log does not work.
"""

from typing import Final, NamedTuple

#: Where the kernel tells this process what is mounted.
MOUNTINFO = "/proc/self/mountinfo"
#: File systems that several machines see, and the scheme of their URIs (NFS 3 and 4 show the same files).
NETWORK: Final = {
    "nfs": "nfs", "nfs4": "nfs", "lustre": "lustre", "gpfs": "gpfs", "beegfs": "beegfs", "cifs": "smb", "smb3": "smb",
    "smbfs": "smb", "ncpfs": "ncp", "ceph": "ceph", "afs": "afs", "9p": "9p", "virtiofs": "virtiofs", "gfs2": "gfs2",
    "orangefs": "orangefs", "panfs": "panfs", "wekafs": "wekafs",
}  # fmt: skip
#: Of the file systems in user space, these are local.
LOCAL_FUSE: Final = ("fuse.fuse-overlayfs", "fuse.overlay", "fuse.ntfs", "fuse.exfat", "fuse.lxcfs", "fuse.squashfuse")


class Mount(NamedTuple):
    """A line of mountinfo: where (`point`), which part of the file system (`root`), its type and its source."""

    point: str
    root: str
    fstype: str
    source: str


def mounts(mountinfo: str | None = None) -> list[Mount]:
    """The mounts as this process sees them now, later ones over earlier ones. Empty where there is no /proc."""
    try:
        with open(mountinfo or MOUNTINFO, encoding="utf-8", errors="surrogateescape") as file:
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


def mount_of(path: str, among: list[Mount]) -> Mount | None:
    """The mount that a real path lies on: the deepest, and of several on one point the last."""
    best = None
    for mount in among:
        if is_below(path, mount.point) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def is_below(path: str, point: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == point or path.startswith(point if point.endswith("/") else point + "/")


def scheme(fstype: str) -> str | None:
    """The scheme of a network file system's URIs, None for a local one."""
    if fstype.startswith("fuse.") and not fstype.startswith(LOCAL_FUSE):
        return NETWORK.get(fstype[5:], fstype[5:])
    return NETWORK.get(fstype)


def _unescape(text: str) -> str:
    """Blanks, tabs, newlines and backslashes stand in mountinfo as three octal digits."""
    head, *rest = text.split("\\")
    return head + "".join(chr(int(part[:3], 8)) + part[3:] for part in rest)
