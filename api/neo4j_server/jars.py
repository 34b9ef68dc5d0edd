"""The server's jars, and Neo4j Browser's: Maven copies them into a cache, once for all."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from begat.graph_schema.errors import StoreError

_POM: Final = resources.files("begat.api.neo4j_server").joinpath("pom.xml")
_PROPERTIES: Final = ElementTree.fromstring(_POM.read_text("utf-8"))
VERSION: Final = _PROPERTIES.findtext("properties/neo4j.version", "")
BROWSER: Final = _PROPERTIES.findtext("properties/browser.version", "")


def user_cache() -> Path:
    """Where begat keeps what can be fetched again: $XDG_CACHE_HOME/begat, else ~/.cache/begat."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "begat"


def server_jars(cache: Path) -> Path:
    """The folder of the server's jars, fetched when it is not there. Raises StoreError where that cannot be done."""
    with resources.as_file(_POM) as pom:
        goal = ["-f", str(pom), "dependency:copy-dependencies", "-DincludeScope=runtime"]
        return _fetched(cache / f"neo4j-{VERSION}", "the Neo4j server (118 MB)", goal)


def browser_jars(cache: Path) -> Path:
    """The same with Neo4j Browser's."""
    goal = ["dependency:copy", f"-Dartifact=org.neo4j.client:neo4j-browser:{BROWSER}"]
    return _fetched(cache / f"neo4j-browser-{BROWSER}", "Neo4j Browser (15 MB)", goal)


def can_fetch(cache: Path) -> bool:
    """Whether the server's jars are there, or Maven to fetch them."""
    return (cache / f"neo4j-{VERSION}/complete").exists() or shutil.which("mvn") is not None


def _fetched(folder: Path, what: str, goal: Sequence[str]) -> Path:
    lib, done = folder / "lib", folder / "complete"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _fetch(lib, what, goal)
            done.touch()
    return lib


def _fetch(lib: Path, what: str, goal: Sequence[str]) -> None:
    if shutil.which("mvn") is None:
        raise StoreError(f"{what} cannot be fetched: install Maven (mvn)")
    print(f"neo4j: fetching {what} into {lib.parent}", file=sys.stderr)
    shutil.rmtree(lib, ignore_errors=True)
    # -C: a jar whose checksum does not fit fails.
    command = ["mvn", "-q", "-B", "-C", *goal, f"-DoutputDirectory={lib}"]
    fetched = subprocess.run(command, cwd=lib.parent, capture_output=True, text=True, check=False)
    if fetched.returncode != 0:
        lines = [line for line in fetched.stdout.splitlines() if "ERROR" in line] or ["no reason given"]
        raise StoreError(f"Maven could not fetch {what}: {lines[0]}")
