"""What a watcher tells on /metrics and /healthz."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from begat import __version__
from begat.api.metrics.store import of_lag
from begat.api.metrics.text import Family, Sample, family
from begat.api.snapshot import families
from begat.ingest.lag import Lag, measured, project_of
from begat.ingest.watch.watcher import Watcher

#: Bytes of what is pending that are counted for one answer; of more, the number of events is estimated.
COUNTED: Final = 32 << 20
#: A lag is measured again after so many seconds, and after so many times as long as measuring it took.
FRESH: Final = 1.0
PAUSE: Final = 20
#: Projects whose lag is remembered.
PROJECTS: Final = 1_000
#: A watcher that has neither looked nor committed for so many seconds is stuck.
STUCK: Final = 120.0

#: Totals of a Meter: the family's name, the field, and what it says.
TOTALS: Final = (
    ("begat_ingest_events_total", "events", "Events committed, those that the store held already included."),
    ("begat_ingest_points_total", "points", "Metric points among them."),
    ("begat_ingest_read_bytes_total", "bytes", "Bytes of journal read and committed."),
    ("begat_ingest_batches_total", "batches", "Batches committed."),
    ("begat_ingest_quarantined_lines_total", "quarantined", "Journal lines kept aside."),
    ("begat_ingest_findings_total", "findings", "Odd segments, folders and files."),
    ("begat_ingest_dropped_events_total", "dropped", "Events that writers say they could not write."),
    ("begat_ingest_store_failures_total", "failures", "Times that the store could not be used."),
    ("begat_ingest_rounds_total", "rounds", "Looks at the spool."),
    ("begat_ingest_snapshots_total", "snapshots", "Snapshots of lineage edges taken."),
    ("begat_ingest_snapshot_failures_total", "snapshot_failures", "Snapshots of lineage edges that came to nothing."),
)


class Told:
    """A watcher as others see it, from any thread."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._lock = threading.Lock()
        #: Of a project, of None for all: the lag, and until when it is taken for granted.
        self._lags: dict[str | None, tuple[Lag, float]] = {}

    def lag(self, project: str | None = None) -> Lag:
        """How far the store is behind what a project (None: any) has written, or was a moment ago."""
        with self._lock:
            began = time.monotonic()
            lag, until = self._lags.get(project, (Lag(), 0.0))
            if began >= until:
                pending = sorted(self._watcher.following.pending(), key=lambda f: f.name)  # the oldest writers first
                unread = ((Path(f.path), f.mark, f.size) for f in pending)
                of = unread if project is None else (u for u in unread if project_of(u[0]) == project)
                lag = measured(of, COUNTED)
                now = time.monotonic()
                if len(self._lags) > PROJECTS:
                    self._lags.clear()
                self._lags[project] = lag, now + max(FRESH, PAUSE * (now - began))
            return lag

    def health(self, project: str | None = None) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and why (or why not), as far as it is a project's (None: any) to know."""
        m, lag = self._watcher.meter, self.lag(project)
        quiet = time.monotonic() - max(m.round or m.began, m.committed or m.began)
        status = "stuck" if quiet > STUCK else "ok" if m.up else "store away"
        told = {"status": status, "pending_events": lag.events, "lag_seconds": round(lag.seconds(time.time()), 3)}
        return status == "ok", told

    def families(self) -> Iterator[Family]:
        """All that is told to Prometheus."""
        m = self._watcher.meter
        about = "The version of begat."
        yield Family("begat_build_info", "gauge", about, (Sample(1, {"version": __version__}),))
        yield family("begat_ingest_store_up", "Whether the store can be used: 1 or 0.", int(m.up))
        about = "Whether lineage waits to be worked out: 1 or 0."
        yield family("begat_ingest_unsettled", about, int(m.unsettled))
        yield from of_lag(self.lag(), "begat_ingest")
        yield from (family(name, help_, getattr(m, field)) for name, field, help_ in TOTALS)
        rates = m.rates()
        yield family("begat_ingest_events_per_second", "Events a second over the last minute.", rates.events)
        yield family("begat_ingest_points_per_second", "Metric points a second over the last minute.", rates.points)
        files = (Sample(m.open_files, {"state": "open"}), Sample(m.sealed_files, {"state": "sealed"}))
        yield Family("begat_ingest_segments", "gauge", "Segments that are followed, by state.", files)
        about = "Time spent committing batches."
        yield _summary("begat_ingest_write_seconds", about, m.write_seconds, m.batches)
        about = "Time spent working out lineage that could not be appended."
        yield _summary("begat_ingest_settle_seconds", about, m.settle_seconds, m.settles)
        yield from families(m.snapshot)
        yield from of_process(m.began)


def _summary(name: str, help: str, total: float, count: int) -> Family:
    return Family(name, "summary", help, (Sample(total, suffix="_sum"), Sample(count, suffix="_count")))


def of_process(began: float) -> Iterator[Family]:
    """What every Prometheus client tells of its process, by the same names. `began` by the monotonic clock."""
    started = time.time() - (time.monotonic() - began)
    yield family("process_start_time_seconds", "Start time of the process since the epoch.", started)
    yield family("process_cpu_seconds_total", "User and system CPU time spent.", time.process_time())
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # no /proc on this system
        return
    about = "Resident memory size."
    yield family("process_resident_memory_bytes", about, pages * os.sysconf("SC_PAGE_SIZE"))
