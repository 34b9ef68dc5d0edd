"""What a process and its machine use while a run is open, as metric series of the run: only where it is asked for.

The timer of the journal takes the samples, so there is no further thread, and none while the process forks. A forked
child samples nothing: its parent does.
"""

import os
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from begat.capture import gpus, problems, ranks
from begat.capture.runs import Run
from begat.graph_schema import kernel

#: How often a sample is taken, in seconds, unless BEGAT_RESOURCES says another number than 1.
EVERY: Final = 5.0
RAPL: Final = "/sys/class/powercap"


class Sample(NamedTuple):
    """A reading: the series' name, its value, its unit, and what it is of ("process", "machine", a GPU, a package)."""

    name: str
    value: float
    unit: str
    of: str


class Sampler:
    """The samples of one run: CPU in percent of one CPU for the process, of all for the machine; energy so far."""

    def __init__(self, run: Run, root: str = "") -> None:
        self.run = run
        self.root = root
        self.every = _seconds()
        self.due = 0.0
        self.cpu = self._cpu()
        self.energy = dict(self._rapl())
        self.used: dict[str, float] = dict.fromkeys(self.energy, 0.0)
        self.cards: gpus.Cards | None = None
        launch = ranks.this()
        self.context = {} if launch is None else {"rank": launch.rank}

    def look(self, now: float) -> None:
        """Take a sample if it is time for one."""
        if now >= self.due:
            self.due = now + self.every
            self.take()

    def take(self) -> None:
        """Take a sample now; each reading is a point of its series."""
        for sample in self.samples():
            self.run.metric(sample.name, sample.value, unit=sample.unit, of=sample.of, **self.context)

    def samples(self) -> Iterator[Sample]:
        """All that can be read here, each by itself: what the system does not show is left out."""
        for part in (self._percent, self._memory, self._energy, self._gpus):
            try:
                yield from part()
            except (OSError, ValueError, IndexError) as e:  # a file of the system that reads as no other
                problems.note(e)

    def close(self) -> None:
        if self.cards is not None:
            self.cards.close()

    def _cpu(self) -> tuple[float, float, float, float]:
        """Seconds so far: of the clock, of this process and its children, of the machine at work, of the machine."""
        spent = os.times()
        own = spent.user + spent.system + spent.children_user + spent.children_system
        fields = [int(f) for f in kernel.text(f"{self.root}/proc/stat").partition("\n")[0].split()[1:9]]
        idle = sum(fields[3:5])
        return time.monotonic(), own, float(sum(fields) - idle), float(sum(fields))

    def _percent(self) -> Iterator[Sample]:
        before, self.cpu = self.cpu, self._cpu()
        clock, own, busy, total = (b - a for a, b in zip(before, self.cpu, strict=True))
        if clock > 0:
            yield Sample("cpu", round(100 * own / clock, 2), "%", "process")
        if total > 0:
            yield Sample("cpu", round(100 * busy / total, 2), "%", "machine")

    def _memory(self) -> Iterator[Sample]:
        pages = kernel.text(f"{self.root}/proc/self/statm").split()
        if pages:
            yield Sample("memory", float(int(pages[1]) * os.sysconf("SC_PAGE_SIZE")), "B", "process")
        told = dict(line.split(":", 1) for line in kernel.text(f"{self.root}/proc/meminfo").splitlines() if ":" in line)
        if "MemTotal" in told and "MemAvailable" in told:
            free, all_of_it = (int(told[k].split()[0]) * 1024 for k in ("MemAvailable", "MemTotal"))
            yield Sample("memory", float(all_of_it - free), "B", "machine")

    def _rapl(self) -> Iterator[tuple[str, float]]:
        """The CPU packages' energy counters, in joules: they go round, and often only root may read them."""
        folder = f"{self.root}{RAPL}"
        for zone in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            told = kernel.text(f"{folder}/{zone}/energy_uj").strip()
            if zone.count(":") == 1 and told:
                yield zone, int(told) / 1e6

    def _energy(self) -> Iterator[Sample]:
        for zone, now in self._rapl():
            before = self.energy.get(zone, now)
            self.energy[zone] = now
            if now < before:
                before -= int(kernel.text(f"{self.root}{RAPL}/{zone}/max_energy_range_uj") or 0) / 1e6
            self.used[zone] = self.used.get(zone, 0.0) + max(0.0, now - before)
            name = kernel.text(f"{self.root}{RAPL}/{zone}/name").strip() or zone
            yield Sample("energy", round(self.used[zone], 3), "J", name)

    def _gpus(self) -> Iterator[Sample]:
        if self.cards is None:  # by the first sample, so by the timer: NVML takes its time
            self.cards = gpus.Cards()
        for name, value, unit, of in self.cards.readings():
            yield Sample(name, value, unit, of)


_samplers: list[Sampler] = []


def begin(run: Run) -> None:
    """From now on samples are taken for this run, by the timer."""
    from begat.capture import lifecycle

    _samplers.append(Sampler(run))
    lifecycle.look_too(look)


def end(run: Run) -> None:
    """A last sample, and no more."""
    for sampler in [s for s in _samplers if s.run is run]:
        _samplers.remove(sampler)
        sampler.take()
        sampler.close()


def look() -> None:
    """Every second, by the timer."""
    now = time.monotonic()
    for sampler in [*_samplers]:
        sampler.look(now)


def _seconds() -> float:
    told = os.environ.get("BEGAT_RESOURCES", "")
    try:
        wanted = float(told or 1)
    except ValueError:  # "yes", "true"
        return EVERY
    return EVERY if wanted == 1 or not 0 < wanted < 1e6 else max(1.0, wanted)


os.register_at_fork(after_in_child=_samplers.clear)
