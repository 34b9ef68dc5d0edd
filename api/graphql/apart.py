"""What is long and was not asked before is read apart first: by a process of its own, which tells what refuses it.

To read it takes up to some tens of milliseconds, and whoever asks something else meanwhile would get the interpreter's
lock in turns only. What is not refused is read once more, here, and kept.
"""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, Final

import msgspec

from begat.api.graphql.errors import Refused
from begat.api.graphql.limits import Limits
from begat.api.graphql.request import Request

#: Others go first.
NICE: Final = 5


class Asked(msgspec.Struct, frozen=True):
    """A request to be read, and its limits."""

    request: Request
    limits: Limits


class Verdict(msgspec.Struct, frozen=True):
    """What a request was refused with; nothing where it was not."""

    code: str = ""
    told: list[dict[str, Any]] = []


class Apart:
    """The process. One thread at a time asks it; ended by somebody else it is started again."""

    def __init__(self) -> None:
        self._turn = Lock()
        #: None before and after it runs.
        self.process: subprocess.Popen[bytes] | None = None
        self._ready = False

    @contextmanager
    def running(self) -> Iterator["Apart"]:
        """Started, and ended with the block."""
        with self._turn:
            self._start()
        try:
            yield self
        finally:
            with self._turn:
                self._end()

    def refusal(self, request: Request, limits: Limits) -> Refused | None:
        """What refuses a request. None where nothing does, or where there is no process that could tell."""
        with self._turn:
            process = self.process
            if process is None or not self._is_ready(process):
                return None
            assert process.stdin
            assert process.stdout
            try:
                process.stdin.write(msgspec.json.encode(Asked(request, limits)) + b"\n")
                process.stdin.flush()
                said = process.stdout.readline()
            except BrokenPipeError:
                said = b""
            if not said:
                self._end()
                self._start()
                return None
        verdict = msgspec.json.decode(said, type=Verdict)
        return Refused.told_before(verdict.code, verdict.told) if verdict.code else None

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """It says so by a first verdict: until then nobody waits for it."""
        assert process.stdout
        if not self._ready and select.select([process.stdout], [], [], 0)[0]:
            process.stdout.readline()
            self._ready = True
        return self._ready

    def _start(self) -> None:
        # Ctrl-C is for the service, with which it ends: it lives as long as its standard input.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "begat.api.graphql.apart"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        self._ready = False

    def _end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


def main() -> None:
    """Read what comes on standard input, an Asked a line, and say a Verdict of each, as long as somebody is there."""
    os.nice(NICE)
    from begat.api.graphql.execute import Operation

    with suppress(BrokenPipeError):
        _say(Verdict())
        for line in sys.stdin.buffer:
            if not line.endswith(b"\n"):
                break
            asked = msgspec.json.decode(line, type=Asked)
            verdict = Verdict()
            try:
                Operation.read(asked.request, asked.limits)
            except Refused as e:
                verdict = Verdict(e.code, e.told())
            _say(verdict)


def _say(verdict: Verdict) -> None:
    left = msgspec.json.encode(verdict) + b"\n"
    while left:  # nothing is held back that would have to be written at the end
        left = left[os.write(sys.stdout.fileno(), left) :]


if __name__ == "__main__":
    main()
