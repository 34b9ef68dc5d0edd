"""The same server by a container engine, where there is no Java or Maven."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from begat.api.neo4j_server.jars import VERSION
from begat.api.neo4j_server.login import log_in
from begat.api.neo4j_server.server import free_port

IMAGE: Final = f"docker.io/library/neo4j:{VERSION}-community"
#: Engines, in the order they are tried, and how files in a mounted folder become the user's own.
ENGINES: Final = {"docker": (f"--user={os.getuid()}:{os.getgid()}",), "podman": ("--userns=keep-id",)}
#: The image makes a setting of each: _ stands for a dot, __ for one underline.
_SETTINGS: Final = (
    "NEO4J_server_bolt_advertised__address=127.0.0.1:{bolt}",
    "NEO4J_server_http_advertised__address=127.0.0.1:{http}",
    "NEO4J_dbms_usage__report_enabled=false",
    "NEO4J_client_allow__telemetry=false",
    "NEO4J_db_tx__log_preallocate=false",
)


def engine() -> str | None:
    """The container engine that runs here, if one does."""
    for name in ENGINES:
        command = shutil.which(name)
        if command and subprocess.run([command, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return None


class Container:
    """A server in a container, with its data in `home`; started and stopped as a `Server` is."""

    def __init__(self, engine: str, home: Path, *, password: str, port: int = 0, browser: bool = False) -> None:
        self._engine = engine
        self._home = home
        self._password = password
        self._port = free_port(port)
        self._http = free_port(7474) if browser else 0
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"neo4j://neo4j:{password}@127.0.0.1:{self._port}/neo4j"
        self.web = f"http://127.0.0.1:{self._http}/browser/" if browser else None

    @property
    def _name(self) -> str:
        return f"begat-neo4j-{self._port}"

    def command(self) -> list[str]:
        """How the engine is called. The password is in its environment, where other users cannot read it."""
        ports = [f"--publish=127.0.0.1:{self._port}:7687"]
        if self._http:
            ports.append(f"--publish=127.0.0.1:{self._http}:7474")
        settings = [f"--env={s.format(bolt=self._port, http=self._http)}" for s in _SETTINGS]
        data = [f"--volume={self._home.absolute()}/data:/data", *ENGINES[self._engine]]
        run = [self._engine, "run", "--rm", f"--name={self._name}"]
        return [*run, *ports, "--env=NEO4J_AUTH", *settings, *data, IMAGE]

    def start(self) -> None:
        """Start it, and wait until it can be asked. Raises StoreError when it does not come up."""
        (self._home / "data").mkdir(parents=True, exist_ok=True)
        log = self._home / "console.log"
        with open(log, "wb") as out:
            self._process = subprocess.Popen(
                self.command(), env=os.environ | {"NEO4J_AUTH": f"neo4j/{self._password}"},
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        log_in(self._port, self._password, new=False, process=self._process, log=log)

    def stop(self) -> None:
        """End it in peace; returns when it has ended."""
        self._end("stop")

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._end("kill")

    def _end(self, how: str) -> None:
        if self._process is not None:
            subprocess.run([self._engine, how, self._name], capture_output=True, check=False)
            self._process.wait()
