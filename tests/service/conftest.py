"""Real services: `begat serve` as a process, asked over HTTP."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from begat.api.cli import main

LONG: Final = 60


class Service:
    """A running `begat serve` in a folder. Its lines of log are in `lines`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "begat", "serve", "--port", "0", *arguments]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.url = ""

    def _read(self) -> None:
        assert self.process.stderr
        self.lines.extend(iter(self.process.stderr.readline, ""))

    def begun(self) -> "Service":
        """Itself, once it listens."""
        self.url = self.said(r"^begat: (https?://\S+)")
        return self

    def said(self, pattern: str) -> str:
        """What a line says, awaited."""
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            for line in self.lines:
                if found := re.search(pattern, line):
                    return found[1] if found.groups() else found[0]
            assert self.process.poll() is None, self.lines
            time.sleep(0.02)
        raise AssertionError((pattern, self.lines))

    def client(self, token: str | None = None, **more: Any) -> httpx.Client:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=LONG, **more)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(LONG)
        self._reader.join(LONG)
        assert self.process.stderr
        self.process.stderr.close()
        return code


NewService = Callable[..., Service]


def _started(started: list[Service]) -> NewService:
    def start(folder: Path, *arguments: str) -> Service:
        started.append(Service(folder, *arguments))
        return started[-1].begun()

    return start


@pytest.fixture
def service() -> Iterator[NewService]:
    """Starts services; at the end each ends as it should, and none has had a fault."""
    started: list[Service] = []
    yield _started(started)
    for s in started:
        assert s.end() in (0, -signal.SIGKILL), s.lines
        assert not [line for line in s.lines if "Traceback" in line], "".join(s.lines)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the study in its store."""
    folder = tmp_path_factory.mktemp("study")
    assert main(["demo", "--study", "--dir", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def asked(study: Path) -> Iterator[httpx.Client]:
    """A client of a service that has the study."""
    started: list[Service] = []
    with _started(started)(study).client() as client:
        yield client
    assert started[0].end() == 0
    assert not [line for line in started[0].lines if "Traceback" in line], started[0].lines

