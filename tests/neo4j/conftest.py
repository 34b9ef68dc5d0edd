import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.neo4j.address import Address
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest

DAY_1: Final = dt.datetime(2026, 1, 12, tzinfo=dt.UTC)
DAY_2: Final = DAY_1 + dt.timedelta(days=1)
PACKAGES: Final = ["numpy==2.1.0", "torch==2.6.0"], ["numpy==2.1.0", "torch==2.7.1"]
#: An event at a minute of a day: written in this order, by one writer.
Timed = tuple[dt.datetime, ev.Wire]


def at(day: dt.datetime, clock: str, *events: ev.Wire) -> Iterable[Timed]:
    hour, minute = map(int, clock.split(":"))
    return [(day + dt.timedelta(hours=hour, minutes=minute), e) for e in events]


def file(name: str, type_: str = "Dataset") -> ev.Node:
    return ev.Node(0, 0, name, "Entity", types=[type_], name=name)


def training(run: str, model: str, rate: float, losses: tuple[float, float]) -> list[ev.Wire]:
    """It reads train.csv, and writes a model after two epochs."""
    events: list[ev.Wire] = [
        ev.Used(0, 0, run, "train.csv", role="train"),
        ev.Setting(0, 0, run, "lr", rate),
        ev.Setting(0, 0, run, "layers", 3),
    ]
    for n, loss in enumerate(losses):
        epoch = f"{run}-epoch-{n}"
        events += [
            ev.Start(0, 0, epoch, f"epoch {n}", types=["LearningStageSection"], section_of=run),
            ev.Metric(0, 0, run, "loss", loss, step=n, section=epoch, context={"split": "train"}),
            *([ev.Setting(0, 0, epoch, "dropout", 0.5)] if n else []),
            ev.End(0, 0, epoch),
        ]
    return [*events, file(model, "Model"), ev.Generated(0, 0, run, model)]


def testing(run: str, model: str, accuracy: float) -> list[ev.Wire]:
    measure = f"{run}-accuracy"
    return [
        ev.Used(0, 0, run, model),
        ev.Used(0, 0, run, "test.csv", role="test"),
        ev.Node(0, 0, measure, "Entity", types=["ModelEvaluation"], name="accuracy", value=accuracy),
        ev.Generated(0, 0, run, measure),
        ev.Relate(0, 0, "evaluationOf", measure, model),
        ev.Relate(0, 0, "onData", measure, "test.csv"),
    ]


def begun(run: str, type_: str, who: str, environment: int) -> list[ev.Wire]:
    """A run's start, who runs it, and in what."""
    return [
        ev.Start(0, 0, run, run, types=[type_]),
        ev.Node(0, 0, who, "Agent", types=["Person"], name=who),
        ev.Relate(0, 0, "wasAssociatedWith", run, who, role="author"),
        ev.Node(
            0, 0, f"environment-{environment}", "Entity", types=["Environment"], name="Python 3.11.7",
            attributes={"packages": list(PACKAGES[environment])},
        ),
        ev.Used(0, 0, run, f"environment-{environment}", role="environment"),
    ]  # fmt: skip


def story() -> Iterable[Timed]:
    """What the reference page tells in words."""
    yield from at(DAY_1, "9:00", *begun("prepare", "Preparation", "ada@lab", 0))
    yield from at(DAY_1, "9:01", file("raw.csv"), ev.Used(0, 0, "prepare", "raw.csv"))
    yield from at(DAY_1, "9:02", file("train.csv", "LearningDataset"), ev.Generated(0, 0, "prepare", "train.csv"))
    yield from at(DAY_1, "9:02", file("test.csv", "LearningDataset"), ev.Generated(0, 0, "prepare", "test.csv"))
    yield from at(DAY_1, "9:03", ev.End(0, 0, "prepare"))
    yield from at(DAY_1, "9:05", *begun("train-1", "Training", "ada@lab", 0))
    yield from at(DAY_1, "9:06", *training("train-1", "model-1.pt", 0.1, (0.9, 0.5)))
    yield from at(DAY_1, "9:08", *testing("train-1", "model-1.pt", 0.91))
    yield from at(DAY_1, "9:09", ev.End(0, 0, "train-1"))
    yield from at(DAY_2, "10:00", *begun("train-2", "Training", "bob@lab", 1))
    yield from at(DAY_2, "10:05", *training("train-2", "model-2.pt", 0.01, (0.8, 0.25)))
    yield from at(DAY_2, "10:08", *testing("train-2", "model-2.pt", 0.94))
    yield from at(DAY_2, "10:09", ev.End(0, 0, "train-2"))
    yield from at(DAY_2, "11:00", *begun("train-3", "Training", "bob@lab", 1))
    yield from at(DAY_2, "11:01", ev.Used(0, 0, "train-3", "train.csv", role="train"))
    yield from at(DAY_2, "11:02", ev.End(0, 0, "train-3", "failed", "MemoryError: no room for 96 layers"))


def made_again() -> Iterable[Timed]:
    """A preparation that is run again, with a further file, makes train.csv as it was; a training follows."""
    yield from at(DAY_2, "12:00", *begun("prepare-2", "Preparation", "ada@lab", 0))
    yield from at(DAY_2, "12:01", ev.Used(0, 0, "prepare-2", "raw.csv"))
    yield from at(DAY_2, "12:01", file("labels.csv"), ev.Used(0, 0, "prepare-2", "labels.csv"))
    yield from at(DAY_2, "12:02", ev.Generated(0, 0, "prepare-2", "train.csv"), ev.End(0, 0, "prepare-2"))
    yield from at(DAY_2, "12:30", *begun("train-4", "Training", "ada@lab", 0))
    yield from at(DAY_2, "12:31", *training("train-4", "model-4.pt", 0.1, (0.9, 0.5)), ev.End(0, 0, "train-4"))


def write(spool: Path, *stories: Iterable[Timed]) -> None:
    """Their journal, as a writer far away has left it."""
    header = ev.Header(
        format=1, writer="w", segment=1, project="default", host="lab", boot="", pid=1, pid_start=1, pid_ns="",
        wall=0, monotonic=0,
    )  # fmt: skip
    lines = [ev.line(header)]
    for seq, (moment, event) in zip(itertools.count(1), itertools.chain(*stories), strict=False):
        event.seq, event.at = seq, int(moment.timestamp()) * 1_000_000
        lines.append(ev.line(event))
    spool.mkdir()
    (spool / "w.0001.open").write_bytes(b"".join(lines))


def told(address: str, spool: Path, *stories: Iterable[Timed]) -> str:
    write(spool, *stories)
    store = open_store(address)
    try:
        assert ingest(store, spool).quarantined == 0
    finally:
        store.close()
    return address


@pytest.fixture(scope="module")
def example(empty_neo4j: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database that holds the example of the reference page, for all tests of a module."""
    return told(empty_neo4j(), tmp_path_factory.mktemp("example") / "spool", story())


@pytest.fixture
def example_made_again(neo4j: str, tmp_path: Path) -> str:
    """The same with data that is made again; the module's example is gone after it."""
    return told(neo4j, tmp_path / "spool", story(), made_again())


@pytest.fixture(scope="module")
def session(example: str) -> Iterator[Any]:
    """A session of the driver on the example."""
    from neo4j import GraphDatabase

    a = Address.of(example)
    with (
        GraphDatabase.driver(
            a.server, auth=(a.user or "", a.password or ""), notifications_min_severity="OFF"
        ) as driver,
        driver.session(database=a.database, default_access_mode="READ") as opened,
    ):
        yield opened
