"""On what kind of file system a folder lies: over a network SQLite's write-ahead log does not work, and the kernel
tells nothing of what others write; and which file it is that stands at a place."""

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


def identity(file: Path | None) -> tuple[int, int] | None:
    """What tells a store's file from another that is put into its place; None for one that is gone, and for no file."""
    if file is None:
        return None
    try:
        seen = file.stat()
    except OSError:  # gone: as good as another one
        return None
    return seen.st_dev, seen.st_ino
