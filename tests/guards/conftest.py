import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[str]:
    """What git tracks, or would track after `git add`: nothing ignored, no link's inside."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listing.stdout.split("\0") if name and (ROOT / name).exists()]


@pytest.fixture(scope="session")
def folders(files: list[str]) -> list[str]:
    """The package folders: those at the root that hold an __init__.py."""
    found = (re.fullmatch(r"(\w+)/__init__\.py", name) for name in files)
    return sorted(match[1] for match in found if match)


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, built as a release would build them, but offline."""
    target = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", target], cwd=ROOT, check=True)
    return target
