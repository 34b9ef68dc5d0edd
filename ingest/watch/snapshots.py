"""Keeping the snapshot of an embedded store current, once somebody had one taken: a child process takes the next."""

import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.graph_schema.backoff import Backoff
from begat.graph_schema.errors import StoreBusy
from begat.graph_schema.sqlite.snapshot.beside import building, sweep
from begat.graph_schema.sqlite.snapshot.standing import Standing, standing
from begat.graph_schema.store import Store
from begat.ingest.watch.log import Log
from begat.ingest.watch.meter import Meter

#: Seconds from one look at the snapshot to the next.
EVERY: Final = 10.0
#: After a build nothing is built for so many times as long as that took.
PAUSE: Final = 20
#: A build that failed is tried again after so many seconds, then ever later.
FIRST, LONGEST = 60.0, 3600.0

CHILD: Final = (sys.executable, "-P", "-m", "begat.graph_schema.sqlite.snapshot.child")


class Snapshots:
    """Looks at a store's snapshot and has the next taken when it is due, by one child at a time."""

    def __init__(self, file: Path, log: Log, meter: Meter) -> None:
        self._file, self._log, self._meter = file, log, meter
        self._child: subprocess.Popen[str] | None = None
        self._began = self._look_at = self._rest_until = 0.0
        self._backoff = Backoff(FIRST, LONGEST)
        self._told: str | None = None

    def look(self, store: Store) -> None:
        """Look if it is time to, and do what is to be done. Raises StoreError as `store.read` does."""
        if self._child is not None and self._child.poll() is not None:
            self._ended(self._child)
        now = time.monotonic()
        if self._child is not None or now < self._look_at:
            return
        self._look_at = now + EVERY
        self._sweep()

        def read(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
            return store.read(sql, params)

        found = self._meter.snapshot = standing(read, str(self._file))
        if found is None or not found.due or now < max(self._rest_until, self._backoff.due):
            return
        with suppress(StoreBusy):  # somebody else takes one
            with building(str(self._file)):
                found = standing(read, str(self._file))
            if found is not None and found.due:
                self._begin(found)

    def close(self) -> None:
        """End the child: what it has not finished is as if it had not begun."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _sweep(self) -> None:
        try:
            gone = sweep(str(self._file))
        except StoreBusy:  # somebody builds, who will sweep
            return
        except OSError as e:
            self._log.once("snapshot_left", "warning", msg=f"{e.filename}: {e.strerror or e}")
            return
        if gone:
            self._log.say("snapshot_removed", files=len(gone), msg="they were of no use to anybody")

    def _begin(self, found: Standing) -> None:
        if find_spec("numpy") is None:
            self._log.once("snapshot_failed", "warning", msg="it needs an extra: pip install 'begat[fast]'")
            return
        # A session of its own, so that Ctrl-C is for the watcher, which ends it; see child.py for the pipe.
        pipe = subprocess.PIPE
        self._began = time.monotonic()
        try:
            self._child = subprocess.Popen(
                [*CHILD, str(self._file)], stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace",
                start_new_session=True,
            )  # fmt: skip
        except OSError as e:
            self._failed(f"no process can be started: {e.strerror or e}")
            return
        self._log.say("snapshot_due", changes=found.changes, edges=found.edges or None, pid=self._child.pid)

    def _ended(self, child: "subprocess.Popen[str]") -> None:
        out, err = child.communicate()
        self._child = None
        now = time.monotonic()
        self._rest_until = now + PAUSE * (now - self._began)
        self._look_at = 0.0
        if child.returncode == 0:
            done = msgspec.json.decode(out)
            self._log.say("snapshot_taken", edges=done["edges"], bytes=done["bytes"], seconds=done["seconds"])
            self._meter.snapshots += 1
            self._backoff.worked()
            self._told = None
            return
        lines = err.strip().splitlines() or [f"exit code {child.returncode}"]
        self._failed(lines[-1])

    def _failed(self, why: str) -> None:
        self._meter.snapshot_failures += 1
        self._backoff.failed(time.monotonic())
        if why != self._told:
            self._told = why
            self._log.say("snapshot_failed", "warning", msg=why)
