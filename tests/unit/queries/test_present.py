"""What a path holds now, beside what was recorded of it."""

from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from begat.capture import digest
from begat.queries.present import Present


def test_a_file_is_compared_by_the_digest_that_is_recorded(tmp_path: Path) -> None:
    """Whole content, or the same sample; a digest of another kind tells nothing."""
    path = tmp_path / "x.npy"
    path.write_bytes(bytes(range(256)) * 100_000)
    size = path.stat().st_size
    whole = "blake2b:" + blake2b(path.read_bytes(), digest_size=32).hexdigest()
    sample = digest.sampled(str(path), path.stat())
    here = Present(str(path))
    assert here.is_file_of({"digest": [whole], "size": [size]})
    assert here.is_file_of({"digest": [sample]})
    assert not here.is_file_of({"digest": [whole], "size": [size + 1]})
    assert not here.is_file_of({"digest": ["sha256:" + whole.partition(":")[2]]})
    assert not here.is_file_of({"digest": [], "size": [size]})
    with path.open("r+b") as file:
        file.write(b"!")
    assert not Present(str(path)).is_file_of({"digest": [whole, sample]})


def test_a_folder_is_what_is_in_it_now(tmp_path: Path) -> None:
    """Beside what is no part of a version: a repository, and what links to folders lead to."""
    data, other = tmp_path / "data", tmp_path / "other"
    for place in (data / ".git", other):
        place.mkdir(parents=True)
        (place / "x").write_text("x")
    (data / "a.csv").write_text("a")
    (data / "below").symlink_to(other)
    member: dict[str, list[Any]] = {"path": [str(data / "a.csv")], "digest": [digest.of_file(str(data / "a.csv"))]}
    assert Present(str(data)).may_be_folder_of({"members": [1]})
    assert Present(str(data)).is_folder_of([member])
    assert not Present(str(data)).is_folder_of([member, member | {"path": [str(data / "below/x")]}])
    (data / "b.csv").write_text("b")
    assert not Present(str(data)).is_folder_of([member])


@pytest.mark.parametrize("name", ["none", "folder"])
def test_what_is_no_file_has_no_version(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert not Present(str(tmp_path / name)).is_file_of({"digest": ["blake2b:00"]})
