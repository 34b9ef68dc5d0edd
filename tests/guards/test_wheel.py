"""What a release holds: the package's files as git has them, no more and no less."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest


@pytest.fixture
def expected(files: list[str], folders: list[str]) -> set[str]:
    own = {f"begat/{name.removeprefix('.src/begat/')}" for name in files if name.startswith(".src/begat/")}
    return own - {f"begat/{name}" for name in folders} | {
        f"begat/{name}" for name in files if name.split("/")[0] in folders
    }


def test_the_wheel_holds_what_git_holds(dist: Path, expected: set[str]) -> None:
    assert packed(dist) == expected


def test_the_sdist_builds_the_same_wheel(dist: Path, expected: set[str], tmp_path: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=source, check=True)
    assert packed(source / "dist") == expected


def test_the_wheel_carries_the_licence_and_the_command(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name.split(".dist-info/")[-1]: name for name in archive.namelist()}
        assert "licenses/LICENSE" in names
        assert "begat = begat.api.cli:main" in archive.read(names["entry_points.txt"]).decode()


def packed(folder: Path) -> set[str]:
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}
