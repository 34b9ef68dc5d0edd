"""`begat doctor --start-neo4j`: a server of one's own, real and on this machine."""

import os
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from begat.graph_schema.errors import StoreError
from begat.graph_schema.store import open_store

CACHE: Final = Path(__file__).resolve().parents[2] / ".cache"
BEGAT: Final = [sys.executable, "-m", "begat.api.cli"]

#: Only where a server is asked for: BEGAT_TEST_NEO4J.
pytestmark = pytest.mark.usefixtures("neo4j_server")


@contextmanager
def started(*flags: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address it prints; it has ended with the block."""
    with subprocess.Popen(
        [*BEGAT, "doctor", "--start-neo4j", *flags],
        env=os.environ | {"XDG_CACHE_HOME": str(CACHE)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        try:
            address = process.stdout.readline().strip()
            assert address, process.stderr.read()
            yield process, address
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait() == 0


def test_it_keeps_its_data_its_address_and_its_password_in_a_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with started("--neo4j-dir", str(home)) as (_, address):
        open_store(address).close()
        again = subprocess.run(
            [*BEGAT, "doctor", "--start-neo4j", "--neo4j-dir", str(home)],
            env=os.environ | {"XDG_CACHE_HOME": str(CACHE)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (again.returncode, again.stdout) == (4, "")
        assert again.stderr == f"begat: a Neo4j server is running in {home}\n"
    assert stat.S_IMODE((home / "address").stat().st_mode) == 0o600
    with pytest.raises(StoreError, match="no Neo4j server answers"):
        open_store(address)
    with started("--neo4j-dir", str(home)) as (_, later):
        assert later == address
        open_store(later, create=False).close()  # it is still there


def test_without_a_folder_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with started("--browser") as (process, address):
        assert list(tmp_path.iterdir()) != []
        assert len(urlsplit(address).password or "") == 16
        assert process.stderr
        said = next(line for line in process.stderr if "http:" in line)  # the first time it tells what it fetches
        (web,) = (word.rstrip(":") for word in said.split() if word.startswith("http:"))
        with urllib.request.urlopen(web) as page:
            assert "<title>Neo4j Browser</title>" in page.read().decode()
    assert list(tmp_path.iterdir()) == []
