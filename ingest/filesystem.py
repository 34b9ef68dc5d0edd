"""On what kind of file system a folder lies: over a network SQLite's write-ahead log does not work, and the kernel
tells nothing of what others write."""

import re
from pathlib import Path
from typing import Final

NETWORK: Final = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "gfs2", "gpfs", "lustre",
    "ncpfs", "nfs", "nfs4", "orangefs", "panfs", "smb3", "smbfs", "wekafs",
})  # fmt: skip
#: All that is written to these passes through this machine's kernel.
LOCAL: Final = frozenset({"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})
MOUNTS: Final = Path("/proc/self/mountinfo")


def network(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The network file system that a folder is on, None for a local one or where that cannot be told."""
    found = kind(folder, mounts)
    return found if found in NETWORK else None


def kind(folder: Path, mounts: Path = MOUNTS) -> str:
    """The type of the file system that a folder is on, "" where that cannot be told."""
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return ""
    where = folder.resolve()
    found = (Path("/"), "")
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), before.split()[4]))
        # A later mount on the same point hides the earlier one.
        if where.is_relative_to(point) and len(point.parts) >= len(found[0].parts):
            found = (point, after.split()[0])
    return found[1]
