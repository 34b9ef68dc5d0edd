"""On which file system a folder lies, as the kernel lists them."""

from pathlib import Path

import pytest

from begat.ingest.filesystem import network

MOUNTS = r"""
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
40 22 0:35 / /home rw,relatime shared:20 - nfs4 server:/export/home rw,vers=4.2
41 40 254:2 / /home/scratch rw shared:21 - xfs /dev/vdb rw
42 22 0:36 / /data\040sets rw shared:22 - lustre 10.0.0.1@tcp:/fs rw
43 22 0:37 / /over rw - nfs server:/a rw
44 22 0:38 / /over rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/ann/work", "nfs4"),
        ("/home", "nfs4"),
        ("/home/scratch/x", None),
        ("/homeless", None),
        ("/data sets/x", "lustre"),
        ("/over/x", None),
        ("/", None),
    ],
)
def test_the_innermost_mount_counts(folder: str, kind: str | None, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.lstrip())
    assert network(Path(folder), mounts) == kind


def test_where_it_cannot_be_told_it_is_not_told(tmp_path: Path) -> None:
    assert network(Path("/home"), tmp_path / "nothing") is None
