"""Workers, and what asks them: each question has one for itself, which is killed where it takes too long."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

import msgspec

from begat.graph_schema.errors import BegatError, StoreAway, StoreError, TookTooLong, UsageError
from begat.graph_schema.triples import asked as messages
from begat.graph_schema.triples.asked import Asked, Said
from begat.graph_schema.triples.kept import Mark, read_mark

_WORKER: Final = Path(messages.__file__).with_name("worker.py")
_NICE: Final = 19
#: glibc gives each thread a heap of its own, of 64 MiB and more of addresses, however little is in it. A limit on
#: address space counts them, and the engine has threads: with several heaps one worker in a hundred could not start.
_ONE_HEAP: Final = {"MALLOC_ARENA_MAX": "1"}
#: Seconds beyond its limit after which a worker ends by itself, where nobody is left to kill it.
_LEFT_ALONE: Final = 3
#: Times that a copy may be gone before it is opened: the next is told by then.
_TRIES: Final = 5


class Limits(msgspec.Struct, frozen=True):
    """How much a question may take. After `quick` seconds it is a long one, of which there are `long` at most."""

    seconds: float = 60.0
    rows: int = 100_000
    size: int = 64 << 20
    memory: int = 1 << 30
    quick: float = 1.0
    long: int = 2


class Refused(UsageError):
    """A text that is not run: malformed, an update, a call of a strange endpoint, an answer of no wanted form; `wrong`
    is as in asked.py."""

    def __init__(self, wrong: str, message: str) -> None:
        self.wrong = wrong
        super().__init__(message)


class TooLarge(BegatError):
    """An answer beyond a limit on rows or bytes."""


class Crowded(StoreAway):
    """Too many questions take long."""


class Found(msgspec.Struct):
    """An answer: a file at its beginning, that its reader closes; its form; the commit that it is as of."""

    file: IO[bytes]
    form: str
    size: int
    rows: int
    commit: int


class Question(msgspec.Struct, frozen=True):
    """See Asked."""

    text: str
    rows_form: str | None = "json"
    graph_form: str | None = "turtle"
    graphs: tuple[list[str], list[str]] | None = None


class _Worker:
    def __init__(self, memory: int, sealed: bool) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER), str(memory), "sealed" if sealed else "open"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | _ONE_HEAP,
        )  # fmt: skip
        # From its first moment on: others go first.
        os.setpriority(os.PRIO_PROCESS, self.process.pid, _NICE)

    def ask(self, asked: Asked) -> None:
        assert self.process.stdin is not None
        messages.put(self.process.stdin, asked)

    def said(self, seconds: float) -> Said | None:
        """What it says within so many seconds; None where nothing. Raises EOFError where it has ended."""
        out = self.process.stdout
        assert out is not None
        ready, _, _ = select.select([out], [], [], max(seconds, 0))
        if not ready:
            return None
        body = messages.get(out)
        if body is None:
            raise EOFError
        return msgspec.msgpack.decode(body, type=Said)

    def end(self) -> int:
        """Kill it; how it ended."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:  # what it was asked has not been sent to its end
                continue
        return self.process.wait()


class Pool:
    """Asks from several threads. `services`: endpoints that may be called; without any no worker can open a socket."""

    def __init__(self, limits: Limits | None = None, services: tuple[str, ...] = ()) -> None:
        self.limits, self._services = limits or Limits(), services
        self._idle: list[_Worker] = []
        self._turn = threading.Lock()
        self._long = threading.Semaphore(self.limits.long)
        self._closed = False
        #: Workers that were killed.
        self.killed = 0

    def ask(self, folder: Path, question: Question) -> Found:
        """Answer over the triples in a folder. Raises Refused, TooLarge, TookTooLong, Crowded, StoreError."""
        out = Path(tempfile.gettempdir()) / f"begat-sparql-{uuid4()}"
        try:
            for _ in range(_TRIES):
                mark = read_mark(folder)
                if mark is None:
                    raise StoreAway("the triples are not ready yet: ask again in a moment")
                said = self._asked(folder, mark, question, str(out))
                if said.wrong != "gone":
                    _raise(said, self.limits)
                    return Found(_opened(out, said), said.form, said.size, said.rows, mark.commit)
            raise StoreAway("the triples change faster than they can be opened: ask again in a moment")
        finally:
            out.unlink(missing_ok=True)  # of an answer that came to nothing

    def _asked(self, folder: Path, mark: Mark, question: Question, out: str) -> Said:
        asked = Asked(
            str((folder / mark.copy).absolute()), question.text, out, question.rows_form, question.graph_form,
            question.graphs, self.limits.rows, self.limits.size, [*self._services],
            ceil(self.limits.seconds) + _LEFT_ALONE,
        )  # fmt: skip
        worker = self._worker()
        kept = False
        try:
            worker.ask(asked)
            said = self._waited(worker)
            kept = True
            return said
        except (EOFError, OSError):
            raise self._broken(worker.end()) from None
        finally:
            self._done(worker, kept)

    def _waited(self, worker: _Worker) -> Said:
        limits, began = self.limits, time.monotonic()
        said = worker.said(min(limits.quick, limits.seconds))
        if said is not None:
            return said
        if limits.quick < limits.seconds:
            if not self._long.acquire(blocking=False):
                raise Crowded(
                    f"{limits.long} questions are asked that take more than {limits.quick:g} s, and this is one more: "
                    "ask again later, or ask for less"
                )
            try:
                said = worker.said(limits.seconds - (time.monotonic() - began))
            finally:
                self._long.release()
        if said is None:
            raise TookTooLong(f"stopped after {limits.seconds:g} s: ask for less, or of fewer things")
        return said

    def _broken(self, code: int) -> StoreError:
        if code == -signal.SIGABRT:
            return StoreError(f"the answer takes more than {self.limits.memory >> 20} MiB of memory: ask for less")
        if code > 0:
            return StoreError(f"a worker ended with {code}")
        return StoreError("the engine broke at this question: make it smaller, or less deep")

    def _worker(self) -> _Worker:
        with self._turn:
            if self._closed:
                raise StoreAway("the service is ending")
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.end()
        return _Worker(self.limits.memory, sealed=not self._services)

    def _done(self, worker: _Worker, kept: bool) -> None:
        with self._turn:
            if kept and not self._closed:
                self._idle.append(worker)
                return
            self.killed += not kept
        worker.end()

    def close(self) -> None:
        """End the workers that have nothing to do; others end with what they do."""
        with self._turn:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()


def _opened(out: Path, said: Said) -> IO[bytes]:
    """An answer, to be read; a file has no name from now on."""
    if said.body is not None:
        return BytesIO(said.body)
    file = out.open("rb")
    out.unlink()
    return file


def _raise(said: Said, limits: Limits) -> None:
    match said.wrong:
        case None:
            return
        case "rows":
            raise TooLarge(f"the answer has more than {limits.rows:,} rows, which is the limit: ask with LIMIT")
        case "bytes":
            raise TooLarge(f"the answer has more than {limits.size >> 20} MiB, which is the limit: ask with LIMIT")
        case "engine":
            raise StoreError(f"the engine could not answer: {said.why}")
        case _:
            raise Refused(said.wrong, said.why)
