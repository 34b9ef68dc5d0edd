"""The last lines of what a command writes, where it can be had without the command seeing any difference.

A file that the output goes to is read afterwards. A pipe is replaced by another one, whose bytes are handed on as they
come. A terminal stays the command's own, so nothing is kept of what is written there.
"""

import os
import select
import stat
import threading
from typing import Any, Final

#: Bytes kept of a stream, whatever the lines.
MOST: Final = 16_384
#: How long what is left in a pipe is waited for once the command has ended, in seconds: others may hold its end.
WAIT: Final = 1.0
CHUNK: Final = 65_536
#: What the streams are called where they are recorded.
NAMES: Final = {1: "output_tail", 2: "error_tail"}


class Piped:
    """A pipe in the place of another."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.source, self.end = os.pipe()
        self.kept = b""
        self.thread = threading.Thread(target=self._hand_on, name="begat-tail", daemon=True)

    def started(self) -> None:
        os.close(self.end)
        self.thread.start()

    def tail(self) -> bytes:
        self.thread.join(WAIT)
        return self.kept

    def _hand_on(self) -> None:
        try:
            while some := os.read(self.source, CHUNK):
                self.kept = (self.kept + some)[-MOST:]
                _write(self.fd, some)
        except OSError:  # its reader is gone: so the command's own next write fails, as it would have
            pass
        finally:
            os.close(self.source)


class Filed:
    """A file that the output goes to."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        appending = os.O_APPEND & _flags(fd)
        self.start = os.fstat(fd).st_size if appending else os.lseek(fd, 0, os.SEEK_CUR)

    def started(self) -> None:
        """Nothing is to be done before the end."""

    def tail(self) -> bytes:
        try:
            file = os.open(f"/proc/self/fd/{self.fd}", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # it may be written and not read
            return b""
        try:
            return os.pread(file, MOST, max(self.start, os.fstat(file).st_size - MOST))
        finally:
            os.close(file)


class Tails:
    """The tails of a command's standard output and error; where both go to one place, it is one."""

    def __init__(self, lines: int) -> None:
        self._lines = lines
        self._streams: dict[int, Piped | Filed] = {}
        #: What posix_spawn is to do with the streams.
        self.actions: list[Any] = []
        if lines:
            for fd in NAMES:
                if fd == 2 and 1 in self._streams and _same(1, 2):
                    self._put(self._streams[1], 2)
                elif (found := _stream(fd)) is not None:
                    self._streams[fd] = found
                    self._put(found, fd)

    def _put(self, stream: Piped | Filed, fd: int) -> None:
        if isinstance(stream, Piped):
            self.actions.append((os.POSIX_SPAWN_DUP2, stream.end, fd))

    def started(self) -> None:
        """The command runs, or could not be started."""
        for stream in self._streams.values():
            stream.started()

    def read(self) -> dict[str, str]:
        """The last lines of each stream that has any, by the names they are recorded under."""
        told = {}
        for fd, stream in self._streams.items():
            lines = _lines(stream.tail().decode("utf-8", "replace"))[-self._lines :]
            if lines:
                told[NAMES[fd]] = "\n".join(lines)
        return told

    def finish(self) -> None:
        """Hand on until nobody has the pipes any more: what the command has left running may still write."""
        for stream in self._streams.values():
            if isinstance(stream, Piped):
                stream.thread.join()


def _lines(text: str) -> list[str]:
    """Lines as a terminal would show them at last: a progress bar writes one over and over."""
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
    return lines if lines[-1] else lines[:-1]


def _stream(fd: int) -> Piped | Filed | None:
    try:
        mode = os.fstat(fd).st_mode
    except OSError:  # closed
        return None
    return Piped(fd) if stat.S_ISFIFO(mode) else Filed(fd) if stat.S_ISREG(mode) else None


def _same(one: int, other: int) -> bool:
    return os.path.sameopenfile(one, other)


def _flags(fd: int) -> int:
    from fcntl import F_GETFL, fcntl

    return fcntl(fd, F_GETFL)


def _write(fd: int, data: bytes) -> None:
    while data:
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:
            select.select((), (fd,), ())
