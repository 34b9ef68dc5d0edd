"""A journal segment on disk: `<spool>/<host>/<writer>.NNNN.open`, renamed to `.seg` when it is sealed."""

import os
import time
from zlib import crc32

import begat
from begat.graph_schema import kernel
from begat.graph_schema.events import FORMAT, Footer, Header, line

_sync = getattr(os, "fdatasync", os.fsync)

#: Where our descriptors begin.
FAR = 500

#: What schedulers call a job, a step, a task, a rank; kept in the header as they name it.
SCHEDULER = (
    "SLURM_CLUSTER_NAME", "SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_STEP_ID",
    "SLURM_RESTART_COUNT", "SLURM_PROCID", "TORCHELASTIC_RUN_ID", "TORCHELASTIC_RESTART_COUNT",
    "PBS_JOBID", "LSB_JOBID", "FLUX_JOB_ID", "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "RANK", "WORLD_SIZE",
)  # fmt: skip


class Segment:
    """An open segment. Raises OSError when it cannot be made; a file that is half there is taken away again."""

    __slots__ = ("fd", "path")

    def __init__(self, spool: str, writer: str, number: int, project: str) -> None:
        folder = os.path.join(spool, kernel.host())
        os.makedirs(folder, exist_ok=True)
        self.path = os.path.join(folder, f"{writer.removeprefix('urn:uuid:')}.{number:04d}.open")
        self.fd = _create(self.path)
        first = line(header(writer, number, project))
        try:
            whole = os.write(self.fd, first) == len(first)
        except OSError:
            self._discard()
            raise
        if not whole:
            self._discard()
            raise OSError(28, "no space for a journal's first line", self.path)

    def _discard(self) -> None:
        os.close(self.fd)
        os.unlink(self.path)

    def is_gone(self) -> bool:
        """Whether its file was removed: what is written to it then is written to nowhere."""
        return os.fstat(self.fd).st_nlink == 0

    def restore(self) -> None:
        """Write a file that was removed again, in its place; the descriptor stays the same. Nobody may write now."""
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        fd = _create(self.path)
        try:
            at = 0
            while chunk := os.pread(self.fd, 1 << 20, at):
                at += os.write(fd, chunk)
            os.dup2(fd, self.fd, inheritable=False)
        except OSError:  # no space, say: it is tried again
            os.unlink(self.path)
            raise
        finally:
            os.close(fd)

    def sync(self) -> None:
        """On disk when this returns, as far as the file system tells."""
        _sync(self.fd)

    def seal(self) -> None:
        """Footer, fsync, rename: from now on the file never changes. On an error it stays an open one."""
        os.lseek(self.fd, 0, os.SEEK_SET)
        crc = lines = size = 0
        while chunk := os.read(self.fd, 1 << 20):
            crc = crc32(chunk, crc)
            lines += chunk.count(b"\n")
            size += len(chunk)
        last = line(Footer(lines - 1, crc))
        try:
            if os.write(self.fd, last) != len(last):
                os.ftruncate(self.fd, size)
            else:
                os.fsync(self.fd)
                os.rename(self.path, self.path.removesuffix(".open") + ".seg")
        finally:
            os.close(self.fd)


def _create(path: str) -> int:
    """A new file."""
    return apart(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644))


def apart(fd: int) -> int:
    """The same file under a number far above those that are given out next.

    So it never takes the place of a closed standard stream, where others would print into it; and a program that closes
    all it does not know, as daemons do, does not get the number again for a file of its own, into which we would write.
    """
    from fcntl import F_DUPFD_CLOEXEC, fcntl

    try:
        far = fcntl(fd, F_DUPFD_CLOEXEC, FAR)
    except OSError:  # the limit is lower
        if fd > 2:
            return fd
        far = fcntl(fd, F_DUPFD_CLOEXEC, 3)
    os.close(fd)
    return far


def header(writer: str, number: int, project: str) -> Header:
    """Line 1: what is needed to tell whether this process still lives, and where it ran."""
    return Header(
        format=FORMAT,
        writer=writer,
        segment=number,
        project=project,
        host=kernel.host(),
        boot=kernel.boot(),
        pid=os.getpid(),
        pid_start=_start_of_this_process(),
        pid_ns=kernel.pid_namespace(),
        wall=time.time_ns() // 1000,
        monotonic=time.monotonic_ns() // 1000,
        scheduler={name: os.environ[name] for name in SCHEDULER if name in os.environ},
        begat=begat.__version__,
    )


def _start_of_this_process() -> int:
    try:
        return kernel.process("self")[1]
    except (OSError, ValueError, IndexError):  # death cannot be proved then, a beat has to do
        return 0
