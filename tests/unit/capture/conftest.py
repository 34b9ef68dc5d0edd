"""Stories of capture: a script runs, its journal is read."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import pytest

from begat.capture import lifecycle
from begat.graph_schema.decoders import decode, decode_footer, decode_header
from begat.graph_schema.events import (
    End,
    Footer,
    Generated,
    Header,
    Node,
    Start,
    Used,
    Wire,
)

SOURCE = Path(__file__).parents[3] / ".src"


class Journal(NamedTuple):
    """A segment as read: each line's crc is right, its numbers have no hole, its time never goes back."""

    path: Path
    header: Header
    events: list[Wire]
    footer: Footer | None


class Events(list[Wire]):
    """All events of a spool, writer by writer, in the order they were written."""

    def of(self, *kinds: type) -> list[Any]:
        return [e for e in self if isinstance(e, kinds)]

    def one(self, kind: type, **fields: Any) -> Any:
        (found,) = self.all(kind, **fields)
        return found

    def all(self, kind: type, **fields: Any) -> list[Any]:
        return [e for e in self.of(kind) if all(getattr(e, k) == v for k, v in fields.items())]

    def names(self) -> dict[str, str]:
        """The name of each activity and entity that was described."""
        named = {e.run: e.name for e in self.of(Start) if e.name}
        named |= {e.id: e.name for e in self.of(Node) if e.name}
        return {e.id: "?" for e in self.of(Node)} | named

    def id_of(self, name: str) -> str:
        """The id of the one activity or entity of this name."""
        (found,) = [found for found, known in self.names().items() if known == name]
        return found

    def story(self) -> list[str]:
        """Who used and generated what, by the names of things, in order: "train used x.csv"."""
        names = self.names()
        told = []
        for e in self.of(Start, End, Used, Generated):
            verb = type(e).__name__.lower()
            if verb in ("start", "end"):
                told.append(f"{verb} {names[e.run]}")
            elif e.role not in ("code", "environment"):
                of = "".join(f" of {names[x]}" for x in getattr(e, "of", ()))
                told.append(f"{names[e.run]} {verb} {names[e.entity]}{of}")
        return told


def segment(path: Path) -> Journal:
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b"", "a torn last line"
    for line in lines:
        assert line[:9] == b"%08x " % crc32(line[9:]), line
    header = decode_header(lines[0][9:])
    footer = None
    if path.suffix == ".seg":
        footer = decode_footer(lines.pop()[9:])
        body = b"".join(line + b"\n" for line in lines)
        assert footer == Footer(len(lines) - 1, crc32(body))
    events = [decode(line[9:]) for line in lines[1:]]
    return Journal(path, header, events, footer)


def journals(spool: Path) -> list[Journal]:
    found = sorted((segment(p) for p in spool.glob("[!.]*/*")), key=lambda j: (j.header.writer, j.header.segment))
    for writer in {j.header.writer for j in found}:
        events = [e for j in found if j.header.writer == writer for e in j.events]
        assert [e.seq for e in events] == list(range(1, len(events) + 1))
        assert all(a.at <= b.at for a, b in pairwise(events))
    return found


def read(spool: Path) -> Events:
    return Events(e for j in journals(spool) for e in j.events)


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BEGAT_SPOOL", str(tmp_path / "spool"))
    return tmp_path / "spool"


@pytest.fixture
def recorded(spool: Path) -> Callable[[], Events]:
    """All that other processes have recorded so far."""
    return lambda: read(spool)


@pytest.fixture
def told(spool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Events]]:
    """In this process: hooks write to a spool of the test's own; call it to end what is open and read it all."""
    monkeypatch.chdir(tmp_path)
    lifecycle.restart()

    def end() -> Events:
        lifecycle.restart()
        return read(spool)

    yield end
    lifecycle.restart()


class Played(NamedTuple):
    """How a script of its own ended, and what it left."""

    code: int
    out: str
    err: str
    spool: Path

    @property
    def events(self) -> Events:
        return read(self.spool)

    @property
    def journals(self) -> list[Journal]:
        return journals(self.spool)


@pytest.fixture
def play(tmp_path: Path, spool: Path) -> Callable[..., Played]:
    """Run a script in a process of its own, with `begat` imported."""

    def run(script: str, **env: str) -> Played:
        path = tmp_path / "script.py"
        path.write_text("import os, sys, time, signal\nimport begat\n" + textwrap.dedent(script))
        done = subprocess.run(
            [sys.executable, path], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(SOURCE), **env},
            capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
        return Played(done.returncode, done.stdout, done.stderr, spool)

    return run


RANK = """
import begat
with begat.run("train", ranks={ranks!r}) as run:
    run.params(lr=0.1)
    @begat.activity
    def task(i): begat.metric("loss", i)
    for i in range({tasks}): task(i)
"""


@pytest.fixture
def launch(tmp_path: Path) -> Callable[..., Events]:
    """Eight ranks of a script at the same time, in one folder: all that this and earlier launches recorded."""

    def run(fixed: dict[str, str], number: str, tasks: int = 5, ranks: object = "all", **env: str) -> Events:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "TORCHELASTIC_", "BEGAT_"))}
        script = RANK.format(ranks=ranks, tasks=tasks)
        running = [
            subprocess.Popen(
                [sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE,
                env={**clean, "PYTHONPATH": str(SOURCE), **fixed, number: str(rank), **env},
            )
            for rank in range(8)
        ]  # fmt: skip
        for process in running:
            assert process.communicate(timeout=60)[1] == b""
            assert process.returncode == 0
        return read(tmp_path / ".begat/spool")

    return run
