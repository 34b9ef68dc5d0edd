"""A Neo4j Community server as a child process, by the Java of this machine."""

import contextlib
import ctypes
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Final

from begat.api.neo4j_server.jars import browser_jars, server_jars
from begat.api.neo4j_server.login import log_in
from begat.graph_schema.errors import StoreError

JAVA: Final = 17
#: How long it may take to end in peace, in seconds.
STOP_S: Final = 60.0
_CONF: Final = resources.files("begat.api.neo4j_server").joinpath("neo4j.conf").read_text("utf-8")
#: What the server's Java has to be let into.
_OPENS: Final = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


#: prctl(2): the signal that a process gets when the thread that started it has ended.
_PR_SET_PDEATHSIG: Final = 1


def _ends_with_us() -> Callable[[], None] | None:
    """What has a child end in peace when we are killed, to be called in it; None where that cannot be had."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up here: between fork and exec, nothing may be
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port(wanted: int = 0) -> int:
    """A port that nobody listens on: the wanted one if it is free."""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", wanted))
        except OSError:
            s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def java() -> str:
    """Java's command. Raises StoreError where there is none, or one too old."""
    command = shutil.which("java")
    # macOS has a java that only says that there is none.
    said = command and subprocess.run([command, "-version"], capture_output=True, text=True, check=False)
    if not command or not said or said.returncode != 0:
        raise StoreError(f"a Neo4j server needs Java {JAVA} or newer, and Java is not installed")
    version = re.search(r'version "(?:1\.)?(\d+)', said.stderr)
    if version is None or int(version[1]) < JAVA:
        first = said.stderr.partition("\n")[0]
        raise StoreError(f"a Neo4j server needs Java {JAVA} or newer, and {command} is {first}")
    return command


class Server:
    """A server in a folder of its own, which outlives it: started again, it has the data it had.

    On Linux it ends with the thread that started it, also by SIGKILL; elsewhere that would leave it running.
    `home` is its folder, `cache` where its jars are kept; `port` 0 is any that is free. Raises StoreError where the
    machine has not what it takes, or another server runs in this folder.
    """

    def __init__(self, home: Path, *, cache: Path, password: str, port: int = 0, browser: bool = False) -> None:
        jars = [f"{server_jars(cache)}/*"] + ([f"{browser_jars(cache)}/*"] if browser else [])
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS]
        program = [*opens, "-cp", ":".join(jars), "org.neo4j.server.CommunityEntryPoint"]
        self._command = [java(), "-Xms512m", "-Xmx1g", *program, f"--home-dir={home}", f"--config-dir={home}/conf"]
        self._home = home
        self._password = password
        self._port = free_port(port)
        self._http = free_port(7474)
        self._browser = browser
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"neo4j://neo4j:{password}@127.0.0.1:{self._port}/neo4j"
        self.web = f"http://127.0.0.1:{self._http}/browser/" if browser else None

    @property
    def process(self) -> int:
        """The number of its process."""
        assert self._process, "it was never started"
        return self._process.pid

    def start(self, *settings: str) -> None:
        """Start it, and wait until it can be asked. `settings` are lines of neo4j.conf for this time."""
        named = self._home / "password-is-set"
        self._home.mkdir(parents=True, exist_ok=True)
        with open(self._home / "lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as e:
                raise StoreError(f"a Neo4j server is running in {self._home}") from e
            self._configure(settings)
            log = self._home / "console.log"
            with open(log, "wb") as out:
                # The server holds the lock for as long as it lives, also for a while without us.
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                    pass_fds=[lock.fileno()], preexec_fn=_ends_with_us(),
                )  # fmt: skip
        log_in(self._port, self._password, new=not named.exists(), process=self._process, log=log)
        named.touch()

    def _configure(self, settings: Sequence[str]) -> None:
        conf = self._home / "conf/neo4j.conf"
        conf.parent.mkdir(exist_ok=True)
        text = _CONF.format(bolt=self._port, http=self._http, browser=str(self._browser).lower())
        conf.write_text(text + "".join(f"{line}\n" for line in settings))

    def stop(self) -> None:
        """End it in peace, or by force when that takes long; returns when it has ended."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End it with SIGKILL, as a machine does that loses its power; returns when it is dead."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
