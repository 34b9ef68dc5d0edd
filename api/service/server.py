"""begat serve as a process: uvicorn in the first thread, the watcher in another, and their end by a signal."""

import asyncio
import gc
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.applications import Starlette

from begat.api.graphql.apart import Apart
from begat.api.graphql.refusals import REFUSALS
from begat.api.service.certificate import Certificate
from begat.api.service.limits import Limits
from begat.api.service.patient import socket_with_patience, with_patience
from begat.graph_schema.errors import UsageError
from begat.ingest.watch.log import Log
from begat.ingest.watch.stop import Stop
from begat.ingest.watch.watcher import Watcher

#: Seconds that what is being answered has, once the service was asked to stop.
GRACE: Final = 10
#: Bytes of a WebSocket's message: as of a request, see graphql.py.
LARGEST: Final = 2 << 20
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
#: Seconds for which a thread may go on while others wait, a fiftieth of Python's own. While somebody's large document
#: is read, the loop and others' questions, which take a millisecond, would each wait many times for so long: at every
#: row that the store gives.
SLICE: Final = 0.0001
#: Files that are open besides connections: stores, journals, those of the machine.
FILES: Final = 500


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one. Raises UsageError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=1024)
        # What is accepted has it from here: else the second of two small writes waits 40 ms for a client's word.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    except OSError as e:
        raise UsageError(f"cannot listen at {host} port {port}: {e.strerror or e}") from e


def heed(stop: Stop) -> None:
    """From now on SIGTERM and SIGINT ask for an end, before anything is served too."""
    for number in SIGNALS:
        signal.signal(number, lambda *_: stop.request())


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: uvicorn would end the process by them in the end."""
        yield


def serve(
    app: Starlette,
    where: socket.socket,
    limits: Limits,
    watcher: Watcher | None,
    stop: Stop,
    log: Log,
    certificate: Certificate | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, the watcher beside it. What the watcher raises is raised here."""
    config = uvicorn.Config(
        app,
        http=with_patience(limits.patience),
        ws=socket_with_patience(limits.patience),
        ws_max_size=LARGEST,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=32 << 10,
        ssl_certfile=certificate and certificate.chain,
        ssl_keyfile=certificate and certificate.key,
    )
    sys.setswitchinterval(SLICE)
    _allow_files(limits.connections + FILES)
    asyncio.run(_serve(_Server(config), where, watcher, stop, log))


def _allow_files(many: int) -> None:
    """Let the process have so many open, as far as the machine lets it: where a connection finds no room, none does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < many:
        resource.setrlimit(resource.RLIMIT_NOFILE, (many if hard == resource.RLIM_INFINITY else min(many, hard), hard))


async def _serve(
    server: uvicorn.Server, where: socket.socket, watcher: Watcher | None, stop: Stop, log: Log
) -> None:
    loop = asyncio.get_running_loop()

    def asked() -> None:
        if server.should_exit:  # the second time: at once
            server.force_exit = True
        server.should_exit = True
        stop.request()

    for number in SIGNALS:
        loop.add_signal_handler(number, asked)
    if stop.requested:
        asked()
    # What is loaded stays: looked through with all else, it would stop every thread for a tenth of a second at a time.
    gc.collect()
    gc.freeze()
    raised: list[BaseException] = []
    worker = threading.Thread(target=_watch, args=(watcher, raised, loop, asked), name="begat-watch", daemon=True)
    if watcher is not None:
        worker.start()
    with Apart().running() as REFUSALS.apart:
        await server.serve(sockets=[where])
    stop.request()
    if watcher is not None:
        await asyncio.to_thread(worker.join, GRACE)
        if worker.is_alive():
            log.say("given_up", "warning", msg="the batch in hand was not committed in time: it will be read again")
    if raised:
        raise raised[0]


def _watch(
    watcher: Watcher, raised: list[BaseException], loop: asyncio.AbstractEventLoop, asked: Callable[[], None]
) -> None:
    try:
        watcher.run()
    except BaseException as e:
        raised.append(e)
        loop.call_soon_threadsafe(asked)
