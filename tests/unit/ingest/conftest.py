import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from zlib import crc32

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.store import Store, open_store

MOMENT = 1_750_000_000_000_000


class Journal:
    """A writer's segments in a spool, as the hooks leave them; events get their positions here."""

    def __init__(self, spool: Path, writer: str = "w", project: str = "default", pid: int | None = None) -> None:
        self.folder = spool / "host"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.writer, self.project = writer, project
        self.pid = pid
        self.seq = self.number = 0
        self.next()

    def next(self) -> Path:
        """Begin a further segment."""
        self.number += 1
        self.path = self.folder / f"{self.writer}.{self.number:04d}.open"
        self.path.write_bytes(ev.line(self.header()))
        return self.path

    def train(self, run: str, epochs: int = 2) -> None:
        """Write a whole training."""
        self.write(*training(run, epochs))

    def header(self) -> ev.Header:
        here = self.pid is not None
        return ev.Header(
            format=1,
            writer=self.writer,
            segment=self.number,
            project=self.project,
            host=os.uname().nodename if here else "elsewhere",
            boot=Path("/proc/sys/kernel/random/boot_id").read_text().strip() if here else "another boot",
            pid=self.pid or 1,
            pid_start=started(self.pid) if self.pid is not None else 1,
            pid_ns=os.readlink("/proc/self/ns/pid") if here else "",
            wall=MOMENT + self.number,
            monotonic=0,
        )

    def line(self, event: ev.Wire) -> bytes:
        """The next event's line, not written yet."""
        self.seq += 1
        event.seq, event.at = self.seq, MOMENT + self.seq
        return ev.line(event)

    def write(self, *events: ev.Wire | bytes) -> None:
        with self.path.open("ab") as file:
            for event in events:
                file.write(event if isinstance(event, bytes) else self.line(event))

    def seal(self) -> Path:
        """Footer and renaming, as at rotation."""
        written = self.path.read_bytes()
        self.write(ev.line(ev.Footer(written.count(b"\n") - 1, crc32(written))))
        self.path = self.path.rename(self.path.with_suffix(".seg"))
        return self.path


def started(pid: int) -> int:
    """A process's start time in clock ticks since boot."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


NewJournal = Callable[..., Journal]


def training(run: str, epochs: int) -> Iterable[ev.Wire]:
    """A training that reads a file, has a setting, and writes a model in each of its epochs."""
    yield ev.Start(0, 0, run, "train", types=["Training"], experiment="digits")
    yield ev.Node(0, 0, f"{run}-data", "Entity", types=["Dataset"], name="train.csv")
    yield ev.Used(0, 0, run, f"{run}-data", role="train")
    yield ev.Setting(0, 0, run, "lr", 0.1)
    for n in range(epochs):
        epoch = f"{run}-epoch-{n}"
        yield ev.Start(0, 0, epoch, f"epoch {n}", types=["Epoch"], section_of=run)
        yield ev.Metric(0, 0, run, "loss", 1 / (n + 1), step=n, section=epoch, context={"split": "train"})
        yield ev.Node(0, 0, f"{epoch}-model", "Entity", types=["Checkpoint"], name=f"model-{n}.pt")
        yield ev.Generated(0, 0, run, f"{epoch}-model", section=epoch)
        yield ev.End(0, 0, epoch)
    yield ev.Metric(0, 0, run, "grad", "NaN")
    yield ev.End(0, 0, run)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def journal(spool: Path) -> NewJournal:
    """Makes a writer's journal in the spool; its process is this one with pid=os.getpid(), else one far away."""
    return partial(Journal, spool)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store("memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'graph.db'}")
    yield opened
    opened.close()
