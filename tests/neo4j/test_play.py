"""`begat doctor --start-neo4j`: a server of one's own, real and on this machine."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
import time
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
def started(
    *flags: str, end: signal.Signals = signal.SIGINT, code: int = 0
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address it prints; it has ended with the block, by this signal and with this exit code."""
    # A script's background job does not hear Ctrl-C.
    deaf = "" if end == signal.SIGINT else "trap '' INT; "
    with subprocess.Popen(
        ["sh", "-c", f'{deaf}exec "$@"', "sh", *BEGAT, "doctor", "--start-neo4j", *flags],
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
            process.send_signal(end)
            assert process.wait() == code


def runs(home: Path) -> bool:
    """Whether a server holds its folder, as it does for as long as it lives."""
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


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
    away = home.parent / "elsewhere" / ".." / "home"
    (home.parent / "elsewhere").mkdir()
    with started("--neo4j-dir", str(away), end=signal.SIGKILL, code=-signal.SIGKILL) as (_, later):
        assert later == address
        open_store(later, create=False).close()  # it is still there
    if sys.platform == "linux":
        end = time.monotonic() + 60
        while runs(home):
            assert time.monotonic() < end
            time.sleep(0.1)


def test_without_a_folder_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with started("--browser", end=signal.SIGTERM) as (process, address):
        assert list(tmp_path.iterdir()) != []
        assert len(urlsplit(address).password or "") == 16
        assert process.stderr
        said = next(line for line in process.stderr if "http:" in line)  # the first time it tells what it fetches
        (web,) = (word.rstrip(":") for word in said.split() if word.startswith("http:"))
        with urllib.request.urlopen(web) as page:
            assert "<title>Neo4j Browser</title>" in page.read().decode()
    assert list(tmp_path.iterdir()) == []
