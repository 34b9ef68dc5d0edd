"""begat ingest --watch: the watcher as a process, with its signals."""

import argparse
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

from begat.api.settings import Settings
from begat.graph_schema.errors import UsageError
from begat.ingest.watch.log import Log
from begat.ingest.watch.meter import Meter
from begat.ingest.watch.stop import Stop
from begat.ingest.watch.watcher import Options, Watcher

#: Seconds from being asked to stop until a batch that is still not committed is given up: it is read again.
GRACE: Final = 30
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class _GivenUp(BaseException):
    """The batch in hand takes longer than a stop may."""


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
    with _stopped_by_signals(stop):
        log.say("start", spool=",".join(map(str, roots)), store=masked(settings.store), interval=options.interval)
        try:
            watcher.run()
        except _GivenUp:
            log.say("given_up", "warning", msg="the batch in hand was not committed in time: it is read again")
    log.say(
        "stop", events=meter.events, points=meter.points, batches=meter.batches, quarantined=meter.quarantined,
        dropped=meter.dropped, seconds=round(time.monotonic() - meter.began, 1),
    )  # fmt: skip
    return 0


@contextmanager
def _stopped_by_signals(stop: Stop) -> Iterator[None]:
    """The first signal asks for a clean end, in GRACE seconds at most; the second ends the process at once."""

    def asked(number: int, frame: FrameType | None) -> None:
        stop.request()
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        signal.alarm(GRACE)

    def late(number: int, frame: FrameType | None) -> NoReturn:
        raise _GivenUp

    before = {number: signal.signal(number, asked) for number in SIGNALS}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, late)
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def masked(url: str) -> str:
    """A store's address without what is secret in it."""
    scheme, slashes, rest = url.partition("://")
    before, at, after = rest.rpartition("@")
    return f"{scheme}{slashes}{before.partition(':')[0]}{at}{after}"
