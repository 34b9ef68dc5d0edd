"""On what kind of file system a folder lies: over a network SQLite's write-ahead log does not work, and the kernel
tells nothing of what others write."""

from pathlib import Path
from typing import Final

from begat.graph_schema import mounts as listed

#: All that is written to these passes through this machine's kernel.
LOCAL: Final = frozenset({"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})


def network(folder: Path, mounts: Path | None = None) -> str | None:
    """The network file system that a folder is on, None for a local one or where that cannot be told."""
    found = kind(folder, mounts)
    return found if listed.scheme(found) else None


def kind(folder: Path, mounts: Path | None = None) -> str:
    """The type of the file system that a folder is on, "" where that cannot be told."""
    mount = listed.mount_of(str(folder.resolve()), listed.mounts(None if mounts is None else str(mounts)))
    return mount.fstype if mount else ""
