"""begat ingest --watch: the watcher as a process, with its signals."""

import argparse
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Final

from begat.api.metrics.server import endpoint, serving
from begat.api.metrics.watcher import Told
from begat.api.settings import Settings
from begat.graph_schema.errors import UsageError
from begat.ingest.watch.log import Log
from begat.ingest.watch.meter import Meter
from begat.ingest.watch.stop import Stop
from begat.ingest.watch.watcher import Options, Watcher

#: Seconds from being asked to stop until a batch that is still not committed is given up: it is read again.
GRACE: Final = 30
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def watch(arguments: argparse.Namespace, settings: Settings) -> int:
    """Watch until SIGTERM or SIGINT. Raises UsageError for a path that is not there, StoreError as Watcher.run does."""
    for path in arguments.paths:
        if not path.exists():
            raise UsageError(f"no file or folder {path}: give journal segments, or folders that hold some")
    if settings.spool.exists() and not settings.spool.is_dir():
        raise UsageError(f"the spool {settings.spool} is a file: it must be the folder that hooks write to")
    log, meter, stop = Log(), Meter(), Stop()
    roots = tuple(arguments.paths) or (settings.spool,)
    options = Options(arguments.interval, arguments.batch)
    watcher = Watcher(settings.store, roots, stop, options, file=settings.store_file, log=log, meter=meter)
    with ExitStack() as around:
        metrics = None
        if arguments.metrics:
            where = endpoint(arguments.metrics, arguments.metrics_public)
            metrics = f"http://{around.enter_context(serving(where, Told(watcher)))}/metrics"
        around.enter_context(_stopped_by_signals(stop))
        spool = ",".join(map(str, roots))
        log.say("start", spool=spool, store=settings.store_shown, interval=options.interval, metrics=metrics)
        ended = _run(watcher, stop)
    if not ended:
        log.say("given_up", "warning", msg="the batch in hand was not committed in time: it will be read again")
    log.say(
        "stop", events=meter.events, points=meter.points, batches=meter.batches, quarantined=meter.quarantined,
        dropped=meter.dropped, unsettled=meter.unsettled or None, seconds=round(time.monotonic() - meter.began, 1),
    )  # fmt: skip
    if not ended:
        os._exit(0)  # the other thread would be waited for
    stop.close()
    return 0


def _run(watcher: Watcher, stop: Stop) -> bool:
    """Run it in a thread, so that signals are heard while a store's driver waits; False if it would not stop in time.

    What the watcher raises is raised here.
    """
    raised: list[BaseException] = []

    def work() -> None:
        try:
            watcher.run()
        except BaseException as e:
            raised.append(e)

    worker = threading.Thread(target=work, name="begat-watch", daemon=True)
    worker.start()
    asked: float | None = None
    while worker.is_alive():
        worker.join(0.5)
        if stop.requested:
            asked = asked or time.monotonic()
            if time.monotonic() - asked > GRACE:
                return False
    if raised:
        raise raised[0]
    return True


@contextmanager
def _stopped_by_signals(stop: Stop) -> Iterator[None]:
    """The first signal asks for a clean end, in GRACE seconds at most; the second ends the process at once."""

    def asked(number: int, frame: FrameType | None) -> None:
        stop.request()
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)

    before = {number: signal.signal(number, asked) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
