"""However a process ends: what returned is there, what became of the run is told, and its end is the user's."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from begat.graph_schema.events import End, Metric, Setting, Start

Play = Callable[..., Any]
Told = Callable[[], Any]

SOURCE = Path(__file__).parents[3] / ".src"

#: A thousand metrics and a hundred settings, each told on stdout once its hook has returned.
LOOP = """
import os, time, begat
with begat.run("train") as run:
    for i in range(1000):
        run.metric("loss", 1 / (i + 1), step=i)
        os.write(1, b"m")
        if i % 10 == 0:
            run.params({f"p{i}": i})
            os.write(1, b"p")
    os.write(1, b"!")
    for _ in range(300):  # a signal that comes just before a sleep is answered after it
        time.sleep(0.1)
"""


def statuses(folder: Path) -> list[str]:
    """What a reader is told of the runs recorded in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "begat", "find", "Activity", "--format", "json", "--limit", "100"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(SOURCE), "BEGAT_SPOOL": str(folder / "spool"),
                         "BEGAT_STORE": f"sqlite:///{folder}/graph.db"},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return [row["status"] for row in json.loads(done.stdout)["rows"] if row["name"] == "train"]


def die(folder: Path, by: signal.Signals, after: int) -> tuple[int, bytes]:
    """Run the loop until it has told so many bytes, then send the signal: its exit status, and all that it told."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOOP], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "BEGAT_SPOOL": str(folder / "spool")},
    )  # fmt: skip
    assert process.stdout is not None
    said = b""
    while len(said) < after:
        said += os.read(process.stdout.fileno(), after - len(said))
    process.send_signal(by)
    rest, _ = process.communicate(timeout=30)
    return process.returncode, said + rest


def test_sigkill_at_thirty_random_points_loses_nothing_that_returned(tmp_path: Path, recorded: Told) -> None:
    """Peers keep events in memory, and lose the last seconds or all."""
    chance = random.Random(5)
    returned = {"m": 0, "p": 0}
    for point in [1101, *(chance.randrange(1, 1100) for _ in range(29))]:
        code, said = die(tmp_path, signal.SIGKILL, point)
        assert code == -signal.SIGKILL
        returned["m"] += said.count(b"m")
        returned["p"] += said.count(b"p")
    events = recorded()
    # A hook may have written its event and not have returned yet: at most one of each process.
    assert 0 <= len(events.of(Metric)) + len(events.of(Setting)) - returned["m"] - returned["p"] <= 30
    assert len(events.of(Metric)) >= returned["m"]
    assert len(events.of(Setting)) >= returned["p"]
    assert statuses(tmp_path) == ["LOST"] * 30


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_by_a_signal_was_killed(tmp_path: Path, recorded: Told, by: signal.Signals) -> None:
    code, said = die(tmp_path, by, 1101)
    assert code == -by
    assert said.count(b"m") == 1000
    events = recorded()
    assert (len(events.of(Metric)), len(events.of(Setting))) == (1000, 100)
    assert statuses(tmp_path) == ["KILLED"]


@pytest.mark.parametrize("number", [143, 130])
def test_a_program_that_says_it_was_ended_by_a_signal_was_killed(play: Play, number: int) -> None:
    done = play(f"""
        def stop(*args): sys.exit({number})
        with begat.run("train"):
            signal.signal(signal.SIGTERM, stop)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)
    """)
    assert done.code == number
    assert done.events.one(End).outcome == "killed"


def test_handlers_of_other_signals_are_left_alone(play: Play) -> None:
    """Schedulers warn of the end of a job by SIGUSR1."""
    done = play("""
        signal.signal(signal.SIGUSR1, lambda *args: begat.metric("warned", 1.0))
        before = {s: signal.getsignal(s) for s in signal.valid_signals() if s != signal.SIGTERM}
        with begat.run("train"):
            os.kill(os.getpid(), signal.SIGUSR1)
            print(before == {s: signal.getsignal(s) for s in before})
    """)
    assert (done.code, done.out) == (0, "True\n")
    assert done.events.one(Metric).name == "warned"
    assert done.events.one(End).outcome == "finished"


def test_a_crash_in_c_with_faulthandler(play: Play) -> None:
    done = play("""
        import faulthandler
        faulthandler.enable()
        with begat.run("train") as run:
            run.metric("loss", 1.0)
            os.abort()
    """)
    assert done.code == -signal.SIGABRT
    assert "Fatal Python error: Aborted" in done.err
    assert len(done.events.of(Metric)) == 1
    assert done.events.of(End) == []


def test_what_a_program_does_at_its_exit_is_recorded(play: Play) -> None:
    done = play("""
        import atexit
        run = begat.run("train").start()
        atexit.register(lambda: run.metric("last", 1.0))
    """)
    assert (done.code, done.err) == (0, "")
    kinds = [type(e).__name__ for e in done.events if isinstance(e, (Metric, End))]
    assert kinds == ["Metric", "End"]


def test_a_daemon_thread_at_work_harms_no_exit(play: Play) -> None:
    done = play("""
        import threading
        def work():
            while True: begat.metric("loss", 1.0)
        with begat.run("train"):
            threading.Thread(target=work, daemon=True).start()
            time.sleep(0.2)
    """)
    assert done.code == 0
    assert done.events.one(End).outcome == "finished"


def test_sys_exit_in_a_thread_ends_its_activity_alone(play: Play) -> None:
    done = play("""
        import threading
        def work():
            with begat.activity("part"): sys.exit(3)
        with begat.run("train"):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
    """)
    assert (done.code, done.err) == (0, "")
    part = done.events.one(Start, name="part")
    assert done.events.one(End, run=part.run).outcome == "failed"
    assert done.events.one(End, run=part.parent).outcome == "finished"
