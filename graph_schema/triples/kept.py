"""A project's triples on disk: a database that one process writes, and copies of it that workers read.

The engine lets one process open a database, and leaves undefined what a second sees that only reads while the first
writes. So after each round of changes the writer takes a copy (hard links, about 10 ms), whose name the mark tells.
Nobody writes to a copy.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

import msgspec

from begat.graph_schema.errors import MissingExtra, StoreBusy

#: Of what the triples are, and how they are written: other begats make their own anew.
FORMAT: Final = 1
_MARK: Final = "mark.json"
#: What the engine raises where it cannot read what it has written.
ENGINE: Final = (OSError, RuntimeError)


class Mark(msgspec.Struct, frozen=True):
    """What a folder holds: all that the store's commits up to this one say. `witness` is a digest of that commit's
    statements, by which a store knows its own; `copy` the name of the generation."""

    format: int
    project: str
    commit: int
    witness: str
    copy: str


def read_mark(folder: Path) -> Mark | None:
    """The mark of a folder; None where there is none that can be read."""
    before = None
    while (mark := _marked(folder)) != before:
        if mark is not None and (folder / mark.copy).is_dir():
            return mark
        before = mark  # its copy is gone: others came after it, or the mark is of nothing
    return None


def _marked(folder: Path) -> Mark | None:
    try:
        mark = msgspec.json.decode((folder / _MARK).read_bytes(), type=Mark)
    except (OSError, msgspec.DecodeError):
        return None
    return mark if mark.format == FORMAT else None


class Kept:
    """The triples of a folder, open for writing: one process at a time. Raises StoreBusy, MissingExtra."""

    def __init__(self, folder: Path, project: str) -> None:
        try:
            import pyoxigraph
        except ImportError:
            raise MissingExtra("SPARQL", "rdf") from None
        self._ox: Any = pyoxigraph
        self.folder, self.project = folder, project
        folder.mkdir(parents=True, exist_ok=True)
        self._lock: IO[bytes] = open(folder / "lock", "wb")  # noqa: SIM115
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise StoreBusy(f"another process keeps the triples in {folder}") from None
        self.mark = read_mark(folder)
        self._graph: Any = None
        self.damage = ""
        if self.mark is not None:
            try:
                self._graph = self._ox.Store(str(self._path))
            except ENGINE as e:
                self.damage, self.mark = str(e), None

    @property
    def _path(self) -> Path:
        return self.folder / "graph"

    def clear(self) -> None:
        """Begin anew, with nothing."""
        self._graph, self.mark = None, None
        with suppress(FileNotFoundError):
            (self.folder / _MARK).unlink()
        shutil.rmtree(self._path, ignore_errors=True)
        self._graph = self._ox.Store(str(self._path))

    def load(self, lines: bytes) -> None:
        """Take in lines of N-Quads, of a graph that is being made."""
        self._graph.bulk_load(lines, self._ox.RdfFormat.N_QUADS)

    def quads(self, subject: str | None, predicate: str | None, object: str | None) -> list[Any]:
        """Quads that fit, by IRIs."""
        terms = (None if iri is None else self._ox.NamedNode(iri) for iri in (subject, predicate, object))
        return [*self._graph.quads_for_pattern(*terms, None)]

    def parsed(self, lines: bytes) -> set[Any]:
        """The quads that lines of N-Quads tell."""
        return {*self._ox.parse(lines, self._ox.RdfFormat.N_QUADS)}

    def change(self, gone: Iterable[Any], lines: bytes) -> None:
        """Take quads out and lines in; what is in both stays."""
        new, old = self.parsed(lines), {*gone}
        for quad in old - new:
            self._graph.remove(quad)
        self._graph.extend(new - old)

    def publish(self, commit: int, witness: str) -> Mark:
        """Let workers see what is there: it is the store's state after this commit."""
        before = set() if self.mark is None else {self.mark.copy}
        name = next(n for i in range(1 << 30) if not (self.folder / (n := f"at-{commit}-{i}")).exists())
        (self.folder / f"{name}.lock").touch()
        self._graph.backup(str(self.folder / name))
        self.mark = Mark(FORMAT, self.project, commit, witness, name)
        new = self.folder / f"{_MARK}.new"
        with open(new, "wb") as file:
            file.write(msgspec.json.encode(self.mark))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.folder / _MARK)
        self._prune({name} | before)
        return self.mark

    def _prune(self, needed: set[str]) -> None:
        """Remove copies that nobody reads; the one before stays for who has just read its name."""
        for lock in self.folder.glob("at-*.lock"):
            if lock.stem in needed:
                continue
            with open(lock, "rb") as held, suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(self.folder / lock.stem, ignore_errors=True)
                lock.unlink()

    def close(self) -> None:
        """Let others write."""
        self._graph = None
        self._lock.close()

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
