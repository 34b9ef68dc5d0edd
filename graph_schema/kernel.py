"""What the kernel tells of this machine and its processes, as files.

A journal's header names its process by these, and who looks whether it still lives reads the same ones.
"""

import os


def text(path: str) -> str:
    """What such a file says, a megabyte at most; "" where there is none, or none for this user."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1 << 20)
    except OSError:
        return ""


def host() -> str:
    """The machine's name as its kernel has it."""
    return os.uname().nodename


def boot() -> str:
    """The id of this boot of the machine; "" where the system does not tell."""
    return text("/proc/sys/kernel/random/boot_id").strip()


def pid_namespace() -> str:
    """The namespace in which this process's number is its name; "" where the system does not tell."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def process(pid: "int | str") -> tuple[str, int]:
    """State and start time (clock ticks since boot) of a process. Raises OSError, ValueError where that is not told."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()  # its name may hold blanks and brackets
    return fields[0], int(fields[19])
