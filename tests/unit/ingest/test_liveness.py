"""Proof of death: only within one boot of one host and one pid namespace."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from begat.graph_schema.events import Header
from begat.ingest.liveness import alive


@pytest.fixture
def me() -> Header:
    stat = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return Header(
        1, "w", 1, "default", os.uname().nodename, Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
        os.getpid(), int(stat[19]), os.readlink("/proc/self/ns/pid"), 0, 0,
    )  # fmt: skip


def test_a_process_that_runs_is_alive(me: Header) -> None:
    assert alive(me) is True


def test_another_process_with_the_same_number_is_not_the_writer(me: Header) -> None:
    assert alive(msgspec.structs.replace(me, pid_start=me.pid_start - 1)) is False


def test_a_process_that_has_ended_is_dead(me: Header) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert alive(msgspec.structs.replace(me, pid=child.pid)) is False


def test_a_zombie_is_dead(me: Header) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.read()  # its end closes the pipe; nobody has waited for it yet
    while Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        pass
    assert alive(msgspec.structs.replace(me, pid=child.pid)) is False
    child.stdout.close()
    child.wait()


@pytest.mark.parametrize("other", [{"host": "elsewhere"}, {"boot": "earlier"}, {"pid_ns": "pid:[1]"}, {"boot": ""}])
def test_of_elsewhere_nothing_is_known(me: Header, other: dict[str, str]) -> None:
    assert alive(msgspec.structs.replace(me, **other)) is None
