"""`begat serve` as a process of its own."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit


class Served(NamedTuple):
    address: str
    process: int

    @property
    def host(self) -> str:
        """Where it listens."""
        return str(urlsplit(self.address).hostname)

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.address).port or 80

    def memory(self) -> int:
        """Bytes of memory, pages of mapped files included."""
        told = Path(f"/proc/{self.process}/status").read_text("ascii")
        return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmRSS"))) << 10


@contextmanager
def serving(store: str, *arguments: object) -> Iterator[Served]:
    """A service on a free port of this machine, about a store; it is ended as an administrator would."""
    command = [sys.executable, "-m", "begat", "--store", store, "serve", "--port", "0", *map(str, arguments)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr
    rest = threading.Thread(target=server.stderr.read)
    try:
        address = next(line.split()[1] for line in server.stderr if line.startswith("begat: http"))
        rest.start()
        yield Served(address, server.pid)
    finally:
        server.terminate()
        server.wait()
        if rest.ident is not None:
            rest.join()
        server.stderr.close()
